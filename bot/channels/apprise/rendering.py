"""How a content goes through Apprise: as plain text, which the library itself divides where a service takes less."""

from dataclasses import replace

from bot.channels.rendering import plain_text
from bot.messaging.types import Content


def parts(content: Content) -> list[Content]:
    """One message, whatever its length: only the library knows what a service takes."""
    return [replace(content, file=None, files=())]


def shown(content: Content) -> str:
    """The words, as the library gets them."""
    return plain_text(content.text)
