// Puts the page together: who plays, which chat each phone shows, where a message goes.

import { api, follow } from "./api.js";
import { DemoClock } from "./clock.js";
import { avatar, el, toast } from "./dom.js";
import { renderMenu } from "./menu.js";
import { isSystem } from "./message.js";
import { Phone } from "./phone.js";
import { wirePlatform } from "./platform.js";
import { hourMinute, split } from "./time.js";
import { FILING, BROADCAST, renderTour, wantedButtons } from "./tour.js";
import { BOT_NAME, World } from "./world.js";

const KINDS = ["group", "direct", "official"];
const narrow = matchMedia("(max-width: 819px)");
const wide = matchMedia("(min-width: 1240px)");
const address = new URLSearchParams(location.search);

let world = new World({});
const chats = new Map(); // chat → Map(id → message), in order of arrival
const unread = new Map(); // chat → how many came while nobody looked
const opened = new Set(); // direct chats that this page has opened
let me = address.get("me");
let fan = address.get("fan");
let groupId = address.get("group");
let tab = KINDS.includes(address.get("phone")) ? address.get("phone") : "group";
let mention = true;
let loaded = false; // whether the messages so far are here

const chatOf = { group: () => `group:${groupId}`, direct: () => `direct:${me}`, official: () => `official:${fan}` };
const messagesOf = (chat) => [...(chats.get(chat)?.values() ?? [])];
const follower = () => world.followers.find((one) => one.openid === fan);
const $ = (id) => document.getElementById(id);

const attempt = async (work) => {
  try {
    return await work;
  } catch (error) {
    toast(error.message, "bad");
    return null;
  }
};

/** Say so when the robot should have heard and is not on line: the platform keeps nothing for it. */
function heard(answer, addressed = true) {
  if (answer?.delivered === false && addressed) toast(`${BOT_NAME}不在线，没有收到。它连上后请再发一次。`, "bad");
}

// ---- phones ------------------------------------------------------------------------------------------------------

const phones = {
  group: new Phone("group", { caption: "项目工作群", app: "企业微信", files: "", onSend: async (row) => heard(await api.sayInGroup(groupId, { userid: me, mention, ...row }), mention) }),
  direct: new Phone("direct", { caption: "私聊", app: "企业微信", files: "", onSend: async (row) => heard(await api.sayDirect(me, row)) }),
  official: new Phone("official", { caption: "公众号", app: "微信", files: "image/*", onSend: (row) => api.sayOfficial(fan, row) }),
};
$("phones").append(...KINDS.map((kind) => phones[kind].root));

const mentionToggle = el("button", {
  type: "button", class: "at-toggle", "aria-pressed": "true", title: "群里只有 @ 它才会收到",
  onclick: () => {
    mention = !mention;
    mentionToggle.setAttribute("aria-pressed", String(mention));
  },
}, `@${BOT_NAME}`);
phones.group.tools.prepend(mentionToggle);

const rail = el("div", { class: "rail", role: "group", "aria-label": "别人的私聊里有新消息" });
phones.direct.captionExtra.append(rail);

function contextOf(kind) {
  const chat = chatOf[kind]();
  return {
    kind,
    mine: kind === "official" ? fan : me,
    names: world.names,
    userName: (id) => world.name(id),
    unitOf: (id) => world.unit(id),
    shownName: (message) => world.shownName(message),
    find: (id) => chats.get(chat)?.get(id),
    onClick: (message, key) => click(kind, message, key),
    onQuote: kind === "official" ? null : (message) => phones[kind].quote(message),
    say: kind === "official" ? (text, menuId) => attempt(api.sayOfficial(fan, { text, menu_id: menuId })) : undefined,
  };
}

async function click(kind, message, key) {
  phones[kind].busy(message.id, true);
  heard(await attempt(api.click(me, message.id, key)));
  phones[kind].busy(message.id, false);
}

function suggestionsFor(kind) {
  if (kind === "official") return ["申报指南", "2020", "帮助"];
  const user = world.users.find((one) => one.userid === me);
  if (kind === "direct" && user && world.isStaff(user)) return user.role === "viewer" ? ["本周活动", "帮助"] : [BROADCAST, "谁没交", "帮助"];
  return [FILING, "我的报备", "最新通知", "帮助"];
}

/** What stands in a chat where nothing has been said. */
function emptyChat(kind) {
  if (!loaded) return [];
  const one = follower();
  if (kind === "official" && one && !one.following) return [el("p", {}, `${one.name}还没有关注「${world.account.name ?? "公众号"}」`), followButton(one)];
  return [el("p", {}, "还没有消息，试试："), ...suggestionsFor(kind).map((text) => el("button", { type: "button", onclick: () => phones[kind].fill(text) }, text))];
}

function followButton(one) {
  const button = el("button", { type: "button", class: one?.following ? "follow-button following" : "follow-button", disabled: !one }, one?.following ? "取消关注" : "关注");
  button.addEventListener("click", async () => {
    button.disabled = true;
    await attempt(one.following ? api.unfollow(fan) : api.follow(fan));
    button.disabled = false;
    await loadWorld();
  });
  return button;
}

function show(kind) {
  const phone = phones[kind];
  const chat = chatOf[kind]();
  phone.show(messagesOf(chat), contextOf(kind), emptyChat(kind));
  if (isVisible(kind)) unread.delete(chat);
  dress(kind);
  paintUnread();
}

/** Title, speaker and what may be written: everything about a phone but its messages. */
function dress(kind) {
  ({ group: dressGroup, direct: dressDirect, official: dressOfficial })[kind](phones[kind]);
}

function speak(phone, id, name) {
  phone.speaker.replaceChildren(avatar(id, [...name].at(-1) ?? ""), el("span", {}, `${name} 发言`));
}

function dressGroup(phone) {
  const group = world.groups.find((one) => one.chat_id === groupId);
  const members = group?.members ?? [];
  phone.title.textContent = group?.name ?? "项目工作群";
  phone.subtitle.textContent = members.length ? `${members.length} 人和机器人` : "";
  const inside = !members.length || members.some((member) => (member.userid ?? member) === me);
  const name = world.name(me) ?? "";
  speak(phone, me ?? "", name);
  phone.enable(Boolean(group) && inside, !group ? "还没有群" : inside ? "说点什么" : `${name}不在这个群里`);
  if (world.groups.length > 1) {
    const select = el("select", { "aria-label": "切换群", class: "caption-select" }, ...world.groups.map((one) => el("option", { value: one.chat_id, selected: one.chat_id === groupId }, one.name)));
    select.addEventListener("change", () => {
      groupId = select.value;
      remember();
      show("group");
    });
    phone.captionExtra.replaceChildren(select);
  }
}

function dressDirect(phone) {
  const user = world.users.find((one) => one.userid === me);
  phone.title.textContent = BOT_NAME;
  phone.subtitle.textContent = world.robotOnline === false ? "机器人 · 不在线" : "机器人";
  speak(phone, me ?? "", user?.name ?? "");
  phone.enable(Boolean(user), "发消息");
}

function dressOfficial(phone) {
  const one = follower();
  const name = world.account.name ?? "公众号";
  phone.title.textContent = name;
  phone.subtitle.textContent = "公众号";
  speak(phone, fan ?? "", one?.name ?? "");
  phone.enable(Boolean(one?.following), one?.following ? "发消息" : "关注后才能发消息");
  phone.action.replaceChildren(followButton(one));
  renderMenu(phone.root.querySelector(".account-menu"), world.account.menu, {
    enabled: Boolean(one?.following),
    press: (key) => attempt(api.menu(fan, key)),
  });
}

// ---- personas ----------------------------------------------------------------------------------------------------

function remember() {
  const query = new URLSearchParams({ me: me ?? "", fan: fan ?? "", phone: tab });
  if (world.groups.length > 1) query.set("group", groupId);
  history.replaceState(null, "", `?${query}`);
}

function option(value, label, chosen) {
  return el("option", { value, selected: value === chosen }, label);
}

function paintPickers() {
  const grouped = world.hasRoles ? [["实施单位", world.implementers], ["工作人员", world.staff]] : [["成员", world.users]];
  $("pick-me").replaceChildren(...grouped.filter(([, users]) => users.length).map(([label, users]) =>
    el("optgroup", { label }, ...users.map((user) => option(user.userid, [user.name, world.station(user)].filter(Boolean).join(" · "), me)))));
  $("pick-fan").replaceChildren(...world.followers.map((one) => option(one.openid, `${one.name ?? one.openid}${one.following ? "" : "（未关注）"}`, fan)));
}

function become(userid) {
  if (!world.users.some((user) => user.userid === userid)) return;
  me = userid;
  $("pick-me").value = userid;
  remember();
  show("group");
  show("direct");
  openDirect();
}

function becomeFan(openid) {
  if (!world.followers.some((one) => one.openid === openid)) return;
  fan = openid;
  $("pick-fan").value = openid;
  remember();
  show("official");
}

/** The robot greets whoever opens its chat for the first time: tell the platform once per persona. */
function openDirect() {
  if (!me || !loaded || opened.has(me) || !isVisible("direct")) return;
  opened.add(me);
  if (!chats.get(chatOf.direct())?.size) attempt(api.openDirect(me));
}

$("pick-me").addEventListener("change", (event) => become(event.target.value));
$("pick-fan").addEventListener("change", (event) => becomeFan(event.target.value));

async function loadWorld() {
  const raw = await attempt(api.world());
  if (!raw) return false;
  const text = JSON.stringify(raw);
  if (text === loadWorld.seen) return true;
  loadWorld.seen = text;
  world = new World(raw);
  const first = (list, id, key) => (list.some((one) => one[key] === id) ? id : (list[0]?.[key] ?? null));
  me = first([...world.implementers, ...world.staff], me, "userid");
  fan = first(world.followers, fan, "openid");
  groupId = first(world.groups, groupId, "chat_id");
  paintPickers();
  if (!loadWorld.shown) KINDS.forEach(show);
  else KINDS.forEach((kind) => (kind === "official" && !chats.get(chatOf.official())?.size ? show(kind) : dress(kind)));
  loadWorld.shown = true;
  renderTour(world, play);
  return true;
}

// ---- messages ----------------------------------------------------------------------------------------------------

const isVisible = (kind) => !narrow.matches || tab === kind;
const kindOf = (chat) => chat.slice(0, chat.indexOf(":"));

function store(message) {
  if (!chats.has(message.chat)) chats.set(message.chat, new Map());
  const chat = chats.get(message.chat);
  const known = chat.get(message.id);
  if (known && (known.rev ?? 0) >= (message.rev ?? 0)) return null;
  chat.set(message.id, message);
  return known ? "changed" : "new";
}

/** The order in which messages were first said; a changed card keeps its place. */
const bySaid = (a, b) => String(a.id).localeCompare(String(b.id), "en", { numeric: true });

function receive(messages, whole) {
  if (whole) {
    chats.clear();
    unread.clear();
    for (const message of [...messages].sort(bySaid)) store(message);
    loaded = true;
    KINDS.forEach(show);
    openDirect();
    return;
  }
  for (const message of messages) {
    const news = store(message);
    if (!news) continue;
    const kind = kindOf(message.chat);
    const shown = KINDS.includes(kind) && message.chat === chatOf[kind]();
    if (shown) phones[kind].apply(message);
    if (news === "new" && !isSystem(message) && !(shown && isVisible(kind))) unread.set(message.chat, (unread.get(message.chat) ?? 0) + 1);
    if (kind === "official") loadWorld(); // following or the menu may have changed
  }
  paintUnread();
}

function paintUnread() {
  const waiting = world.users.filter((user) => user.userid !== me && unread.get(`direct:${user.userid}`));
  rail.replaceChildren(...waiting.map((user) =>
    el("button", { type: "button", class: "rail-person", title: `${user.name}有新消息，切换过去`, onclick: () => become(user.userid) },
      el("span", {}, user.name), el("b", {}, unread.get(`direct:${user.userid}`)))));
  for (const button of document.querySelectorAll(".tabs [data-tab]")) {
    const kind = button.dataset.tab;
    const count = kind === "direct" ? [...unread.keys()].filter((chat) => chat.startsWith("direct:")).length : unread.get(chatOf[kind]());
    button.querySelector(".dot").hidden = !count;
  }
}

function paintLink(state) {
  const light = $("link-state");
  const words = { live: "已连接，实时更新", polling: "已连接，轮询更新", lost: "连接断了，正在重连" };
  if (light.dataset.state === state) return;
  light.dataset.state = state;
  light.title = words[state];
  light.firstElementChild.textContent = words[state];
  if (state !== "lost") {
    loadWorld();
    clock.refresh();
  }
}

// ---- page --------------------------------------------------------------------------------------------------------

function selectTab(kind) {
  tab = kind;
  document.body.dataset.phone = kind;
  for (const button of document.querySelectorAll(".tabs [data-tab]")) {
    button.setAttribute("aria-selected", String(button.dataset.tab === kind));
    button.tabIndex = button.dataset.tab === kind ? 0 : -1;
  }
  remember();
  show(kind);
  if (kind === "direct") openDirect();
}

document.querySelector(".tabs").addEventListener("click", (event) => {
  const button = event.target.closest("[data-tab]");
  if (button) selectTab(button.dataset.tab);
});
document.querySelector(".tabs").addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  selectTab(KINDS[(KINDS.indexOf(tab) + step + KINDS.length) % KINDS.length]);
  document.querySelector(`[data-tab=${tab}]`).focus();
});

function openTour(open) {
  document.body.classList.toggle("tour-open", open);
  $("scrim").hidden = !open;
  $("open-tour").setAttribute("aria-expanded", String(open));
  if (open) $("tour").querySelector("button").focus();
}
$("open-tour").addEventListener("click", () => openTour(!document.body.classList.contains("tour-open")));
$("scrim").addEventListener("click", () => openTour(false));
document.querySelector(".tour-close").addEventListener("click", () => openTour(false));
document.addEventListener("keydown", (event) => event.key === "Escape" && openTour(false));
wide.addEventListener("change", () => openTour(false));
narrow.addEventListener("change", () => KINDS.forEach(show));

/** The moment that a step of the script turns the clock to, in the demo's own year; null when it names none. */
function momentOf(step) {
  return step.clock && clock.now !== null ? `${split(clock.now).year}-${step.clock}+08:00` : null;
}

function play(step) {
  openTour(false);
  if (narrow.matches) selectTab(step.where);
  if (step.where === "official") becomeFan(step.as);
  else become(step.as);
  const phone = phones[step.where];
  if (step.text) {
    if (step.where === "group" && !mention) mentionToggle.click();
    return phone.fill(step.text);
  }
  if (/拨/.test(`${step.title}${step.hint ?? ""}`)) return clock.ask(momentOf(step), step.hint);
  const labels = wantedButtons(step);
  if (labels.length && !phone.point(labels)) toast(`还没有带「${labels[0]}」的卡片，请先做上一步。`);
  else if (!labels.length && step.hint) toast(step.hint);
}

for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
  });
}

const clock = new DemoClock();
clock.onTick((now) => {
  for (const kind of KINDS) phones[kind].statusTime.textContent = hourMinute(now);
});
wirePlatform();
selectTab(tab);
loadWorld().then(() => {
  follow(receive, paintLink);
  setInterval(loadWorld, 20_000);
});
