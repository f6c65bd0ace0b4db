"""Photographs for tests: smooth shapes as a lens gives them, a different one for each seed, with what a camera writes."""

import io
import random
from datetime import datetime
from typing import Any

from PIL import Image


def scene(seed: int, width: int = 1200, height: int = 900) -> Image.Image:
    """A picture that looks like no other seed's."""
    dice = random.Random(seed)
    small = Image.new("RGB", (9, 7))
    small.putdata([(dice.randrange(256), dice.randrange(256), dice.randrange(256)) for _ in range(63)])
    return small.resize((width, height), Image.Resampling.BICUBIC)


def jpeg(image: Image.Image, *, quality: int = 85, **more: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, **more)
    return out.getvalue()


def encoded(image: Image.Image, form: str, **more: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **more)
    return out.getvalue()


def photo(
    seed: int = 1,
    *,
    taken: datetime | None = None,
    at: tuple[float, float] | None = None,
    orientation: int = 1,
    width: int = 1200,
    height: int = 900,
) -> bytes:
    """A JPEG as a camera writes it: when it was taken (in the zone of ``taken``), and where (degrees)."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "SecretCameraMaker", orientation
    if taken is not None:
        camera = exif.get_ifd(0x8769)
        camera[0x9003] = f"{taken:%Y:%m:%d %H:%M:%S}"
        if taken.tzinfo is not None:
            camera[0x9011] = f"{taken:%z}"[:3] + ":" + f"{taken:%z}"[3:]
    if at is not None:
        place = exif.get_ifd(0x8825)
        place[1], place[2] = ("N" if at[0] >= 0 else "S"), _sixtieths(abs(at[0]))
        place[3], place[4] = ("E" if at[1] >= 0 else "W"), _sixtieths(abs(at[1]))
    return jpeg(scene(seed, width, height), exif=exif, comment=b"a comment that must not be shown")


def _sixtieths(degrees: float) -> tuple[float, float, float]:
    whole, rest = divmod(degrees, 1)
    minutes, seconds = divmod(rest * 60, 1)
    return whole, minutes, round(seconds * 60, 2)
