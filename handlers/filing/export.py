"""Staff take the register of filings with them: «导出 本月», «导出 10月», «导出»."""

import re
from datetime import datetime

from bot.delivery import outgoing
from bot.errors import UserError
from bot.messaging.router import Answer, Router
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import Content, File
from bot.model import Role
from bot.rules.reading import read

router = Router(when=lambda turn: turn.role is not None)

_FULL = re.compile(r"[,、;(]?[ ]*(?:含|带|完整|显示)(?:完整|全部|的)?(?:电话|手机)(?:号码?)?[)]?[ ]*$")
_MONTH = re.compile(r"(?:(?P<year>20\d\d)[ ]?(?:年|[-/.]))?[ ]?(?P<month>\d{1,2})[ ]?月?(?:份)?")
_NEAR = {"本月": 0, "这个月": 0, "当月": 0, "上月": -1, "上个月": -1, "下月": 1, "下个月": 1}
_ALL = ("", "全部", "所有", "今年", "全年", "本年", "本年度", "全年度")


@router.command("导出", argument=True)
def export(turn: Turn) -> Answer:
    from bot.documents.filing_sheet import write_sheet  # openpyxl takes its time; imported at the first export
    from bot.store import register

    words = read(turn.argument).reading.strip(" 。.")
    full = _FULL.search(words) is not None
    words = _FULL.sub("", words).strip()
    month = None if words in _ALL else _month(words, turn)
    if words not in _ALL and month is None:
        return Content(say("export.how"))
    if turn.message.in_group:
        return Content(say("export.privately"))
    if full and turn.role != Role.ADMIN:
        raise UserError(say("export.may_not_full"))
    programme = turn.settings.programme
    entries = register.entries(turn.session, register.month_span(f"{month:%Y-%m}") if month else None)
    span = say("export.span", month=month, programme=programme)
    if not entries:
        return Content(say("export.none", span=span))
    content = write_sheet(entries, programme.name, full_phones=full)
    file = File(turn.work.files.put(content), say("export.name", month=month, programme=programme))
    key = f"answer:{turn.message.channel}:{turn.message.message_id}:export"
    if not outgoing.file_to_account(turn.work, turn.account, file, "", key=key):
        return Content(say("export.cannot_send"))
    subject = f"month:{month:%Y-%m}" if month else f"year:{programme.year}"
    turn.work.audit(turn.actor, "filing.export", subject, count=len(entries), full_phones=full)
    return Content(say("export.done", span=span, count=len(entries), full=full))


def _month(words: str, turn: Turn) -> datetime | None:
    """The first day of the month that is meant; a month without its year is of the programme's."""
    if words in _NEAR:
        months = turn.now.year * 12 + turn.now.month - 1 + _NEAR[words]
        return turn.now.replace(year=months // 12, month=months % 12 + 1, day=1)
    found = _MONTH.fullmatch(words)
    if found is None or not 1 <= int(found["month"]) <= 12:
        return None
    year = int(found["year"] or turn.settings.programme.year)
    return turn.now.replace(year=year, month=int(found["month"]), day=1)
