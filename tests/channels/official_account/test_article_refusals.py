"""What the platform may answer on an article's way, call by call: by path, so that the order is the bot's own affair."""

from collections.abc import AsyncIterator

import httpx
import pytest
import respx

from bot.channels.base import Outgoing
from bot.channels.official_account.article import make_article
from bot.channels.official_account.channel import OfficialAccountChannel
from bot.errors import PlatformError
from bot.messaging.types import Content
from tests.channels.official_account.conftest import FILES, HOST, SETTINGS, KnownUploads
from tests.office import SettableClock

ARTICLE = make_article("申报指南", "一、条件\n\n【图1】", "c" * 64, ("a" * 64,))
PAGE = httpx.Response(502, html="<html>Bad Gateway</html>")
GOOD = {
    "stable_token": {"access_token": "t0ken", "expires_in": 7200},
    "media/uploadimg": {"url": "https://mmbiz.example/a"},
    "material/add_material": {"media_id": "COVER-1"},
    "draft/add": {"media_id": "DRAFT-1"},
    "message/mass/send": {"errcode": 0, "msg_id": 34182},
    "freepublish/submit": {"errcode": 0, "publish_id": "100000001"},
}
ON_THE_WAY = ["media/uploadimg", "material/add_material", "draft/add"]
ENDS = ["message/mass/send", "freepublish/submit"]


@pytest.fixture
def routes(monkeypatch: pytest.MonkeyPatch) -> dict[str, respx.Route]:
    """A route for each call, which answers well until a test says otherwise."""
    monkeypatch.setattr("bot.channels.official_account.client.BUSY_PAUSE", 0.0)
    return {}


@pytest.fixture
async def account(routes: dict[str, respx.Route], clock: SettableClock) -> AsyncIterator[OfficialAccountChannel]:
    router = respx.Router(assert_all_called=False)
    for path, answer in GOOD.items():
        routes[path] = router.post(host=HOST, path=f"/cgi-bin/{path}")
        routes[path].mock(return_value=httpx.Response(200, json=answer))
    made = OfficialAccountChannel(
        SETTINGS, FILES.__getitem__, KnownUploads(), clock=clock, transport=httpx.MockTransport(router.async_handler)
    )
    yield made
    await made.close()


def _to(end: str) -> Outgoing:
    content = Content("一、条件", article=ARTICLE)
    if end == "freepublish/submit":
        return Outgoing("articles", content, method="publish")
    return Outgoing("2 followers", content, method="mass", recipients=("oAmy", "oBob"), key="kepu-2")


def _refusal(code: int, message: str = "refused") -> httpx.Response:
    return httpx.Response(200, json={"errcode": code, "errmsg": f"{message} rid: 5f83c0de-1a2b3c4d"})


def _answers(routes: dict[str, respx.Route], path: str, *first: httpx.Response | Exception) -> None:
    """These answers first, then always the good one."""
    good = httpx.Response(200, json=GOOD[path])
    routes[path].mock(side_effect=[*first, *[good] * 5])


@pytest.mark.parametrize("path", ON_THE_WAY + ENDS)
@pytest.mark.parametrize("first", [_refusal(-1, "system error"), _refusal(40001), _refusal(42001)], ids=str)
async def test_busy_platform_or_dead_token_is_asked_again(
    account: OfficialAccountChannel, routes: dict[str, respx.Route], path: str, first: httpx.Response
) -> None:
    _answers(routes, path, first)
    end = path if path in ENDS else ENDS[0]
    assert await account.send(_to(end)) in ("34182", "100000001")
    assert routes[path].call_count == 2
    assert routes[end].call_count == (2 if path == end else 1)


@pytest.mark.parametrize("path", ON_THE_WAY)
@pytest.mark.parametrize("first", [PAGE, httpx.ReadTimeout("late"), httpx.ConnectError("closed")], ids=type)
async def test_preparation_without_an_answer_leaves_nothing_in_doubt(
    account: OfficialAccountChannel, routes: dict[str, respx.Route], path: str, first: httpx.Response | Exception
) -> None:
    _answers(routes, path, first)
    with pytest.raises(PlatformError) as caught:
        await account.send(_to(ENDS[0]))
    assert (caught.value.retry, caught.value.ambiguous) == (True, False)
    assert not routes[ENDS[0]].called
    assert await account.send(_to(ENDS[0])) == "34182", "the next attempt goes on where this one stood"


@pytest.mark.parametrize("end", ENDS)
async def test_last_call_without_an_answer_is_in_doubt(
    account: OfficialAccountChannel, routes: dict[str, respx.Route], end: str
) -> None:
    _answers(routes, end, httpx.ReadTimeout("late"))
    with pytest.raises(PlatformError) as caught:
        await account.send(_to(end))
    assert caught.value.ambiguous


@pytest.mark.parametrize(
    ("path", "code", "words"),
    [
        ("draft/add", 45166, "平台不接受的内容"),
        ("draft/add", 45003, "标题超过"),
        ("draft/add", 45002, "正文超过"),
        ("draft/add", 53402, "裁不出封面"),
        ("message/mass/send", 45028, "群发次数已用完"),
        ("freepublish/submit", 48001, "没有这个接口的权限"),
    ],
)
async def test_refusal_says_what_to_do_and_is_not_repeated(
    account: OfficialAccountChannel, routes: dict[str, respx.Route], path: str, code: int, words: str
) -> None:
    _answers(routes, path, _refusal(code))
    with pytest.raises(PlatformError, match=words) as caught:
        await account.send(_to(path if path in ENDS else ENDS[0]))
    assert (caught.value.code, caught.value.retry, caught.value.ambiguous) == (code, False, False)
    assert "rid" not in str(caught.value)
    assert routes[path].call_count == 1


@pytest.mark.parametrize("path", [*ON_THE_WAY, *ENDS])
async def test_day_limit_waits_for_midnight(
    account: OfficialAccountChannel, routes: dict[str, respx.Route], path: str
) -> None:
    _answers(routes, path, _refusal(45009, "reach max api daily quota limit"))
    with pytest.raises(PlatformError, match="明天零点") as caught:
        await account.send(_to(path if path in ENDS else ENDS[0]))
    assert (caught.value.after or 0) > 3600
