"""T16: people who flood the bot, and names that would be markup, mentions, templates or formulas, over real sockets."""

import asyncio
import io
import re
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import openpyxl

from bot.clock import FileClock
from bot.demo import world
from bot.model import InboxMessage, Person, Unit
from bot.settings import load
from bot.store.engine import Database
from bot.store.unit_of_work import UnitOfWork
from bot.store.writer import Writer
from tests.e2e.platform import PATIENCE, Message, Platform
from tests.e2e.test_tables import received_file
from tests.waiting import until

GROUP = f"group:{world.GROUP}"
T1 = "报备：10月24日（周六）上午9:00-11:30，莞城文化广场，垃圾分类进社区讲座，预计120人，负责人李敏 13800138000"
HOSTILE = (
    '=HYPERLINK("http://x.example")<script>alert(1)</script>{{7*7}}{% for one in () %}<@all>'
    "[点我](http://x.example)<font color=warning>`code`\u202e\u200b"
)
FORM = """活动名称：{name}
活动时间：10月24日上午9:00-11:30
活动地点：莞城文化广场
预计人数：120
负责人：李敏 13800138000"""


def test_flood_is_told_once_and_takes_nothing_from_anybody(platform: Platform) -> None:
    platform.direct("limin", "我的报备")
    assert "草稿 2020-0001" in platform.in_group("limin", T1)["text"]
    since, before = platform.last(), _handled(platform)
    ways = (f"/groups/{world.GROUP}/say", "/direct/limin/say")
    words: dict[str, Any] = {"userid": "limin", "text": "我的报备", "mention": True}
    with ThreadPoolExecutor(8) as pool:
        flood = [pool.submit(platform.call, ways[at % 2], words) for at in range(400)]
        assert "还没有报备记录" in platform.direct("chenjing", "我的报备")["text"]  # who does not flood is answered
        for one in flood:
            one.result()
    asyncio.run(until(lambda: _handled(platform) >= before + 402, PATIENCE))  # those, and 陈静's welcome and question
    asyncio.run(until(lambda: "您发得太快了" in str(_told(platform, since)), PATIENCE))
    told = _told(platform, since)
    assert len([one for one in told if "您发得太快了" in one["text"]]) == 1
    assert len(told) <= 61  # a minute's worth of answers, and that word
    platform.set_clock("2020-10-12T10:02:00")
    since = platform.last()
    platform.call("/direct/limin/say", {"text": "提交 2020-0001"})
    assert platform.wait("direct:limin", since, text="已提交 2020-0001")


def test_hostile_names_are_shown_as_the_letters_they_are(platform: Platform) -> None:
    _in_the_rows(platform, _bear_hostile_names)
    platform.call("/users", {"userid": "limin", "name": HOSTILE, "groups": [world.GROUP]})
    platform.direct("limin", "我的报备")
    platform.direct("wangfang", "帮助")
    since = platform.last()
    platform.in_group("limin", FORM.format(name=HOSTILE))
    assert "已提交 2020-0001" in platform.in_group("limin", "提交")["text"]
    platform.card("direct:wangfang", since, "备案")
    for words in ("待审", "10月活动", "查 2020-0001", "绑定码 HYPERLINK"):
        platform.direct("wangfang", words)
    platform.in_group("wangfang", "待审")
    platform.direct("limin", FORM.format(name="甲" * 10_000))
    link = re.findall(r"http\S+/f/\S+", platform.direct("limin", "表单")["text"])[0]
    platform.direct("wangfang", "导出 本月")
    _, sheet = received_file(platform, "wangfang", since)
    said = [one for one in platform.messages(since) if one["from"] == "bot"]
    assert sum("HYPERLINK" in str(one) for one in said) >= 6  # they were shown, and none of them did anything
    for message in said:
        _harmless(message)
    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(sheet)).worksheets[0].iter_rows() for cell in row]
    assert any("HYPERLINK" in str(cell.value) for cell in cells)
    assert not [cell.value for cell in cells if cell.data_type == "f" or str(cell.value).startswith(("=", "+", "@"))]
    with urllib.request.urlopen(link, timeout=10) as answer:
        page = answer.read().decode()
    assert "<script>alert" not in page
    assert "<font" not in page


def _told(platform: Platform, since: int) -> list[Message]:
    chats = (GROUP, "direct:limin")
    return [one for one in platform.messages(since) if one["from"] == "bot" and one["chat"] in chats]


def _handled(platform: Platform) -> int:
    """How many messages the bot has dealt with."""
    database = Database(load(platform.stack.config).database.url)
    try:
        with database.read() as session:
            return session.query(InboxMessage).count()
    finally:
        database.close()


def _bear_hostile_names(work: UnitOfWork) -> None:
    """As a list of units that was imported with odd rows would have it."""
    work.session.query(Unit).filter_by(name="东莞市环保志愿者协会").one().name = HOSTILE
    work.session.query(Person).filter_by(name="李敏").one().name = HOSTILE[-60:]


def _in_the_rows(platform: Platform, change: Callable[[UnitOfWork], None]) -> None:
    settings = load(platform.stack.config)
    database = Database(settings.database.url)
    writer = Writer(database, settings, FileClock(platform.stack.clock.path))
    writer.start()
    writer.submit(change).result()
    writer.close()
    database.close()


def _harmless(message: Message) -> None:
    card = message["card"] or {}
    shown = "\n".join(str(part) for part in (message["text"], card.get("title"), card.get("desc")) if part)
    for mark in ("<script", "<@", "<font", "](", "`code", "\u202e", "\u200b", "49{%"):
        assert mark not in shown, shown
    assert not message["mentions"]
    assert len(shown) < 1500
