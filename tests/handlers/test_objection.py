"""A publicity, its period, and the objections that anybody raises: kept, handed to staff, shown to nobody else."""

import pytest

from bot.messaging.types import OFFICIAL_ACCOUNT
from bot.model import Notice, Objection
from tests.handlers.words import said, text_of, told
from tests.office import GROUP, Office

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # words, not rows
WORDS = "某项目的申报材料与实际不符"


@pytest.fixture
def publicity(town: Office) -> Office:
    """Notice 1 is out on Monday, for five working days."""
    preview = said(town, "wf", "广播 立项公示：《拟立项项目》现予公示，公示期5个工作日。")
    assert "公示至 10月19日 23:59，截止前提醒您" in preview
    assert "如有异议，请私聊我或在公众号回复“异议 1 内容”" in preview
    said(town, "wf", "提交审核")
    said(town, "czm", "批准 1")
    return town


def objects(office: Office, text: str, who: str = "oFan", **more: str) -> str:
    return text_of(office.say(who, text, channel=OFFICIAL_ACCOUNT, **more))  # type: ignore[arg-type]


def test_objection_of_a_follower_is_kept_and_handed_to_staff(publicity: Office) -> None:
    answer = objects(publicity, f"异议 1 {WORDS}")
    assert "已收到您对通知 1《拟立项项目》的异议" in answer
    assert "补充：异议 1 姓名和联系电话" in answer
    [row] = publicity.rows(Objection)
    assert (row.notice_id, row.text, row.late, row.person_id) == (1, WORDS, False, None)
    for colleague in ("wf", "czm", "lq"):
        assert f"未实名：{WORDS}" in told(publicity, colleague)[-1]
    listed = said(publicity, "wf", "异议 1")
    assert "公示至 10月19日 23:59，收到异议 1 条" in listed
    assert WORDS in listed
    assert "oFan" not in listed


def test_objection_without_a_number_is_against_what_is_running(publicity: Office) -> None:
    assert "已收到" in said(publicity, "limin", f"异议：{WORDS}")
    assert "李敏（环保协会）" in said(publicity, "wf", "异议")


@pytest.mark.parametrize("words", ["2020年度某项目与实际不符", "3号地块的项目重复申报"])
def test_figure_at_the_head_of_an_objection_is_no_number_of_a_notice(publicity: Office, words: str) -> None:
    assert "已收到" in objects(publicity, f"异议 {words}")
    assert [one.text for one in publicity.rows(Objection)] == [words]


def test_objection_of_who_leaves_stays_without_who_it_was(publicity: Office) -> None:
    publicity.follower("oAmy")
    publicity.say("oAmy", "异议 1 材料不实，请联系 13700137000", channel=OFFICIAL_ACCOUNT)
    told = [one.content["text"] for one in publicity.outbox("staff") if "收到异议" in one.content["text"]]
    assert told
    assert "13700137000" in told[0]
    publicity.event("oAmy", "unsubscribe")
    [row] = publicity.rows(Objection)
    assert (row.person_id, row.text) == (None, "材料不实，请联系 137****7000")
    after = [one.content["text"] for one in publicity.outbox("staff") if "收到异议" in one.content["text"]]
    assert len(after) == len(told)
    assert all("提出人已取消关注：材料不实，请联系 137****7000" in one for one in after)


def test_nobody_objects_to_what_is_held_for_the_morning(town: Office) -> None:
    town.at("2020-10-12T22:30")
    said(town, "wf", "广播 立项公示：《拟立项项目》现予公示，公示期5个工作日。")
    said(town, "wf", "提交审核")
    said(town, "czm", "批准 1")
    assert "现在没有正在公示的名单" in objects(town, f"异议 1 {WORDS}")
    assert town.rows(Objection) == []


def test_objection_in_the_group_is_taken_without_being_repeated(publicity: Office) -> None:
    answer = text_of(publicity.say("limin", f"异议 1 {WORDS}", chat=GROUP))
    assert "已转交" in answer
    assert WORDS not in answer
    assert "私聊" in text_of(publicity.say("wf", "异议 1", chat=GROUP))


def test_objection_after_the_end_is_kept_and_marked(publicity: Office) -> None:
    publicity.at("2020-10-20T09:30")
    assert "公示已于 10月19日 23:59 结束，我们仍会处理" in objects(publicity, f"异议 1 {WORDS}")
    assert publicity.rows(Objection)[0].late
    assert "现在没有正在公示的名单" in objects(publicity, "异议")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("异议", "请在编号后写明异议的内容，例如：异议 1"),
        ("异议 1", "请在编号后写明异议的内容"),
        ("异议 9 不对", "请写明公示的编号和内容"),
        ("异议 1 " + "不" * 2001, "内容有 2001 字"),
    ],
)
def test_objection_that_cannot_be_kept_is_answered_with_what_to_do(publicity: Office, words: str, answer: str) -> None:
    said_back = said(publicity, "limin", words) if words == "异议 1" else objects(publicity, words)
    assert answer in said_back
    assert publicity.rows(Objection) == []


def test_one_account_cannot_bury_the_staff(publicity: Office) -> None:
    for _ in range(10):
        objects(publicity, f"异议 1 {WORDS}")
    assert "已提交 10 条异议" in objects(publicity, f"异议 1 {WORDS}")
    assert len(publicity.rows(Objection)) == 10


def test_end_is_said_on_the_last_morning_and_afterwards(publicity: Office) -> None:
    publicity.tick()
    objects(publicity, f"异议 1 {WORDS}")
    for day in ("15", "18", "19", "20", "21"):
        publicity.at(f"2020-10-{day}T09:00:05")
        publicity.tick()
    heard = [one for one in told(publicity, "lq") if "公示" in one and "收到异议 1 条" in one]
    assert [("今天 23:59 公示截止" in one, "共收到异议 1 条，请核实处理" in one) for one in heard] == [
        (True, False),
        (False, True),
    ]
    assert [one for one in told(publicity, GROUP) if "公示今天 23:59 截止" in one]


def test_period_in_days_counts_from_the_day_on_which_it_goes(town: Office) -> None:
    said(town, "wf", "广播 立项公示：名单现予公示，公示期5天。")
    assert town.rows(Notice)[0].deadline.day == 17
    said(town, "wf", "定时 1 10月14日 09:00")
    assert town.rows(Notice)[0].deadline.day == 19
    said(town, "wf", "提交审核")
    said(town, "czm", "批准 1")
    said(town, "wf", "改期 1 10月15日 09:00")
    town.tick()
    town.at("2020-10-15T09:00:05")
    town.tick()
    [notice] = town.rows(Notice)
    assert (notice.state, notice.deadline.day) == ("sent", 20)
