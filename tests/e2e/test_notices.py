"""T11, T12, T14: notices from the first word to the last chase, over real sockets."""

import base64
import time
import urllib.request

from bot.demo import world
from bot.documents import fonts
from tests.e2e.conftest import Start
from tests.e2e.platform import Platform
from tests.photos import photo

GROUP = f"group:{world.GROUP}"
REQUIREMENT = "广播 监督要求：请各单位10月14日18:00前报送三季度进度表，收到请回复"
GUIDE = "广播 申报指南：《2020年度科普专项申报指南》现已发布，申报时间10月20日至11月20日。"


def _publish(platform: Platform, text: str, number: int) -> None:
    platform.direct("wangfang", text)
    platform.direct("wangfang", "提交审核")
    assert "已批准" in platform.direct("chenzhiming", f"批准 {number}")["text"]


def test_requirement_goes_to_the_group_and_to_contacts_on_the_official_account(platform: Platform) -> None:
    since = platform.last()
    preview = platform.direct("wangfang", REQUIREMENT)["text"]
    assert "【监督管理要求】通知 1" in preview
    assert "1 个群：2020年度科普项目工作群" in preview
    assert "6 个单位：" in preview
    assert "逐个告知 2 人" in preview
    assert "回执：6 个单位，截止 10月14日 18:00" in preview
    draft = platform.card("direct:wangfang", since, "提交审核")
    assert "等待陈志明或刘倩审核" in platform.click("wangfang", draft, "提交审核")["card"]["desc"]
    waiting = platform.card("direct:chenzhiming", since, "批准")
    assert "已批准" in platform.click("chenzhiming", waiting, "批准")["card"]["desc"]
    arrived = platform.wait(GROUP, since, text="报送三季度进度表")
    assert "@所有人" in arrived["text"]
    fan = world.CONTACTS[0].openid
    assert platform.wait(f"official:{fan}", since, text="报送三季度进度表")


def test_drafter_cannot_approve_the_own_notice(platform: Platform) -> None:
    platform.direct("chenzhiming", REQUIREMENT)
    platform.direct("chenzhiming", "提交审核")
    assert platform.direct("chenzhiming", "批准 1")["text"] == "通知 1 是您起草的，请由另一位同事审核。"


def test_three_of_five_answer_and_only_the_other_two_are_chased(platform: Platform) -> None:
    """T11."""
    since = platform.last()
    platform.direct("wangfang", "广播 监督要求：请各单位落实活动提前报备制度，10月14日18:00前回执")
    preview = platform.direct("wangfang", "发给 除了 东莞市气象学会")["text"]
    assert "回执：5 个单位，截止 10月14日 18:00" in preview
    assert "将收取" not in preview
    platform.direct("wangfang", "提交审核")
    platform.direct("chenzhiming", "批准 1")
    platform.wait(GROUP, since, text="提前报备制度")
    for userid in ("limin", "chenjing", "hewei"):
        assert "已回执（通知 1）" in platform.in_group(userid, "收到")["text"]
    platform.set_clock("2020-10-14T09:00:01")
    for userid, unit in (("zhangqiang", "麻涌镇科学技术协会"), ("zhouyang", "松山湖青少年科学会")):
        owing = platform.wait(f"direct:{userid}", since, text="还没有回执通知 1")["text"]
        assert unit in owing
        assert f"{platform.stack.url}/n/" in owing
    platform.set_clock("2020-10-14T15:00:01")
    named = platform.wait(GROUP, since, text="请以下单位尽快回执")
    assert "松山湖青少年科学会、麻涌镇科学技术协会" in named["text"]
    assert named["mentions"] == ["zhouyang", "zhangqiang"]
    card = platform.card("direct:zhouyang", since, "收到")
    platform.click("zhouyang", card, "收到")
    platform.set_clock("2020-10-14T18:10:01")
    over = platform.wait("direct:wangfang", since, text="截止，仍未回执")["text"]
    assert "1 个单位：麻涌镇科学技术协会" in over
    platform.set_clock("2020-10-15T08:10:01")
    digest = platform.wait("direct:liuqian", since, text="10月15日（周四）简报")["text"]
    assert "通知 1 已截止，仍未回执：麻涌镇科学技术协会" in digest
    for userid in ("limin", "chenjing", "hewei", "huanglin"):
        assert not [one for one in platform.messages(since, f"direct:{userid}") if "回执" in one["text"]]


def test_who_has_not_handed_in_is_listed_shown_and_chased_once(platform: Platform) -> None:
    """T13."""
    since = platform.last()
    _publish(platform, REQUIREMENT, 1)
    platform.wait(GROUP, since, text="报送三季度进度表")
    assert "共 1 份" in platform.direct("limin", "交 1 https://example.org/table")["text"]
    content = {"type": "image", "filename": "a.jpg", "base64": base64.b64encode(photo(1)).decode()}
    platform.call("/direct/hewei/open", {})
    platform.call("/direct/hewei/say", {"text": "", "media": content})
    asked = platform.wait("direct:hewei", since, text="报送通知 1 的“三季度进度表”（虎门科技馆）")
    assert "回复序号" in asked["text"]
    platform.direct("hewei", "1")
    platform.wait("direct:hewei", since, text="已收到“虎门科技馆”报送的“三季度进度表”")
    shown = platform.direct("wangfang", "谁没交")["text"]
    assert "“三季度进度表”（还剩 2 天）未交 4 个" in shown
    assert not [name for name in ("环保志愿者", "虎门科技馆") if name in shown.partition("三季度进度表")[2]]
    page = _read(shown.partition("看板：")[2].strip())
    assert "已完成 2 / 6 个单位" in page
    assert "已提醒 4 个单位" in platform.direct("wangfang", "催办 1")["text"]
    assert "4 个今天已提醒过" in platform.direct("wangfang", "催办 1")["text"]
    platform.wait("direct:zhangqiang", since, text="还没有回执通知 1")
    platform.wait("direct:huanglin", since, text="还没有回执通知 1")
    chased = [one for one in platform.messages(since, "direct:zhangqiang") if "还没有回执" in one["text"]]
    assert len(chased) == 1
    published = platform.direct("wangfang", "看板图 1 发群")["text"]
    if fonts.find() is None:  # the sentence that a machine without Chinese letters gives
        assert "没有可用的中文字体" in published
        return
    assert "正在发到2020年度科普项目工作群" in published
    platform.wait(GROUP, since, text="进展")
    picture = platform.wait(GROUP, since, text="通知1看板.png")
    assert (picture["type"], picture["from"]) == ("image", "bot")


def _read(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return str(answer.read().decode())


def test_button_of_the_group_card_acknowledges(platform: Platform) -> None:
    since = platform.last()
    _publish(platform, REQUIREMENT, 1)
    card = platform.card(GROUP, since, "收到")
    platform.click("hewei", card, "收到")
    assert "虎门科技馆" not in platform.direct("wangfang", "谁没回")["text"]


def test_quoted_notice_is_the_one_acknowledged(platform: Platform) -> None:
    since = platform.last()
    _publish(platform, REQUIREMENT, 1)
    first = platform.wait(GROUP, since, text="通知 1")
    _publish(platform, "广播 通知：请各单位10月20日前更新联系人，收到请回复", 2)
    platform.wait(GROUP, since, text="通知 2")
    assert "通知 1" in platform.in_group("hewei", "收到", quote=first["id"])["text"]
    assert "通知 2" in platform.in_group("hewei", "收到")["text"]


def test_timed_notice_goes_at_its_hour_and_can_be_called_back_before(platform: Platform) -> None:
    since = platform.last()
    platform.direct("wangfang", GUIDE)
    assert "定于 10月13日 09:00 发出" in platform.direct("wangfang", "定时 明早9点")["text"]
    platform.direct("wangfang", "提交审核")
    platform.direct("chenzhiming", "批准 1")
    platform.direct("wangfang", "广播 通知：明天下午开会")
    platform.direct("wangfang", "定时 明早9点")
    platform.direct("wangfang", "提交审核")
    platform.direct("chenzhiming", "批准 2")
    assert platform.direct("wangfang", "撤回 2")["text"] == "通知 2 已取消，没有发给任何人。"
    platform.set_clock("2020-10-13T09:00:02")
    platform.wait(GROUP, since, text="申报指南")
    follower = f"official:{world.followers()[10][0]}"
    assert "申报指南" in platform.wait(follower, since, via="mass")["text"]
    assert not [one for one in platform.messages(since, GROUP) if "开会" in one["text"]]
    assert "无法从对方手机上收回" in platform.direct("wangfang", "撤回 1")["text"]


def test_notice_is_held_back_in_quiet_hours(start: Start) -> None:
    platform = start("2020-10-12T22:00:00+08:00")
    since = platform.last()
    platform.direct("wangfang", REQUIREMENT)
    platform.direct("wangfang", "提交审核")
    assert "10月13日 08:00（免打扰结束后）" in platform.direct("chenzhiming", "批准 1")["text"]
    time.sleep(1.5)
    assert not [one for one in platform.messages(since, GROUP) if one["from"] == "bot"]
    platform.set_clock("2020-10-13T08:00:01")
    assert platform.wait(GROUP, since, text="报送三季度进度表")


def test_follower_is_greeted_finds_notices_and_is_forgotten_on_leaving(platform: Platform) -> None:
    _publish(platform, GUIDE, 1)
    fan = "o-somebody-new-000000001"
    platform.call("/followers", {"openid": fan, "name": "新粉丝"})
    greeting = platform.call(f"/official/{fan}/follow", {})["reply"]["text"]
    assert "申报指南" in greeting
    assert "绑定" in greeting
    guide = platform.follower(fan, "申报指南")
    assert guide is not None
    assert "/notices/1" in guide["text"]
    hits = platform.follower(fan, "2020")
    assert hits is not None
    assert "找到 1 条" in hits["text"]
    helped = platform.follower(fan, "今天天气不错呀")
    assert helped is not None
    assert platform.follower(fan, "今天天气还是不错") is None  # help at most once an hour
    platform.call(f"/official/{fan}/unfollow", {})
    assert fan not in _everything_stored(platform)


def test_activity_tomorrow_and_report_are_reminded_of(platform: Platform) -> None:
    since = platform.last()
    platform.direct("limin", "报备：10月24日上午9:00-11:30，莞城文化广场，垃圾分类进社区讲座，120人，李敏 13800138000")
    platform.direct("limin", "提交")
    platform.direct("chenzhiming", "通过 2020-0001")
    assert "已备案" in platform.wait("direct:limin", since, text="已备案")["text"]
    platform.set_clock("2020-10-23T16:00:01")
    assert "明天举办" in platform.wait("direct:limin", since, text="提醒：")["text"]
    platform.set_clock("2020-10-25T10:00:01")
    assert "总结 2020-0001" in platform.wait("direct:limin", since, text="已经结束")["text"]
    assert "实到 135 人" in platform.direct("limin", "总结 2020-0001 实到135人 https://example.org/a")["text"]


def test_planned_activity_without_a_filing_is_reminded_of_before_its_last_day(platform: Platform) -> None:
    since = platform.last()
    platform.set_clock("2020-10-13T09:00:01")  # the last day for 10月16日, N = 3
    assert "今天是最后一天" in platform.wait("direct:chenjing", since, text="流动科普书车进厂区")["text"]
    assert "东莞市长安图书馆" in platform.wait(GROUP, since, text="最迟报备日")["text"]


def _everything_stored(platform: Platform) -> str:
    """Every value of every table, as one text."""
    from sqlalchemy import text

    from bot.model import Base
    from bot.settings import load
    from bot.store.engine import Database

    database = Database(load(platform.stack.config).database.url)
    try:
        with database.read() as session:
            tables = [f'SELECT * FROM "{name}"' for name in Base.metadata.tables]
            return str([session.execute(text(one)).all() for one in tables])
    finally:
        database.close()
