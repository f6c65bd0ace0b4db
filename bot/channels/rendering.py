"""Making one message fit a channel: plain text out of Markdown, and cuts that keep characters and paragraphs whole."""

import re

from bot.messaging.types import Content

_BOLD = re.compile(r"\*\*(.+?)\*\*")
_HEAD = re.compile(r"^#{1,6}\s+", re.MULTILINE)
_FONT = re.compile(r"</?font[^>]*>")
_MENTION = re.compile(r"<@[^>]+>")


def plain_text(markdown: str) -> str:
    """The words without the marks."""
    text = _MENTION.sub("", _FONT.sub("", markdown))
    return _HEAD.sub("", _BOLD.sub(r"\1", text)).strip()


def with_choices(content: Content) -> str:
    """The text, and under it the words that stand for the buttons that this channel cannot show."""
    text = plain_text(content.text)
    if content.card is None or not content.card.buttons:
        return text
    words = [f"“{button.text}”" for button in content.card.buttons if not button.key.startswith("unit:")]
    if not words or all(word.strip("“”") in text.splitlines()[-1] for word in words):
        return text
    listed = "、".join(words[:-1]) + ("或" if len(words) > 1 else "") + words[-1]
    return f"{text}\n回复{listed}。"


def cut(text: str, limit: int, link: str = "") -> str:
    """At most ``limit`` bytes of UTF-8, cut at the end of a paragraph where one is near, never inside a character.

    A cut text says so, and ends with the link where there is one.
    """
    if len(text.encode()) <= limit:
        return text
    tail = f"\n……（未完，详见 {link}）" if link else "\n……（内容较长，已截断）"
    room = limit - len(tail.encode())
    head = text.encode()[:room].decode(errors="ignore")
    end = head.rfind("\n")
    if end < len(head) // 2:
        end = max(head.rfind(mark) + 1 for mark in "。！？；")
    # An address must not be cut in two: what is left of one goes.
    kept = head[:end] if end >= len(head) // 2 else re.sub(r"https?://\S*$", "", head)
    return kept.rstrip() + tail
