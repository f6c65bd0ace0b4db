"""After a filing was submitted: changed, decided on, looked up; and the manners of the group, over real sockets."""

from bot.demo import world
from tests.e2e.platform import Platform

GROUP = f"group:{world.GROUP}"
T1 = "报备：10月24日（周六）上午9:00-11:30，莞城文化广场，垃圾分类进社区讲座，预计120人，负责人李敏 13800138000"


def test_accepted_filing_is_amended_in_the_group_and_accepted_again(platform: Platform) -> None:
    since = platform.last()
    platform.direct("limin", "我的报备")
    platform.in_group("limin", T1)
    platform.in_group("limin", "提交")
    platform.click("wangfang", platform.card("direct:wangfang", since, "备案"), "备案")
    platform.wait("direct:limin", since, text="《垃圾分类进社区讲座》已备案")
    since = platform.last()
    answer = platform.in_group("limin", "修改 2020-0001 时间改成下午两点到四点")["text"]
    assert answer.splitlines() == [
        "李敏，请核对变更（2020-0001《垃圾分类进社区讲座》），其余不变：",
        "时间：10月24日（周六）09:00–11:30 → 10月24日（周六）14:00–16:00",
    ]
    settled = platform.click("limin", platform.card(GROUP, since, "提交"), "提交")
    assert settled["card"]["title"] == "已提交 2020-0001 的变更（第 2 版）"
    staff = platform.card("direct:wangfang", since, "备案")
    assert "变更 2020-0001（东莞市环保志愿者协会）" in staff["card"]["desc"]
    platform.click("wangfang", staff, "备案")
    assert platform.wait("direct:limin", since, text="的变更已备案")


def test_each_message_and_each_click_in_the_group_gets_one_answer(platform: Platform) -> None:
    since = platform.last()
    platform.in_group("limin", T1)
    card = platform.card(GROUP, since, "修改")
    assert len(_by_bot(platform, since)) == 1
    since = platform.last()
    platform.click("limin", card, "修改")
    platform.wait(GROUP, since, text="请直接说要改什么")
    platform.in_group("limin", "人数150")
    assert len(_by_bot(platform, since)) == 2


def test_long_list_asked_for_in_the_group_comes_to_direct_chat(platform: Platform) -> None:
    platform.direct("wangfang", "帮助")
    for day in range(24, 31):
        platform.direct("limin", T1.replace("10月24日（周六）", f"10月{day}日"))
        platform.direct("limin", "提交")
    since = platform.last()
    assert platform.in_group("wangfang", "10月活动")["text"] == "内容较长，已私聊发给您。"
    assert "13800138000" in platform.wait("direct:wangfang", since, text="10月共 7 场活动")["text"]
    assert "13800138000" not in str(platform.messages(since, GROUP))


def _by_bot(platform: Platform, since: int) -> list[object]:
    """What the bot said in the group; the card that comes with a text is part of it."""
    said = [one for one in platform.messages(since, GROUP) if one["from"] == "bot"]
    return [one for one in said if one["type"] != "card" or one["via"] == "push"]
