"""Making one message fit a channel: plain text out of Markdown, and cuts that keep characters and paragraphs whole.

A notice is divided into several messages instead (`bot/rules/splitting.py`), each channel in its own `rendering`.
"""

import re

from bot.messaging.types import Content

_BOLD = re.compile(r"\*\*([^*\n]+)\*\*")
_HEAD = re.compile(r"^#{1,6}[ \t]+", re.MULTILINE)
_QUOTE = re.compile(r"^>[ \t]?", re.MULTILINE)
_FONT = re.compile(r"</?font[^<>]{0,80}>")
_LINK = re.compile(r"\[([^\[\]\n]{1,200})\]\((https?://[^\s()]{1,1000})\)")
_MENTION = re.compile(r"<@[^<>\s]{1,80}>")
_BROKEN_LINK = re.compile(r"https?://\S*$")


def plain_text(markdown: str) -> str:
    """The words without the marks; a link as its words and its whole address."""
    text = _MENTION.sub("", _FONT.sub("", markdown))
    text = _LINK.sub(lambda link: link[2] if link[1] == link[2] else f"{link[1]} {link[2]}", text)
    return _QUOTE.sub("", _HEAD.sub("", _BOLD.sub(r"\1", text))).strip()


def with_choices(content: Content) -> str:
    """The text with what its card adds, and the words that stand for the buttons this channel cannot show."""
    text = plain_text(content.text)
    card = content.card
    if card is None:
        return text
    above = f"{card.title}\n" if card.title.rstrip("…") not in text else ""
    below = f"\n{card.description}" if card.description and card.description not in text else ""
    text = f"{above}{text}{below}".strip()
    words = [button.text for button in card.buttons]
    if not words or all(_offered(word, text) for word in words):
        return text
    return f"{text}\n{choices(words)}"


def choices(words: list[str]) -> str:
    """«回复“提交”、“修改”或“取消”。»"""
    quoted = [f"“{word}”" for word in words]
    return f"回复{'或'.join(filter(None, ('、'.join(quoted[:-1]), quoted[-1])))}。"


def cut(text: str, limit: int, link: str = "") -> str:
    """At most ``limit`` bytes of UTF-8, cut at the end of a paragraph where one is near, never inside a character.

    A cut text says so, and ends with the link where there is one.
    """
    raw = text.encode(errors="replace")
    if len(raw) <= limit:
        return raw.decode()
    tail = f"\n…（详见 {link}）" if link else "\n…（内容较长，已截断）"
    if len(tail.encode()) > limit // 2:
        tail = "…"
    return _head(raw, limit - len(tail.encode())) + tail


def _head(raw: bytes, room: int) -> str:
    """The beginning of a text that is longer than ``room`` bytes, ending as a reader would end it."""
    head = raw[:room].decode(errors="ignore")
    half = len(head) // 2
    end = head.rfind("\n")
    if end < half:
        end = max(head.rfind(mark) for mark in "。！？；") + 1
    if end < half or end == 0:
        # No paragraph and no sentence ends near: only an address must not be cut in two.
        return _BROKEN_LINK.sub("", head) or head
    return head[:end]


def _offered(word: str, text: str) -> bool:
    """Whether the text itself already says that ``word`` can be answered."""
    return f"“{word}”" in text or re.search(rf"^\d+ ?{re.escape(word)}", text, re.MULTILINE) is not None
