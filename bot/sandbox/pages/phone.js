// One phone: a list of one chat's messages that follows the newest, and a line to write in.

import { el, toast } from "./dom.js";
import { isSystem, messageNode, summary } from "./message.js";
import { dayAndTime, dayKey, hourMinute } from "./time.js";

const SHOWN = 300; // older messages of a chat stay out of the page
const FILE_LIMIT = 10 * 1024 * 1024;
const GAP = 5 * 60_000; // a time line after this much silence, as WeChat does

export class Phone {
  #messages = [];
  #nodes = new Map();
  #context = null;
  #quote = null;
  #empty = null;

  /** `onSend({text, quote, media?})` may be async; the text comes back to the box when it throws. */
  constructor(kind, { caption, app, files, onSend }) {
    const root = document.getElementById("phone-template").content.firstElementChild.cloneNode(true);
    this.kind = kind;
    this.root = root;
    root.id = `phone-${kind}`;
    root.classList.add(`phone-${kind}`);
    root.setAttribute("aria-labelledby", `caption-${kind}`);
    const title = root.querySelector(".caption h2");
    title.id = `caption-${kind}`;
    title.append(el("span", { class: "app-tag" }, app), caption);
    this.captionExtra = root.querySelector(".caption-extra");
    this.title = root.querySelector(".navbar-title strong");
    this.subtitle = root.querySelector(".navbar-title small");
    this.action = root.querySelector(".navbar-action");
    this.log = root.querySelector(".log");
    this.log.setAttribute("aria-label", `${caption}的消息`);
    this.newest = root.querySelector(".newest");
    this.composer = root.querySelector(".composer");
    this.tools = root.querySelector(".composer-tools");
    this.speaker = root.querySelector(".speaker");
    this.input = root.querySelector("textarea");
    this.input.setAttribute("aria-label", `在${caption}里说`);
    this.attach = root.querySelector(".attach input");
    this.attach.accept = files;
    this.send = root.querySelector(".send");
    this.quoting = root.querySelector(".quoting");
    this.statusTime = root.querySelector(".statusbar-time");
    this.onSend = onSend;
    this.#wire();
  }

  /** Show a chat from the start; `empty` is what stands there while nothing has been said. */
  show(messages, context, empty) {
    this.#context = context;
    this.#messages = messages.slice(-SHOWN);
    this.#empty = empty;
    this.quote(null);
    this.#rebuild();
    this.#toEnd();
  }

  /** Take one new or changed message of the chat that is shown. */
  apply(message) {
    const stuck = this.#atEnd();
    const at = this.#messages.findIndex((known) => known.id === message.id);
    if (at >= 0) {
      const old = this.#nodes.get(message.id);
      const focused = old.contains(document.activeElement);
      const node = messageNode(message, this.#context);
      this.#messages[at] = message;
      this.#nodes.set(message.id, node);
      old.replaceWith(node);
      node.classList.add("changed");
      if (focused) this.log.focus({ preventScroll: true });
    } else {
      if (!this.#messages.length) this.log.replaceChildren();
      this.#append(message, this.#messages.at(-1), true);
      this.#messages.push(message);
      if (this.#messages.length > 2 * SHOWN) {
        this.#messages = this.#messages.slice(-SHOWN);
        this.#rebuild();
      }
    }
    if (stuck || message.from === this.#context.mine) this.#toEnd();
    else if (at < 0) this.newest.hidden = false;
  }

  fill(text) {
    this.input.value = text;
    this.#grow();
    this.input.focus();
    this.input.setSelectionRange(text.length, text.length);
  }

  quote(message) {
    this.#quote = message;
    this.quoting.hidden = !message;
    if (message) {
      this.quoting.firstElementChild.textContent = `${this.#context.shownName(message)}：${summary(message)}`;
      this.input.focus();
    }
  }

  enable(on, placeholder) {
    this.input.disabled = this.send.disabled = this.attach.disabled = !on;
    this.input.placeholder = placeholder;
  }

  /** Bring the newest live button with one of these labels into view; false when there is none. */
  point(labels) {
    const buttons = [...this.log.querySelectorAll(".card-button:not(:disabled)")].reverse();
    const button = buttons.find((node) => labels.some((label) => node.dataset.label.includes(label)));
    if (!button) return false;
    button.scrollIntoView({ block: "center", behavior: "smooth" });
    button.focus({ preventScroll: true });
    button.classList.remove("pointed");
    void button.offsetWidth; // restart the animation
    button.classList.add("pointed");
    return true;
  }

  /** While a click is on its way its buttons must not be pressed again. */
  busy(id, on) {
    for (const button of this.#nodes.get(id)?.querySelectorAll(".card-button") ?? [])
      button.disabled = on || !button.dataset.key;
  }

  #rebuild() {
    this.#nodes.clear();
    this.log.setAttribute("aria-busy", "true");
    this.log.replaceChildren();
    this.#messages.forEach((message, index) => this.#append(message, this.#messages[index - 1]));
    if (!this.#messages.length) this.log.append(el("li", { class: "empty" }, ...this.#empty));
    this.log.removeAttribute("aria-busy");
  }

  #append(message, before, live = false) {
    const at = Date.parse(message.at);
    const was = before ? Date.parse(before.at) : null;
    if (!Number.isNaN(at) && (was === null || at - was > GAP || at < was || dayKey(at) !== dayKey(was))) {
      const sameDay = was !== null && dayKey(at) === dayKey(was);
      this.log.append(el("li", { class: "time" }, el("time", { datetime: message.at }, sameDay ? hourMinute(at) : dayAndTime(at))));
    }
    const node = messageNode(message, this.#context);
    if (live) node.classList.add("arrived");
    if (before && !isSystem(message) && before.from === message.from) node.classList.add("same-sender");
    this.#nodes.set(message.id, node);
    this.log.append(node);
  }

  #atEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 80;
  }

  #toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
    this.newest.hidden = true;
  }

  #grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 116)}px`;
  }

  /** Send what is in the box, with a file where one was chosen. */
  async #submit(media) {
    const text = this.input.value.trim();
    if ((!text && !media) || this.input.disabled) return;
    const quote = this.#quote;
    this.input.value = "";
    this.#grow();
    this.quote(null);
    try {
      await this.onSend({ text, quote: quote?.id ?? null, ...(media && { media }) });
    } catch (error) {
      if (!this.input.value) this.fill(text);
      toast(error.message, "bad");
    }
  }

  async #sendFile(file) {
    if (file.size > FILE_LIMIT) return toast("文件超过 10 MB，平台不收。", "bad");
    const address = await new Promise((resolve) => {
      const reader = new FileReader();
      reader.addEventListener("load", () => resolve(reader.result));
      reader.readAsDataURL(file);
    });
    const type = /^image\/(png|jpeg|gif)$/.test(file.type) ? "image" : "file";
    return this.#submit({ type, filename: file.name, base64: address.slice(address.indexOf(",") + 1) });
  }

  #wire() {
    this.composer.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.input.addEventListener("keydown", (event) => {
      // Enter also ends a pinyin composition: that one must not send.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      this.#submit();
    });
    this.attach.addEventListener("change", () => {
      if (this.attach.files.length) this.#sendFile(this.attach.files[0]);
      this.attach.value = "";
    });
    this.input.addEventListener("input", () => this.#grow());
    this.quoting.querySelector("button").addEventListener("click", () => this.quote(null));
    this.newest.addEventListener("click", () => this.#toEnd());
    this.log.addEventListener("scroll", () => {
      if (this.#atEnd()) this.newest.hidden = true;
    });
    this.log.addEventListener("click", (event) => {
      const picked = event.target.closest("button, a") ? null : event.target.closest(".message");
      for (const node of this.log.querySelectorAll(".picked")) if (node !== picked) node.classList.remove("picked");
      picked?.classList.toggle("picked");
    });
    // The list gets shorter when the composer grows or a keyboard opens: stay at the newest.
    let stuck = true;
    this.log.addEventListener("scroll", () => (stuck = this.#atEnd()));
    new ResizeObserver(() => stuck && this.#toEnd()).observe(this.log);
  }
}
