"""How the official account shows a content: plain text, to one follower or to many."""

from dataclasses import replace

from bot.channels.rendering import cut, plain_text, with_choices
from bot.messaging.types import Content
from bot.rules.splitting import split

TEXT_LIMIT = 2048  # bytes of a customer-service or mass text
# The platform takes five customer-service messages between two of the follower's own; one is left for an answer.
MOST_PARTS = 4


def parts(content: Content, method: str) -> list[Content]:
    """The messages that carry a content, in order. What has a link is one, which ends with it."""
    article = content.article if method in ("mass", "publish", "preview") else None
    alone = replace(content, file=None, files=(), article=article)
    if method != "custom" or content.link:
        return [alone]
    text, room = with_choices(alone), TEXT_LIMIT * MOST_PARTS
    texts = split(text, TEXT_LIMIT)
    while len(texts) > MOST_PARTS:
        room -= TEXT_LIMIT // 8
        texts = split(cut(text, room), TEXT_LIMIT)
    return [alone] if len(texts) == 1 else [replace(alone, text=one, card=None) for one in texts]


def shown(content: Content, method: str) -> str:
    """The words, as the platform gets them."""
    text = plain_text(content.text) if method == "mass" else with_choices(content)
    return cut(text, TEXT_LIMIT, content.page or content.link)
