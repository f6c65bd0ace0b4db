"""The board of a notice as a picture for the work group: units by how far they have come; nothing personal in it.

Made to be read on a phone: 1080 pixels wide, more columns the more units there are. Pillow is imported on first use.
"""

import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.documents.drawing import lines_of
from bot.documents.fonts import Font
from bot.rules.wording import visible

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

WIDTH, MARGIN = 1080, 48
MOST_SHOWN = 240  # units of one group; a picture of more is a wall that nobody reads
# At most so many units → columns and the size of their names.
_GRIDS = ((16, 1, 40), (60, 2, 34), (MOST_SHOWN * 1000, 3, 28))
_TITLE, _HEAD, _LABEL = 52, 34, 40
_SHADES = 16  # between an ink and the paper
_LEADING = 1.5  # height of a line, in sizes of its letters
MOST_TITLE_LINES = 3
NARROW = 3  # columns that leave no room for what every name begins with
_CITY = re.compile(r"[^市]{2,4}市(?=..)")

_PAPER, _INK, _FAINT, _RULE = "#ffffff", "#1f2329", "#646a73", "#e5e6eb"
COLOURS = {"done": "#18a058", "owed": "#d97706", "over": "#d03050"}


@dataclass(frozen=True, slots=True)
class Group:
    """Units of one stage. ``tone``: done · owed · over (owed after the deadline)."""

    label: str
    tone: str
    units: Sequence[str]


@dataclass(frozen=True, slots=True)
class Board:
    """What the picture says: ``lines`` stand under the title; ``done`` of ``total`` units have settled it."""

    title: str
    lines: Sequence[str]
    done: int
    total: int
    groups: Sequence[Group]
    foot: str


def draw(board: Board, font: Font) -> bytes:
    """The board as a PNG."""
    from PIL import Image, ImageDraw

    # Twice: to measure how high it gets, and on paper of that height.
    height = _draw(board, _Pen(None, font))
    image = Image.new("RGB", (WIDTH, height), _PAPER)
    _draw(board, _Pen(ImageDraw.Draw(image), font))
    colours = Image.new("P", (1, 1))
    colours.putpalette(_palette())
    out = io.BytesIO()
    image.quantize(palette=colours, dither=Image.Dither.NONE).save(out, "PNG")
    return out.getvalue()


def _palette() -> list[int]:
    """Every ink and its soft edges on the paper: a file of few colours is small."""
    inks = [tuple(int(one[at : at + 2], 16) for at in (1, 3, 5)) for one in (_INK, _FAINT, _RULE, *COLOURS.values())]
    return [round(255 + (part - 255) * step / _SHADES) for ink in inks for step in range(_SHADES + 1) for part in ink]


class _Pen:
    """Where the next line goes, the paper, and the font in its sizes."""

    def __init__(self, paper: "ImageDraw | None", font: Font) -> None:
        self._paper = paper  # None: only to measure
        self.y = MARGIN
        self._font = font
        self._sizes: dict[int, FreeTypeFont] = {}

    def font(self, size: int) -> "FreeTypeFont":
        from PIL import ImageFont

        if size not in self._sizes:
            self._sizes[size] = ImageFont.truetype(self._font.path, size, index=self._font.index)
        return self._sizes[size]

    def line(self, text: str, size: int, colour: str, x: int = MARGIN) -> None:
        """Write one line and go to the next."""
        self.write(text, size, colour, (x, self.y))
        self.y += round(size * _LEADING)

    def write(self, text: str, size: int, colour: str, place: tuple[int, int]) -> None:
        """Write from this place on, and stay."""
        if self._paper is not None:
            self._paper.text(place, text, font=self.font(size), fill=colour)

    def block(self, colour: str, corners: tuple[int, int, int, int], radius: int = 0) -> None:
        """A filled rectangle."""
        if self._paper is not None:
            self._paper.rounded_rectangle(corners, radius, fill=colour)

    def wrapped(self, text: str, size: int, room: int) -> list[str]:
        """The text in lines that fit."""
        width = self.font(size).getlength
        return [text] if width(text) <= room else lines_of(text, width, room)

    def fitted(self, text: str, size: int, room: int) -> str:
        """The text, cut where it does not fit."""
        kept = self.wrapped(text, size, room)[0]
        if kept == text:
            return text
        while kept and self.font(size).getlength(f"{kept}…") > room:
            kept = kept[:-1]
        return f"{kept}…"


def _draw(board: Board, pen: _Pen) -> int:
    """Draw it all; gives the height that it took."""
    room = WIDTH - 2 * MARGIN
    lines = pen.wrapped(visible(board.title), _TITLE, room)
    if len(lines) > MOST_TITLE_LINES:
        lines = [*lines[: MOST_TITLE_LINES - 1], pen.fitted("".join(lines[MOST_TITLE_LINES - 1 :]), _TITLE, room)]
    for line in lines:
        pen.line(line.strip(), _TITLE, _INK)
    for line in board.lines:
        pen.line(pen.fitted(visible(line), _HEAD, room), _HEAD, _FAINT)
    _draw_bar(board, pen, room)
    shown = max((len(group.units) for group in board.groups), default=0)
    columns, size = next((columns, size) for most, columns, size in _GRIDS if shown <= most)
    for group in board.groups:
        _draw_group(group, pen, columns, size)
    pen.y += MARGIN // 2
    pen.line(pen.fitted(visible(board.foot), 28, room), 28, _FAINT)
    return pen.y + MARGIN // 2


def _draw_bar(board: Board, pen: _Pen, room: int) -> None:
    pen.y += 12
    pen.line(f"已完成 {board.done} / {board.total} 个单位", _LABEL, _INK)
    top, bottom = pen.y, pen.y + 20
    pen.block(_RULE, (MARGIN, top, MARGIN + room, bottom), 10)
    if board.done and board.total:
        filled = max(20, round(room * board.done / board.total))
        pen.block(COLOURS["done"], (MARGIN, top, MARGIN + filled, bottom), 10)
    pen.y = bottom + 20


def _draw_group(group: Group, pen: _Pen, columns: int, size: int) -> None:
    pen.y += 24
    pen.block(COLOURS[group.tone], (MARGIN, pen.y + 6, MARGIN + 10, pen.y + _LABEL + 10))
    pen.line(f"{group.label}（{len(group.units)}）", _LABEL, COLOURS[group.tone], MARGIN + 26)
    shown = [visible(one) for one in group.units[:MOST_SHOWN]]
    shown = _without_city(shown) if columns == NARROW else shown
    gap = 24
    wide = (WIDTH - 2 * MARGIN - gap * (columns - 1)) // columns
    rows = -(-len(shown) // columns)
    top, step = pen.y, round(size * _LEADING)
    for at, name in enumerate(shown):  # down the first column, then the next: names stand in their order
        column, row = divmod(at, rows)
        place = (MARGIN + column * (wide + gap), top + row * step)
        pen.write(pen.fitted(name, size, wide), size, _INK, place)
    pen.y = top + rows * step
    if len(group.units) > len(shown):
        pen.line(f"另有 {len(group.units) - len(shown)} 个单位", size, _FAINT)


def _without_city(names: list[str]) -> list[str]:
    """The names without the city that most of them begin with."""
    cities = Counter(found[0] for one in names if (found := _CITY.match(one)))
    city, count = cities.most_common(1)[0] if cities else ("", 0)
    return [one.removeprefix(city) for one in names] if count * 2 > len(names) else names
