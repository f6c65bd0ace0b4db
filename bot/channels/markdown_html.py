"""Markdown of a notice as clean HTML: only tags of ours, nothing of the text becomes a tag or an attribute.

What differs between an article of the official account and a page of ours, a `Manner` says.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from bot.rules import picture_places
from bot.rules.wording import visible

if TYPE_CHECKING:
    from markdown_it.token import Token

TAGS = {
    "paragraph": "p",
    "heading": "h3",
    "bullet_list": "ul",
    "ordered_list": "ol",
    "list_item": "li",
    "blockquote": "blockquote",
    "table": "table",
    "thead": "thead",
    "tbody": "tbody",
    "tr": "tr",
    "th": "th",
    "td": "td",
    "strong": "strong",
}
# A wide table is moved sideways inside its own box, not the whole page with it.
_BOX = ('<section style="overflow-x:auto">', "</section>")
_ADDRESS = re.compile(r"https?://(?:[^\s<>\"'()，。；、！？：（）“”‘’【】《》「」]|\([^\s()<>\"']*\))+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Manner:
    """``styles``: a key of `TAGS` → the style of its tag; ``image``: the tag of the picture with this index.

    ``link``: address and words (as HTML) → what stands for the link, of those that lead to the web. ``bare``: whether
    an address that stands in the text by itself is such a link too.
    """

    styles: Mapping[str, str]
    image: Callable[[int], str]
    link: Callable[[str, str], str]
    bare: bool = False


def to_html(markdown: str, pictures: int, manner: Manner) -> tuple[str, set[int]]:
    """The text, with those of its ``pictures`` that have a place in it; and which these are."""
    from markdown_it import MarkdownIt  # imported with the first text

    # A line of dashes below a paragraph is a line, what is indented is no program, and «[联系人]: 张三» is words.
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True})
    parser.enable("table").disable(["code", "lheading", "reference"])
    writer = _Writer(manner, pictures)
    return "".join(writer.html(parser.parse(visible(markdown)))), writer.placed


class _Writer:
    def __init__(self, manner: Manner, pictures: int) -> None:
        self._manner = manner
        self._pictures = pictures
        self.placed: set[int] = set()

    def html(self, tokens: "list[Token]") -> Iterator[str]:
        opened: list[tuple[str, list[str]]] = []  # the links that are open, with what is in them
        for token in tokens:
            if token.type == "link_open":
                opened.append((str(token.attrs.get("href", "")), []))
                continue
            if token.type == "link_close":
                href, inside = opened.pop()
                written = self._link(href, "".join(inside))
            elif token.type == "inline":
                written = "".join(self.html(token.children or []))
            else:
                written = self._one(token, in_link=bool(opened))
            if opened:
                opened[-1][1].append(written)
            else:
                yield written

    def _one(self, token: "Token", *, in_link: bool) -> str:
        match token.type:
            case "text":
                return self._words(token.content, linked=self._manner.bare and not in_link)
            case "softbreak" | "hardbreak":
                return "<br/>"
            case "hr":
                return "<hr/>"
            case "code_inline":
                return escape(token.content)
            case "fence":
                lines = escape(token.content.strip("\n")).replace("\n", "<br/>")
                return f"<p>{lines}</p>"
            case "image":  # of another place: only those that go with the notice are shown
                return escape(f"{token.content}（{token.attrs.get('src', '')}）")
        return self._tag(token)

    def _tag(self, token: "Token") -> str:
        name, _, end = token.type.rpartition("_")
        if name == "em" or (name == "strong" and token.markup != "**"):
            return escape(token.markup)  # «3*4*5米»: the chats know **bold** alone
        if name not in TAGS or token.hidden:
            return ""
        before, after = _BOX if name == "table" else ("", "")
        if end == "close":
            return f"</{TAGS[name]}>{after}"
        start = token.attrs.get("start") if name == "ordered_list" else None
        number = f' start="{int(start)}"' if start else ""
        style = self._manner.styles.get(name, "")
        return f'{before}<{TAGS[name]}{number} style="{style}">' if style else f"{before}<{TAGS[name]}{number}>"

    def _link(self, href: str, words: str) -> str:
        if _ADDRESS.match(href) is None:  # no address of the web: the words, and what they pointed to
            return f"{words}{escape(f'（{href}）')}" if href else words
        return self._manner.link(href, words or escape(href))

    def _words(self, text: str, *, linked: bool) -> str:
        """Words, addresses whole, and each picture at its place the first time that it is named."""
        made, at = [], 0
        for found in _ADDRESS.finditer(text):
            address = escape(found[0])
            made += [self._with_pictures(text[at : found.start()])]
            made += [self._manner.link(found[0], address) if linked else address]
            at = found.end()
        return "".join([*made, self._with_pictures(text[at:])])

    def _with_pictures(self, text: str) -> str:
        found = picture_places.divide(text, self._pictures, self.placed)
        return "".join(escape(one) if isinstance(one, str) else self._manner.image(one) for one in found)
