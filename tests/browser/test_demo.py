"""A visitor's way through the demo: only what is seen on the pages counts."""

import pytest

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


def test_a_visitor_files_broadcasts_acknowledges_and_sees_a_reminder_come(visitor: Visitor) -> None:
    visitor.open(visitor.pages)

    visitor.play("报备一场活动")
    visitor.send("group")
    visitor.sees("group", "活动名称：垃圾分类进社区讲座", "10月24日（周六）09:00–11:30", "负责人：李敏 138****8000")
    visitor.play("核对后提交")
    visitor.press_on_card("group", "提交")
    visitor.sees("group", "已提交 2020-0006，等待备案")

    visitor.play("起草监督要求")
    visitor.send("direct")
    visitor.sees("direct", "预览（通知 3，还没有发出）", "回执：6 个单位，截止 10月15日 18:00")
    visitor.press_on_card("direct", "提交审核")
    visitor.sees("direct", "等待陈志明或刘倩审核")
    assert "通知 3 回执" not in visitor.shown("#phone-group .log")

    visitor.play("换一个人批准")
    visitor.press_on_card("direct", "批准")
    visitor.sees("direct", "已批准")
    visitor.sees("group", "通知 3 回执", "@所有人")
    visitor.sees("official", "10月15日18:00前报送三季度进度表")  # a template shows twenty characters

    visitor.play("回执：收到")
    visitor.send("group")
    visitor.sees("group", "东莞市环保志愿者协会已回执（通知 3）")

    visitor.play("拨到活动前一天")
    visitor.press("#clock-form button[type=submit]")
    visitor.sees("direct", "提醒：《垃圾分类进社区讲座》明天举办", "总结 2020-0006 实到人数")
    assert "10月23日 周五 16:0" in visitor.shown("#clock-time")

    visitor.press("#open-state")
    visitor.wait(lambda: "机器人主动推送" in visitor.shown("#state-tables"), "no counts of the platform")
    assert visitor.sideways() == 0
    assert not visitor.complaints()


def test_no_page_is_wider_than_a_phone_and_the_console_is_quiet(visitor: Visitor) -> None:
    visitor.hold_a_phone()
    visitor.open(visitor.pages)
    visitor.wait(lambda: "科普项目工作群" in visitor.shown("#phone-group .navbar"), "no work group")
    fits = {"group": visitor.sideways()}
    assert fits["group"] == 0

    visitor.press("#open-tour")
    visitor.play("报备一场活动")
    fits["a long text"] = visitor.sideways()
    visitor.send("group")
    visitor.sees("group", "请核对（草稿 ")
    fits["card"] = visitor.sideways()

    for tab in ("direct", "official"):
        visitor.press(f"[data-tab={tab}]")
        fits[tab] = visitor.sideways()
    visitor.press("#phone-official .account-menu button")
    visitor.press("#phone-official .menu-popup button")
    visitor.sees("official", "请问活动叫什么名称")
    fits["after the menu"] = visitor.sideways()

    visitor.press("#clock-toggle")
    fits["clock"] = visitor.sideways()
    visitor.press("[data-goto=custom]")
    fits["clock's dialog"] = visitor.sideways()
    visitor.press("#clock-dialog [data-close]")
    visitor.press("#open-state")
    visitor.wait(lambda: "机器人登录" in visitor.shown("#state-tables"), "no counts of the platform")
    fits["platform"] = visitor.sideways()

    for path in ("/notices", "/notices/1"):
        visitor.open(visitor.bot + path)
        assert "2020年度科普专项（第二批）申报指南" in visitor.shown("body")
        fits[path] = visitor.sideways()

    assert fits == dict.fromkeys(fits, 0)
    assert not visitor.complaints()


def test_the_page_stays_live_however_often_it_was_left(visitor: Visitor) -> None:
    for number in range(91, 99):
        visitor.open(f"{visitor.pages}/?me=liuqian")
        visitor.say("direct", f"进度 {number}")
        visitor.sees("direct", f"没有通知“{number}”")
