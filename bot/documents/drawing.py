"""Pictures on their way out: made small enough for a platform, and the cover of an article.

Pillow is imported on first use.
"""

import io
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.documents.pictures import FORMATS, TOO_MANY_PIXELS

if TYPE_CHECKING:
    from PIL.Image import Image

COVER = (900, 383)  # as the platform shows it above an article
LARGEST_COVER = 64 * 1024  # bytes
GROUND, INK = (32, 84, 147), (255, 255, 255)
MOST_LINES = 3
_MARGIN = 60
_QUALITIES = (85, 70, 55, 40)


def fitted(content: bytes, limit: int) -> bytes:
    """A JPEG or PNG of at most ``limit`` bytes: the picture itself where it is one, else a smaller copy of it.

    Raises ValueError for what is no picture.
    """
    if len(content) <= limit and content.startswith((b"\xff\xd8\xff", b"\x89PNG")):
        return content
    image = _opened(content)
    while True:
        for quality in _QUALITIES:
            made = _jpeg(image, quality)
            if len(made) <= limit:
                return made
        image = image.reduce(2)


def cover_from(content: bytes) -> bytes:
    """A cover out of a picture: its middle, in the cover's shape, as a JPEG that the platform takes as one.

    Raises ValueError for what is no picture.
    """
    from PIL import ImageOps

    return fitted(_jpeg(ImageOps.fit(_opened(content), COVER), _QUALITIES[0]), LARGEST_COVER)


def cover_with(title: str, font_file: str, face: int = 0) -> bytes:
    """A plain cover: the title on a coloured ground, in a font (and one of its faces) that has the characters."""
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", COVER, GROUND)
    draw = ImageDraw.Draw(image)
    room, size = COVER[0] - 2 * _MARGIN, 72
    while True:
        font = ImageFont.truetype(font_file, size, index=face)
        lines = [line.strip() for line in lines_of(title, font.getlength, room)]
        if len(lines) <= MOST_LINES or size <= 36:
            break
        size -= 6
    text = "\n".join(lines[:MOST_LINES])
    spacing = size // 3
    left, top, right, bottom = draw.multiline_textbbox((0, 0), text, font=font, spacing=spacing)
    place = ((COVER[0] - right - left) / 2, (COVER[1] - bottom - top) / 2)
    draw.multiline_text(place, text, font=font, fill=INK, spacing=spacing, align="center")
    return fitted(_jpeg(image, _QUALITIES[0]), LARGEST_COVER)


def lines_of(text: str, width: Callable[[str], float], room: float) -> list[str]:
    """The text in lines that fit; Chinese may be broken anywhere."""
    lines = [""]
    for character in text:
        if lines[-1] and width(lines[-1] + character) > room:
            lines.append("")
        lines[-1] += character
    return lines


def _opened(content: bytes) -> "Image":
    """A picture in plain colours on white."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            if opened.width * opened.height >= TOO_MANY_PIXELS:
                raise ValueError("too many pixels")
            held = opened.convert("RGBA")
    except (OSError, SyntaxError, Image.DecompressionBombError):
        raise ValueError("no picture") from None
    plain = Image.new("RGB", held.size, "white")
    plain.paste(held, mask=held.getchannel("A"))
    return plain


def _jpeg(image: "Image", quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()
