"""Whom a notice reaches, looked up in the rows of a small office."""

import pytest
from sqlalchemy import select

from bot.delivery import targets
from bot.errors import UserError
from bot.messaging.types import OFFICIAL_ACCOUNT
from bot.model import Account, Acknowledgement, FollowerTag, Notice, NoticeKind, Unit
from bot.store.unit_of_work import UnitOfWork
from tests.office import GROUP, Office

UNITS = (
    ("东莞市长安图书馆", "长安镇", "科普阅读"),
    ("虎门科技馆", "虎门镇", "机器人"),
    ("麻涌镇科协", "麻涌镇", "健康科普"),
)


@pytest.fixture
def town(office: Office) -> Office:
    """Three units, a contact of the first on the official account, three more followers, two members of staff."""
    for name, place, project in UNITS:
        office.unit(name, place, project)
    office.contact("o-chen", "陈静", "东莞市长安图书馆", channel=OFFICIAL_ACCOUNT)
    office.staff("wangfang", "王芳", "drafter")
    office.staff("chenzhiming", "陈志明", "approver")
    for openid in ("o-1", "o-2", "o-3"):
        office.follower(openid)
    office.do(_tag)
    return office


def _tag(work: UnitOfWork) -> None:
    fan = work.session.scalars(select(Account).where(Account.external_id == "o-1")).one()
    work.session.add(FollowerTag(account_id=fan.id, tag="教师"))
    notice = _notice(work, public=False)
    units = list(work.session.scalars(select(Unit).order_by(Unit.id)))
    for unit in units:
        given = work.now if unit.name == "虎门科技馆" else None
        work.session.add(Acknowledgement(notice_id=notice.id, unit_id=unit.id, given_at=given))


def _notice(work: UnitOfWork, *, public: bool, wish: str = "") -> Notice:
    made = Notice(kind=NoticeKind.GENERAL, title="t", body="b", public=public, created_at=work.now)
    made.targets = targets.read(work, wish) if wish else None
    work.session.add(made)
    work.session.flush()
    return made


def found(office: Office, wish: str, *, public: bool = False) -> tuple[set[str], set[str], set[str], int]:
    """Groups, units and followers by name, and how many members of staff."""

    def act(work: UnitOfWork) -> tuple[set[str], set[str], set[str], int]:
        reached = targets.evaluate(work, _notice(work, public=public, wish=wish))
        units = set(work.session.scalars(select(Unit.name).where(Unit.id.in_(reached.units))))
        fans = set(work.session.scalars(select(Account.external_id).where(Account.id.in_(reached.followers))))
        return {one.recipient for one in reached.groups}, units, fans, len(reached.staff)

    result: tuple[set[str], set[str], set[str], int] = office.do(act)
    return result


ALL = {name for name, _, _ in UNITS}
FANS = {"o-chen", "o-1", "o-2", "o-3"}


@pytest.mark.parametrize(
    ("wish", "groups", "units", "followers", "staff"),
    [
        ("", {GROUP}, ALL, set(), 0),
        ("各单位", set(), ALL, set(), 0),
        ("长安镇或虎门镇", set(), {"东莞市长安图书馆", "虎门科技馆"}, set(), 0),
        ("未回执 1", set(), {"东莞市长安图书馆", "麻涌镇科协"}, set(), 0),
        ("（长安镇或虎门镇）且 未回执 1", set(), {"东莞市长安图书馆"}, set(), 0),
        ("除了 虎门科技馆", {GROUP}, {"东莞市长安图书馆", "麻涌镇科协"}, set(), 0),
        ("项目 机器人", set(), {"虎门科技馆"}, set(), 0),
        ("标签 教师", set(), set(), {"o-1"}, 0),
        ("已绑定粉丝", set(), set(), {"o-chen"}, 0),
        ("未绑定粉丝", set(), set(), {"o-1", "o-2", "o-3"}, 0),
        ("没收到 1 且 各单位", set(), ALL, set(), 0),
        ("工作人员", set(), set(), set(), 2),
        ("审核人", set(), set(), set(), 1),
    ],
)
def test_expression_finds_whom_it_says(
    town: Office, wish: str, groups: set[str], units: set[str], followers: set[str], staff: int
) -> None:
    assert found(town, wish) == (groups, units, followers, staff)


def test_public_notice_is_for_every_follower(town: Office) -> None:
    assert found(town, "", public=True) == ({GROUP}, set(), FANS, 0)
    assert found(town, "除了 标签 教师", public=True) == ({GROUP}, ALL, FANS - {"o-1"}, 0)


def test_unknown_notice_and_unknown_name_are_told(town: Office) -> None:
    with pytest.raises(UserError, match="没有通知“99”"):
        found(town, "未回执 99")
    with pytest.raises(UserError, match="虎门科技馆"):
        found(town, "虎门科学馆")


def test_targets_are_told_with_counts_and_names(town: Office) -> None:
    def act(work: UnitOfWork) -> str:
        return targets.describe(
            work, targets.evaluate(work, _notice(work, public=False, wish="长安镇 或 标签 教师 或 审核人"))
        )

    assert town.do(act).splitlines() == ["1 个单位：东莞市长安图书馆", "公众号粉丝 1 人", "工作人员 1 人：陈志明"]
