"""What is said of each row of a filled form, cell by cell."""

from typing import TYPE_CHECKING

from bot.messaging.texts import say
from bot.messaging.turn import Turn
from handlers.batch.answer import shortfall
from handlers.batch.drafts import Line, Taken
from handlers.filing.life import state_of

if TYPE_CHECKING:
    from bot.documents.filled_row import Fault
    from bot.documents.filled_row import Line as ReadRow
    from bot.documents.filled_workbook import Filled
    from bot.documents.returned_workbook import Verdict

_TIMES = ("day", "when", "start", "end")


def line_of(row: "ReadRow") -> Line:
    """A row as a line of a list."""
    return Line(row.number, row.found, (), row.remarks, row.unit, row.project, row.late_reason, row.draft)


def judged(turn: Turn, filled: "Filled", row: "ReadRow", taken: Taken | None) -> "Verdict":
    """What became of a row: red where it cannot be submitted as it is. Every cell at fault is named."""
    from bot.documents.returned_workbook import Verdict

    words = [say("sheet.fault", fault=one) for one in row.faults]
    cells = [one.ref for one in row.faults if one.lost]
    if taken is None:
        return Verdict(say("sheet.nothing_kept", words="；".join(words)), False, cells)
    if taken.filed:
        state = state_of(taken.filing, turn.now)
        return Verdict(say("sheet.filed", number=taken.filing.number, state=state), True)
    at_fault = {_field(filled, one, row.number) for one in row.faults if one.lost}
    for name in taken.gaps:
        if name not in at_fault:
            ref = filled.ref(name, row.number) or (filled.ref("day", row.number) if name == "start" else "")
            words.append(say("sheet.missing", ref=ref, field=name))
            cells += [ref] if ref else []
    words += [one for one in (shortfall(turn, taken, gaps=False), *taken.notes) if one]
    if taken.ready:
        kept = say("sheet.kept", number=taken.filing.number)
        return Verdict("；".join([kept, *words]), True, cells)
    return Verdict(say("sheet.unfinished", words="；".join(words), number=taken.filing.number), False, cells)


def _field(filled: "Filled", fault: "Fault", row: int) -> str:
    """The field of a filing to which a cell at fault belongs."""
    name = next((name for name in filled.columns if filled.ref(name, row) == fault.ref), "")
    return "start" if name in _TIMES else name
