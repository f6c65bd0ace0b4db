// The platforms' Markdown subset, built as DOM nodes. What is not in the subset stays the characters it was.
// `context`: { names: Set of display names, userName(id), say(text, menuId) | undefined }

import { el, safeUrl } from "./dom.js";

const MAX_DEPTH = 4;
const INLINE = new RegExp(
  [
    /<font\s+color=["']?(info|comment|warning)["']?>(.{0,2000}?)<\/font>/, // 1 2
    /<a\s[^>]{0,200}?href=["']([^"']{1,1000})["'][^>]{0,200}>(.{0,500}?)<\/a>/, // 3 4
    /\*\*(.{1,2000}?)\*\*/, // 5
    /`([^`\n]{1,500})`/, // 6
    /!?\[([^\]\n]{1,300})\]\(((?:[^()\s]|\([^()\s]{0,200}\)){1,1000})\)/, // 7 8
    /<@([\w.@-]{1,64})>/, // 9
    /(https?:\/\/[^\s<>"'，。；：！？、（）《》「」“”]{1,1000})/, // 10
    /@([^\s@，。：:；,!！?？<>]{1,24})/, // 11
  ]
    .map((part) => part.source)
    .join("|"),
  "gisu",
);
const PLAIN_GROUPS = new Set([3, 9, 10, 11]); // what a plain text message may carry: links and mentions

function link(href, label, context) {
  const menu = /^weixin:\/\/bizmsgmenu\?(.*)$/i.exec(href);
  if (menu) {
    const query = new URLSearchParams(menu[1].replace(/&amp;/g, "&"));
    const content = query.get("msgmenucontent");
    if (content && context.say)
      return el("button", { type: "button", class: "text-link", onclick: () => context.say(content, query.get("msgmenuid")) }, label);
    return document.createTextNode(label);
  }
  const url = safeUrl(href);
  if (!url || !/^https?:/i.test(href.trim())) return document.createTextNode(label);
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer nofollow" }, label);
}

/** The longest known name that the word after @ begins with, or null: «@科普助手请看» mentions 科普助手. */
function knownName(word, context) {
  let best = null;
  for (const name of context.names) if (word.startsWith(name) && (!best || name.length > best.length)) best = name;
  return best;
}

function inline(parent, text, context, plain, depth = 0) {
  let done = 0;
  for (const match of depth > MAX_DEPTH ? [] : text.matchAll(INLINE)) {
    if (match.index < done) continue;
    const kind = [1, 3, 5, 6, 7, 9, 10, 11].find((group) => match[group] !== undefined);
    if (plain && !PLAIN_GROUPS.has(kind)) continue;
    let node = null;
    let length = match[0].length;
    if (kind === 1) inline((node = el("span", { class: `font-${match[1].toLowerCase()}` })), match[2], context, plain, depth + 1);
    else if (kind === 3) node = link(match[3], match[4] || match[3], context);
    else if (kind === 5) inline((node = el("strong")), match[5], context, plain, depth + 1);
    else if (kind === 6) node = el("code", {}, match[6]);
    else if (kind === 7) node = link(match[8], match[7], context);
    else if (kind === 9) node = el("span", { class: "mention" }, `@${context.userName(match[9]) || match[9]}`);
    else if (kind === 10) node = link(match[10], match[10], context);
    else {
      const name = knownName(match[11], context);
      if (!name) continue;
      node = el("span", { class: "mention" }, `@${name}`);
      length = name.length + 1;
    }
    parent.append(text.slice(done, match.index), node);
    done = match.index + length;
  }
  parent.append(text.slice(done));
}

function lines(parent, rows, context) {
  rows.forEach((row, index) => {
    if (index) parent.append(el("br"));
    inline(parent, row, context, false);
  });
}

const BLOCKS = [
  [/^\s{0,3}(#{1,6})\s+(.*)$/, "heading"],
  [/^\s{0,3}>\s?(.*)$/, "quote"],
  [/^\s*[-*+•]\s+(.*)$/, "ul"],
  [/^\s*(\d{1,4})\.\s+(.*)$/, "ol"],
  [/^\s*([-*_])(?:\s*\1){2,}\s*$/, "rule"],
];

function blockOf(row) {
  if (/^\s*([-*_])(?:\s*\1){2,}\s*$/.test(row)) return { kind: "rule" };
  for (const [pattern, kind] of BLOCKS) {
    const match = pattern.exec(row);
    if (match) return { kind, match };
  }
  return { kind: row.trim() ? "text" : "blank" };
}

/** Markdown subset → fragment. */
export function markdown(text, context, depth = 0) {
  const out = document.createDocumentFragment();
  const rows = String(text ?? "").replace(/\r\n?/g, "\n").split("\n");
  for (let at = 0; at < rows.length; ) {
    const { kind, match } = blockOf(rows[at]);
    if (kind === "blank") {
      at += 1;
    } else if (kind === "heading") {
      const node = el("p", { class: `h h${Math.min(match[1].length, 3)}` });
      inline(node, match[2], context, false);
      out.append(node);
      at += 1;
    } else if (kind === "rule") {
      out.append(el("hr"));
      at += 1;
    } else {
      const first = at;
      while (at < rows.length && blockOf(rows[at]).kind === kind) at += 1;
      const run = rows.slice(first, at);
      if (kind === "quote") {
        const inner = run.map((row) => blockOf(row).match[1]);
        const node = el("blockquote");
        if (depth < MAX_DEPTH) node.append(markdown(inner.join("\n"), context, depth + 1));
        else lines(node, inner, context);
        out.append(node);
      } else if (kind === "ul" || kind === "ol") {
        const list = el(kind, kind === "ol" ? { start: match[1] } : {});
        for (const row of run) {
          const item = el("li");
          inline(item, blockOf(row).match[kind === "ul" ? 1 : 2], context, false);
          list.append(item);
        }
        out.append(list);
      } else {
        const node = el("p");
        lines(node, run, context);
        out.append(node);
      }
    }
  }
  return out;
}

/** A plain text message: line breaks kept, addresses and @names shown as such. */
export function plain(text, context) {
  const node = el("p", { class: "plain" });
  inline(node, String(text ?? ""), context, true);
  return node;
}
