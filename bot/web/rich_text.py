"""The text of a notice as HTML of a page: paragraphs, bold, web links, and the pictures that belong to it."""

import html
import re
from collections.abc import Sequence

from markupsafe import Markup

from bot.rules import picture_places
from bot.rules.wording import visible
from bot.web.attached import Attached

_LINK = re.compile(r"https?://[^\s<>\"'，。；、（）“”【】]+")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_TAG = re.compile(r"(<[^>]*>)")  # of ours: what the text says is escaped


def rich(text: str, pictures: Sequence[Attached] = (), *, rest: bool = True) -> Markup:
    """The text, escaped first, with its pictures in their places; with ``rest`` those without one follow it."""
    escaped = html.escape(visible(text), quote=True)
    escaped = _LINK.sub(lambda found: f'<a href="{found[0]}" rel="noopener nofollow">{found[0]}</a>', escaped)
    escaped = _BOLD.sub(r"<strong>\1</strong>", escaped)
    parts = [part.strip().replace("\n", "<br>") for part in re.split(r"\n\s*\n", escaped) if part.strip()]
    placed: set[int] = set()
    body = "".join(f"<p>{_with_pictures(part, pictures, placed)}</p>" for part in parts)
    after = [one for at, one in enumerate(pictures) if rest and at not in placed]
    return Markup(body + "".join(f"<p>{_image(one)}</p>" for one in after))  # noqa: S704 - escaped above


def _with_pictures(part: str, pictures: Sequence[Attached], placed: set[int]) -> str:
    """Marks are looked for between the tags: inside one stands an address."""
    made = []
    for piece in _TAG.split(part):
        found = [piece] if piece.startswith("<") else picture_places.divide(piece, len(pictures), placed)
        made += [one if isinstance(one, str) else _image(pictures[one]) for one in found]
    return "".join(made)


def _image(one: Attached) -> str:
    return f'<img src="{html.escape(one.address)}" alt="{html.escape(visible(one.name))}" loading="lazy">'
