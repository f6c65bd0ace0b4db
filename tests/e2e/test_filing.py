"""T1–T5, T8–T10, T17: filings through the work group and the official account, over real sockets."""

import re
from concurrent.futures import ThreadPoolExecutor

from bot.demo import world
from tests.e2e.conftest import Start
from tests.e2e.platform import Platform

GROUP = f"group:{world.GROUP}"
T1 = "报备：10月24日（周六）上午9:00-11:30，莞城文化广场，垃圾分类进社区讲座，预计120人，负责人李敏 13800138000"


def test_free_text_in_the_group_becomes_a_card_and_is_submitted(platform: Platform) -> None:
    since = platform.last()
    answer = platform.in_group("limin", T1)["text"]
    assert "李敏，请核对（草稿 2020-0001）" in answer
    for line in (
        "活动名称：垃圾分类进社区讲座",
        "时间：10月24日（周六）09:00–11:30",
        "地点：莞城街道 · 莞城文化广场",
        "形式：讲座",
        "预计：120 人",
        "负责人：李敏 138****8000",
        "按期：最迟 10月21日（周三）报备 ✔",
    ):
        assert line in answer.splitlines()
    card = platform.card(GROUP, since, "提交")
    assert [one["text"] for one in card["card"]["buttons"]] == ["提交", "修改", "取消"]
    answer = platform.in_group("limin", "提交")["text"]
    assert answer == "已提交 2020-0001，等待备案。活动前一天我会提醒您；结束后 5 天内请回复“总结 2020-0001”。"
    staff = platform.card("direct:wangfang", since, "备案")
    assert "新报备 2020-0001（东莞市环保志愿者协会）" in staff["card"]["desc"]


def test_card_in_the_group_never_shows_a_whole_phone_number(platform: Platform) -> None:
    since = platform.last()
    platform.in_group("limin", T1)
    platform.in_group("limin", "提交")
    shown = [one for one in platform.messages(since, GROUP) if one["from"] == "bot"]
    assert shown
    assert not re.search("13800138000", str(shown))


def test_button_submits_and_settles_the_card(platform: Platform) -> None:
    since = platform.last()
    platform.in_group("limin", T1)
    settled = platform.click("limin", platform.card(GROUP, since, "提交"), "提交")
    assert "已提交 2020-0001" in settled["card"]["title"]
    assert settled["card"]["buttons"] == []


def test_missing_fields_are_asked_one_after_the_other(platform: Platform) -> None:
    answer = platform.direct("limin", "报备 下周六下午两点半在松山湖图书馆搞一场航模体验")["text"]
    assert "航模体验，10月24日（周六）14:30–16:30，松山湖 · 松山湖图书馆" in answer
    assert answer.endswith("请问预计多少人参加？")
    answer = platform.direct("limin", "80人")["text"]
    assert "负责人是谁、联系电话" in answer
    assert "李敏 138****8000" in answer  # the sender's own is offered
    answer = platform.direct("limin", "我")["text"]
    assert "时间：10月24日（周六）14:30–16:30（结束时间按两小时估计）" in answer
    assert "负责人：李敏 138****8000" in answer
    assert "已提交 2020-0001" in platform.direct("limin", "提交")["text"]


def test_late_filing_is_marked_and_asked_for_its_reason(start: Start) -> None:
    platform = start("2020-10-22T10:00:00+08:00")
    since = platform.last()
    answer = platform.direct("zhangqiang", "报备 10月24日上午9点 社区义诊科普 麻涌镇大步村 60人 张强 13900139000")[
        "text"
    ]
    assert "逾期 1 个工作日" in answer
    assert "请说明逾期原因" in answer
    assert "逾期原因：场地刚定下来" in platform.direct("zhangqiang", "场地刚定下来")["text"]
    assert "已提交 2020-0001" in platform.direct("zhangqiang", "提交")["text"]
    staff = platform.card("direct:wangfang", since, "备案")["card"]["desc"]
    assert "【逾期 1 个工作日】" in staff
    assert "逾期原因：场地刚定下来" in staff


def test_make_up_days_count_as_working_days(start: Start) -> None:
    platform = start("2020-09-20T10:00:00+08:00", filing_working_days=4)
    answer = platform.direct("limin", "报备 10月9日上午9点到11点，莞城文化广场，科普讲座，50人，李敏 13800138000")[
        "text"
    ]
    assert "按期：最迟 9月27日（周日）报备 ✔" in answer


def test_correction_in_words_changes_only_what_it_names(platform: Platform) -> None:
    platform.direct("limin", T1)
    answer = platform.direct("limin", "时间改成下午两点到四点，人数150")["text"].splitlines()
    assert "时间：10月24日（周六）14:00–16:00 〔已改〕" in answer
    assert "预计：150 人 〔已改〕" in answer
    assert len([line for line in answer if "〔已改〕" in line]) == 2


def test_draft_of_an_unbound_person_waits_for_the_binding(platform: Platform) -> None:
    answer = platform.direct("linxiao", "报备：10月28日上午9点到11点，莞城文化广场，科普讲座，20人，林晓 13700137000")[
        "text"
    ]
    assert "已替您保存为草稿 2020-0001（保留 7 天）" in answer
    assert "绑定 绑定码" in answer
    answer = platform.direct("linxiao", f"绑定 {_code(platform, '东莞市长安图书馆')}")["text"]
    assert "绑定成功" in answer
    assert "草稿 2020-0001" in answer
    assert "已提交 2020-0001" in platform.direct("linxiao", "提交")["text"]


def test_person_of_two_units_is_asked_once_for_which(platform: Platform) -> None:
    since = platform.last()
    answer = platform.direct("zhouyang", "报备：10月28日上午9点到11点，松山湖图书馆，航模讲座，20人，周洋 13800138004")[
        "text"
    ]
    assert "您代表哪个单位？" in answer
    card = platform.card("direct:zhouyang", since, "松山湖青少年科学会")
    assert {one["text"] for one in card["card"]["buttons"]} == {"松山湖青少年科学会", "东莞市气象学会"}
    platform.click("zhouyang", card, "松山湖青少年科学会")
    assert "单位：松山湖青少年科学会" in platform.wait("direct:zhouyang", since, text="请核对")["text"]
    platform.direct("zhouyang", "提交")
    # The second one in this conversation is for the same unit, without a question.
    second = platform.direct("zhouyang", "报备：10月29日上午9点到11点，松山湖图书馆，天文讲座，20人，周洋 13800138004")[
        "text"
    ]
    assert "单位：松山湖青少年科学会" in second
    assert "您代表哪个单位？" in platform.direct("zhouyang", "切换单位")["text"]


def test_five_wrong_codes_close_the_door_for_an_hour(platform: Platform) -> None:
    code = _code(platform, "东莞市长安图书馆")
    since = platform.last()
    for left in (4, 3, 2, 1):
        assert f"还可以再试 {left} 次" in platform.direct("linxiao", "绑定 AAAA-2222")["text"]
    assert "请在 10月12日 11:00 之后再试" in platform.direct("linxiao", "绑定 AAAA-2222")["text"]
    assert "之后再试" in platform.direct("linxiao", f"绑定 {code}")["text"]
    assert platform.wait("direct:liuqian", since, text="输错绑定码")
    platform.set_clock("2020-10-12T11:05:00")
    assert "绑定成功" in platform.direct("linxiao", f"绑定 {code}")["text"]


def test_repeated_callback_makes_one_filing_and_one_answer(platform: Platform) -> None:
    fan = world.CONTACTS[0].openid
    platform.follower(fan, f"绑定 {_code(platform, '东莞市环保志愿者协会')}")
    since = platform.last()
    platform.call("/faults", {"target": "callbacks", "outcome": "repeat", "times": 1})
    platform.follower(fan, T1)
    platform.wait(f"official:{fan}", since, text="请核对")
    seen = [one["text"] for one in platform.messages(since, f"official:{fan}") if one["from"] == "bot"]
    assert len([text for text in seen if "请核对" in text]) == 1
    mine = platform.follower(fan, "我的报备")
    assert mine is not None
    assert mine["text"].count("2020-000") == 2  # one line, and the hint that names it


def test_many_members_at_once_each_get_their_own_answer(platform: Platform) -> None:
    people = ["limin", "chenjing", "hewei", "zhangqiang", "huanglin"]
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda who: platform.call(f"/direct/{who}/say", {"text": "我的报备"}), people))
    for who in people:
        assert platform.wait(f"direct:{who}", 0, text="还没有报备记录")


def _code(platform: Platform, unit: str) -> str:
    """A code as the operator makes it, on the command line beside the running bot."""
    import subprocess
    import sys

    command = [sys.executable, "-m", "bot", "unit", "invite", unit]
    done = subprocess.run(command, env=platform.stack.environment, capture_output=True, text=True, check=True)
    found = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", done.stdout)
    assert found
    return found[0]
