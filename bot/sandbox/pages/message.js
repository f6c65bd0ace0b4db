// One message as a list item: system line, or avatar + name + bubble, card, articles.
// `context` adds to markdown's: { kind, mine, unitOf(id), onClick(message, key), onQuote(message), find(id), shownName(message) }

import { avatar, el, icon, localFile, safeUrl } from "./dom.js";
import { markdown, plain } from "./markdown.js";

const isBot = (message) => message.from === "bot";
const isWebhook = (message) => String(message.from).startsWith("webhook:");

export const isSystem = (message) => message.type === "system" || message.from === "system";

/** A line of what a message says, for quotes. */
export function summary(message) {
  const file = { image: "[图片]", file: `[文件] ${message.media?.filename ?? ""}` }[message.type];
  const text = file || message.card?.title || message.text || message.articles?.[0]?.title || "";
  return text.replace(/<\/?font[^>]*>/gi, "").replace(/\*\*|^#+\s|^>\s?/gm, "").replace(/\s+/g, " ").trim().slice(0, 90);
}

const BUTTON_TONE = { 1: "primary", 2: "soft", 3: "danger", 4: "plain", primary: "primary", danger: "danger", default: "plain" };

function cardNode(message, context) {
  const { card } = message;
  const buttons = (card.buttons ?? []).map((button, index) => {
    const dead = !button.key || button.disabled;
    const tone = BUTTON_TONE[button.style] ?? (index ? "plain" : "primary");
    return el("button", {
      type: "button", class: `card-button tone-${tone}`, disabled: dead,
      "data-key": button.key, "data-label": button.text,
      onclick: () => context.onClick(message, button.key),
    }, button.text);
  });
  return el("article", { class: `card${card.updated ? " card-updated" : ""}`, "aria-label": card.title },
    el("div", { class: "card-source" }, icon("robot"), context.shownName(message), card.updated && el("span", { class: "card-state" }, icon("check"), "已更新")),
    card.title && el("h3", {}, card.title),
    card.desc && el("p", { class: "card-desc" }, card.desc),
    card.lines?.length ? el("dl", {}, ...card.lines.map((line) => el("div", { class: line.key ? null : "unlabelled" }, line.key && el("dt", {}, line.key), el("dd", {}, line.value)))) : null,
    buttons.length ? el("div", { class: `card-buttons count-${Math.min(buttons.length, 4)}` }, ...buttons) : null,
  );
}

function articleNode(article, first) {
  const picture = localFile(article.picurl);
  const cover = el("span", { class: "article-cover", "aria-hidden": "true" }, picture ? null : [...(article.title ?? "文")].slice(0, first ? 6 : 1).join(""));
  if (picture) {
    const img = el("img", { src: picture, alt: "", loading: "lazy" });
    img.addEventListener("error", () => cover.replaceChildren([...(article.title ?? "文")][0]));
    cover.append(img);
  }
  const text = el("span", { class: "article-text" }, el("strong", {}, article.title), article.description && el("small", {}, article.description));
  const url = article.url && /^https?:/i.test(article.url) ? safeUrl(article.url) : null;
  const props = { class: `article${first ? " article-first" : ""}` };
  return url ? el("a", { ...props, href: url, target: "_blank", rel: "noopener noreferrer nofollow" }, cover, text) : el("div", props, cover, text);
}

function pictureNode(message) {
  const source = localFile(message.media?.url);
  const name = message.media?.filename || "图片";
  const bubble = el(source ? "a" : "div", { class: "bubble bubble-image", href: source, target: "_blank", rel: "noopener" }, el("span", { class: "no-image" }, name));
  if (!source) return bubble;
  const img = el("img", { src: source, alt: name });
  img.addEventListener("error", () => img.remove());
  bubble.append(img);
  return bubble;
}

function fileNode(message) {
  const url = localFile(message.media?.url);
  return el(url ? "a" : "div", { class: "bubble bubble-file", href: url, download: message.media?.filename, rel: "noopener" }, el("span", {}, message.media?.filename || message.text || "文件"), icon("file"));
}

function body(message, context) {
  const parts = [];
  if (message.type === "image") {
    parts.push(pictureNode(message));
    if (message.text && message.text !== message.media?.filename) parts.push(el("div", { class: "bubble" }, plain(message.text, context)));
  } else if (message.type === "file") {
    parts.push(fileNode(message));
  } else if (message.text && message.type !== "card") {
    const node = el("div", { class: `bubble${message.streaming ? " streaming" : ""}` });
    if (message.type === "text") node.append(plain(message.text, context));
    else node.append(markdown(message.text, context));
    parts.push(node);
  }
  if (message.card) parts.push(cardNode(message, context));
  if (message.articles?.length) parts.push(el("div", { class: "articles" }, ...message.articles.map((article, index) => articleNode(article, index === 0))));
  const quoted = message.quote && context.find(message.quote);
  if (quoted) parts.push(el("p", { class: "quoted" }, el("span", {}, `${context.shownName(quoted)}：${summary(quoted)}`)));
  return parts;
}

export function messageNode(message, context) {
  if (isSystem(message)) return el("li", { class: "system", "data-id": message.id }, el("span", {}, message.text));
  const mine = message.from === context.mine;
  const kind = isBot(message) ? "bot" : isWebhook(message) ? "webhook" : "person";
  const name = context.shownName(message);
  const unit = kind === "person" ? context.unitOf(message.from) : null;
  const showName = context.kind === "group" && !mine;
  return el("li", { class: `message ${mine ? "mine" : "theirs"} from-${kind}`, "data-id": message.id },
    context.kind === "official" && kind === "bot" ? el("img", { class: "avatar", src: "favicon.svg", alt: "" }) : avatar(message.from, name, kind),
    el("div", { class: "message-body" },
      el("p", { class: showName ? "sender" : "sr-only" }, el("b", {}, name), unit && el("span", { class: "unit" }, `@${unit}`), kind !== "person" && showName && el("span", { class: "robot-tag" }, kind === "bot" ? "机器人" : "群推送")),
      ...body(message, context),
      context.onQuote && el("button", { type: "button", class: "quote-button", onclick: () => context.onQuote(message) }, "引用")),
  );
}
