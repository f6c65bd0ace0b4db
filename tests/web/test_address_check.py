"""The address check, by which the platform makes sure of us and we of it."""

import pytest
from wechatpy.utils import check_signature

from tests.logs import Logged
from tests.web.conftest import PATH, TOKEN, Platform, Sealed, Site


def _query(platform: Platform, **changes: str) -> dict[str, str]:
    query = Sealed(b"", platform.now).query
    check_signature(TOKEN, query["signature"], query["timestamp"], query["nonce"])  # as wechatpy would sign it
    return {name: query[name] for name in ("signature", "timestamp", "nonce")} | {"echostr": "8823571"} | changes


async def test_platform_gets_its_own_words_back(site: Site, platform: Platform) -> None:
    answer = await site.get(PATH, **_query(platform))
    assert (answer.status_code, answer.text) == (200, "8823571")


async def test_echo_is_plain_text_whatever_was_sent(site: Site, platform: Platform) -> None:
    answer = await site.get(PATH, **_query(platform, echostr="<script>alert(1)</script>"))
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    "changes",
    [
        {"signature": "0" * 40},
        {"signature": ""},
        {"signature": "签名"},
        {"nonce": "another"},
        {"timestamp": "1602468001"},
        {"timestamp": ""},
        {"timestamp": "١٦٠٢٤٦٨٠٠٠"},
    ],
)
async def test_stranger_gets_no_echo(site: Site, platform: Platform, logged: Logged, changes: dict[str, str]) -> None:
    answer = await site.get(PATH, **_query(platform, **changes))
    assert (answer.status_code, answer.content) == (403, b"")
    assert [line["event"] for line in logged.lines] == ["callback_refused"]


async def test_address_check_of_yesterday_is_refused(site: Site, platform: Platform) -> None:
    yesterday = _query(platform)
    site.clock.moment = site.clock.moment.replace(day=13)
    assert (await site.get(PATH, **yesterday)).status_code == 403


async def test_bare_visit_is_refused(site: Site) -> None:
    assert (await site.get(PATH)).status_code == 403
