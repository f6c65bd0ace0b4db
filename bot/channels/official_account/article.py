"""A notice's Markdown as the HTML of an article: styles of ours, written inline as the platform wants them.

Links are words with their address, because the platform refuses links that lead elsewhere; pictures are only those
that go with the notice.
"""

import re
from collections.abc import Sequence
from html import escape

from bot.channels.markdown_html import Manner, to_html
from bot.channels.rendering import plain_text
from bot.messaging.types import Article
from bot.rules import picture_places
from bot.rules.tables import without_tables
from bot.rules.wording import clipped

LONGEST_TITLE, LONGEST_DIGEST = 32, 60  # characters; the platform takes a digest of 120, and shows fewer
LARGEST_HTML = 20_000  # characters: the platform wants fewer
PICTURE = "picture:"  # before a sha256, where the platform's address will stand

_AROUND = "font-size:16px;line-height:1.75;color:#333"
_STYLES = {
    "paragraph": "margin:0 0 1em",
    "heading": "margin:1em 0 .5em;font-size:18px",
    "bullet_list": "margin:0 0 1em;padding-left:1.5em",
    "ordered_list": "margin:0 0 1em;padding-left:1.5em",
    "blockquote": "margin:0 0 1em;padding-left:1em;border-left:3px solid #ccc;color:#666",
    "table": "border-collapse:collapse;margin:0 0 1em",
    "th": "border:1px solid #ccc;padding:4px 8px",
    "td": "border:1px solid #ccc;padding:4px 8px",
}
_IMAGE_STYLE = "display:block;max-width:100%;margin:0 auto 1em"
# Marks of lists, and the addresses of links, are no words of a digest.
_NO_WORDS = re.compile(r"^[ \t]*[-*+][ \t]+|\[([^\[\]\n]{1,200})\]\(https?://[^\s()]{1,1000}\)", re.MULTILINE)
_USED = re.compile(rf'src="{PICTURE}([0-9a-f]{{64}})"')


def make_article(title: str, markdown: str, cover: str, pictures: Sequence[str] = (), source_url: str = "") -> Article:
    """An article out of a text and its pictures (sha256), those without a place of their own after it."""
    html = article_html(markdown, pictures)
    words = plain_text(_NO_WORDS.sub(r"\1", picture_places.without(without_tables(markdown))))
    words = re.sub(r"\s+", " ", words).strip()
    digest = clipped(words, LONGEST_DIGEST)
    shown = clipped(title, LONGEST_TITLE)
    return Article(shown, digest, html, cover, tuple(dict.fromkeys(_USED.findall(html))), source_url)


def article_html(markdown: str, pictures: Sequence[str] = ()) -> str:
    """The text as clean HTML; its pictures by their ``picture:<sha256>``."""
    manner = Manner(_STYLES, lambda at: _image(pictures[at]), _link)
    body, placed = to_html(markdown, len(pictures), manner)
    rest = "".join(_image(sha256) for at, sha256 in enumerate(pictures) if at not in placed)
    return f'<section style="{_AROUND}">{body}{rest}</section>'


def _link(href: str, words: str) -> str:
    """The platform refuses links that lead elsewhere: the words, and the address after them."""
    address = escape(href)
    return words if words == address else f"{words}（{address}）"


def _image(sha256: str) -> str:
    return f'<img src="{PICTURE}{sha256}" style="{_IMAGE_STYLE}"/>'
