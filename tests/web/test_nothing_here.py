"""Addresses without a page: words for a browser, the usual JSON for a program, and HEAD wherever there is a page."""

import httpx
import pytest

from tests.web.conftest import Site

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


async def asked(site: Site, method: str, path: str, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(site.web), base_url="https://bot.example.org") as client:
        return await client.request(method, path, headers=headers)


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nowhere", 404), ("POST", "/notices", 405)])
async def test_browser_reads_a_page_and_a_program_json(site: Site, method: str, path: str, status: int) -> None:
    page = await asked(site, method, path, **BROWSER)
    assert page.status_code == status
    assert "查看已发布的通知" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    told = await asked(site, method, path)
    assert (told.status_code, told.headers["content-type"]) == (status, "application/json")
    assert page.headers.get("allow") == told.headers.get("allow")


@pytest.mark.parametrize(("path", "status", "to"), [("/", 307, "notices"), ("/notices/7/", 308, "../7")])
async def test_bare_address_and_a_slash_too_many_lead_to_the_pages(site: Site, path: str, status: int, to: str) -> None:
    answer = await asked(site, "GET", path)
    assert (answer.status_code, answer.headers["location"]) == (status, to)


@pytest.mark.parametrize("path", ["/notices", "/notices.atom", "/notices.rss", "/notices.json", "/notices/1", "/"])
async def test_head_is_answered_as_get_is(site: Site, path: str) -> None:
    get, head = await asked(site, "GET", path), await asked(site, "HEAD", path)
    assert head.status_code == get.status_code
    assert head.headers.get("content-type") == get.headers.get("content-type")
