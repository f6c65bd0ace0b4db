"""T15 and file attacks: photos, reports and files through both channels, over real sockets; also across a kill."""

import base64
import time
from collections.abc import Callable
from typing import Any, TypeVar

from PIL import Image

from bot.clock import FileClock
from bot.delivery import outgoing
from bot.demo import world
from bot.messaging.types import File
from bot.model import Account, Attachment, AttachmentState, Flag
from bot.settings import load
from bot.store.engine import Database
from bot.store.files import FileStore
from bot.store.writer import Writer
from tests.e2e.conftest import Start
from tests.e2e.platform import PATIENCE, Message, Platform
from tests.photos import encoded, photo

LIMIN, CHENJING = "direct:limin", "direct:chenjing"
FIRST = "报备：10月16日上午9点到11点，长安图书馆，科普阅读分享会，预计50人，负责人陈静 13800138002"
SECOND = "报备：10月24日上午9:00-11:30，莞城文化广场，垃圾分类进社区讲座，预计120人，负责人李敏 13800138000"
T = TypeVar("T")
LINK = "https://v.example.org/short/abc"


def test_reused_photo_is_flagged_to_staff_and_not_to_the_unit(start: Start) -> None:
    platform = _after_two_activities(start)
    since = platform.last()
    platform.direct("chenjing", "总结 2020-0001 实到48人")
    assert _send(platform, "chenjing", photo(7)) == "照片已加入 2020-0001 的总结，共 1 张。"
    answer = platform.direct("limin", f"总结 2020-0002 实到135人 {LINK}")["text"]
    assert answer.splitlines()[1:] == [
        "实到 135 人（预计 120 人）",
        "照片 0 张",
        "链接 1 条",
        "还差现场照片，直接发来即可。",
    ]
    assert _send(platform, "limin", photo(1)) == "照片已加入 2020-0002 的总结，共 1 张。"
    assert _send(platform, "limin", photo(2), photo(7)) == "照片已加入 2020-0002 的总结，共 3 张。"
    told = platform.wait("direct:wangfang", since, text="有疑点")["text"]
    assert "2020-0002《垃圾分类进社区讲座》" in told
    assert "2020-0001《科普阅读分享会》" in told
    assert "照片 3 张" in platform.direct("limin", "实到改成130")["text"]
    assert "照片 3 张" in platform.wait("direct:wangfang", since, text="实到 130 人")["text"]
    for chat in (LIMIN, CHENJING):
        assert not [one for one in platform.messages(since, chat) if "疑点" in one["text"]]
    (flag,) = _rows(platform, Flag)
    assert (flag.filing_id, flag.other_id) == (2, 1)


def test_report_in_the_group_takes_words_and_photos_of_one_message(start: Start) -> None:
    platform = _after_two_activities(start)
    chat, since = f"group:{world.GROUP}", platform.last()
    body = {"userid": "limin", "text": f"总结 2020-0002 实到135人 {LINK}", "mention": True}
    platform.call(f"/groups/{world.GROUP}/say", body | {"media": [_attached(photo(1)), _attached(photo(2))]})
    answer = platform.wait(chat, since, via="respond")["text"]
    assert "实到 135 人" in answer
    assert answer.endswith("照片已加入 2020-0002 的总结，共 2 张。")
    _wait(lambda: [one.state for one in _rows(platform, Attachment)] == [AttachmentState.KEPT] * 2)
    assert len([one for one in platform.messages(since, chat) if one["from"] == "bot"]) == 1


def test_report_through_the_official_account(start: Start) -> None:
    platform = _after_two_activities(start)
    fan, since = world.CONTACTS[0].openid, platform.last()
    answer = platform.follower(fan, f"总结 2020-0002 实到135人 {LINK}")
    assert answer is not None
    assert "链接 1 条" in answer["text"]
    assert _follower_sends(platform, fan, photo(1)) == "照片已加入 2020-0002 的总结，共 1 张。"
    assert _follower_sends(platform, fan, b"\x00\x00\x00\x18ftypmp42" + bytes(64), "video") == (
        "视频已加入 2020-0002 的总结，共 1 段。"
    )
    _wait(lambda: [one.mime for one in _rows(platform, Attachment)] == ["image/jpeg", "video/mp4"])
    platform.direct("chenjing", "总结 2020-0001 实到48人")
    _send(platform, "chenjing", photo(1))
    told = platform.wait("direct:wangfang", since, text="有疑点")["text"]
    assert told.index("2020-0001") < told.index("2020-0002")


def test_follower_who_is_nobodys_contact_is_refused_and_nothing_is_fetched(platform: Platform) -> None:
    answer = _follower_sends(platform, world.followers()[10][0], photo(1))
    assert "绑定实施单位之后才能接收" in answer
    assert _rows(platform, Attachment) == []
    assert "media/get" not in platform.call("/state")["calls"]


def test_photo_is_shown_without_what_it_hides(platform: Platform) -> None:
    platform.direct("limin", SECOND)
    sent = photo(1, at=(23.04, 113.75))
    _send(platform, "limin", sent)
    _wait(lambda: bool(_kept(platform)))
    (row,), files = _kept(platform), FileStore(load(platform.stack.config).storage.folder)
    assert files.get(row.sha256) == sent
    assert (row.latitude, row.longitude) == (23.04, 113.75)
    for shown in (files.get(row.shown_sha256), files.get(row.thumb_sha256)):
        assert b"Exif" not in shown
        assert b"SecretCameraMaker" not in shown


def test_hostile_files_are_refused_in_direct_chat_and_the_bot_goes_on(platform: Platform) -> None:
    platform.direct("limin", SECOND)
    since = platform.last()
    program = _attached(b"MZ\x90\x00" + bytes(300), "file", "报名表.xlsx")
    platform.call("/direct/limin/say", {"text": "", "media": program})
    platform.wait(LIMIN, since, text="没有收下")
    (told,) = [one["text"] for one in platform.messages(since, LIMIN) if one["from"] == "bot"]
    assert "“报名表.xlsx”没有收下：这是程序文件" in told
    for content, why in (
        (encoded(Image.new("L", (8000, 5000)), "PNG"), "最多 4000 万"),
        (photo()[:30_000], "不完整或已损坏"),
        (bytes(25 * 1024 * 1024), "超过 20 MB"),
    ):
        since = platform.last()
        _send(platform, "limin", content)
        assert why in platform.wait(LIMIN, since, text="没有收下")["text"]
    assert _kept(platform) == []
    assert "请核对（草稿 2020-0001）" in platform.direct("limin", "人数150")["text"]


def test_photo_that_the_platform_no_longer_has_is_asked_for_again(platform: Platform) -> None:
    platform.direct("limin", SECOND)
    since = platform.last()
    platform.call("/faults", {"target": "media", "outcome": "drop", "times": 1000})
    _send(platform, "limin", photo(1))
    _wait(lambda: _rows(platform, Attachment)[0].attempts > 0)
    platform.set_clock("2020-10-12T10:06:00")
    assert "没有取到" in platform.wait(LIMIN, since, text="请再发一次")["text"]


def test_photo_taken_before_a_kill_is_fetched_after_the_start(platform: Platform) -> None:
    platform.direct("limin", SECOND)
    platform.call("/faults", {"target": "media", "outcome": "delay:60"})
    _send(platform, "limin", photo(1))
    platform.stack.kill_bot()
    (row,) = _rows(platform, Attachment)
    assert row.state == AttachmentState.PENDING
    platform.stack.start_bot()
    _wait(lambda: bool(_kept(platform)))
    assert FileStore(load(platform.stack.config).storage.folder).get(_kept(platform)[0].sha256) == photo(1)


def test_file_for_a_person_arrives_as_a_file_in_the_chat_and_as_a_link_in_the_account(platform: Platform) -> None:
    platform.direct("limin", "我的报备")
    fan, since = world.CONTACTS[0].openid, platform.last()
    platform.follower(fan, "我的报备")
    content = "编号,名称\n".encode()
    _queue_file(platform, content, "本月报备.xlsx")
    file = _wait(lambda: [one for one in platform.messages(since, LIMIN) if one["type"] == "file"])[0]
    assert file["media"]["filename"] == "本月报备.xlsx"
    before = [one for one in platform.messages(since, LIMIN) if one["from"] == "bot" and one["id"] < file["id"]]
    assert before[-1]["text"] == "这是本月报备。"
    linked = platform.wait(f"official:{fan}", since, text="本月报备.xlsx")
    assert f"{platform.stack.url}/d/" in linked["text"]


def _after_two_activities(start: Start) -> Platform:
    """Two activities of two units were filed, and are over."""
    platform = start()
    for userid, text in (("chenjing", FIRST), ("limin", SECOND)):
        platform.direct(userid, text)
        assert "已提交" in platform.direct(userid, "提交")["text"]
    platform.set_clock("2020-10-24T15:00:00")
    return platform


def _attached(content: bytes, kind: str = "image", name: str = "") -> dict[str, str]:
    return {"type": kind, "filename": name, "base64": base64.b64encode(content).decode()}


def _send(platform: Platform, userid: str, *contents: bytes, kind: str = "image", name: str = "") -> str:
    """Send pictures or a file to the robot alone; gives its answer."""
    since = platform.last()
    media = [_attached(one, kind, name) for one in contents]
    platform.call(f"/direct/{userid}/say", {"text": "", "media": media})
    return str(platform.wait(f"direct:{userid}", since, via="respond")["text"])


def _follower_sends(platform: Platform, openid: str, content: bytes, kind: str = "image") -> str:
    reply: Message | None = platform.call(f"/official/{openid}/say", {"media": _attached(content, kind)})["reply"]
    return str(reply["text"]) if reply else ""


def _rows(platform: Platform, table: Any) -> list[Any]:
    database = Database(load(platform.stack.config).database.url)
    try:
        with database.read() as session:
            return list(session.query(table).order_by(table.id))
    finally:
        database.close()


def _kept(platform: Platform) -> list[Attachment]:
    return [one for one in _rows(platform, Attachment) if one.state == AttachmentState.KEPT]


def _wait(found: Callable[[], T]) -> T:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if result := found():
            return result
        time.sleep(0.05)
    raise AssertionError("what was waited for did not come")


def _queue_file(platform: Platform, content: bytes, name: str) -> None:
    """As a handler would, for both accounts of 李敏."""
    settings = load(platform.stack.config)
    database = Database(settings.database.url)
    writer = Writer(database, settings, FileClock(platform.stack.clock.path))
    writer.start()
    file = File(writer.files.put(content), name)

    def queue(work: Any) -> None:
        for external_id in ("limin", world.CONTACTS[0].openid):
            account = work.session.query(Account).filter_by(external_id=external_id).one()
            assert outgoing.file_to_account(work, account, file, "这是本月报备。", key=f"test:{external_id}")

    writer.submit(queue).result()
    writer.close()
    database.close()
