// Small words for building elements. Text only ever becomes a text node: nothing here parses HTML.

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") node.className = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function icon(name, extra = "") {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", `icon ${extra}`.trim());
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** A web address as written by somebody else, or null when it is anything but http(s). */
export function safeUrl(text) {
  try {
    const url = new URL(String(text).trim(), location.href);
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : null;
  } catch {
    return null;
  }
}

/** The address of an image or a file that this page may load: ours or an inline picture; the demo never calls out. */
export function localFile(text) {
  if (!text) return null;
  if (/^data:image\/(png|jpeg|gif|webp);base64,/i.test(text)) return text;
  const url = safeUrl(text);
  return url && new URL(url).origin === location.origin ? url : null;
}

let toastTimer = 0;

export function toast(text, tone = "plain") {
  const box = document.getElementById("toasts");
  // Shown anew each time, so that it lies above a dialog that opened in between.
  if (box.matches(":popover-open")) box.hidePopover();
  box.showPopover();
  box.replaceChildren(el("p", { class: `toast toast-${tone}` }, text));
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => box.hidePopover(), tone === "bad" ? 6000 : 3200);
}

const HUES = 10;

/** A rounded square with initials; the same id always gets the same colour. */
export function avatar(id, name, kind = "person") {
  if (kind === "bot") return el("span", { class: "avatar avatar-bot", "aria-hidden": "true" }, icon("robot"));
  if (kind === "webhook") return el("span", { class: "avatar avatar-webhook", "aria-hidden": "true" }, icon("horn"));
  let sum = 7;
  for (const char of String(id)) sum = (sum * 31 + char.codePointAt(0)) % 9973;
  const chars = [...String(name || id).replace(/[（(].*$/u, "")];
  const initials = /^[\x20-\x7e]+$/.test(chars.join("")) ? chars.slice(0, 2) : chars.slice(-2);
  return el("span", { class: `avatar hue-${sum % HUES}`, "aria-hidden": "true" }, initials.join(""));
}
