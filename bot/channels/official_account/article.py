"""A notice's Markdown as the HTML of an article: only tags and styles of ours, written inline as the platform wants them.

Nothing of the text becomes a tag or an attribute. Links are words with their address, because the platform refuses
links that lead elsewhere; pictures are only those that go with the notice.
"""

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

from bot.channels.rendering import plain_text
from bot.messaging.types import Article
from bot.rules import picture_places
from bot.rules.wording import visible

if TYPE_CHECKING:
    from markdown_it.token import Token

LONGEST_TITLE, LONGEST_DIGEST = 32, 60  # characters; the platform takes a digest of 120, and shows fewer
LARGEST_HTML = 20_000  # characters: the platform wants fewer
PICTURE = "picture:"  # before a sha256, where the platform's address will stand

_AROUND = "font-size:16px;line-height:1.75;color:#333"
_TAGS = {
    "paragraph": ("p", "margin:0 0 1em"),
    "heading": ("h3", "margin:1em 0 .5em;font-size:18px"),
    "bullet_list": ("ul", "margin:0 0 1em;padding-left:1.5em"),
    "ordered_list": ("ol", "margin:0 0 1em;padding-left:1.5em"),
    "list_item": ("li", ""),
    "blockquote": ("blockquote", "margin:0 0 1em;padding-left:1em;border-left:3px solid #ccc;color:#666"),
    "table": ("table", "border-collapse:collapse;margin:0 0 1em"),
    "thead": ("thead", ""),
    "tbody": ("tbody", ""),
    "tr": ("tr", ""),
    "th": ("th", "border:1px solid #ccc;padding:4px 8px"),
    "td": ("td", "border:1px solid #ccc;padding:4px 8px"),
    "strong": ("strong", ""),
    "em": ("em", ""),
    "s": ("s", ""),
}
_IMAGE_STYLE = "display:block;max-width:100%;margin:0 auto 1em"
_USED = re.compile(rf'src="{PICTURE}([0-9a-f]{{64}})"')


def make_article(title: str, markdown: str, cover: str, pictures: Sequence[str] = (), source_url: str = "") -> Article:
    """An article out of a text and its pictures (sha256), those without a place of their own after it."""
    html = article_html(markdown, pictures)
    words = re.sub(r"\s+", " ", picture_places.without(plain_text(markdown))).strip()
    digest = words if len(words) <= LONGEST_DIGEST else words[: LONGEST_DIGEST - 1] + "…"
    shown = title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1] + "…"
    return Article(shown, digest, html, cover, tuple(dict.fromkeys(_USED.findall(html))), source_url)


def article_html(markdown: str, pictures: Sequence[str] = ()) -> str:
    """The text as clean HTML; its pictures by their ``picture:<sha256>``."""
    from markdown_it import MarkdownIt  # imported with the first article

    parser = (
        MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"]).disable("code")
    )
    placed: set[int] = set()
    body = "".join(_html(parser.parse(visible(markdown)), pictures, placed))
    rest = "".join(_image(sha256) for at, sha256 in enumerate(pictures) if at not in placed)
    return f'<section style="{_AROUND}">{body}{rest}</section>'


def _html(tokens: "Sequence[Token]", pictures: Sequence[str], placed: set[int]) -> Iterator[str]:
    hrefs: list[tuple[str, list[str]]] = []  # the links that are open, with the words in them
    for token in tokens:
        if token.type == "inline":
            yield from _html(token.children or (), pictures, placed)
        elif token.type == "text":
            if hrefs:
                hrefs[-1][1].append(token.content)
            yield _words(token.content, pictures, placed)
        elif token.type in ("softbreak", "hardbreak"):
            yield "<br/>"
        elif token.type == "hr":
            yield "<hr/>"
        elif token.type in ("code_inline", "fence"):
            yield f"<p>{_lines(token.content)}</p>" if token.type == "fence" else escape(token.content)
        elif token.type == "image":  # from another place: the platform shows only its own
            yield escape(f"{token.content}（{token.attrs.get('src', '')}）")
        elif token.type == "link_open":
            hrefs.append((str(token.attrs.get("href", "")), []))
        elif token.type == "link_close":
            href, words = hrefs.pop()
            yield "" if "".join(words) == href else escape(f"（{href}）")
        else:
            yield _tag(token)


def _tag(token: "Token") -> str:
    name, _, end = token.type.rpartition("_")
    if name not in _TAGS or token.hidden:
        return ""
    tag, style = _TAGS[name]
    if end == "close":
        return f"</{tag}>"
    start = token.attrs.get("start") if name == "ordered_list" else None
    number = f' start="{int(start)}"' if start else ""
    return f'<{tag}{number} style="{style}">' if style else f"<{tag}{number}>"


def _words(text: str, pictures: Sequence[str], placed: set[int]) -> str:
    """Words, with each picture at its place the first time that it is named."""
    found = picture_places.divide(text, len(pictures), placed)
    return "".join(escape(one) if isinstance(one, str) else _image(pictures[one]) for one in found)


def _image(sha256: str) -> str:
    return f'<img src="{PICTURE}{sha256}" style="{_IMAGE_STYLE}"/>'


def _lines(text: str) -> str:
    return escape(text.strip("\n")).replace("\n", "<br/>")
