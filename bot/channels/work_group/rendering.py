"""How the work group shows a content: Markdown, or a card; one message each."""

from dataclasses import replace
from typing import Any

from bot.channels.rendering import choices, cut, plain_text
from bot.messaging.types import Card, Content
from bot.rules.splitting import split

MARKDOWN_LIMIT = 20_480  # bytes
# A card shows this much of its text (characters); what is longer goes out as Markdown with words instead of buttons.
CARD_TEXT = 600
STYLES = {"primary": 1, "plain": 2, "danger": 3}


def parts(content: Content) -> list[Content]:
    """The messages that carry a content, in order: its text, its card, its pictures and files.

    A card that is too small for the text comes after it, with the title, so that its buttons are not lost.
    """
    text, files = replace(content, file=None, files=()), [content.file] if content.file else list(content.files)
    held = [text] if _fits_card(text) else _texts(text)
    return [*held, *(Content("", file=one) for one in files)]


def _texts(content: Content) -> list[Content]:
    texts = split(content.text, MARKDOWN_LIMIT - len(_mentioned(content).encode())) if content.text else []
    made = [
        replace(content, text=one, card=None, mentions=() if at else content.mentions) for at, one in enumerate(texts)
    ]
    if content.card is not None and content.card.buttons:
        made.append(replace(content, text=content.title or content.card.title, mentions=()))
    return made


def _fits_card(content: Content) -> bool:
    return content.card is not None and bool(content.card.buttons) and len(content.text) <= CARD_TEXT


def _mentioned(content: Content) -> str:
    """The line that calls those who are to look; empty where nobody is."""
    mentions = "".join(f"<@{userid}>" for userid in content.mentions if userid != "@all")
    everybody = "<@all>" if "@all" in content.mentions else ""
    return f"{everybody}{mentions}\n" if everybody or mentions else ""


def markdown(content: Content, tail: str = "") -> str:
    """The text between its mentions and ``tail``, inside the limit."""
    head = _mentioned(content)
    room = MARKDOWN_LIMIT - len(head.encode()) - len(tail.encode())
    return head + cut(content.text, room, content.link) + tail


def words_for(content: Content) -> str:
    """A Markdown that names in words what the buttons would do."""
    if content.card is None or not content.card.buttons:
        return markdown(content)
    return markdown(content, f"\n{choices([button.text for button in content.card.buttons])}")


def template_card(card: Card, text: str = "") -> dict[str, Any]:
    """The card as the platform wants it: with buttons, or settled."""
    body: dict[str, Any] = {"main_title": {"title": card.title}, "task_id": card.task_id}
    shown = plain_text(text or card.description)
    if shown:
        body["sub_title_text"] = shown
    if not card.buttons:
        # A settled card leads nowhere; the platform wants an action all the same.
        return {"card_type": "text_notice", **body, "card_action": {"type": 0}}
    buttons = [{"text": button.text, "key": button.key, "style": STYLES[button.style]} for button in card.buttons[:6]]
    return {"card_type": "button_interaction", **body, "button_list": buttons}


def answer(content: Content, stream_id: str) -> dict[str, Any]:
    """The body of an answer to a message: text and card are one message."""
    stream = {"id": stream_id, "finish": True, "content": markdown(content)}
    if content.card is None or not content.card.buttons:
        return {"msgtype": "stream", "stream": stream}
    return {
        "msgtype": "stream_with_template_card",
        "stream": stream,
        "template_card": template_card(content.card),
    }


def push(content: Content) -> dict[str, Any]:
    """The body of a push: a card that holds the text, or Markdown where there is none, or it is too long for a card."""
    card = content.card
    if card is None or not _fits_card(content):
        return {"msgtype": "markdown", "markdown": {"content": words_for(content)}}
    everybody = "@所有人 " if "@all" in content.mentions else ""
    return {"msgtype": "template_card", "template_card": template_card(card, everybody + content.text)}


def shown(content: Content) -> str:
    """The words of a push, as the platform gets them; of a card its title and the text below."""
    body = push(content)
    if "markdown" in body:
        return str(body["markdown"]["content"])
    card = body["template_card"]
    return "\n".join(filter(None, (card["main_title"]["title"], card.get("sub_title_text", ""))))
