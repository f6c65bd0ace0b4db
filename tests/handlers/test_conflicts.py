"""Doubts at filing time: a friendly question to the unit, a flag for staff, never a refusal."""

from datetime import timedelta

from sqlalchemy import event

from bot.model import Filing, Flag, Unit
from bot.store.unit_of_work import UnitOfWork
from handlers.filing import conflicts as filing_conflicts
from tests.handlers.words import TEXT, accepted, filed, said, told
from tests.office import Office

SAME_HOUR = "报备：10月24日上午10点到12点，虎门科技馆，机器人体验日，预计80人，负责人黄琳 13800138006"
SAME_PLACE = "报备：10月24日上午10点到12点，莞城街道文化广场，科普阅读分享会，预计50人，负责人陈静 13800138002"
SAME_PERSON = "报备：10月24日上午10点到12点，虎门科技馆，科普阅读分享会，预计50人，负责人李敏 13800138000"
QUESTION = "您在同一时间还报备了 2020-0001《垃圾分类进社区讲座》，请确认。"


def flags(office: Office, **open_: bool) -> set[tuple[str, str]]:
    return {(one.kind, one.key) for one in office.rows(Flag) if not open_ or one.settled_at is None}


def test_unit_is_asked_about_its_own_other_activity_and_may_submit_all_the_same(town: Office) -> None:
    filed(town)
    card = said(town, "limin", SAME_HOUR)
    assert QUESTION in card.splitlines()
    assert said(town, "limin", "提交").startswith("已提交 2020-0002")
    assert flags(town) == {("overlap", "2020-0001")}
    assert "提示：与 2020-0001（环保协会）时间重叠" in told(town, "wf")[-1]
    assert "提示：与 2020-0001（环保协会）时间重叠" in said(town, "wf", "待审")
    assert "提示：与 2020-0001（环保协会）时间重叠" in said(town, "third", "查 2020-0002")
    assert "·有提示" in said(town, "wf", "查 10月")


def test_of_another_unit_nothing_is_said_but_that_the_place_is_taken(town: Office) -> None:
    filed(town)
    card = said(town, "chenjing", SAME_PLACE)
    assert "该地点在这一时间已有其他活动，请与场地方确认。" in card.splitlines()
    for secret in ("2020-0001", "环保协会", "垃圾分类", "李敏", "13800138000"):
        assert secret not in card
    said(town, "chenjing", "提交")
    assert flags(town) == {("double_booked", "2020-0001")}


def test_same_person_in_two_places_is_for_staff_alone(town: Office) -> None:
    filed(town)
    card = said(town, "chenjing", SAME_PERSON)
    assert "请确认" not in card
    assert "2020-0001" not in card
    said(town, "chenjing", "提交")
    assert flags(town) == {("two_places", "2020-0001")}
    assert "负责人同时在两处" in told(town, "wf")[-1]


def test_who_acts_for_both_units_is_asked_about_the_other_one(town: Office) -> None:
    filed(town)
    said(town, "zhouyang", SAME_PERSON)
    assert QUESTION in said(town, "zhouyang", "长安图书馆")


def test_same_text_of_the_same_unit_is_asked_about(town: Office) -> None:
    text = TEXT + "\n简介：面向社区居民讲解垃圾分类的方法和意义，现场互动答题"
    filed(town, text)
    card = said(town, "limin", text.replace("10月24日", "10月31日"))
    assert "内容与 2020-0001《垃圾分类进社区讲座》（10月24日（周六））几乎相同，请确认不是重复报备。" in card
    said(town, "limin", "提交")
    assert flags(town) == {("same_text", "2020-0001")}


def test_same_text_of_another_unit_is_for_staff_alone(town: Office) -> None:
    text = TEXT + "\n简介：面向社区居民讲解垃圾分类的方法和意义，现场互动答题"
    filed(town, text)
    copy = text.replace("10月24日", "10月31日").replace("李敏 13800138000", "陈静 13800138002")
    assert "几乎相同" not in said(town, "chenjing", copy)
    said(town, "chenjing", "提交")
    assert flags(town) == {("same_text", "2020-0001")}
    assert "内容雷同" in told(town, "wf")[-1]


def test_draft_and_what_was_taken_back_are_in_nobodys_way(town: Office) -> None:
    said(town, "limin", TEXT)
    assert "请确认" not in said(town, "limin", SAME_HOUR)
    said(town, "limin", "取消 2020-0002")
    number = filed(town)
    filed(town, SAME_HOUR)
    said(town, "limin", f"撤回 {number}")
    assert flags(town, open_=True) == set()
    assert "提示" not in said(town, "wf", "待审")


def test_flags_are_settled_when_staff_accept_and_not_raised_again(town: Office) -> None:
    filed(town)
    number = filed(town, SAME_HOUR)
    said(town, "czm", f"通过 {number}")
    assert flags(town, open_=True) == set()
    assert [one.settled_by for one in town.rows(Flag)] != [None]
    said(town, "limin", f"修改 {number} 人数150")
    said(town, "limin", "提交")
    assert flags(town, open_=True) == set()  # looked at already
    assert "提示" not in told(town, "wf")[-1]


def test_doubt_goes_when_the_hour_moves_and_comes_back_with_it(town: Office) -> None:
    filed(town)
    number = filed(town, SAME_HOUR)
    assert "请确认" not in said(town, "limin", f"修改 {number} 时间改成下午两点到四点")
    said(town, "limin", "提交")
    assert flags(town, open_=True) == set()
    assert QUESTION in said(town, "limin", f"修改 {number} 时间改成上午十点到十二点")
    said(town, "limin", "提交")
    assert flags(town, open_=True) == {("overlap", "2020-0001")}


def test_amendment_is_checked_as_a_filing_is(town: Office) -> None:
    filed(town)
    number = accepted(town, SAME_HOUR.replace("上午10点到12点", "下午2点到4点"))
    assert QUESTION in said(town, "limin", f"修改 {number} 时间改成上午十点到十二点")
    said(town, "limin", "提交")
    assert "提示：与 2020-0001" in told(town, "wf")[-1]


def test_two_questions_at_most_of_each_kind(town: Office) -> None:
    for hour in (9, 10, 11, 12):
        filed(town, f"报备：10月24日{hour}点到13点，虎门科技馆，第{hour}场体验，预计80人，负责人黄琳 13800138006")
    card = said(town, "limin", TEXT)
    assert card.count("您在同一时间还报备了") == 2


def test_looking_for_doubts_costs_the_same_however_many_filings_there_are(town: Office) -> None:
    filed(town)

    def many(work: UnitOfWork) -> None:
        [first] = work.session.query(Filing).all()
        other = Unit(name="别的单位")
        work.session.add(other)
        work.session.flush()
        for at in range(400):
            work.session.add(
                Filing(
                    number=f"2020-{at + 1000}", state="accepted", account_id=first.account_id, unit_id=other.id,
                    name=f"活动{at}", start=first.start + timedelta(days=at % 40), end=first.end, place="虎门科技馆",
                    created_at=work.now, updated_at=work.now,
                )
            )  # fmt: skip

    town.do(many)
    statements: list[tuple[str, int]] = []

    def look(work: UnitOfWork) -> None:
        [first] = work.session.query(Filing).filter_by(number="2020-0001").all()

        def count(conn: object, cursor: object, statement: str, *rest: object) -> None:
            statements.append((statement, 1))

        event.listen(work.session.connection(), "before_cursor_execute", count)
        filing_conflicts.find(work, first)

    town.do(look)
    assert len(statements) == 2
    assert all("LIMIT" in statement for statement, _ in statements)
