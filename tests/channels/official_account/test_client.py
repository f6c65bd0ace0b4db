"""The platform's odd answers, and what the client makes of each."""

import traceback

import httpx
import pytest

from bot.channels.official_account.channel import OfficialAccountChannel
from bot.errors import PlatformError
from tests.channels.official_account.conftest import (
    HOST,
    OPENID,
    SECRET,
    Answer,
    Platform,
    ok,
    refused,
    to_many,
    to_one,
)
from tests.logs import Logged
from tests.office import SettableClock

HTML = b"<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>"
NO_ANSWERS: list[Answer] = [
    HTML, b"", b"ok", b"[]", b"null", b"{", b'{"errcode": "x"}', b'{"errcode": []}', b"\xff\xfe", b"[" * 100_000,
    httpx.ReadTimeout("timed out"), httpx.WriteTimeout("timed out"), httpx.ReadError("reset"),
    httpx.RemoteProtocolError("peer closed"), httpx.DecodingError("bad gzip"), httpx.TooManyRedirects("loop"),
]  # fmt: skip
NEVER_LEFT: list[Answer] = [
    httpx.ConnectError("no route"), httpx.ConnectTimeout("too long"), httpx.PoolTimeout("all busy"),
]  # fmt: skip


async def _fault(channel: OfficialAccountChannel, outgoing: object = None) -> PlatformError:
    with pytest.raises(PlatformError) as caught:
        await channel.send(outgoing or to_one())  # type: ignore[arg-type]
    return caught.value


async def test_call_carries_the_token_and_real_characters(channel: OfficialAccountChannel, platform: Platform) -> None:
    await channel.send(to_one("“十月”的通知"))
    assert platform.used_tokens == ["t0ken-1"]
    assert platform.body() == {"touser": OPENID, "msgtype": "text", "text": {"content": "“十月”的通知"}}
    assert "“十月”".encode() in platform.calls[0].content
    assert platform.token_calls[0]["force_refresh"] is False


async def test_several_calls_share_one_token(channel: OfficialAccountChannel, platform: Platform) -> None:
    for _ in range(5):
        await channel.send(to_one())
    assert platform.used_tokens == ["t0ken-1"] * 5
    assert len(platform.token_calls) == 1


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_token_that_died_in_the_middle_is_renewed_once(
    channel: OfficialAccountChannel, platform: Platform, code: int
) -> None:
    platform.answers = [ok(), refused(code)]
    await channel.send(to_one())
    await channel.send(to_one())
    assert platform.used_tokens == ["t0ken-1", "t0ken-1", "t0ken-2"]


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_token_that_is_never_good_makes_no_loop(
    channel: OfficialAccountChannel, platform: Platform, code: int
) -> None:
    platform.otherwise = refused(code)
    fault = await _fault(channel)
    assert (fault.code, fault.retry, fault.ambiguous) == (code, True, False)
    assert len(platform.calls) == 2
    assert len(platform.token_calls) <= 3


async def test_token_on_which_the_platform_insists_is_forced(
    channel: OfficialAccountChannel, platform: Platform
) -> None:
    same: Answer = {"access_token": "t0ken-1", "expires_in": 7200}
    platform.tokens = [same, same, {"access_token": "t0ken-9", "expires_in": 7200}]
    platform.answers = [refused(40001)]
    await channel.send(to_one())
    assert [call["force_refresh"] for call in platform.token_calls] == [False, False, True]
    assert platform.used_tokens == ["t0ken-1", "t0ken-9"]


async def test_busy_platform_is_asked_again_a_few_times(channel: OfficialAccountChannel, platform: Platform) -> None:
    platform.answers = [refused(-1, "system error"), refused(-1, "system error")]
    await channel.send(to_one())
    assert len(platform.calls) == 3
    platform.otherwise = refused(-1, "system error")
    fault = await _fault(channel)
    assert (fault.code, fault.retry, fault.ambiguous) == (-1, True, False)
    assert len(platform.calls) == 6


@pytest.mark.parametrize(
    ("answer", "after"),
    [
        (refused(45009, "reach max api daily quota limit"), 14 * 3600 + 60),  # at ten in the morning
        (refused(45009, "reach max api minute-quota limit"), 60),
        (refused(45011, "api minute-quota reach limit"), 60),
    ],
)
async def test_used_up_quota_waits_for_its_minute_or_its_midnight(
    channel: OfficialAccountChannel, platform: Platform, answer: Answer, after: float
) -> None:
    platform.otherwise = answer
    fault = await _fault(channel)
    assert (fault.retry, fault.after) == (True, after)


async def test_wait_for_midnight_goes_by_the_bots_own_clock(
    channel: OfficialAccountChannel, platform: Platform, clock: SettableClock
) -> None:
    clock.moment = clock.moment.replace(hour=23, minute=59)
    platform.otherwise = refused(45009, "reach max api daily quota limit")
    assert (await _fault(channel)).after == 120


@pytest.mark.parametrize("address", ["203.0.113.7", "2001:db8::7"])
async def test_address_that_is_not_listed_is_named(
    channel: OfficialAccountChannel, platform: Platform, address: str
) -> None:
    message = f"invalid ip {address}, not in whitelist, ipv6 ::ffff:{address}"
    platform.otherwise = refused(40164, message)
    fault = await _fault(channel)
    assert f"本机地址 {address} 不在" in str(fault)
    assert "白名单" in str(fault)
    assert (fault.retry, fault.ambiguous) == (False, False)


@pytest.mark.parametrize("answer", NO_ANSWERS, ids=lambda answer: repr(answer)[:30])
async def test_lost_answer_leaves_a_send_in_doubt_and_a_look_to_be_repeated(
    channel: OfficialAccountChannel, platform: Platform, answer: Answer
) -> None:
    platform.otherwise = answer
    for outgoing in (to_one(), to_many()):
        fault = await _fault(channel, outgoing)
        assert (fault.ambiguous, fault.retry) == (True, False)
    with pytest.raises(PlatformError) as looked:
        await channel.client.menu.get()
    assert (looked.value.ambiguous, looked.value.retry) == (False, True)


@pytest.mark.parametrize("status", [302, 404, 500, 502])
async def test_answer_of_another_status_is_no_answer(
    channel: OfficialAccountChannel, platform: Platform, status: int
) -> None:
    await channel.send(to_one())
    platform.status, platform.otherwise = status, {"message": "upstream"}
    assert (await _fault(channel)).ambiguous


@pytest.mark.parametrize("answer", NEVER_LEFT, ids=lambda answer: repr(answer)[:30])
async def test_call_that_never_left_may_be_made_again(
    channel: OfficialAccountChannel, platform: Platform, answer: Answer
) -> None:
    platform.otherwise = answer
    fault = await _fault(channel)
    assert (fault.ambiguous, fault.retry) == (False, True)


@pytest.mark.parametrize("code", [40003, 43004, 45015, 45047, 43101])
async def test_follower_out_of_reach_is_told_from_a_fault(
    channel: OfficialAccountChannel, platform: Platform, code: int
) -> None:
    platform.otherwise = refused(code)
    fault = await _fault(channel)
    assert (fault.unreachable, fault.retry, fault.ambiguous) == (True, False, False)
    assert str(code) not in str(fault)


async def test_code_that_nobody_knows_is_shown_by_its_number_alone(
    channel: OfficialAccountChannel, platform: Platform
) -> None:
    platform.otherwise = refused(61450, "system error secret words")
    assert str(await _fault(channel)) == "公众平台拒绝了请求（错误码 61450）"


async def test_mass_send_that_had_come_through_counts_as_sent(
    channel: OfficialAccountChannel, platform: Platform
) -> None:
    platform.answers = [httpx.ReadTimeout("timed out"), refused(45065) | {"msg_id": 34182}]
    assert (await _fault(channel, to_many())).ambiguous
    assert await channel.send(to_many()) == "34182"
    assert platform.body(0)["clientmsgid"] == platform.body(1)["clientmsgid"]


FAULTS: list[Answer] = [
    *NO_ANSWERS, *NEVER_LEFT, *(refused(code, f"access_token=t0ken-1&secret={SECRET}") for code in
    (-1, 40001, 40013, 40125, 40164, 45009, 45015, 48001, 99999)), OSError(5, f"https://{HOST}/?access_token=t0ken-1"),
]  # fmt: skip


@pytest.mark.parametrize("answer", FAULTS, ids=lambda answer: repr(answer)[:30])
@pytest.mark.parametrize("where", ["token", "call"])
async def test_no_fault_shows_token_secret_or_address(
    channel: OfficialAccountChannel, platform: Platform, logged: Logged, answer: Answer, where: str
) -> None:
    if where == "token":
        platform.tokens = [answer] * 5
    else:
        platform.otherwise = answer
    fault = await _fault(channel)
    shown = "".join(traceback.format_exception(fault)) + repr(fault) + repr(channel.client) + logged.text
    for secret in ("t0ken-", SECRET, HOST, OPENID, "您好"):
        assert secret not in shown
    if where == "token":
        assert not fault.ambiguous  # asking for a token twice harms nobody
        assert platform.calls == []
