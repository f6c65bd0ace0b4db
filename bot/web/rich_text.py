"""The text of a notice as HTML of a page: headings, lists, tables, web links, and the pictures that belong to it."""

from collections.abc import Sequence
from functools import lru_cache
from html import escape

from markupsafe import Markup

from bot.channels.markdown_html import Manner, to_html
from bot.rules.wording import visible
from bot.web.attached import Attached


def rich(text: str, pictures: Sequence[Attached] = (), *, rest: bool = True) -> Markup:
    """The text with its pictures in their places; with ``rest`` those without one follow it."""
    return _made(text, tuple(pictures), rest)


@lru_cache(maxsize=100)
def _made(text: str, pictures: tuple[Attached, ...], rest: bool) -> Markup:
    """After a mass send thousands ask for the same page."""
    manner = Manner({}, lambda at: _image(pictures[at]), _link, bare=True)
    body, placed = to_html(text, len(pictures), manner)
    after = [one for at, one in enumerate(pictures) if rest and at not in placed]
    return Markup(body + "".join(f"<p>{_image(one)}</p>" for one in after))  # noqa: S704 - escaped where it is made


def _link(href: str, words: str) -> str:
    return f'<a href="{escape(href)}" rel="noopener nofollow">{words}</a>'


def _image(one: Attached) -> str:
    return f'<img src="{escape(one.address)}" alt="{escape(visible(one.name))}" loading="lazy">'
