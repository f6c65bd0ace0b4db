// 平台状态: what the simulated platform has counted, and a way to make it misbehave.

import { api } from "./api.js";
import { el, toast } from "./dom.js";
import { full } from "./time.js";

const OUTCOMES = {
  busy: "系统繁忙（-1）", expired_token: "令牌过期（42001）", rate_limit: "超出频率（45009）", timeout_after_accept: "收下了但不回答",
  drop: "断开，不回答", html: "回一张网页而不是 JSON", disconnect: "断开长连接", repeat: "同一条重复送三次",
};
const CALL = ["busy", "expired_token", "rate_limit", "timeout_after_accept", "drop", "html"];
const COMMAND = ["disconnect", "busy", "rate_limit", "timeout_after_accept", "html"];
const INCOMING = ["repeat", "drop"];
/** What can go wrong, by direction: [heading, outcomes, { target: label }]. */
const TARGETS = [
  ["机器人（长连接）", COMMAND, { aibot_send_msg: "机器人主动推送", aibot_respond_msg: "机器人回答", gateway: "机器人任一指令" }],
  ["平台送来的", INCOMING, { aibot_msg_callback: "群聊与私聊消息", callbacks: "公众号消息与事件" }],
  ["群推送", CALL, { "webhook/send": "发到群里" }],
  ["公众号接口", CALL, {
    "message/custom/send": "客服消息", "message/template/send": "模板消息", "message/subscribe/bizsend": "订阅通知",
    "message/mass/sendall": "群发（按标签）", "message/mass/send": "群发（按名单）", stable_token: "取令牌", "draft/add": "存草稿", "freepublish/submit": "发布",
  }],
];
const LABELS = Object.assign({}, ...TARGETS.map(([, , targets]) => targets));
const WORDS = {
  quotas: "额度", quota: "额度", calls: "调用次数", count: "次数", codes: "结果", tokens: "令牌", counts: "计数", faults: "待发生的捣乱", connections: "连接", errors: "拒绝与出错",
  used: "已用", limit: "上限", left: "剩余", name: "名称", total: "合计", ok: "成功", target: "对象", outcome: "怎么捣乱", times: "剩余次数", after: "先放过",
  official: "公众号", official_account: "公众号", webhook: "群推送", gateway: "机器人长连接", callbacks: "回调", messages: "消息", clock: "时钟", now: "现在",
  drafts: "草稿箱", mass_sends: "群发", jobs: "任务", by_day: "按天", calls_today: "今日调用", webhook_last_minute: "群推送（近 1 分钟，上限 20）",
  aibot_subscribe: "机器人登录", aibot_event_callback: "机器人收到事件", aibot_respond_welcome_msg: "机器人欢迎语", aibot_respond_update_msg: "机器人更新卡片", ping: "心跳", "menu/create": "发布菜单", "menu/get": "查询菜单",
  connected: "已连接", followers: "粉丝", menu: "菜单", value: "值", token: "令牌", expires_at: "到期",
};

const word = (key) => WORDS[key] ?? LABELS[key] ?? key;
const isPlain = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

function cell(value) {
  if (value === true) return "是";
  if (value === false) return "否";
  if (value === null || value === undefined || value === "") return "—";
  if (typeof value === "string" && /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(value)) return full(Date.parse(value));
  if (isPlain(value)) return Object.entries(value).map(([key, inner]) => `${key === "0" || key === "200" ? "成功" : word(key)}${typeof inner === "number" ? " ×" : ""} ${cell(inner)}`).join(" · ") || "—";
  return typeof value === "object" ? JSON.stringify(value) : String(OUTCOMES[value] ?? LABELS[value] ?? value);
}

function table(title, head, rows) {
  return el("section", {}, el("h3", {}, title),
    rows.length
      ? el("div", { class: "table-wrap" }, el("table", {},
          head && el("thead", {}, el("tr", {}, ...head.map((name, index) => el("th", { scope: "col", class: index && typeof rows[0]?.[index] === "number" ? "number" : null }, word(name))))),
          el("tbody", {}, ...rows.map((row) => el("tr", {}, ...row.map((value, index) => (index ? el("td", { class: head && typeof value === "number" ? "number" : null }, cell(value)) : el("th", { scope: "row" }, word(cell(value))))))))))
      : el("p", { class: "none" }, "暂无"));
}

/** Any JSON object → tables: scalars together, a table for each list of records or record of records. */
export function stateTables(state) {
  const out = [];
  const loose = [];
  for (const [key, value] of Object.entries(state ?? {})) {
    if (Array.isArray(value) && value.every(isPlain)) {
      const head = [...new Set(value.flatMap(Object.keys))];
      out.push(table(word(key), head, value.map((row) => head.map((name) => row[name]))));
    } else if (isPlain(value)) {
      const entries = Object.entries(value);
      if (entries.length && entries.every(([, inner]) => isPlain(inner))) {
        const head = [...new Set(entries.flatMap(([, inner]) => Object.keys(inner)))];
        out.push(table(word(key), ["name", ...head], entries.map(([name, inner]) => [name, ...head.map((field) => inner[field])])));
      } else out.push(table(word(key), null, entries));
    } else if (!Array.isArray(value)) loose.push([key, value]);
    else if (value.length) loose.push([key, value.join("，")]);
  }
  if (loose.length) out.unshift(table("概况", null, loose));
  return out;
}

export function wirePlatform() {
  const drawer = document.getElementById("state-drawer");
  const tables = document.getElementById("state-tables");
  const form = document.getElementById("fault-form");
  const clear = document.getElementById("fault-clear");
  let timer = 0;

  const { target, outcome, times } = form.elements;
  target.replaceChildren(...TARGETS.map(([label, , targets]) =>
    el("optgroup", { label }, ...Object.entries(targets).map(([value, name]) => el("option", { value }, name)))));
  const offerOutcomes = () => {
    const [, outcomes] = TARGETS.find(([, , targets]) => target.value in targets);
    outcome.replaceChildren(...outcomes.map((value) => el("option", { value }, OUTCOMES[value])));
  };
  target.addEventListener("change", offerOutcomes);
  offerOutcomes();

  async function refresh() {
    try {
      const [state, { faults }] = await Promise.all([api.state(), api.faults()]);
      clear.hidden = !faults.length;
      tables.replaceChildren(...stateTables({ ...state, faults }));
    } catch (error) {
      tables.replaceChildren(el("p", { class: "none" }, error.message));
    }
  }

  document.getElementById("open-state").addEventListener("click", () => {
    drawer.showModal();
    refresh();
    timer = setInterval(refresh, 2000);
  });
  drawer.addEventListener("close", () => clearInterval(timer));
  clear.addEventListener("click", async () => {
    await api.clearFaults().catch((error) => toast(error.message, "bad"));
    refresh();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const fault = { target: target.value, outcome: outcome.value, times: Number(times.value) };
    try {
      await api.fault(fault);
      toast(`已安排：${LABELS[fault.target]} · ${OUTCOMES[fault.outcome]} × ${fault.times}`);
      refresh();
    } catch (error) {
      toast(error.message, "bad");
    }
  });
}
