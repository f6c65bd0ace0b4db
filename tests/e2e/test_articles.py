"""An article from the draft to the followers' phones and back, over real sockets; and previews beside what arrived."""

import base64
import contextlib
import re
import urllib.error
import urllib.request
from collections import Counter
from typing import Any

from bot.delivery import notices as planning
from bot.delivery import previews
from bot.demo import world
from bot.messaging.types import Article
from bot.model import Notice
from bot.settings import load
from bot.store.engine import Database
from bot.store.files import FileStore
from bot.store.unit_of_work import UnitOfWork
from tests.e2e.conftest import Start
from tests.e2e.platform import Platform
from tests.photos import photo
from tests.waiting import wait_until

GUIDE = (
    "广播 申报指南：《2020年度科普专项申报指南》现已发布<script>alert(1)</script>。"
    "\n\n【图2】\n\n申报时间10月20日至11月20日。"
)
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
LONG = "一、申报条件：在本市登记的单位均可申报，每个单位限报一项，材料须加盖公章。\n\n" * 60
FOLLOWERS = [openid for openid, _ in world.followers()]


def test_article_reaches_each_follower_once_and_is_taken_back(platform: Platform) -> None:
    since = platform.last()
    platform.direct("wangfang", GUIDE)
    for name, kind, content in (
        ("一.jpg", "image", photo(1)),
        ("二.jpg", "image", photo(2)),
        ("指南.pdf", "file", PDF),
    ):
        _send(platform, name, kind, content)
    assert "“一.jpg”将作通知 1 的图文封面" in platform.direct("wangfang", "封面 1")["text"]
    assert "标题：申报指南：2020年度科普专项申报指南" in platform.direct("wangfang", "预览 1 图文")["text"]
    platform.direct("wangfang", "提交审核")
    assert "已批准" in platform.direct("chenzhiming", "批准 1")["text"]

    wait_until(lambda: len(_articles(platform, since)) >= len(FOLLOWERS))
    arrived = _articles(platform, since)
    assert Counter(chat for chat, _ in arrived) == {f"official:{openid}": 1 for openid in FOLLOWERS}
    [(address, cover)] = {(article["url"], article["picurl"]) for _, article in arrived}
    page = _fetch(address).decode()
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    second, first = re.findall(r'<img src="([^"]+)"', page)
    assert len({_fetch(second), _fetch(first), _fetch(cover)}) == 3
    assert page.index(second) < page.index("申报时间") < page.index(first), "a picture stands where the text says"
    assert f'href="{platform.stack.url}/notices/1"' in page
    assert "指南.pdf" in page
    assert _without_sources(_article_form(platform).html) in _without_sources(page), "as it was previewed, to the byte"
    wait_until(lambda: f"公众号图文：{address}" in platform.direct("wangfang", "进度 1")["text"])

    assert "公众号图文 1 篇正在删除" in platform.direct("wangfang", "撤回 1 内容有误")["text"]
    wait_until(lambda: _status(address) == 404)


def test_article_that_nobody_is_sent_is_published_all_the_same(platform: Platform) -> None:
    for openid in FOLLOWERS:
        platform.follower(openid, "2020")
    since = platform.last()
    platform.direct("wangfang", GUIDE)
    _send(platform, "一.jpg", "image", photo(1))
    assert "客服消息 40 人" in platform.direct("wangfang", "预览 1")["text"]
    platform.direct("wangfang", "提交审核")
    platform.direct("chenzhiming", "批准 1")
    wait_until(lambda: platform.call("/state")["calls"].get("freepublish/submit", {}).get("codes") == {"0": 1})
    wait_until(
        lambda: len({one["chat"] for one in platform.messages(since) if one["via"] == "custom"}) == len(FOLLOWERS)
    )
    assert not _articles(platform, since)
    assert platform.call("/state")["calls"]["draft/add"]["codes"] == {"0": 1}
    wait_until(lambda: "公众号图文：" in platform.direct("wangfang", "进度 1")["text"])
    _, _, address = platform.direct("wangfang", "进度 1")["text"].partition("公众号图文：")
    assert "2020年度科普专项申报指南" in _fetch(address.split()[0]).decode()
    platform.direct("wangfang", "撤回 1 内容有误")
    assert "公众号图文：" not in platform.direct("wangfang", "进度 1")["text"]
    wait_until(lambda: platform.call("/state")["calls"].get("freepublish/delete", {}).get("codes") == {"0": 1})


def test_previews_are_to_the_byte_what_arrives(start: Start) -> None:
    platform = start(quiet_hours="", webhooks={"群机器人甲": "key-of-a-robot"})
    openid, others = FOLLOWERS[-1], FOLLOWERS[2:-1]
    for one in (*FOLLOWERS[:2], openid):
        platform.follower(one, "2020")
    since = platform.last()
    platform.direct("wangfang", f"广播 通知：{LONG}")
    platform.direct("wangfang", "发给 所有群或所有单位或粉丝")
    shown = _previews(platform)
    platform.direct("wangfang", "提交审核")
    platform.direct("chenzhiming", "批准 1")
    group, robot = f"group:{world.GROUP}", "webhook:群机器人甲"
    arrived = {
        "工作群": (group, "bot"), "群机器人": (group, robot), "公众号粉丝": (f"official:{openid}", "bot"),
        "群发": (f"official:{others[0]}", "bot"),
    }  # fmt: skip
    assert set(shown) == {*arrived, "公众号"}
    assert len(shown["公众号粉丝"]) > 1
    assert len(shown["群机器人"]) > 1
    for name, (chat, sender) in arrived.items():
        wait_until(lambda chat=chat, sender=sender, name=name: _said(platform, since, chat, sender) >= shown[name])  # type: ignore[misc]
        assert _said(platform, since, chat, sender) == shown[name], name
    [contact] = _said(platform, since, f"official:{FOLLOWERS[0]}", "bot")
    assert _unlinked(platform, contact) == shown["公众号"][0], "their own page in place of what has no room"


def test_preview_of_what_a_contact_gets_differs_in_the_secret_of_the_link_alone(start: Start) -> None:
    platform = start(quiet_hours="")
    platform.direct("limin", "我的报备")  # who has spoken to the robot can be written to
    since = platform.last()
    platform.direct("wangfang", "广播 监督要求：请各单位10月15日18:00前报送三季度进度表，收到请回复")
    platform.direct("wangfang", "发给 所有单位")
    [shown] = _previews(platform)["私聊"]
    platform.direct("wangfang", "提交审核")
    platform.direct("chenzhiming", "批准 1")
    wait_until(lambda: _said(platform, since, "direct:limin", "bot"))
    [text] = _said(platform, since, "direct:limin", "bot")
    assert _unlinked(platform, text) == shown


def _unlinked(platform: Platform, text: str) -> str:
    """The text with stars for the secret of the link that it ends with."""
    secret = re.search(rf"{re.escape(platform.stack.url)}/n/([\w-]+)", text)
    assert secret is not None
    return text.replace(secret[1], "*" * len(secret[1]))


def _without_sources(html: str) -> str:
    """The platform gives every picture an address of its own."""
    return re.sub(r'src="[^"]*"', "src", html)


def _previews(platform: Platform) -> dict[str, list[str]]:
    """What the office's previews show, channel by channel, out of the same rows."""
    return {one.name: one.texts for one in _forms(platform) if one.article is None}


def _article_form(platform: Platform) -> Article:
    [found] = [one.article for one in _forms(platform) if one.article is not None]
    return found


def _forms(platform: Platform) -> list[previews.Form]:
    settings = load(platform.stack.config)
    with contextlib.closing(Database(settings.database.url)) as database, database.writer.begin() as connection:
        work = UnitOfWork(connection, platform.stack.clock.now(), settings, FileStore(settings.storage.folder))
        notice = work.session.get_one(Notice, 1)
        found = previews.forms_of(work, notice, planning.preview(work, notice))
        work.end(keep=False)
    return found


def _said(platform: Platform, since: int, chat: str, sender: str) -> list[str]:
    return [one["text"] for one in platform.messages(since, chat) if one["from"] == sender]


def _send(platform: Platform, name: str, kind: str, content: bytes) -> None:
    """A file to the robot, while the draft is open."""
    since = platform.last()
    media = {"type": kind, "filename": name, "base64": base64.b64encode(content).decode()}
    platform.call("/direct/wangfang/say", {"text": "", "media": media})
    platform.wait("direct:wangfang", since, text="已加入通知")


def _articles(platform: Platform, since: int) -> list[tuple[str, dict[str, Any]]]:
    """Chat and article, once for each time that one came."""
    return [(one["chat"], article) for one in platform.messages(since) for article in one["articles"]]


def _fetch(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=10) as answer:
        found: bytes = answer.read()
        return found


def _status(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as fault:
        return fault.code
