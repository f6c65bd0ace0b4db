"""Pictures and videos that followers send: fetched with the token; the platform's odd answers; and on real sockets."""

import base64
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from bot.channels.base import LARGEST_FILE, TooLarge
from bot.channels.official_account.channel import OfficialAccountChannel
from bot.channels.official_account.parsing import parse
from bot.errors import PlatformError
from bot.messaging.types import Media
from bot.settings import OfficialAccount
from tests.channels.official_account.conftest import FILES, SECRET, SETTINGS, KnownUploads, Platform, refused
from tests.office import MONDAY, SettableClock
from tests.photos import photo
from tests.sandbox.conftest import AMY, WORLD, Sandbox, sandbox, theatre, world

__all__ = ["sandbox", "theatre", "world"]

PICTURE = Media("image", {"media_id": "M1"})


def xml(kind: str, **fields: str) -> bytes:
    held = {"ToUserName": "gh_1", "FromUserName": "oAmy", "CreateTime": "1602468000", "MsgType": kind, "MsgId": "1"}
    inner = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in (held | fields).items())
    return f"<xml>{inner}</xml>".encode()


@pytest.mark.parametrize(
    ("kind", "ours", "fields"),
    [
        ("image", "image", {"MediaId": "M1", "PicUrl": "http://x.example.org/"}),
        ("voice", "voice", {"MediaId": "M1", "Recognition": "报备"}),
        ("video", "video", {"MediaId": "M1", "ThumbMediaId": "T1"}),
        ("shortvideo", "video", {"MediaId": "M1", "ThumbMediaId": "T1"}),
        ("file", "file", {"MediaId": "M1", "Title": "方案.pdf"}),
    ],
)
def test_media_id_is_what_fetches_it(kind: str, ours: str, fields: dict[str, str]) -> None:
    message = parse(xml(kind, **fields)).message
    assert message.kind == ours
    assert message.media == (Media(ours, {"media_id": "M1"}, "方案.pdf" if ours == "file" else ""),)
    assert message.text == fields.get("Recognition", "")


def test_file_of_which_only_the_title_is_told_cannot_be_fetched() -> None:
    message = parse(xml("file", Title="方案.pdf", FileKey="k", FileMd5="m", FileTotalLen="9")).message
    assert (message.kind, message.media) == ("file", ())


def test_location_has_its_point_and_its_label() -> None:
    message = parse(xml("location", Location_X="23.04", Location_Y="113.75", Scale="15", Label="莞城文化广场")).message
    assert (message.kind, message.text) == ("location", "莞城文化广场")
    wanted = {"latitude": "23.04", "longitude": "113.75", "label": "莞城文化广场"}
    assert message.detail.items() >= wanted.items()


class Files(Platform):
    """Answers in pieces, as a download comes; ``file``: with the head that only a file has."""

    file = False

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        answer = await super().__call__(request)
        if request.url.path == "/cgi-bin/stable_token":
            return answer
        is_file = self.file and answer.content == self.otherwise
        head = {"Content-Disposition": 'attachment; filename="M1.jpg"'} if is_file else {}
        return httpx.Response(answer.status_code, headers=head, content=_in_pieces(answer.content))


async def _in_pieces(content: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(content), 65536):
        yield content[at : at + 65536]


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Files:
    monkeypatch.setattr("bot.channels.official_account.client.BUSY_PAUSE", 0.0)
    return Files()


async def fetching(platform: Files, media: Media = PICTURE) -> Any:
    channel = OfficialAccountChannel(
        SETTINGS,
        FILES.__getitem__,
        KnownUploads(),
        clock=SettableClock(MONDAY),
        transport=httpx.MockTransport(platform),
    )
    try:
        return await channel.fetch(media)
    finally:
        await channel.close()


async def test_file_comes_with_its_name(platform: Files) -> None:
    platform.file = True
    platform.otherwise = b"\xff\xd8\xff picture"
    got = await fetching(platform)
    assert (got.content, got.name) == (b"\xff\xd8\xff picture", "M1.jpg")
    assert platform.calls[0].url.params["media_id"] == "M1"


async def test_dead_token_is_renewed_once(platform: Files) -> None:
    platform.file = True
    platform.otherwise = b"\xff\xd8\xff picture"
    platform.answers = [refused(42001)]
    assert (await fetching(platform)).content == b"\xff\xd8\xff picture"
    assert platform.used_tokens == ["t0ken-1", "t0ken-2"]


@pytest.mark.parametrize(
    ("code", "retry"), [(40007, False), (48001, False), (-1, True), (45009, True), (40001, True), (50002, False)]
)
async def test_refusal_in_words_is_no_file(platform: Files, code: int, retry: bool) -> None:
    platform.otherwise = refused(code)
    with pytest.raises(PlatformError) as caught:
        await fetching(platform)
    assert (caught.value.code, caught.value.retry, caught.value.ambiguous) == (code, retry, False)


@pytest.mark.parametrize("body", [b"<html>502 Bad Gateway</html>", b"", b"[]", b"{}", b'{"video_url": 1}', b"\xff\xd8"])
async def test_answer_that_is_neither_a_file_nor_a_word_may_be_asked_for_again(platform: Files, body: bytes) -> None:
    platform.otherwise = body
    with pytest.raises(PlatformError) as caught:
        await fetching(platform)
    assert caught.value.retry
    assert SECRET not in str(caught.value)


async def test_file_that_looks_like_a_refusal_is_still_a_file(platform: Files) -> None:
    platform.file = True
    platform.otherwise = b'{"errcode": 40007}'
    assert (await fetching(platform)).content == platform.otherwise


async def test_file_larger_than_the_limit_is_refused(platform: Files) -> None:
    platform.file = True
    platform.otherwise = bytes(LARGEST_FILE + 1)
    with pytest.raises(TooLarge):
        await fetching(platform)


async def test_address_of_a_video_may_not_lead_inside(platform: Files) -> None:
    platform.otherwise = {"video_url": "http://169.254.169.254/latest/"}
    with pytest.raises(PlatformError, match="文件地址不可用"):
        await fetching(platform, Media("video", {"media_id": "M1"}))
    assert len(platform.calls) == 1


@pytest.mark.parametrize("kind", ["image", "video"])
async def test_what_a_follower_sends_is_fetched_as_it_was(sandbox: Sandbox, kind: str) -> None:
    content = photo()
    held = WORLD["official_account"]
    names = ("app_id", "app_secret", "token", "encoding_aes_key")
    settings = OfficialAccount.model_validate({name: held[name] for name in names} | {"api_base_url": sandbox.url})
    sandbox.control(
        f"official/{AMY}/say",
        {"media": {"type": kind, "filename": "现场.mp4", "base64": base64.b64encode(content).decode()}},
    )
    media_id = sandbox.bot.received[-1].media_id
    channel = OfficialAccountChannel(settings, FILES.__getitem__, KnownUploads(), clock=sandbox.clock)
    try:
        assert (await channel.fetch(Media(kind, {"media_id": media_id}))).content == content
        with pytest.raises(PlatformError) as caught:
            await channel.fetch(Media(kind, {"media_id": "made-up"}))
        assert caught.value.code == 40007
    finally:
        await channel.close()
