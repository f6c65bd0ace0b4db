"""Pictures: what hides in them is read and then gone, what is too large or broken is refused, look-alikes are alike."""

import io
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from PIL import Image, ImageEnhance

from bot.clock import CHINA
from bot.documents import pictures
from bot.documents.pictures import BadPicture, look_at
from bot.rules.truth import NEAR, differing_bits
from tests.photos import encoded, jpeg, photo, scene

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # of bytes that are spoiled on purpose

TAKEN = datetime(2020, 10, 24, 9, 30)


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def test_moment_and_place_are_read_and_nothing_hidden_is_shown() -> None:
    seen = look_at(photo(taken=TAKEN, at=(23.0417, 113.75)))
    assert seen.hidden.taken_at == TAKEN.replace(tzinfo=CHINA)
    assert seen.hidden.latitude == pytest.approx(23.0417, abs=1e-4)
    assert seen.hidden.longitude == pytest.approx(113.75, abs=1e-4)
    for content in (seen.shown, seen.thumb):
        picture = opened(content)
        assert dict(picture.getexif()) == {}
        assert "comment" not in picture.info
        assert b"SecretCameraMaker" not in content


@pytest.mark.parametrize(
    ("taken", "moment"),
    [
        (TAKEN, datetime(2020, 10, 24, 9, 30, tzinfo=CHINA)),
        (TAKEN.replace(tzinfo=UTC), datetime(2020, 10, 24, 17, 30, tzinfo=CHINA)),
        (TAKEN.replace(tzinfo=timezone(timedelta(hours=-5))), datetime(2020, 10, 24, 22, 30, tzinfo=CHINA)),
        (datetime(1980, 1, 1), None),  # a camera whose clock was never set
        (None, None),
    ],
)
def test_moment_is_chinas_where_the_camera_names_no_zone(taken: datetime | None, moment: datetime | None) -> None:
    assert look_at(photo(taken=taken)).hidden.taken_at == moment


@pytest.mark.parametrize("at", [(-33.86, 151.21), (40.7, -74.0)])
def test_south_and_west_are_negative(at: tuple[float, float]) -> None:
    hidden = look_at(photo(at=at)).hidden
    assert (hidden.latitude, hidden.longitude) == (pytest.approx(at[0], abs=1e-3), pytest.approx(at[1], abs=1e-3))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_picture_is_shown_upright(orientation: int) -> None:
    upright = Image.new("RGB", (400, 200), "white")
    upright.paste("red", (0, 0, 100, 50))  # the mark of the upper left corner
    turned = upright
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # what undoes each turn
    if orientation in back:
        turned = upright.transpose(Image.Transpose(back[orientation]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    seen = look_at(jpeg(turned, exif=exif))
    assert (seen.width, seen.height) == (400, 200)
    red, green, _ = opened(seen.shown).convert("RGB").getpixel((10, 10))  # type: ignore[misc]
    assert red > 200
    assert green < 60


def test_copies_are_no_larger_than_they_need_be() -> None:
    seen = look_at(photo(width=5000, height=3000))
    assert (seen.width, seen.height) == (5000, 3000)
    assert max(opened(seen.shown).size) == 2000
    assert max(opened(seen.thumb).size) == 360
    small = look_at(photo(width=300, height=200))
    assert opened(small.shown).size == (300, 200)


def small(seed: int) -> Image.Image:
    return scene(seed, 400, 300)


ODD: dict[str, Callable[[], bytes]] = {
    "palette": lambda: encoded(small(1).convert("P"), "PNG"),
    "grey": lambda: encoded(small(1).convert("L"), "PNG"),
    "black and white": lambda: encoded(small(1).convert("1"), "PNG"),
    "transparent": lambda: encoded(small(1).convert("RGBA"), "PNG"),
    "grey and transparent": lambda: encoded(small(1).convert("LA"), "PNG"),
    "sixteen bits": lambda: encoded(Image.new("I;16", (100, 80), 30000), "PNG"),
    "print colours": lambda: jpeg(small(1).convert("CMYK")),
    "webp": lambda: encoded(small(1), "WEBP"),
    "lossless webp": lambda: encoded(small(1), "WEBP", lossless=True),
    "moving gif": lambda: encoded(small(1), "GIF", save_all=True, append_images=[small(2), small(3)]),
    "moving png": lambda: encoded(small(1), "PNG", save_all=True, append_images=[small(2)]),
    "one pixel": lambda: jpeg(Image.new("RGB", (1, 1))),
    "a line": lambda: jpeg(Image.new("RGB", (9000, 1))),
}


@pytest.mark.parametrize("kind", ODD)
def test_every_usual_kind_of_picture_is_shown(kind: str) -> None:
    shown = opened(look_at(ODD[kind]()).shown)
    assert shown.format == "JPEG"
    assert shown.mode == "RGB"


def test_what_is_transparent_is_shown_on_white() -> None:
    clear = Image.new("RGBA", (50, 50), (0, 0, 0, 0))
    assert min(opened(look_at(encoded(clear, "PNG")).shown).getpixel((25, 25))) > 250  # type: ignore[arg-type, type-var]


def bomb(form: str, **more: Any) -> bytes:
    return encoded(Image.new("L", (8000, 5000)), form, **more)


@pytest.mark.parametrize(
    "content",
    [bomb("PNG"), bomb("GIF"), bomb("JPEG"), bomb("WEBP", lossless=True, method=0)],
    ids=["png", "gif", "jpeg", "webp"],
)
def test_forty_megapixels_are_refused_by_the_header(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def unpacked(*_: Any) -> None:
        raise AssertionError("it was unpacked")

    monkeypatch.setattr(pictures, "_fitted", unpacked)
    began = time.monotonic()
    with pytest.raises(BadPicture, match="too_many_pixels"):
        look_at(content)
    assert time.monotonic() - began < 1


def test_webp_may_have_fewer_pixels_than_others() -> None:
    just, over = Image.new("L", (4000, 3999)), Image.new("L", (4000, 4000))
    assert look_at(encoded(just, "WEBP", lossless=True, method=0)).width == 4000
    with pytest.raises(BadPicture, match="too_many_pixels"):
        look_at(encoded(over, "WEBP", lossless=True, method=0))


def test_size_that_only_the_header_of_a_webp_claims_is_refused() -> None:
    small = bytearray(
        encoded(scene(1).convert("RGBA"), "WEBP", save_all=True, append_images=[scene(2).convert("RGBA")])
    )
    assert small[12:16] == b"VP8X"
    small[24:30] = (16_000).to_bytes(3, "little") * 2
    with pytest.raises(BadPicture, match="too_many_pixels"):
        look_at(bytes(small))


def test_jpeg_with_thousands_of_scans_is_refused() -> None:
    with pytest.raises(BadPicture, match="broken"):
        look_at(photo() + b"\xff\xda\x00\x00" * 300)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.95])
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_truncated_picture_is_refused(form: str, share: float) -> None:
    whole = encoded(small(1), form)
    with pytest.raises(BadPicture, match="broken"):
        look_at(whole[: int(len(whole) * share)])


def test_damage_in_what_is_hidden_does_not_spoil_the_picture() -> None:
    whole = photo(taken=TAKEN, at=(23.0, 113.0))
    start = whole.index(b"Exif\x00\x00") + 6
    damaged = whole[: start + 8] + b"\xff" * 60 + whole[start + 68 :]
    seen = look_at(damaged)
    assert seen.hidden == pictures.Hidden()
    assert opened(seen.shown).size == (1200, 900)


SENT_ON = {
    "pressed": lambda image: opened(jpeg(image, quality=30)),
    "made smaller": lambda image: image.resize((400, 300)),
    "made larger": lambda image: image.resize((2400, 1800)),
    "another form": lambda image: opened(encoded(image, "WEBP", quality=50)),
    "brighter": lambda image: ImageEnhance.Brightness(image).enhance(1.15),
    "more contrast": lambda image: ImageEnhance.Contrast(image).enhance(1.2),
    "grey": lambda image: image.convert("L").convert("RGB"),
}


@pytest.mark.parametrize("change", SENT_ON.values(), ids=SENT_ON)
def test_picture_that_was_sent_on_has_nearly_the_same_fingerprint(change: Any) -> None:
    for seed in range(5):
        first, second = (look_at(jpeg(one)).fingerprint for one in (scene(seed), change(scene(seed))))
        assert differing_bits(first, second) <= NEAR


def test_other_pictures_have_other_fingerprints() -> None:
    prints = [look_at(jpeg(scene(seed, 300, 225))).fingerprint for seed in range(60)]
    assert min(differing_bits(a, b) for at, a in enumerate(prints) for b in prints[:at]) > NEAR


@pytest.mark.parametrize("colour", ["white", "black", "grey"])
def test_picture_that_shows_nothing_has_no_fingerprint(colour: str) -> None:
    assert look_at(jpeg(Image.new("RGB", (300, 200), colour))).fingerprint == ""
