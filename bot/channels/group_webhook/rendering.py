"""How a group robot's webhook shows a content: plain text where everybody is called, else Markdown."""

from dataclasses import replace
from typing import Any

from bot.channels.rendering import choices, cut, plain_text
from bot.messaging.types import Content
from bot.rules.splitting import split

TEXT_LIMIT = 2048  # bytes
MARKDOWN_LIMIT = 4096


def parts(content: Content) -> list[Content]:
    """The messages that carry a content, in order: its words, then its pictures and files. Everybody is called once."""
    files = [content.file] if content.file else list(content.files)
    texts = split(words(content), _limit(content)) if content.text else []
    made = [
        replace(content, text=one, card=None, file=None, files=(), mentions=() if at else content.mentions)
        for at, one in enumerate(texts)
    ]
    return [*made, *(Content("", file=one) for one in files)]


def words(content: Content) -> str:
    """The words. This robot hears nothing, so an answer is asked for where it would be heard."""
    text = plain_text(content.text)
    if content.card is None or not content.card.buttons:
        return text
    asked = choices([button.text for button in content.card.buttons])
    return f"{text}\n请在项目工作群或公众号里{asked}本群的回复机器人收不到。"


def body(content: Content) -> dict[str, Any]:
    """The message as the platform wants it."""
    text = shown(content)
    if "@all" in content.mentions:  # only plain text can mention everybody
        return {"msgtype": "text", "text": {"content": text, "mentioned_list": ["@all"]}}
    return {"msgtype": "markdown", "markdown": {"content": text}}


def shown(content: Content) -> str:
    """The words of a push, as the platform gets them."""
    return cut(words(content), _limit(content), content.link)


def _limit(content: Content) -> int:
    return TEXT_LIMIT if "@all" in content.mentions else MARKDOWN_LIMIT
