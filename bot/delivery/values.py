"""What the variables of a notice mean for each unit, looked up in the rows."""

from collections import defaultdict

from sqlalchemy import select

from bot.delivery import targets
from bot.messaging.texts import say
from bot.model import Notice, Project, Unit
from bot.rules import targets as rules
from bot.rules import variables
from bot.store.unit_of_work import UnitOfWork

UNITS_NAMED = 10


def fault_of(work: UnitOfWork, notice: Notice) -> str:
    """The sentence that names the variable and the units where some unit would read a blank; else empty."""
    missing: dict[str, list[str]] = defaultdict(list)
    if variables.used(notice.body):
        for held in of_units(work, notice, targets.evaluate(work, notice).units).values():
            for name in variables.without_value(notice.body, held):
                missing[name].append(held["单位"])
    for name, units in missing.items():
        return say("broadcast.no_value", notice=notice, name=name, units=units, shown=UNITS_NAMED)
    return ""


def of_units(work: UnitOfWork, notice: Notice, units: frozenset[int]) -> dict[int, dict[str, str]]:
    """The values for each of these units; one that has several projects reads them side by side, money summed up.

    Where the notice is for certain projects, only these are meant.
    """
    programme = work.settings.programme
    deadline = f"{notice.deadline.astimezone(work.now.tzinfo):%-m月%-d日 %H:%M}" if notice.deadline else ""
    projects: dict[int, list[Project]] = defaultdict(list)
    wish = select(Project).where(Project.year == programme.year, Project.unit_id.in_(units)).order_by(Project.id)
    for project in work.session.scalars(wish):
        projects[project.unit_id].append(project)
    meant = rules.named(rules.from_json(notice.targets), "project") if notice.targets else frozenset[str]()
    found = {}
    for unit in work.session.scalars(select(Unit).where(Unit.id.in_(units)).order_by(Unit.id)):
        own = [one for one in projects[unit.id] if targets.is_project(one, meant)] or projects[unit.id]
        amounts = [one.amount_fen for one in own]
        known = [one for one in amounts if one is not None]
        found[unit.id] = {
            "单位": unit.name,
            "项目": "、".join(one.name for one in own),
            "项目编号": "、".join(one.code for one in own) if all(one.code for one in own) else "",
            "金额": _yuan(sum(known)) if known and len(known) == len(amounts) else "",
            "镇街": unit.town,
            "截止": deadline,
            "年度": f"{programme.year}年度",
            "专项": programme.name,
        }
    return found


def _yuan(fen: int) -> str:
    """``12000000`` as «120,000元», with its fen where there are any."""
    return f"{fen // 100:,}元" if fen % 100 == 0 else f"{fen // 100:,}.{fen % 100:02}元"
