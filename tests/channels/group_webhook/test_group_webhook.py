"""Pushes through the webhook of a group robot, and the platform's odd answers."""

import base64
import hashlib
import json
import traceback
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from bot.channels.base import Outgoing
from bot.channels.group_webhook.channel import GroupWebhookChannel
from bot.errors import PlatformError
from bot.messaging.types import Button, Card, Content, File
from bot.settings import GroupWebhook
from tests.logs import Logged
from tests.photos import photo

KEY = "693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa"
URL = f"https://qyapi.example.org/cgi-bin/webhook/send?key={KEY}"
LINK = "https://bot.example.org/notices/12"
FILES = {"f" * 64: b"%PDF-1.4 progress", "a" * 64: photo()}
Answer = Exception | bytes | dict[str, Any]


class Platform:
    """Answers every push with ``answer``."""

    def __init__(self) -> None:
        self.answer: Answer = {"errcode": 0, "errmsg": "ok"}
        self.status = 200
        self.requests: list[httpx.Request] = []

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if isinstance(self.answer, httpx.RequestError):
            self.answer.request = request
        if isinstance(self.answer, Exception):
            raise self.answer
        body = self.answer if isinstance(self.answer, bytes) else json.dumps(self.answer).encode()
        return httpx.Response(self.status, content=body)

    @property
    def body(self) -> dict[str, Any]:
        held: dict[str, Any] = json.loads(self.requests[-1].content)
        return held


@pytest.fixture
def platform() -> Platform:
    return Platform()


@pytest.fixture
async def channel(platform: Platform) -> AsyncIterator[GroupWebhookChannel]:
    webhooks = [GroupWebhook.model_validate({"name": name, "url": URL}) for name in ("镇街群", "学会群")]
    made = GroupWebhookChannel(webhooks, FILES.__getitem__, transport=httpx.MockTransport(platform))
    await made.start()
    yield made
    await made.close()


def _to(text: str = "通知", name: str = "镇街群", **more: Any) -> Outgoing:
    return Outgoing(name, Content(text, **more))


async def _fault(channel: GroupWebhookChannel, platform: Platform, answer: Answer) -> PlatformError:
    platform.answer = answer
    with pytest.raises(PlatformError) as caught:
        await channel.send(_to())
    return caught.value


async def test_push_is_markdown_at_the_webhooks_own_address(channel: GroupWebhookChannel, platform: Platform) -> None:
    assert await channel.send(_to("**请**报送")) is None
    assert str(platform.requests[0].url) == URL
    assert platform.body["msgtype"] == "markdown"
    assert "报送" in platform.body["markdown"]["content"]


async def test_push_to_everybody_is_plain_text_that_mentions_all(
    channel: GroupWebhookChannel, platform: Platform
) -> None:
    await channel.send(_to("**请**各单位报送", mentions=("@all",)))
    assert platform.body == {"msgtype": "text", "text": {"content": "请各单位报送", "mentioned_list": ["@all"]}}


@pytest.mark.parametrize(("mentions", "kind", "limit"), [((), "markdown", 4096), (("@all",), "text", 2048)])
async def test_long_push_is_cut_at_the_kinds_own_bytes(
    channel: GroupWebhookChannel, platform: Platform, mentions: tuple[str, ...], kind: str, limit: int
) -> None:
    await channel.send(_to("通知正文。" * 1000, mentions=mentions, link=LINK))
    content = platform.body[kind]["content"]
    assert limit - 60 < len(content.encode()) <= limit
    assert content.endswith(f"（详见 {LINK}）")


async def test_answer_is_asked_for_where_it_is_heard(channel: GroupWebhookChannel, platform: Platform) -> None:
    card = Card("通知 12 回执", "notice-12", (Button("收到", "acknowledge:12"),))
    await channel.send(_to("请于10月14日前报送进度表", card=card))
    lines = platform.body["markdown"]["content"].splitlines()
    assert lines == [
        "请于10月14日前报送进度表",
        "请在项目工作群或公众号里回复“收到”。本群的回复机器人收不到。",
    ]


async def test_picture_goes_as_an_image_with_its_checksum(channel: GroupWebhookChannel, platform: Platform) -> None:
    await channel.send(Outgoing("镇街群", Content("", file=File("a" * 64, "现场.jpg", "image"))))
    content = base64.b64decode(platform.body["image"]["base64"])
    assert content == FILES["a" * 64]
    assert platform.body["image"]["md5"] == hashlib.md5(content).hexdigest()


async def test_file_is_handed_over_first_and_then_named(channel: GroupWebhookChannel, platform: Platform) -> None:
    platform.answer = {"errcode": 0, "errmsg": "ok", "media_id": "M1"}
    await channel.send(Outgoing("镇街群", Content("", file=File("f" * 64, "进度表.pdf"))))
    upload, push = platform.requests
    assert (upload.url.path, upload.url.params["key"]) == ("/cgi-bin/webhook/upload_media", KEY)
    assert FILES["f" * 64] in upload.content
    assert json.loads(push.content) == {"msgtype": "file", "file": {"media_id": "M1"}}


async def test_upload_without_an_answer_leaves_nothing_in_doubt(
    channel: GroupWebhookChannel, platform: Platform
) -> None:
    platform.answer = httpx.ReadTimeout("timed out")
    with pytest.raises(PlatformError) as caught:
        await channel.send(Outgoing("镇街群", Content("", file=File("f" * 64, "进度表.pdf"))))
    assert (caught.value.retry, caught.value.ambiguous) == (True, False)


async def test_each_webhook_has_twenty_a_minute_of_its_own(channel: GroupWebhookChannel) -> None:
    one, other = (channel.pace(_to(name=name)) for name in ("镇街群", "学会群"))
    assert one is not None
    assert other is not None
    assert (one.limit, one.seconds) == (20, 60)
    assert one.key != other.key
    assert KEY not in one.key


@pytest.mark.parametrize(
    ("code", "retry", "after", "said"),
    [
        (45009, True, 60, "每分钟 20 条"),
        (-1, True, None, "繁忙"),
        (93000, False, None, "请重新复制 Webhook 地址"),
        (45002, False, None, "错误码 45002"),
    ],
)
async def test_refusal_says_whether_and_when_to_try_again(
    channel: GroupWebhookChannel, platform: Platform, code: int, retry: bool, after: float | None, said: str
) -> None:
    fault = await _fault(channel, platform, {"errcode": code, "errmsg": f"key={KEY}"})
    assert (fault.code, fault.retry, fault.after, fault.ambiguous) == (code, retry, after, False)
    assert said in str(fault)


NO_ANSWERS: list[Answer] = [
    b"<html><body><h1>502 Bad Gateway</h1></body></html>", b"", b"[]", b"null", b"{}", b'{"message": "upstream"}',
    b'{"errcode": null}', b'{"errcode": "x"}', b"\xff", b"[" * 100_000,
    httpx.ReadTimeout("timed out"), httpx.ReadError("reset"), httpx.RemoteProtocolError("closed"),
]  # fmt: skip
NEVER_LEFT: list[Answer] = [httpx.ConnectError("refused"), httpx.ConnectTimeout("slow"), httpx.PoolTimeout("full")]


@pytest.mark.parametrize("answer", NO_ANSWERS, ids=lambda answer: repr(answer)[:30])
async def test_lost_answer_leaves_a_push_in_doubt(
    channel: GroupWebhookChannel, platform: Platform, answer: Answer
) -> None:
    fault = await _fault(channel, platform, answer)
    assert (fault.ambiguous, fault.retry) == (True, False)


@pytest.mark.parametrize("answer", NEVER_LEFT, ids=lambda answer: repr(answer)[:30])
async def test_push_that_never_left_may_be_made_again(
    channel: GroupWebhookChannel, platform: Platform, answer: Answer
) -> None:
    fault = await _fault(channel, platform, answer)
    assert (fault.ambiguous, fault.retry) == (False, True)


REFUSALS: list[Answer] = [{"errcode": code, "errmsg": f"invalid {URL}"} for code in (-1, 45009, 93000, 99999)]


@pytest.mark.parametrize(
    "answer", [*NO_ANSWERS, *NEVER_LEFT, *REFUSALS, OSError(5, URL)], ids=lambda answer: repr(answer)[:30]
)
async def test_no_fault_shows_the_key(
    channel: GroupWebhookChannel, platform: Platform, logged: Logged, answer: Answer
) -> None:
    fault = await _fault(channel, platform, answer)
    shown = "".join(traceback.format_exception(fault)) + repr(fault) + repr(channel) + repr(vars(channel)) + logged.text
    assert KEY not in shown
    assert "qyapi" not in shown


async def test_name_that_is_not_configured_is_refused_in_words(channel: GroupWebhookChannel) -> None:
    with pytest.raises(PlatformError, match="没有名为“早没了”的群机器人"):
        await channel.send(_to(name="早没了"))


async def test_doctor_looks_at_the_form_of_the_address_and_sends_nothing(
    channel: GroupWebhookChannel, platform: Platform
) -> None:
    assert [one.ok for one in await channel.check()] == [True, True]
    wrong = GroupWebhook.model_validate({"name": "写错的", "url": "https://qyapi.example.org/robot?key=abc"})
    [check] = await GroupWebhookChannel([wrong], FILES.__getitem__).check()
    assert (check.name, check.ok) == ("群机器人 写错的", False)
    assert "/cgi-bin/webhook/send?key=" in check.detail
    assert "abc" not in check.detail
    assert platform.requests == []
