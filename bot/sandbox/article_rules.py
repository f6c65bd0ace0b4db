"""What the platform takes as an article, and with which number it refuses the rest.

Content is to be under 20,000 characters, with pictures only from ``media/uploadimg`` and without scripts, as the platform's
documents on drafts say. How long title, author and digest may be has been told in different ways over the years; here the
smallest counts. The real platform silently drops foreign pictures and scripts; here they are refused, so that a test sees
them.
"""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.refusals import Refusal

LONGEST = {"title": (32, 45003), "author": (16, 45110), "digest": (120, 45004)}  # characters, and the refusal
CONTENT_CHARACTERS = 20_000
LONGEST_SOURCE = 1024  # bytes
OWN_HOST = "mp.weixin.qq.com"  # where a link in the text may lead
FORBIDDEN = {
    "script", "iframe", "object", "embed", "form", "input", "link", "style", "base", "meta", "svg", "video", "audio",
}  # fmt: skip
_FETCHES = re.compile(r"url\s*\(|expression\s*\(|@import", re.IGNORECASE)
_OPEN_TAG = re.compile(r"<[a-z/!][^>]*$", re.IGNORECASE)


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
    if len(content) >= CONTENT_CHARACTERS:
        raise Refusal(45002)
    source = str(article.get("content_source_url") or "")
    if source and (len(source.encode()) > LONGEST_SOURCE or urlsplit(source).scheme not in ("http", "https")):
        raise Refusal(40048, "invalid url domain: content_source_url")
    if _OPEN_TAG.search(content):
        raise Refusal(45166, "invalid content: a tag without its end")
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
        if _FETCHES.search(held.get("style", "")):
            raise Refusal(45166, "invalid content: a style that fetches")
        if tag == "img" and not self._is_own_picture(held.get("src", "")):
            raise Refusal(45166, "invalid content: a picture from elsewhere")
        if "href" in held and not _leads_to_the_platform(held["href"]):
            raise Refusal(45166, "invalid content: a link to elsewhere")


def _leads_to_the_platform(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in ("http", "https") and parts.hostname == OWN_HOST
