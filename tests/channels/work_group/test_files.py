"""Pictures and files through the robot: they come in encrypted, and go out as files."""

import base64
from datetime import timedelta
from typing import Any

import pytest

from bot.channels.base import LARGEST_FILE, Outgoing, TooLarge
from bot.errors import PlatformError
from bot.messaging.types import Content, File, Media
from tests.channels.work_group.conftest import FILES, Line
from tests.photos import photo

SENT = next(iter(FILES))


def attached(content: bytes, kind: str = "image", name: str = "a.jpg") -> dict[str, str]:
    return {"type": kind, "filename": name, "base64": base64.b64encode(content).decode()}


def file(name: str = "报备表.xlsx", digest: str = SENT) -> Outgoing:
    return Outgoing("limin", Content("", file=File(digest, name)), key="kepu-1")


async def talk(line: Line) -> None:
    """The robot may push to somebody who has written to it."""
    await line.direct("limin", "您好")
    await line.heard()


@pytest.mark.parametrize("kind", ["image", "file", "video"])
async def test_what_somebody_sends_alone_is_fetched_as_it_was(line: Line, kind: str) -> None:
    content = photo()
    await line.direct("limin", "", media=attached(content, kind, "现场.jpg"))
    message = await line.heard(2)  # after the chat was opened
    assert (message.kind, message.text, len(message.media)) == (kind, "", 1)
    got = await line.channel.fetch(message.media[0])
    assert (got.content, got.name) == (content, "现场.jpg")


async def test_words_and_pictures_of_one_message_come_together(line: Line) -> None:
    contents = [photo(seed) for seed in range(3)]
    await line.in_group("limin", "总结 2020-0001 实到135人", media=[attached(one) for one in contents])
    message = await line.heard()
    assert (message.kind, message.text, message.chat) == ("text", "总结 2020-0001 实到135人", "G1")
    assert [(await line.channel.fetch(one)).content for one in message.media] == contents


async def test_picture_with_nothing_but_the_mention_has_no_words(line: Line) -> None:
    await line.in_group("limin", "", media=attached(photo()))
    message = await line.heard()
    assert (message.kind, message.text, len(message.media)) == ("image", "", 1)


async def test_picture_is_gone_after_five_minutes(line: Line) -> None:
    await line.direct("limin", "", media=attached(photo()))
    message = await line.heard(2)
    clock = line.sandbox.clock
    clock.set(clock.now() + timedelta(minutes=5, seconds=1))
    with pytest.raises(PlatformError, match="已取不到") as caught:
        await line.channel.fetch(message.media[0])
    assert not caught.value.retry


async def test_wrong_key_is_a_fault_and_not_a_file(line: Line) -> None:
    await line.direct("limin", "", media=attached(photo()))
    message = await line.heard(2)
    # What a wrong key gives ends in valid padding once in 256 times; three times running it does not.
    keys = [base64.b64encode(bytes([at]) * 32).decode() for at in range(3)]
    found = [await _fetched(line, Media("image", {**message.media[0].source, "aeskey": key})) for key in keys]
    assert None in found
    assert photo() not in found


@pytest.mark.parametrize("key", ["no key", "", "AAAA", "键"])
async def test_what_is_no_key_is_a_fault_and_not_a_file(line: Line, key: str) -> None:
    await line.direct("limin", "", media=attached(photo()))
    message = await line.heard(2)
    media = Media("image", {**message.media[0].source, "aeskey": key})
    with pytest.raises(PlatformError, match="解密失败") as caught:
        await line.channel.fetch(media)
    assert not caught.value.retry


async def test_file_of_25_megabytes_is_refused(line: Line) -> None:
    await line.direct("limin", "", media=attached(bytes(25 * 1024 * 1024), "file", "录像.mp4"))
    message = await line.heard(2)
    with pytest.raises(TooLarge):
        await line.channel.fetch(message.media[0])
    assert LARGEST_FILE < 25 * 1024 * 1024


@pytest.mark.parametrize("outcome", ["drop", "delay:0.5"])
async def test_download_that_goes_wrong_may_be_tried_again(
    line: Line, outcome: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = photo()
    await line.direct("limin", "", media=attached(content))
    message = await line.heard(2)
    line.fault(
        outcome, "media", times=2 if outcome == "drop" else 1
    )  # of a lost connection the client itself makes another
    with monkeypatch.context() as impatient:
        impatient.setattr("bot.channels.http.DOWNLOAD_SECONDS", 0.3)
        with pytest.raises(PlatformError) as caught:
            await line.channel.fetch(message.media[0])
    assert caught.value.retry
    assert (await line.channel.fetch(message.media[0])).content == content


@pytest.mark.parametrize(
    "part",
    [{"url": "https://x.example.org/"}, {"aeskey": "k"}, {"url": "", "aeskey": ""}, None, "text", [1]],
)
def test_picture_that_could_not_be_fetched_is_none(part: Any) -> None:
    from bot.channels.work_group.parsing import parse_message
    from tests.office import MONDAY, SettableClock

    body = {"msgid": "m", "from": {"userid": "limin"}, "chattype": "single", "msgtype": "image", "image": part}
    message = parse_message({"body": body}, SettableClock(MONDAY))
    assert (message.kind, message.media) == ("image", ())


def test_message_of_many_pictures_is_cut() -> None:
    from bot.channels.work_group.parsing import MOST_FILES, parse_message
    from tests.office import MONDAY, SettableClock

    one = {"msgtype": "image", "image": {"url": "https://x.example.org/", "aeskey": "k"}}
    body = {
        "msgid": "m",
        "from": {"userid": "limin"},
        "msgtype": "mixed",
        "mixed": {"msg_item": [one, "junk", None] * 50},
    }
    message = parse_message({"body": body}, SettableClock(MONDAY))
    assert (message.kind, message.text, len(message.media)) == ("image", "", MOST_FILES)


async def test_file_is_sent_as_a_file(line: Line) -> None:
    await talk(line)
    await line.channel.send(file())
    shown = await line.shown("direct:limin")
    assert (shown["type"], shown["media"]["filename"]) == ("file", "报备表.xlsx")
    assert line.sandbox.http.get(shown["media"]["url"]).content == FILES[SENT]


@pytest.mark.parametrize(
    ("target", "outcome", "retry", "ambiguous"),
    [
        ("aibot_upload_media_init", "busy", True, False),
        ("aibot_upload_media_init", "rate_limit", True, False),
        ("aibot_upload_media_init", "error:40004", False, False),
        ("aibot_upload_media_finish", "busy", True, False),
        ("aibot_send_msg", "rate_limit", True, False),
        ("aibot_send_msg", "error:40058", False, False),
    ],
)
async def test_fault_of_a_file_says_whether_to_send_it_again(
    line: Line, target: str, outcome: str, retry: bool, ambiguous: bool
) -> None:
    await talk(line)
    line.fault(outcome, target)
    with pytest.raises(PlatformError) as caught:
        await line.channel.send(file())
    assert (caught.value.retry, caught.value.ambiguous) == (retry, ambiguous)
    assert [one["type"] for one in line.sandbox.messages("direct:limin") if one["from"] == "bot"] == []


async def test_line_that_breaks_during_the_upload_leaves_nothing_in_doubt(line: Line) -> None:
    await talk(line)
    line.fault("disconnect", "aibot_upload_media_finish")
    with pytest.raises(PlatformError) as caught:
        await line.channel.send(file())
    assert (caught.value.retry, caught.value.ambiguous) == (True, False)


async def test_file_that_is_not_here_any_more_is_said_plainly(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_: str) -> bytes:
        raise FileNotFoundError

    await talk(line)
    monkeypatch.setattr(line.channel, "_read_file", gone)
    with pytest.raises(PlatformError, match="已不在服务器上") as caught:
        await line.channel.send(file())
    assert not caught.value.retry


async def _fetched(line: Line, media: Media) -> bytes | None:
    """What comes of it; None for the fault that says so and is not worth another try."""
    try:
        return await line.channel.fetch(media)
    except PlatformError as fault:
        if fault.retry or "解密失败" not in str(fault):
            raise
        return None
