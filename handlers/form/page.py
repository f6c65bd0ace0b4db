"""What the filing page shows of a filing as it is now."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from bot.clock import CHINA
from bot.messaging.form import Choice, FormPage, Timing
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.model import Filing, FilingState, Link, Project
from bot.rules.filing import HELD, OPEN, STANDING, Timeliness, missing, same_day
from bot.rules.form import LIMITS, shown
from bot.rules.form_when import WHEN, needs_a_second_look
from bot.rules.kinds import KINDS
from bot.rules.masking import mask_phone
from bot.rules.towns import dongguan
from bot.rules.wording import WEEKDAYS
from bot.store import attachments
from handlers.attachments import FILING, MOST
from handlers.filing import conflicts as filing_conflicts
from handlers.filing import dialogue
from handlers.filing.draft import timely
from handlers.filing.fields import Fields
from handlers.filing.life import state_of


def show(
    turn: Turn,
    filing: Filing,
    link: Link,
    typed: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
) -> FormPage:
    """The page; what was typed and could not be taken (``faults``) stays where it was typed."""
    typed, faults = typed or {}, faults or {}
    state = state_of(filing, turn.now)
    year = turn.settings.programme.year
    heading = say("form.heading", open=is_open(filing, link), standing=filing.state in STANDING, state=state)
    filed = say("form.filed", filing=filing, shown=Fields.of(filing).masked(), year=year)
    following = say("form.next", state=state, number=filing.number)
    unit = filing.unit.name if filing.unit else ""
    if not is_open(filing, link):
        done = filing.state in HELD
        return FormPage(filing.number, heading, state, False, unit, filed, following, done)
    fields, before = Fields.proposed(filing), inputs(turn, filing)
    found = lateness(turn, filing)
    why = needs_a_second_look(fields.start, fields.end, turn.now)
    gap_names = gaps(turn, filing, typed.get("sure", ""))
    return FormPage(
        number=filing.number,
        heading=heading,
        state=state,
        open=True,
        unit=unit,
        units=_units(turn, filing),
        projects=projects_of(turn, filing),
        kinds=KINDS,
        towns=tuple(town.name for town in dongguan().towns),
        limits=LIMITS,
        values={**before, **_kept(typed, faults)},
        before=before,
        faults=faults,
        weekday=_weekday(before["date"]),
        look_again=say("form.look_again", why=why, day=fields.start, year=year) if why else "",
        sure=before["date"],
        options=_options(turn, filing),
        timing=_timing(turn, filing, found),
        doubts=_doubts(turn, filing, fields),
        phone=mask_phone(fields.contact_phone) if fields.contact_phone else "",
        own=_own(turn, fields),
        photos=tuple(one.id for one in attachments.of_filing(turn.session, filing.id, FILING) if one.thumb_sha256),
        most_photos=MOST[FILING],
        gaps=say("form.gaps", gaps=gap_names) if gap_names else "",
        saved=f"{filing.updated_at:%H:%M}",
    )


def is_open(filing: Filing, link: Link) -> bool:
    """Whether this link still lets anybody write in this filing."""
    return link.used_at is None and filing.state in OPEN | STANDING


def inputs(turn: Turn, filing: Filing) -> dict[str, str]:
    """What stands in the inputs when nobody has typed yet."""
    return {
        **shown(Fields.proposed(filing).as_dict(), day_in_talk(turn, filing)),
        "late_reason": late_reason(filing),
        "project": str(filing.project_id or ""),
        "unit": str(filing.unit_id or ""),
    }


def day_in_talk(turn: Turn, filing: Filing) -> date | None:
    """The day that the conversation knows while the hours are still missing."""
    day = turn.conversation.state.get("day") if dialogue.current(turn) is filing else None
    return datetime.fromisoformat(day).date() if day else None


def late_reason(filing: Filing) -> str:
    """Why it is late, as the unit says; an amendment has its own reason until it is submitted."""
    held: str = (filing.pending or {}).get("late_reason", "") if filing.state in STANDING else filing.late_reason
    return held


def lateness(turn: Turn, filing: Filing) -> Timeliness | None:
    """Whether it is in time as things stand; an amendment is judged only where it moves the day."""
    fields, day = Fields.proposed(filing), day_in_talk(turn, filing)
    if fields.start is None and day:
        midnight = datetime.combine(day, time(0), CHINA)
        return timely(turn.work, replace(fields, start=midnight, end=midnight + timedelta(days=1)))
    if filing.state in STANDING:
        return None if same_day(fields.start, filing.start) else timely(turn.work, fields)
    last = filing.last_filing_day
    return Timeliness(last, filing.late_days, filing.retroactive) if fields.start and last else None


def gaps(turn: Turn, filing: Filing, sure: str) -> list[str]:
    """The inputs that still stand between the page and its submission. ``sure``: the day that was ticked."""
    fields, found = Fields.proposed(filing), lateness(turn, filing)
    start = "begin" if day_in_talk(turn, filing) else "date"
    names = [] if filing.unit_id else ["unit"]
    names += [start if name == "start" else name for name in missing(fields.as_dict())]
    if found and found.late and not found.over and not late_reason(filing):
        names.append("late_reason")
    doubtful = needs_a_second_look(fields.start, fields.end, turn.now)
    if doubtful and fields.start and sure != fields.start.date().isoformat():
        names.append("sure")
    return names


def _kept(typed: Mapping[str, str], faults: Mapping[str, str]) -> dict[str, str]:
    """Of what was typed, what has to stand there again."""
    names = set(faults)
    if names & set(WHEN):
        names |= set(WHEN)  # a wrong end may be a wrong start
    return {name: typed.get(name, "") for name in names if name in typed or name == "all_day"}


def _timing(turn: Turn, filing: Filing, found: Timeliness | None) -> Timing:
    if found is None and filing.state in STANDING:
        return Timing("unknown", "")
    kind = "unknown" if found is None else "over" if found.over else "late" if found.late else "in_time"
    rules = turn.settings.programme
    last, late = (found.last_day, found.late) if found else (None, 0)
    return Timing(
        kind, say("form.timing", kind=kind, last=last, late=late, n=rules.filing_working_days, year=rules.year)
    )


def _units(turn: Turn, filing: Filing) -> tuple[Choice, ...]:
    """Whom the filing may be for, where there is a choice: only a draft changes hands."""
    if filing.state != FilingState.DRAFT or len(turn.units) < 2:
        return ()
    return tuple(Choice(str(unit.id), unit.name) for unit in turn.units)


def projects_of(turn: Turn, filing: Filing) -> tuple[Choice, ...]:
    """What the filing may be for, where its unit has more than one project."""
    if filing.state not in OPEN or filing.unit_id is None:
        return ()
    year = turn.settings.programme.year
    wish = select(Project).where(Project.unit_id == filing.unit_id, Project.year == year).order_by(Project.name)
    found = tuple(Choice(str(one.id), one.name) for one in turn.session.scalars(wish))
    return found if len(found) > 1 else ()


def _options(turn: Turn, filing: Filing) -> tuple[Choice, ...]:
    """The days between which the conversation is in doubt."""
    state = turn.conversation.state if dialogue.current(turn) is filing else {}
    if state.get("asking") != "start" or Fields.proposed(filing).start is not None:
        return ()
    return tuple(Choice(str(at), one["shown"]) for at, one in enumerate(state.get("options", []), 1))


def _doubts(turn: Turn, filing: Filing, fields: Fields) -> str:
    found = filing_conflicts.find(turn.work, filing, fields)
    return filing_conflicts.notice(found, [unit.id for unit in turn.units])


def _own(turn: Turn, fields: Fields) -> str:
    person = turn.person
    if person is None or not person.name or not person.phone or fields.contact_name or fields.contact_phone:
        return ""
    return f"{person.name} {mask_phone(person.phone)}"


def _weekday(day: str) -> str:
    return f"周{WEEKDAYS[date.fromisoformat(day).weekday()]}" if day else ""
