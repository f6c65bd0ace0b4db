// Scenarios of @wecom/aibot-node-sdk against the simulated gateway: node official_sdk.mjs ORIGIN SCENARIO
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import AiBot from "@wecom/aibot-node-sdk";

const [origin, scenario] = process.argv.slice(2);
const GROUP = "G1";
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
const opened = [];

const scenarios = {
  async "hears a group message and streams its answer"() {
    const robot = await online();
    const heard = next(robot, "message.text");
    await say("报备", { mention: true });
    const frame = await heard;
    assert.equal(frame.body.text.content, "@科普助手 报备");
    assert.deepEqual([frame.body.chattype, frame.body.chatid, frame.body.from.userid], ["group", GROUP, "limin"]);
    await robot.replyStream(frame, "stream-1", "正在", false);
    assert.equal((await lastMessage()).streaming, true);
    const receipt = await robot.replyStream(frame, "stream-1", "正在处理：**垃圾分类**", true);
    assert.equal(receipt.errcode, 0);
    const { text, via, streaming } = await lastMessage();
    assert.deepEqual([text, via, streaming], ["正在处理：**垃圾分类**", "respond", false]);
  },

  async "answers with a card and settles it after the click"() {
    const robot = await online();
    const heard = next(robot, "message.text");
    await say("报备", { mention: true });
    await robot.replyTemplateCard(await heard, card("请核对"));
    const shown = await lastMessage();
    assert.deepEqual(shown.card.buttons.map((one) => one.text), ["提交", "取消"]);
    const clicked = next(robot, "event.template_card_event");
    await control("click", { userid: "limin", message_id: shown.id, key: "submit" });
    const frame = await clicked;
    const event = frame.body.event.template_card_event ?? frame.body.event;
    assert.deepEqual([event.event_key, event.task_id, frame.body.from.userid], ["submit", "filing-1", "limin"]);
    const settled = { ...card("已提交 2020-0001"), button_list: [{ text: "已提交", key: "done" }] };
    await robot.updateTemplateCard(frame, settled);
    const after = await lastMessage();
    assert.deepEqual([after.id, after.card.updated, after.card.title], [shown.id, true, "已提交 2020-0001"]);
  },

  async "pushes only where somebody has talked to it"() {
    const robot = await online();
    const notice = { msgtype: "markdown", markdown: { content: "**通知**：请于周五前报送" } };
    await assert.rejects(robot.sendMessage(GROUP, notice), (refusal) => refusal.errcode === 93006);
    const heard = next(robot, "message.text");
    await say("你好", { mention: true });
    await heard;
    assert.equal((await robot.sendMessage(GROUP, notice)).errcode, 0);
    const { text, via } = await lastMessage();
    assert.deepEqual([text, via], ["**通知**：请于周五前报送", "push"]);
  },

  async "opens a photo that was sent to it"() {
    const robot = await online();
    const photo = Buffer.from("pretend that these bytes are a photo");
    const heard = next(robot, "message.image");
    const media = { type: "image", filename: "现场.jpg", base64: photo.toString("base64") };
    await control("direct/limin/say", { text: "", media });
    const { image } = (await heard).body;
    const { buffer } = await robot.downloadFile(image.url, image.aeskey);
    assert.deepEqual(buffer, photo);
  },

  async "sends a file in parts"() {
    const robot = await online();
    const heard = next(robot, "message.text");
    await control("direct/limin/say", { text: "申报指南" });
    const frame = await heard;
    const guide = Buffer.alloc(700_000, createHash("md5").update("guide").digest());
    const { media_id } = await robot.uploadMedia(guide, { type: "file", filename: "申报指南.pdf" });
    assert.equal((await robot.replyMedia(frame, "file", media_id)).errcode, 0);
    assert.equal((await lastMessage("direct:limin")).media.filename, "申报指南.pdf");
  },

  async "is told and stays away when a second connection takes over"() {
    const first = await online();
    const told = next(first, "event.disconnected_event");
    const closed = next(first, "disconnected");
    const second = await online();
    await told;
    await closed;
    assert.equal(first.isConnected, false);
    const heard = next(second, "message.text");
    await control("direct/limin/say", { text: "在吗" });
    assert.equal((await heard).body.text.content, "在吗");
    assert.equal(second.isConnected, true);
    assert.equal(first.isConnected, false);
  },

  async "is refused with a wrong secret"() {
    const robot = client("not the secret");
    const refused = next(robot, "error");
    robot.connect();
    assert.match(String((await refused).message), /853000/);
    assert.equal((await control("world")).robots[0].connected, false);
  },
};

function client(secret = "robot-secret") {
  const wsUrl = `${origin.replace("http", "ws")}/ws`;
  const options = { botId: "robot-1", secret, wsUrl, logger: SILENT, reconnectInterval: 50, maxAuthFailureAttempts: 1 };
  const robot = new AiBot.WSClient(options);
  robot.on("error", () => {}); // without a listener, the emitter would end the process
  opened.push(robot);
  return robot;
}

async function online() {
  const robot = client();
  const authenticated = next(robot, "authenticated");
  robot.connect();
  await authenticated;
  return robot;
}

async function next(robot, event) {
  const [first] = await once(robot, event, { signal: AbortSignal.timeout(5000) });
  return first;
}

async function control(path, body) {
  const options = body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(`${origin}/_sandbox/${path}`, options);
  assert.equal(answer.status, 200, `${path}: ${answer.status}`);
  return answer.json();
}

const say = (text, more) => control(`groups/${GROUP}/say`, { userid: "limin", text, ...more });

async function lastMessage(chat = `group:${GROUP}`) {
  return (await control(`messages?chat=${chat}`)).messages.at(-1);
}

function card(title) {
  return {
    card_type: "button_interaction",
    task_id: "filing-1",
    main_title: { title, desc: "草稿 2020-0001" },
    button_list: [{ text: "提交", key: "submit" }, { text: "取消", key: "cancel", style: 2 }],
  };
}

if (scenario === undefined) {
  console.log(JSON.stringify(Object.keys(scenarios)));
} else {
  try {
    await scenarios[scenario]();
  } finally {
    opened.forEach((robot) => robot.disconnect());
  }
  process.exit(0);
}
