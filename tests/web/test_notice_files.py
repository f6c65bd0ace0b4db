"""The pictures and files of a public notice: shown and fetched by anybody, as long as the notice stands; nothing else is."""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import httpx
import pytest

from bot.model import Notice, NoticeState
from bot.store.unit_of_work import UnitOfWork
from tests.photos import photo
from tests.web.conftest import Site
from tests.web.test_notice_pages import Seen

ATOM, MEDIA = "{http://www.w3.org/2005/Atom}", "{http://search.yahoo.com/mrss/}"
BASE = "https://bot.example.org"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
JPEG = photo()
PDF_FILE = (PDF, "进度表.pdf", "application/pdf")
PICTURES = ((JPEG, "现场.jpg", "image/jpeg"), (photo(2), "海报.jpg", "image/jpeg"))


@pytest.fixture
def site(make_site: Callable[..., Site], tmp_path: Path) -> Site:
    return make_site(server={"public_url": BASE}, storage={"folder": str(tmp_path / "files")})


def publish(site: Site, *files: tuple[bytes, str, str], **fields: Any) -> int:
    """A public notice with these (content, name, mime)."""

    def act(work: UnitOfWork) -> int:
        held = {"public": True, "state": NoticeState.SENT, "sent_at": work.now, "body": "请查收。"} | fields
        notice = Notice(kind="申报指南", title="指南", created_at=work.now, **held)
        for content, name, mime in files:
            held = {"sha256": work.files.put(content), "name": name, "mime": mime, "size": len(content)}
            held["kind"] = "image" if mime.startswith("image/") else "file"
            notice.files = [*(notice.files or ()), held]
        work.session.add(notice)
        work.session.flush()
        return notice.id

    return int(site.do(act))


async def asked(site: Site, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(site.web), base_url=BASE) as client:
        return await client.request(method, path, headers=headers)


async def links_of(site: Site, number: int) -> list[str]:
    """Where the pictures and files of a notice are, as its page says."""
    page = Seen((await asked(site, f"/notices/{number}")).text)
    return [value or "" for name, value in page.attributes if name in ("src", "href") and "/files/" in (value or "")]


async def test_file_is_fetched_from_the_page_and_saved_under_its_name(site: Site) -> None:
    number = publish(site, PDF_FILE)
    page = await asked(site, f"/notices/{number}")
    assert "附件" in page.text
    assert "进度表.pdf" in page.text
    assert "1 KB" in page.text
    [link] = await links_of(site, number)
    assert unquote(link) == f"/notices/{number}/files/1/进度表.pdf"
    got = await asked(site, link)
    assert (got.status_code, got.content) == (200, PDF)
    assert got.headers["content-type"] == "application/pdf"
    assert got.headers["content-disposition"].startswith("attachment; filename=\"file.pdf\"; filename*=UTF-8''%E8%BF")
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["cache-control"] == "no-cache"  # it may be withdrawn
    assert got.headers["content-security-policy"].startswith("default-src 'none'")


async def test_head_and_who_holds_it_already_get_no_bytes(site: Site) -> None:
    number = publish(site, PDF_FILE)
    [link] = await links_of(site, number)
    got, head = await asked(site, link), await asked(site, link, "HEAD")
    assert (head.status_code, head.content) == (200, b"")
    assert got.headers["content-length"] == head.headers["content-length"] == str(len(PDF))
    assert got.headers["etag"] == head.headers["etag"] == f'"{hashlib.sha256(PDF).hexdigest()}"'
    for tag in (got.headers["etag"], f"W/{got.headers['etag']}"):  # nginx weakens it
        again = await asked(site, link, **{"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")
    assert (await asked(site, link, **{"If-None-Match": '"other"'})).status_code == 200


async def test_only_reading_is_allowed(site: Site) -> None:
    [link] = await links_of(site, publish(site, PDF_FILE))
    for method in ("POST", "PUT", "DELETE"):
        assert (await asked(site, link, method)).status_code == 405


async def test_pictures_stand_in_their_places_and_files_below(site: Site) -> None:
    body = "一、条件\n\n见【图2】和[图2]。\n\n二、材料 https://a.example/x【图7】"
    number = publish(site, PICTURES[0], PDF_FILE, PICTURES[1], body=body)
    page = await asked(site, f"/notices/{number}")
    assert "img-src 'self'" in page.headers["content-security-policy"]
    order = ["一、条件", "/files/3/", "[图2]。", "二、材料", "【图7】", "/files/1/", "附件", "/files/2/"]
    assert [page.text.index(one) for one in order] == sorted(page.text.index(one) for one in order)
    assert page.text.count("<img ") == 2
    assert '<a href="https://a.example/x"' in page.text
    seen = Seen(page.text)
    for src in (value for name, value in seen.attributes if name == "src"):
        got = await asked(site, str(src))
        assert (got.headers["content-type"], got.status_code) == ("image/jpeg", 200)
    assert 'alt="现场.jpg"' in page.text


async def test_mark_inside_an_address_leaves_the_address_whole(site: Site) -> None:
    number = publish(site, PICTURES[0], body='见 https://a.example/[图1]?b=1 和 **a【图1】b** "[图1]<img src=[图1]>')
    seen = Seen((await asked(site, f"/notices/{number}")).text)
    assert ("href", "https://a.example/[图1]?b=1") in seen.attributes
    [src] = [value for name, value in seen.attributes if name == "src"]
    assert unquote(src or "") == f"/notices/{number}/files/1/现场.jpg"


@pytest.mark.parametrize("content", [b"<html><script>alert(1)</script>", b"<svg onload='alert(1)'/>"])
@pytest.mark.parametrize("mime", ["text/html", "image/svg+xml", "application/pdf"])
async def test_what_could_run_is_only_ever_saved(site: Site, content: bytes, mime: str) -> None:
    [link] = await links_of(site, publish(site, (content, "page.html", mime)))
    got = await asked(site, link)
    assert got.headers["content-type"] in ("application/octet-stream", "application/pdf")
    assert got.headers["content-disposition"].startswith("attachment;")
    assert got.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in got.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("at", "name"),
    [
        ("0", "进度表.pdf"), ("2", "进度表.pdf"), ("-1", "进度表.pdf"), ("99999999999", "进度表.pdf"), ("²", "进度表.pdf"),
        ("1", "别的.pdf"), ("1", ""), ("1", "%2e%2e/1/进度表.pdf"), ("1", "%2e%2e%2f%2e%2e%2fkepu.db"), ("1", "进度表.pdf/"),
        ("1", "进度表.pdf%00"), ("1", "..%5c..%5c进度表.pdf"), ("{digest}", "进度表.pdf"), ("1", "{digest}"),
        ("1%2f1", "进度表.pdf"), ("%2e%2e", "进度表.pdf"), ("1'--", "进度表.pdf"),
    ],
)  # fmt: skip
async def test_no_other_address_leads_to_a_file(site: Site, at: str, name: str) -> None:
    number, digest = publish(site, PDF_FILE), hashlib.sha256(PDF).hexdigest()
    got = await asked(site, f"/notices/{number}/files/{at.format(digest=digest)}/{name.format(digest=digest)}")
    assert got.status_code == 404
    assert PDF not in got.content


async def test_unknown_place_is_a_page_that_says_so(site: Site) -> None:
    number = publish(site, PDF_FILE)
    for path in (f"/notices/{number}/files/2/进度表.pdf", f"/notices/{number + 1}/files/1/进度表.pdf"):
        got = await asked(site, path)
        assert got.status_code == 404
        assert "没有找到这个附件" in got.text
        assert "2020年度科普专项" in got.text


REACHED = (NoticeState.SENT, NoticeState.PAUSED, NoticeState.WITHDRAWN)


@pytest.mark.parametrize(
    "fields",
    [
        {"public": False},
        {"sent_at": None},
        *({"state": one} for one in NoticeState if one not in REACHED),
    ],
)
async def test_files_of_what_is_not_public_or_not_sent_are_not_there(site: Site, fields: dict[str, Any]) -> None:
    [link] = await links_of(site, publish(site, PDF_FILE))
    number = publish(site, PDF_FILE, **fields)
    got = await asked(site, link.replace("/notices/1/", f"/notices/{number}/"))
    assert got.status_code == 404
    assert "没有找到这个附件" in got.text
    assert "进度表" not in got.text


async def test_paused_notice_has_its_page_and_files_but_is_in_no_list(site: Site) -> None:
    number = publish(site, PDF_FILE)
    [link] = await links_of(site, number)
    site.do(lambda work: work.session.query(Notice).update({"state": NoticeState.PAUSED}))
    assert (await asked(site, f"/notices/{number}")).status_code == 200
    assert (await asked(site, link)).status_code == 200
    assert f"/notices/{number}" not in (await asked(site, "/notices")).text


async def test_withdrawn_notice_gives_its_files_no_more_and_says_why(site: Site) -> None:
    number = publish(site, PDF_FILE, PICTURES[0], body="见【图1】。")
    links = await links_of(site, number)
    etag = (await asked(site, links[0])).headers["etag"]
    site.do(lambda work: work.session.query(Notice).update({"state": NoticeState.WITHDRAWN}))
    assert len(links) == 2
    for link in links:
        got = await asked(site, link, **{"If-None-Match": etag})
        assert got.status_code == 404
        assert f"通知 {number} 已撤回，附件不再提供下载" in got.text
    assert await links_of(site, number) == []


async def test_content_that_is_gone_is_a_polite_page(site: Site) -> None:
    [link] = await links_of(site, publish(site, PDF_FILE))
    [stored] = site.bot.writer.files.folder.glob("??/*")
    stored.unlink()
    got = await asked(site, link)
    assert got.status_code == 404
    assert "附件已不在服务器上" in got.text
    assert "请向市科协索取" in got.text


HOSTILE = [
    '"><script>alert(1)</script>.pdf', "进度表\u202efdp.exe", "一\n二\r\nX-Evil: 1.pdf", "../../etc/passwd", "  ..  ", "%2e%2e",
    "a;b=c.pdf", "'onload='x.pdf", "表" * 300 + ".pdf", "\x00.pdf", "?x=1#y.pdf", "🏮.pdf", "{{ 7*7 }}.pdf", "]]>&.pdf",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_name_is_only_a_name_in_page_feed_and_header(site: Site, name: str) -> None:
    number = publish(site, (PDF, name, "application/pdf"), (JPEG, name, "image/jpeg"), body="【图1】")
    page = await asked(site, f"/notices/{number}")
    seen = Seen(page.text)
    assert not {"script", "iframe"} & set(seen.tags)
    assert not [one for one, _ in seen.attributes if one.startswith("on")]
    assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e]", page.text)
    links = await links_of(site, number)
    assert len(links) == 2
    for link in links:
        assert link.isascii()
        got = await asked(site, link)
        assert got.status_code == 200
        assert "x-evil" not in got.headers
        held = got.headers["content-disposition"]
        assert (held.count('"'), held.count(";"), held.isascii()) == (2, 2, True)
        assert not re.search(r"[/\\\n\r]", unquote(held.partition("''")[2]))
    feed = ElementTree.fromstring((await asked(site, "/notices.atom")).content)
    assert [one.get("href") for one in feed.iter(f"{ATOM}link") if one.get("rel") == "enclosure"] == [
        f"{BASE}{link}" for link in sorted(links)
    ]
    rss = ElementTree.fromstring((await asked(site, "/notices.rss")).content)
    assert rss.find("channel/item/enclosure").get("url") == f"{BASE}{sorted(links)[0]}"  # type: ignore[union-attr]
    assert len((await asked(site, "/notices.json")).json()["items"][0]["attachments"]) == 2


async def test_feeds_tell_programs_where_every_file_is(site: Site) -> None:
    number = publish(site, PDF_FILE, PICTURES[0])
    links = [f"{BASE}{one}" for one in sorted(await links_of(site, number))]
    sizes = [str(len(PDF)), str(len(JPEG))]
    entry = ElementTree.fromstring((await asked(site, "/notices.atom")).content).find(f"{ATOM}entry")
    assert entry is not None
    found = [one for one in entry.findall(f"{ATOM}link") if one.get("rel") == "enclosure"]
    assert [(one.get("href"), one.get("type"), one.get("length"), one.get("title")) for one in found] == [
        (links[0], "application/pdf", sizes[0], "进度表.pdf"),
        (links[1], "image/jpeg", sizes[1], "现场.jpg"),
    ]
    item = ElementTree.fromstring((await asked(site, "/notices.rss")).content).find("channel/item")
    assert item is not None
    [one] = item.findall("enclosure")  # RSS 2.0 knows only one
    assert one.attrib == {"url": links[0], "length": sizes[0], "type": "application/pdf"}
    held = item.findall(f"{MEDIA}content")
    assert [(one.get("url"), one.get("fileSize"), one.get("medium")) for one in held] == [
        (links[0], sizes[0], "document"),
        (links[1], sizes[1], "image"),
    ]
    assert [one.findtext(f"{MEDIA}title") for one in held] == ["进度表.pdf", "现场.jpg"]
    [item_held] = (await asked(site, "/notices.json")).json()["items"]
    assert item_held["attachments"] == [
        {"url": links[0], "mime_type": "application/pdf", "title": "进度表.pdf", "size_in_bytes": len(PDF)},
        {"url": links[1], "mime_type": "image/jpeg", "title": "现场.jpg", "size_in_bytes": len(JPEG)},
    ]
    for link in links:
        assert (await asked(site, link)).status_code == 200


async def test_feeds_name_no_file_where_the_server_has_no_public_address(make_site: Any, tmp_path: Path) -> None:
    site = make_site(storage={"folder": str(tmp_path / "files")})
    publish(site, PDF_FILE)
    for path in ("/notices.atom", "/notices.rss", "/notices.json"):
        assert "/files/" not in (await asked(site, path)).text
    assert len(await links_of(site, 1)) == 1


async def test_twenty_files_are_all_there_each_its_own(site: Site) -> None:
    files = [(PDF + str(at).encode(), "进度表.pdf", "application/pdf") for at in range(20)]
    number = publish(site, *files)
    links = await links_of(site, number)
    assert len(links) == 20
    assert [(await asked(site, link)).content for link in links] == [content for content, _, _ in files]
    rss = ElementTree.fromstring((await asked(site, "/notices.rss")).content)
    assert len(rss.findall("channel/item/enclosure")) == 1
    assert len(rss.findall(f"channel/item/{MEDIA}content")) == 20
    feed = ElementTree.fromstring((await asked(site, "/notices.atom")).content)
    assert len([one for one in feed.iter(f"{ATOM}link") if one.get("rel") == "enclosure"]) == 20


async def test_link_of_the_office_to_another_place_stands_on_the_page(site: Site) -> None:
    page = await asked(site, f"/notices/{publish(site, link='https://kx.example.org/apply')}")
    assert '详情：<a href="https://kx.example.org/apply"' in page.text
    page = await asked(site, f"/notices/{publish(site, link='javascript:alert(1)')}")
    assert not [value for _, value in Seen(page.text).attributes if (value or "").startswith("javascript")]
