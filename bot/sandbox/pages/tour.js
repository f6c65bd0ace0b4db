// 剧本: what a newcomer tries first. A step picks the phone and the persona and fills the line; the visitor sends.

import { el, icon } from "./dom.js";

export const FILING = "报备：10月24日（周六）上午9:00-11:30，莞城文化广场，垃圾分类进社区讲座，预计120人，负责人李敏 13800138000";
export const BROADCAST = "广播 监督要求：请各单位10月15日18:00前报送三季度进度表，收到请回复";

/** The built-in script, for a world that brings none. */
function defaultSteps(world) {
  const contact = world.users.find((user) => user.name === "李敏") ?? world.implementers[0];
  const staff = world.staff.filter((user) => user.role !== "viewer");
  const drafter = staff.find((user) => user.role === "drafter") ?? staff[0];
  const approver = staff.find((user) => user.role === "approver" && user !== drafter) ?? staff.find((user) => user !== drafter) ?? drafter;
  const fan = world.followers[0];
  return [
    { title: "在群里报备一场活动", as: contact?.userid, where: "group", text: FILING, hint: "一句话就够，科普助手会整理成卡片请您核对。" },
    { title: "核对后提交", as: contact?.userid, where: "group", text: null, hint: "点卡片上的「提交」。" },
    { title: "拟一条监督要求", as: drafter?.userid, where: "direct", text: BROADCAST, hint: "工作人员在私聊里拟稿，先看预览和人数。" },
    { title: "换一个人批准", as: approver?.userid, where: "direct", text: null, hint: "另一位工作人员点「批准」，通知才会发出。" },
    { title: "回执：收到", as: contact?.userid, where: "group", text: "收到", hint: "科普助手知道这是在回哪一条，并记到单位名下。" },
    { title: "拨到活动前一天", as: contact?.userid, where: "direct", text: null, hint: "把时钟拨到10月23日早上，看活动提醒自己到来。", clock: "10-23T09:00:00" },
    ...["申报指南", "2020", "帮助"].map((text) => ({ title: text, as: fan?.openid, where: "official", text })),
  ];
}

const PLACE = { group: "群里", direct: "私聊", official: "公众号" };

/** Labels of the buttons that a step without text asks for: what its hint has in 「」, as far as it says 点. */
export const wantedButtons = (step) => (/点/.test(`${step.title}${step.hint ?? ""}`) ? [...`${step.title}${step.hint ?? ""}`.matchAll(/「([^」]{1,8})」/g)].map((match) => match[1]) : []);

const played = new Set();
let current = null;

export function renderTour(world, play) {
  const steps = world.tour ?? defaultSteps(world);
  const main = steps.filter((step) => step.where !== "official");
  const extra = steps.filter((step) => step.where === "official");
  const list = document.getElementById("tour-steps");

  list.replaceChildren(...main.map((step, index) => {
    const who = world.name(step.as);
    const item = el("li", { class: "step" },
      el("button", { type: "button", onclick: () => { mark(index); play(step); } },
        el("span", { class: "step-number" }, el("b", {}, index + 1), icon("check")),
        el("span", { class: "step-text" },
          el("strong", {}, step.title),
          el("span", { class: "step-who" }, who && el("em", {}, who), PLACE[step.where] ?? ""),
          step.text && el("span", { class: "step-quote" }, el("span", {}, step.text)),
          step.hint && el("small", {}, step.hint))));
    return item;
  }));

  function mark(index) {
    if (current !== null) played.add(current);
    current = index;
    paint();
  }

  function paint() {
    [...list.children].forEach((item, index) => {
      item.classList.toggle("current", index === current);
      item.classList.toggle("done", index !== current && played.has(index));
    });
  }
  paint();

  const box = document.getElementById("tour-extra");
  box.hidden = !extra.length;
  box.replaceChildren(el("h3", {}, "公众号里也试试"),
    el("div", { class: "chips" }, ...extra.map((step) => el("button", { type: "button", class: "chip", title: step.hint ?? null, onclick: () => play(step) }, step.text ?? step.title))));
}
