"""Pictures: how they look, when and where they were taken; and copies to show with nothing hidden in them.

Pillow is imported on first use: most processes never see a picture.
"""

import io
import re
import warnings
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from bot.clock import CHINA

if TYPE_CHECKING:
    from PIL.Image import Image

# From here on a picture is refused by its header, before anything is unpacked: a small file can hold a huge picture.
TOO_MANY_PIXELS = 40_000_000
TOO_MANY_OF_WEBP = 16_000_000  # unpacked, it takes several times the room of others
# A photograph has some ten scans. Thousands of them are a way to keep a processor busy.
MOST_SCANS = 200
SHOWN_SIDE, THUMB_SIDE = 2000, 360  # the longest side, in pixels
SHOWN_QUALITY, THUMB_QUALITY = 85, 75
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
# Of the 256 shades of a picture that shows something, at least so many are used.
FEWEST_SHADES = 24

# Pillow warns of every oddity in foreign bytes; here they are either read or refused.
warnings.filterwarnings("ignore", module="PIL")

_ORIENTATION, _CAMERA, _PLACE = 0x0112, 0x8769, 0x8825
_TAKEN_AT, _TAKEN_ZONE = 0x9003, 0x9011
# Orientation → number of the turn that sets it right, in Pillow's `Transpose`.
_TURNS = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}
_MOMENT = re.compile(r"(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)")
_ZONE = re.compile(r"([+-])(\d\d):(\d\d)")


class BadPicture(Exception):
    """A picture that cannot be taken. ``reason``: broken · too_many_pixels."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Hidden:
    """What a camera writes beside the picture. ``taken_at`` is China's time where the camera names no zone."""

    taken_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """``width`` and ``height``: upright, as sent. ``shown`` and ``thumb``: JPEG without anything hidden.

    ``fingerprint``: 64 bits in hex of how it looks, alike for pictures that look alike; empty for one that shows nothing.
    """

    width: int
    height: int
    shown: bytes = field(repr=False)
    thumb: bytes = field(repr=False)
    fingerprint: str
    hidden: Hidden


def look_at(content: bytes) -> Picture:
    """Read a picture whole; of a moving one, its first frame. Raises `BadPicture`."""
    from PIL import Image

    if content.count(b"\xff\xda") > MOST_SCANS and content.startswith(b"\xff\xd8"):
        raise BadPicture("broken")
    if _pixels_of_webp(content) >= TOO_MANY_OF_WEBP:
        raise BadPicture("too_many_pixels")
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            if opened.width * opened.height >= TOO_MANY_PIXELS:
                raise BadPicture("too_many_pixels")
            width, height = opened.size
            orientation, hidden = _hidden(opened)
            shown = _upright(_fitted(opened), orientation)
    except BadPicture:
        raise
    except Image.DecompressionBombError:
        raise BadPicture("too_many_pixels") from None
    except Exception:  # a decoder says of damage whatever comes to its mind
        raise BadPicture("broken") from None
    if orientation in (5, 6, 7, 8):
        width, height = height, width
    thumb = shown.copy()
    thumb.thumbnail((THUMB_SIDE, THUMB_SIDE), Image.Resampling.LANCZOS)
    return Picture(width, height, _jpeg(shown, SHOWN_QUALITY), _jpeg(thumb, THUMB_QUALITY), fingerprint(thumb), hidden)


def fingerprint(image: "Image") -> str:
    """A difference hash: whether each of 8 × 8 fields is lighter than its neighbour to the right."""
    from PIL import Image

    grey = image.convert("L").resize((9, 8), Image.Resampling.BOX).tobytes()
    if max(grey) - min(grey) < FEWEST_SHADES:
        return ""
    bits = 0
    for row in range(8):
        for column in range(8):
            bits = bits << 1 | (grey[row * 9 + column] > grey[row * 9 + column + 1])
    return f"{bits:016x}"


def _fitted(image: "Image") -> "Image":
    """At most the shown size, in plain colours on white. Made smaller first, so that no second large copy is needed."""
    from PIL import Image

    image.draft("RGB", (SHOWN_SIDE, SHOWN_SIDE))  # a JPEG is unpacked no larger than needed
    image.load()
    if image.mode not in ("L", "LA", "RGB", "RGBA"):
        image = image.convert("RGBA" if "transparency" in image.info or image.mode == "PA" else "RGB")
    factor = max(image.size) // SHOWN_SIDE
    if factor > 1:
        image = image.reduce(factor)
    if image.mode == "LA":
        image = image.convert("RGBA")
    # A new picture: Pillow would carry comments and the like over into the copy.
    plain = Image.new("RGB", image.size, "white")
    plain.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    plain.thumbnail((SHOWN_SIDE, SHOWN_SIDE), Image.Resampling.LANCZOS)
    return plain


def _upright(image: "Image", orientation: int) -> "Image":
    from PIL import Image

    turn = _TURNS.get(orientation)
    return image if turn is None else image.transpose(Image.Transpose(turn))


def _jpeg(image: "Image", quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _pixels_of_webp(content: bytes) -> int:
    """The size that a WebP claims; Pillow asks for room for all of it on opening. 0 for anything else."""
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP":
        return 0
    kind, head = content[12:16], content[20:34]
    if kind == b"VP8X":
        return (1 + int.from_bytes(head[4:7], "little")) * (1 + int.from_bytes(head[7:10], "little"))
    if kind == b"VP8L":
        bits = int.from_bytes(head[1:5], "little")
        return (1 + (bits & 0x3FFF)) * (1 + (bits >> 14 & 0x3FFF))
    return (int.from_bytes(head[6:8], "little") & 0x3FFF) * (int.from_bytes(head[8:10], "little") & 0x3FFF)


def _hidden(image: "Image") -> tuple[int, Hidden]:
    """The orientation, and when and where it was taken. Damage in here does not make the picture a bad one."""
    try:
        exif = image.getexif()
        orientation = exif.get(_ORIENTATION, 1)
        taken = _moment(exif.get_ifd(_CAMERA))
        latitude, longitude = _point(exif.get_ifd(_PLACE))
    except Exception:  # foreign bytes, read as a tree of tables
        return 1, Hidden()
    return orientation if isinstance(orientation, int) else 1, Hidden(taken, latitude, longitude)


def _moment(camera: dict[int, Any]) -> datetime | None:
    written = _MOMENT.match(str(camera.get(_TAKEN_AT, "")))
    if written is None:
        return None
    zone = _ZONE.match(str(camera.get(_TAKEN_ZONE, "")))
    sign = -1 if zone and zone[1] == "-" else 1
    where = timezone(sign * timedelta(hours=int(zone[2]), minutes=int(zone[3]))) if zone else CHINA
    try:
        moment = datetime(*map(int, written.groups()), tzinfo=where).astimezone(UTC)  # type: ignore[misc, arg-type]
    except (ValueError, OverflowError):  # 0000:00:00, as cameras without a clock write
        return None
    return moment.astimezone(CHINA) if moment.year >= 1990 else None


def _point(place: dict[int, Any]) -> tuple[float | None, float | None]:
    """Latitude and longitude in degrees, north and east positive."""
    latitude, longitude = _degrees(place, 1, "S", 90), _degrees(place, 3, "W", 180)
    if latitude is None or longitude is None or (latitude == 0 and longitude == 0):
        return None, None
    return latitude, longitude


def _degrees(place: dict[int, Any], tag: int, negative: str, most: int) -> float | None:
    parts = place.get(tag + 1)
    if not parts or len(parts) != 3:
        return None
    value = float(parts[0]) + float(parts[1]) / 60 + float(parts[2]) / 3600
    if not 0 <= value <= most:  # also for what is no number
        return None
    return round(-value if str(place.get(tag, "")).upper().startswith(negative) else value, 6)
