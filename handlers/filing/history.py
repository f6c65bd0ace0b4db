"""What became of a filing: every step and every version, with what each version changed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bot.messaging.router import PASS, Answer, Router
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import Content
from bot.model import Account, Filing, FilingState, FilingTransition, FilingVersion
from bot.store import directory
from handlers.filing import dialogue
from handlers.filing.card import changes
from handlers.filing.chat import NUMBER
from handlers.filing.draft import find_own
from handlers.filing.fields import Fields
from handlers.filing.life import state_of

router = Router()

STEPS = {
    "submitted": "提交",
    "accepted": "同意备案",
    "returned": "退回",
    "withdrawn": "撤回",
    "cancelled": "取消",
    "amended": "提交变更",
    "reported": "提交总结",
    "verified": "核验总结",
    "queried": "对总结存疑",
}
TO_UNIT = "请补充总结"  # a doubt, as the unit hears of it
ADDED_TO = "补充总结"
PLACES = {
    "work_group:group": "工作群",
    "work_group:direct": "企业微信私聊",
    "official_account:direct": "公众号",
    "form": "网页表单",
}
OFFICE = "市科协"
SYSTEM = "系统"
CONTACT = "经办人"
LODGED = ("submitted", "amended")  # the steps that make a version


@dataclass(frozen=True, slots=True)
class Line:
    """One step as it is shown."""

    at: datetime
    who: str
    where: str
    what: str
    why: str = ""
    changes: str = ""


@router.command("历史", "版本", "变更记录", argument=True)
def history(turn: Turn) -> Answer:
    named = NUMBER.fullmatch(turn.argument)
    if turn.argument and (not named or named[2].strip()):
        return PASS
    under_way = dialogue.current(turn)
    if named:
        filing = find_own(turn, named[1])
    elif under_way is not None:
        filing = under_way
    else:
        return Content(say("filing.history_how"))
    state = state_of(filing, turn.now, office=turn.role is not None)
    return Content(say("filing.history", filing=filing, state=state, lines=_lines(turn, filing)))


def _lines(turn: Turn, filing: Filing) -> list[Line]:
    """Steps and versions in the order in which they happened; a version is told in the step that made it.

    A change of what still waits for the office is a version without a step of its own.
    """
    by_id = FilingTransition.filing_id == filing.id
    steps = list(turn.session.scalars(select(FilingTransition).where(by_id).order_by(FilingTransition.id)))
    kept = select(FilingVersion).where(FilingVersion.filing_id == filing.id).order_by(FilingVersion.version)
    versions = list(turn.session.scalars(kept))
    told = _Telling(turn, filing)
    for step in steps:
        while versions and versions[0].at < step.at:
            told.version(versions.pop(0), STEPS["amended"])
        if step.after in LODGED and versions:
            told.version(versions.pop(0), STEPS[step.after])
        elif step.after in STEPS:
            told.add(step, _verb(turn, step), step.reason)
    for version in versions:
        told.version(version, STEPS["amended"])
    return told.lines


def _verb(turn: Turn, step: FilingTransition) -> str:
    if step.after == FilingState.QUERIED and turn.role is None:
        return TO_UNIT
    if step.after == FilingState.REPORTED and step.before in (FilingState.REPORTED, FilingState.QUERIED):
        return ADDED_TO
    return STEPS[step.after]


class _Telling:
    """Puts the lines together, each version beside the one before."""

    def __init__(self, turn: Turn, filing: Filing) -> None:
        self.lines: list[Line] = []
        self._turn = turn
        self._before: Fields | None = None
        self._contacts = {one.id for one in directory.contacts_of(turn.session, filing.unit_id or 0)}

    def version(self, kept: FilingVersion, verb: str) -> None:
        after = Fields.kept(kept.fields)
        different = changes(self._turn.work, self._before, after) if self._before is not None else ""
        self._before = after
        self.add(kept, f"{verb}（第 {kept.version} 版）", different=different)

    def add(self, step: FilingTransition | FilingVersion, what: str, why: str = "", different: str = "") -> None:
        where = PLACES.get(step.place, "")
        self.lines.append(Line(step.at, self._who(step.account_id), where, what, why, different))

    def _who(self, account_id: int | None) -> str:
        """A contact by name; somebody of the office by name only to the office."""
        account = self._turn.session.get(Account, account_id) if account_id else None
        if account is None:
            return SYSTEM
        person = account.person
        if person is not None and person.staff is not None and person.id not in self._contacts:
            return person.name if self._turn.role else OFFICE
        return person.name if person is not None and person.name else CONTACT
