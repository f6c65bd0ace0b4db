"""What the platform takes as an article, and with which number it refuses the rest.

As its documents on drafts say (2025): title 32, author 16, digest 128 characters; content under 20,000 characters and
1 MB, pictures only from ``media/uploadimg``, no scripts; the address of the original 1 KB. The real platform silently
drops foreign pictures and scripts; here they are refused, so that a test sees them.
"""

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.refusals import Refusal

LONGEST = {"title": (32, 45003), "author": (16, 45110), "digest": (128, 45004)}  # characters, and the refusal
CONTENT_CHARACTERS, CONTENT_BYTES = 20_000, 1024 * 1024
LONGEST_SOURCE = 1024  # bytes
OWN_HOSTS = ("mp.weixin.qq.com",)  # where a link in the text may lead
FORBIDDEN = {"script", "iframe", "object", "embed", "form", "input", "link", "style", "base", "meta"}


def check_article(article: Any, is_own_picture: Callable[[str], bool]) -> None:
    """Refuse an article that the platform would not take. ``is_own_picture``: whether ``uploadimg`` gave this address."""
    if not isinstance(article, dict) or not article.get("title"):
        raise Refusal(41016)
    for name, (most, code) in LONGEST.items():
        if len(str(article.get(name) or "")) > most:
            raise Refusal(code)
    content = str(article.get("content") or "")
    if not content:
        raise Refusal(44004)
    if len(content) >= CONTENT_CHARACTERS or len(content.encode()) >= CONTENT_BYTES:
        raise Refusal(45002)
    source = str(article.get("content_source_url") or "")
    if source and (len(source.encode()) > LONGEST_SOURCE or urlsplit(source).scheme not in ("http", "https")):
        raise Refusal(40048, "invalid url domain: content_source_url")
    _Content(is_own_picture).feed(content)


class _Content(HTMLParser):
    """Reads the content once, and refuses what it must not hold."""

    def __init__(self, is_own_picture: Callable[[str], bool]) -> None:
        super().__init__()
        self._is_own_picture = is_own_picture

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        if tag in FORBIDDEN or any(name.startswith("on") for name in held):
            raise Refusal(45166, f"invalid content: <{tag}>")
        if tag == "img" and not self._is_own_picture(held.get("src", "")):
            raise Refusal(45166, "invalid content: a picture from elsewhere")
        if tag == "a" and urlsplit(held.get("href", "")).hostname not in OWN_HOSTS:
            raise Refusal(45166, "invalid content: a link to elsewhere")
