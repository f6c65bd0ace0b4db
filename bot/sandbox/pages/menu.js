// The menu at the foot of the official account, from the JSON that the bot created it with.

import { el, icon, safeUrl } from "./dom.js";

function close() {
  for (const toggle of document.querySelectorAll(".account-menu [aria-expanded=true]")) toggle.setAttribute("aria-expanded", "false");
}

document.addEventListener("click", (event) => {
  if (!event.target.closest(".menu-item")) close();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") close();
});

/** `press(key)` tells the platform; a link also opens, in a new tab, and its address is its key. */
export function renderMenu(bar, menu, { enabled, press }) {
  const buttons = (menu?.button ?? []).slice(0, 3);
  bar.hidden = !buttons.length;

  function leaf(button) {
    const act = (key) => () => {
      close();
      press(key);
    };
    if (button.type !== "view") return el("button", { type: "button", class: "menu-leaf", disabled: !enabled, onclick: act(button.key) }, button.name);
    const url = /^https?:/i.test(button.url ?? "") ? safeUrl(button.url) : null;
    return el("a", { class: "menu-leaf", href: enabled ? url : null, target: "_blank", rel: "noopener noreferrer", onclick: enabled ? act(button.url) : null }, button.name);
  }

  function item(button) {
    if (!button.sub_button?.length) return el("div", { class: "menu-item" }, leaf(button));
    const toggle = el("button", { type: "button", class: "menu-leaf", "aria-expanded": "false" }, icon("list"), button.name);
    toggle.addEventListener("click", () => {
      const open = toggle.getAttribute("aria-expanded") === "true";
      close();
      toggle.setAttribute("aria-expanded", String(!open));
    });
    return el("div", { class: "menu-item" }, toggle, el("div", { class: "menu-popup" }, ...button.sub_button.slice(0, 5).map(leaf)));
  }

  bar.replaceChildren(...buttons.map(item));
}
