"""Pictures and files that people send on the simulated platform, as the real one hands them to a bot."""

import asyncio
import base64

import httpx
import pytest
from wechatpy.exceptions import WeChatClientException
from wecom_aibot_sdk.crypto import decrypt_file

from .conftest import AMY
from .robots import control, robot

PNG = b"\x89PNG\r\n\x1a\n"


def sent(content: bytes, kind: str = "image") -> dict[str, str]:
    return {"type": kind, "filename": "a.png", "base64": base64.b64encode(content).decode()}


async def test_words_and_several_pictures_are_one_mixed_message(sandbox):
    async with robot(sandbox) as one:
        media = [sent(PNG + b"1"), sent(PNG + b"2")]
        await control(sandbox, "groups/G1/say", {"userid": "limin", "text": "看", "mention": True, "media": media})
        body = (await one.heard())["body"]
        items = body["mixed"]["msg_item"]
        assert [item["msgtype"] for item in items] == ["text", "image", "image"]
        for item, content in zip(items[1:], (PNG + b"1", PNG + b"2"), strict=True):
            locked = (await asyncio.to_thread(httpx.get, item["image"]["url"])).content
            assert decrypt_file(locked, item["image"]["aeskey"]) == content
        shown = [message["type"] for message in sandbox.messages("group:G1")]
        assert shown.count("image") == 2


async def test_a_picture_alone_is_no_mixed_message(sandbox):
    async with robot(sandbox) as one:
        await control(sandbox, "direct/limin/say", {"media": [sent(PNG)]})
        frames = [(await one.heard())["body"], (await one.heard())["body"]]  # opening the chat comes first
        assert frames[-1]["msgtype"] == "image"


@pytest.mark.parametrize("kind", ["file", "video"])
def test_a_file_cannot_stand_beside_words(sandbox, kind):
    sandbox.control("direct/limin/say", {"text": "看", "media": sent(b"12345", kind)}, status=404)
    sandbox.control("direct/limin/say", {"media": [sent(PNG), sent(b"12345", kind)]}, status=404)


def test_a_followers_video_is_fetched_by_another_address(sandbox, client):
    sandbox.control(f"official/{AMY}/say", {"media": sent(b"video", "video")})
    message = sandbox.bot.received[-1]
    assert (message.type, message.thumb_media_id) == ("video", "thumb")
    held = client.media.download(message.media_id)
    assert httpx.get(held["video_url"]).content == b"video"


def test_a_follower_cannot_send_a_file(sandbox):
    sandbox.control(f"official/{AMY}/say", {"media": sent(b"12345", "file")}, status=404)


def test_a_download_can_be_spoiled_on_order(sandbox):
    sandbox.control(f"official/{AMY}/say", {"media": sent(PNG)})
    url = sandbox.bot.received[-1].image
    sandbox.fault("media", "html")
    assert b"502" in sandbox.http.get(url).content
    assert sandbox.http.get(url).content == PNG


def test_what_was_never_sent_is_not_there(sandbox, client):
    with pytest.raises(WeChatClientException) as caught:
        client.media.download("made-up")
    assert caught.value.errcode == 40007
