"""The form as a file: handed out on «模板», and taken when it comes back filled in.

Each row becomes a draft like a line of a list. Where a row has to be mended a copy goes back that says so beside it.
"""

from collections.abc import Collection
from pathlib import PurePath
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.delivery import outgoing
from bot.delivery.reach import way_to
from bot.messaging.router import Answer, Router
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import Content, File, Incoming
from bot.model import Account, Attachment, Project, Unit
from bot.store import directory
from bot.store.unit_of_work import UnitOfWork
from handlers.batch import lists as batch
from handlers.batch import strangers as batch_strangers
from handlers.batch.answer import SHOWN, buttons, next_words
from handlers.batch.drafts import take as make_drafts
from handlers.batch.sheet_rows import judged, line_of

if TYPE_CHECKING:  # openpyxl takes its time and memory; it is imported when the first workbook is made or read
    from bot.documents.filing_template import Offer
    from bot.documents.filled_workbook import Filled

router = Router()

ORIGIN = "sheet"
REFUSALS = {
    "no_head": "sheet.no_head",
    "empty": "sheet.empty",
    "too_many_rows": "sheet.too_many_rows",
    "several_sheets": "sheet.several_sheets",
    "macros": "sheet.macros",
    "old_or_locked": "sheet.old_or_locked",
    "too_large": "sheet.too_large",
    "unpacks_too_large": "sheet.too_complex",
    "too_complex": "sheet.too_complex",
    "too_slow": "sheet.too_complex",
    "no_workbook": "sheet.no_workbook",
}


@router.command("模板", "报备模板", "下载模板", "表格模板", "报备表")
def hand_out(turn: Turn) -> Answer:
    """A form made for the units of whoever asks; staff get one with every unit in its list."""
    from datetime import timedelta

    from bot.documents.filing_template import MOST_ROWS, make_template

    if not turn.units and turn.role is None:
        return Content(say("filing.not_bound_start", in_group=turn.message.in_group))
    units = turn.units or list(turn.session.scalars(select(Unit).where(Unit.active).order_by(Unit.name)))
    content = make_template(_offer(turn.work, units), (turn.now + timedelta(days=14)).date())
    name = say("sheet.name", unit=units[0] if len(units) == 1 else None)
    file = File(turn.work.files.put(content), name)
    key = f"answer:{turn.message.channel}:{turn.message.message_id}:template"
    sent = outgoing.file_to_account(turn.work, turn.account, file, "", key=key)
    if turn.message.in_group:
        return Content(say("sheet.template_in_group", sent=sent))
    return Content(say("sheet.template", units=units, most=MOST_ROWS) if sent else say("sheet.cannot_send"))


def take(work: UnitOfWork, attachment: Attachment, workbook: object) -> None:
    """Take what `read_filled` made of a workbook; called in the transaction that records that it came."""
    from bot.documents.filing_template import MOST_ROWS
    from bot.documents.filled_workbook import Filled
    from bot.documents.unpacking import Refused

    account = work.session.get_one(Account, attachment.account_id)
    message = Incoming(account.channel, attachment.message_id, account.external_id, work.now, kind="file")
    turn = Turn(work, message, account)
    name = attachment.name
    if isinstance(workbook, Refused):
        text = say(REFUSALS[workbook.reason], name=name, detail=workbook.detail, most=MOST_ROWS)
        return _answer(turn, attachment, Content(text))
    assert isinstance(workbook, Filled)
    if not turn.units:
        return _answer(turn, attachment, Content(say("sheet.staff" if turn.role else "sheet.not_bound", name=name)))
    _take(turn, attachment, workbook)


def _take(turn: Turn, attachment: Attachment, filled: "Filled") -> None:
    from bot.documents.filled_row import read_row
    from bot.documents.returned_workbook import Verdict, write_back

    read = [read_row(row, turn.now) for row in filled.rows]
    lines = {one.number: line_of(one) for one in read}
    taken = {one.number: one for one in make_drafts(turn, [one for one in lines.values() if one.found], ORIGIN)}
    batch.remember(turn, list(taken.values()))
    batch_strangers.ask_staff(turn, list(taken.values()))
    verdicts = {one.number: judged(turn, filled, one, taken.get(one.number)) for one in read}
    verdicts |= {number: Verdict(say("sheet.hidden"), False) for number in filled.hidden}
    short = [(number, one.text) for number, one in verdicts.items() if not one.good and number not in filled.hidden]
    file = None
    if any(not one.good or one.cells for one in verdicts.values()):
        content = write_back(filled, verdicts, _offer(turn.work, turn.units))
        file = File(turn.work.files.put(content), _returned_name(attachment.name))
    drafts = list(taken.values())
    shown = {
        "name": attachment.name,
        "total": len(read),
        "ready": [one for one in drafts if one.ready],
        "filed": sum(one.filed for one in drafts),
        "short": short,
        "hidden": filled.hidden,
        "most": SHOWN,
    }
    key = f"attachment:{attachment.id}:returned"
    if file is not None:
        text = say("sheet.taken", **shown, returned=True, next=next_words(turn, drafts))
        if outgoing.file_to_account(turn.work, turn.account, file, text, key=key):
            return
    card = buttons(turn, drafts)
    following = next_words(turn, drafts, buttons=card is not None)
    _answer(turn, attachment, Content(say("sheet.taken", **shown, returned=False, next=following), card=card))


def _offer(work: UnitOfWork, units: Collection[Unit]) -> "Offer":
    from bot.documents.filing_template import Offer

    year = work.settings.programme.year
    wish = select(Project.name).where(Project.unit_id.in_([unit.id for unit in units]), Project.year == year)
    projects = work.session.scalars(wish.order_by(Project.unit_id, Project.id))
    return Offer(tuple(unit.name for unit in units), tuple(dict.fromkeys(projects)))


def _returned_name(name: str) -> str:
    stem = PurePath(name).stem
    return say("sheet.returned_name", stem=stem.removesuffix("-核对结果") or "活动报备表")


def _answer(turn: Turn, attachment: Attachment, content: Content) -> None:
    """In direct chat, where the file came from if that is possible, else wherever the person can be reached."""
    way = way_to(turn.work, [turn.account])
    if way.closed and turn.account.person_id is not None:
        way = way_to(turn.work, directory.accounts_of(turn.session, turn.account.person_id))
    outgoing.by_way(turn.work, way, content, purpose="answer", key=f"attachment:{attachment.id}:sheet", urgent=True)
