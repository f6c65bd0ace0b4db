"""Files behind links: exactly what the link names, saved under its name, as long as it is good."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store import links
from bot.store.unit_of_work import UnitOfWork
from bot.web.downloads import disposition
from tests.web.conftest import Site

BASE = "https://bot.example.org"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def site(make_site: Callable[..., Site], tmp_path: Any) -> Site:
    return make_site(server={"public_url": BASE}, storage={"folder": str(tmp_path / "files")})


def link_to(site: Site, content: bytes, name: str, life: timedelta = timedelta(days=7)) -> str:
    def act(work: UnitOfWork) -> str:
        return links.make(work, "file", life=life, sha256=work.files.put(content), name=name)

    return str(site.do(act)).removeprefix(BASE)


async def asked(site: Site, path: str, method: str = "GET") -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(site.web), base_url=BASE) as client:
        return await client.request(method, path)


def workbook() -> bytes:
    import io

    from openpyxl import Workbook

    out = io.BytesIO()
    Workbook().save(out)
    return out.getvalue()


async def test_file_is_saved_under_its_chinese_name(site: Site) -> None:
    content = workbook()
    answer = await asked(site, link_to(site, content, "2020年10月 报备登记表.xlsx"))
    assert answer.content == content
    assert answer.headers["content-type"] == SHEET_TYPE
    held = answer.headers["content-disposition"]
    assert held.startswith("attachment; filename=\"file.xlsx\"; filename*=UTF-8''2020%E5%B9%B4")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


async def test_head_says_the_same_without_the_bytes(site: Site) -> None:
    path = link_to(site, b"%PDF-1.7\n...", "方案.pdf")
    got, head = await asked(site, path), await asked(site, path, "HEAD")
    assert head.status_code == 200
    for name in ("content-type", "content-length", "content-disposition"):
        assert head.headers[name] == got.headers[name]


@pytest.mark.parametrize("content", [b"<html><script>alert(1)</script>", b"MZ program", b"\x00\x01"])
async def test_type_comes_from_the_bytes_and_never_runs(site: Site, content: bytes) -> None:
    answer = await asked(site, link_to(site, content, "page.html"))
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment;")


async def test_expired_link_is_a_polite_page(site: Site) -> None:
    path = link_to(site, b"words", "表.txt")
    site.clock.moment += timedelta(days=7)
    answer = await asked(site, path)
    assert answer.status_code == 410
    assert "“表.txt”的下载链接已过期。请在对话里重新索取" in answer.text
    assert "../f/static/form.css" in answer.text


async def test_unknown_link_and_lost_file_are_polite_pages(site: Site) -> None:
    path = link_to(site, b"words", "<b>表</b>.txt")
    for secret in ("x" * 32, "a%20b", "%00"):
        answer = await asked(site, f"/d/{secret}")
        assert (answer.status_code, "不正确或已失效" in answer.text) == (404, True)
    [stored] = site.bot.writer.files.folder.glob("??/*")
    stored.unlink()
    answer = await asked(site, path)
    assert answer.status_code == 410
    assert "已不再保存" in answer.text
    assert "<b>" not in answer.text


async def test_link_of_another_purpose_opens_no_file(site: Site) -> None:
    path = link_to(site, b"words", "表.txt")
    for other in ("/f/", "/calendar/"):
        assert (await asked(site, path.replace("/d/", other))).status_code == 404


@given(st.text(st.characters(codec="utf-8"), max_size=80))
def test_no_name_breaks_out_of_its_header(name: str) -> None:
    held = disposition(name)
    assert held.isascii()
    assert held.isprintable()
    assert held.count('"') == 2
    assert held.count(";") == 2
