"""Photos on the filing page: kept, shown small without what hides in them, taken away again; anything else refused."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from bot.model import Attachment
from tests.web.conftest import Site
from tests.web.form_visitor import BASE, WHOLE, Browser, Contact, Page

MEGABYTE = 1024 * 1024
PLACE = 0x8825


@pytest.fixture
def limin(make_site: Callable[..., Site], tmp_path: Any) -> Contact:
    return Contact(make_site(server={"public_url": BASE}, storage={"folder": str(tmp_path / "files")}))


async def opened(contact: Contact) -> tuple[Browser, Page]:
    browser = await contact.browser()
    return browser, await browser.open()


def picture(width: int = 800, height: int = 600, shade: int = 0, **options: Any) -> bytes:
    """A JPEG that shows something."""
    image = Image.linear_gradient("L").rotate(shade).resize((width, height)).convert("RGB")
    out = io.BytesIO()
    image.save(out, "JPEG", **options)
    return out.getvalue()


def photo(content: bytes, name: str = "IMG_0001.jpg") -> tuple[str, tuple[str, bytes, str]]:
    return ("photo", (name, content, "application/octet-stream"))


def rows(contact: Contact) -> list[Attachment]:
    with contact.site.bot.database.read() as session:
        return list(session.scalars(select(Attachment).order_by(Attachment.id)))


async def test_photo_belongs_to_the_filing_and_is_shown_small(limin: Contact) -> None:
    browser, page = await opened(limin)
    page = await browser.send(page, "save", [photo(picture())], name="讲座")
    [row] = rows(limin)
    assert (row.filing_id, row.purpose, row.kind, row.state) == (limin.filing.id, "filing", "image", "kept")
    assert limin.filing.name == "讲座"
    shown = await browser.client.get(f"{browser.path}/photo/{row.id}")
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.headers["cache-control"] == "no-store"
    assert max(Image.open(io.BytesIO(shown.content)).size) == 360
    assert f"/photo/{row.id}" in page.answer.text


async def test_place_where_it_was_taken_is_not_shown(limin: Contact) -> None:
    exif = Image.Exif()
    exif[PLACE] = {1: "N", 2: (23.0, 2.0, 36.0), 3: "E", 4: (113.0, 45.0, 0.0)}
    browser, page = await opened(limin)
    await browser.send(page, "save", [photo(picture(exif=exif.tobytes()))])
    [row] = rows(limin)
    assert row.latitude == pytest.approx(23.04, abs=0.01)
    shown = await browser.client.get(f"{browser.path}/photo/{row.id}")
    assert not Image.open(io.BytesIO(shown.content)).getexif()


async def test_ten_megabytes_are_taken(limin: Contact) -> None:
    content = picture() + b"\0" * (10 * MEGABYTE)
    browser, page = await opened(limin)
    page = await browser.send(page, "save", [photo(content)])
    assert page.faults == {}
    assert [row.size for row in rows(limin)] == [len(content)]


async def test_photo_over_the_limit_is_refused_and_what_was_typed_stays(limin: Contact) -> None:
    browser, page = await opened(limin)
    content = picture() + b"\0" * (20 * MEGABYTE)
    page = await browser.send(page, "submit", [photo(content, "大图.jpg")], **WHOLE)
    assert page.fault("photos") == "“大图.jpg”超过 20 MB，没有保存，请压缩后再传"
    assert page.inputs["name"] == WHOLE["name"]
    assert (limin.filing.state, limin.filing.name) == ("draft", WHOLE["name"])  # not submitted without its picture
    assert rows(limin) == []


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"MZ\x90\x00 this is a program", "photo.jpg", "“photo.jpg”没有保存：这是程序文件"),
        (b"<script>alert(1)</script>", "a.jpg", "“a.jpg”没有保存："),
        (b"plain words", "说明.txt", "“说明.txt”不是照片"),
        (b"%PDF-1.7\n", "方案.pdf", "“方案.pdf”不是照片"),
        (b"\xff\xd8\xff\xe0 broken", "a.jpg", "“a.jpg”没有保存："),
        (b"", "空.jpg", "“空.jpg”没有保存："),
        (b"plain", "../../etc/<b>passwd</b>\u202e.txt", "不是照片"),
    ],
)
async def test_what_is_no_photo_is_refused_by_its_name(limin: Contact, content: bytes, name: str, words: str) -> None:
    browser, page = await opened(limin)
    page = await browser.send(page, "save", [photo(content, name)], name="讲座")
    assert words in page.fault("photos")
    assert "<b>passwd" not in page.answer.text
    assert rows(limin) == []
    assert limin.filing.name == "讲座"


async def test_huge_picture_in_a_small_file_is_refused(limin: Contact) -> None:
    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000
    browser, page = await opened(limin)
    page = await browser.send(page, "save", [photo(out.getvalue(), "bomb.png")])
    assert "没有保存" in page.fault("photos")


async def test_only_so_many_are_taken(limin: Contact) -> None:
    browser, page = await opened(limin)
    for first in (0, 6):
        page = await browser.send(page, "save", [photo(picture(90, 60, shade)) for shade in range(first, first + 6)])
    assert page.fault("photos") == "最多 10 张照片，多的没有保存；最多 10 张照片，多的没有保存"
    assert len(rows(limin)) == 10


async def test_more_files_than_any_page_sends_are_no_form(limin: Contact) -> None:
    browser, page = await opened(limin)
    answer = await browser.send(page, "save", [photo(b"x", f"{at}.jpg") for at in range(13)])
    assert answer.status == 400


async def test_photo_is_taken_away_with_its_bytes(limin: Contact) -> None:
    browser, page = await opened(limin)
    page = await browser.send(page, "save", [photo(picture())])
    [row] = rows(limin)
    assert limin.site.bot.writer.files.has(row.sha256)
    page = await browser.send(page, f"drop:{row.id}")
    assert rows(limin) == []
    for digest in (row.sha256, row.shown_sha256, row.thumb_sha256):
        assert not limin.site.bot.writer.files.has(digest)
    assert page.status == 200


@pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 9, "9" * 23, "%D9%A3", "1%00"])
async def test_photo_by_a_number_that_no_row_has_is_not_found(limin: Contact, number: str) -> None:
    browser, _ = await opened(limin)
    assert (await browser.client.get(f"{browser.path}/photo/{number}")).status_code == 404


async def test_photos_of_another_filing_are_out_of_reach(limin: Contact) -> None:
    browser, page = await opened(limin)
    await browser.send(page, "save", [photo(picture())], name="第一场")
    [row] = rows(limin)
    other = await limin.browser("新表单")
    page = await other.open()
    assert (await other.client.get(f"{other.path}/photo/{row.id}")).status_code == 404
    assert (await Browser(limin.site, browser.path).client.get(f"{browser.path}/photo/{row.id}")).status_code == 404
    for number in (row.id, 0, 99999999, "x", "-1"):
        assert (await other.send(page, f"drop:{number}")).status == 200
    assert len(rows(limin)) == 1


async def test_photos_stay_with_a_submitted_filing(limin: Contact) -> None:
    browser, page = await opened(limin)
    await browser.send(page, "submit", [photo(picture())], **WHOLE)
    [row] = rows(limin)
    await browser.send(page, f"drop:{row.id}")
    await browser.send(page, "save", [photo(picture(shade=45))])
    assert [one.id for one in rows(limin)] == [row.id]
