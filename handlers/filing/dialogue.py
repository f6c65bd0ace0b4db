"""The dialogue of a filing: what is asked next, and what an answer means.

Its memory is the conversation's state, so it survives a restart and a day's pause, and follows the person from the
group to direct chat: ``filing`` (row id), ``asking`` (field or ""), ``guided``, ``skipped``, ``history``, ``options``.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import Button, Content
from bot.model import Filing, Unit
from bot.rules.acknowledging import speaks_of_a_notice
from bot.rules.filing import GUIDED, OPEN, REQUIRED, STANDING, Timeliness, missing, same_day
from bot.rules.kinds import KINDS
from bot.rules.masking import mask_phone, mask_phones_in
from bot.rules.moments import Moment
from bot.rules.people import is_sender
from bot.rules.understanding import Found, Question, understand, understand_answer, understand_correction
from bot.rules.wording import format_span
from handlers.filing import card as filing_card
from handlers.filing import conflicts as filing_conflicts
from handlers.filing.draft import end_or_usual, fill, give_unit, judge, timely
from handlers.filing.fields import Fields
from handlers.form import address as form_address

TOPIC = "filing"
LONGEST_REASON = 500
MOST_BUTTONS = 6  # on one card of the platform
# Taken along where an answer to one question says more than was asked.
TAKEN_ALONG = ("start", "end", "all_day", "attendance", "contact_name", "contact_phone")
DOUBTS = {
    "vague": "filing.doubt_vague",
    "no_time": "filing.doubt_no_time",
    "no_date": "filing.doubt_vague",
    "weekday_contradicts_date": "filing.doubt_weekday",
    "date_passed": "filing.doubt_passed",
}


def current(turn: Turn) -> Filing | None:
    """The filing this conversation is about."""
    filing_id = turn.conversation.state.get("filing") if turn.topic == TOPIC else None
    return turn.session.get(Filing, filing_id) if filing_id else None


def remember(turn: Turn, filing: Filing, asking: str = "", **more: Any) -> None:
    """Note what is asked now; the rest of the memory stays unless ``more`` says otherwise."""
    before = dict(turn.conversation.state) if turn.topic == TOPIC else {}
    if before.get("filing") != filing.id:
        before = {}
    history = list(before.get("history", []))
    if asking in GUIDED and (not history or history[-1] != asking):
        history.append(asking)
    kept = {"guided": before.get("guided", False), "skipped": before.get("skipped", []), "history": history}
    turn.talk(TOPIC, **{"filing": filing.id, "asking": asking, "options": [], **kept, **more})


def rest(turn: Turn, filing: Filing) -> None:
    """Stay on this filing, so that a second «提交» or a change of mind is understood, but ask nothing any more."""
    turn.talk(TOPIC, filing=filing.id, asking="", options=[], guided=False, skipped=[], history=[])


def next_step(
    turn: Turn,
    filing: Filing,
    *,
    questions: Sequence[Question] = (),
    changed: Collection[str] = (),
    fresh: bool = False,
) -> Content:
    """The one thing to say now: whose filing, a doubt, the next missing field, the reason for lateness, or the card."""
    whose = _settle_unit(turn, filing)
    if whose is not None:
        return whose
    if filing.state in OPEN:
        judge(turn.work, filing)  # it may have lain for days
    for question in questions:
        return ask_doubt(turn, filing, question, fresh)
    if filing.state in STANDING:
        return _amendment_step(turn, filing)
    field = _next_field(turn, filing)
    if field:
        lead = _lead(turn, filing) if fresh and (filing.name or filing.start or filing.place) else ""
        return ask(turn, filing, field, lead)
    shown: dict[str, Any] = {"greeting": _greeting(turn), "changed": changed, "doubts": _doubts(turn, filing)}
    if lateness_to_explain(turn, filing):
        remember(turn, filing, "late_reason")
        return filing_card.confirmation(turn.work, filing, note=question_text(turn, filing, "late_reason"), **shown)
    remember(turn, filing)
    return form_address.with_hint(turn, filing, filing_card.confirmation(turn.work, filing, **shown))


def lateness_to_explain(turn: Turn, filing: Filing) -> Timeliness | None:
    """How late it is, where the unit has still to say why; an amendment is late only where it moves the day."""
    if filing.state in STANDING:
        proposed = Fields.proposed(filing)
        found = None if same_day(proposed.start, filing.start) else timely(turn.work, proposed)
        explained = bool((filing.pending or {}).get("late_reason"))
    else:
        last = filing.last_filing_day
        found = Timeliness(last, filing.late_days, filing.retroactive) if last else None
        explained = bool(filing.late_reason)
    return found if found and found.late and not found.over and not explained else None


def asked_now(turn: Turn, filing: Filing) -> str:
    """The field whose question stands; empty where none does, or a late reason is owed no longer."""
    asking = str(turn.conversation.state.get("asking", ""))
    return "" if asking == "late_reason" and lateness_to_explain(turn, filing) is None else asking


def ask(turn: Turn, filing: Filing, field: str, lead: str = "") -> Content:
    """Ask for one field; what need not be answered has a button to leave it out."""
    remember(turn, filing, field)
    buttons = () if field in REQUIRED else (Button("跳过", f"filing.skip:{filing.number}:{field}"),)
    return filing_card.asked(filing, question_text(turn, filing, field), lead=lead, buttons=buttons)


def question_text(turn: Turn, filing: Filing, field: str) -> str:
    """The words of a question."""
    if field == "unit":
        return say("filing.which_unit", units=turn.units)
    late = lateness_to_explain(turn, filing)
    if field == "late_reason" and late is not None:
        return say("filing.ask_late_reason", late=late, year=turn.settings.programme.year)
    own = _own(turn)
    shown = f"{own[0]} {mask_phone(own[1])}" if own else ""
    return say(f"filing.ask_{field}", kinds=KINDS, own=shown, name=filing.contact_name, filing=filing)


def ask_doubt(turn: Turn, filing: Filing, question: Question, fresh: bool = False) -> Content:
    """Ask about something that was said but is in doubt, with the choices where there are any."""
    if question.reason == "not_understood" and question.field in GUIDED:
        return _ask_again(turn, filing, question)
    options = [_option(one) for one in question.options]
    if question.reason == "no_time" and options:
        # The day is known; what is asked are the hours, so a bare number is an hour and not a choice.
        remember(turn, filing, question.field, day=options[0]["start"])
    else:
        remember(turn, filing, question.field, options=options)
    name = DOUBTS.get(question.reason, "filing.doubt_choose" if options else "filing.doubt_other")
    if question.field == "attendance" and not options:
        name = "filing.doubt_attendance"
    if question.field == "contact_phone":
        name = "filing.doubt_phone"
    shown = [one["shown"] for one in options]
    lead = _lead(turn, filing) if fresh and (filing.name or filing.place) else ""
    choices = shown if turn.conversation.state["options"] and len(shown) <= MOST_BUTTONS else []
    buttons = tuple(
        Button(str(at), f"filing.choose:{filing.number}:{question.field}:{at}") for at, _ in enumerate(choices, 1)
    )
    # A wrong number may still be most of somebody's phone.
    words = say(name, text=mask_phones_in(question.text), options=shown)
    return filing_card.asked(filing, words, lead=lead, buttons=buttons)


def _ask_again(turn: Turn, filing: Filing, question: Question) -> Content:
    """The same question, where an answer said nothing; what is known of the day, and the choices, stay."""
    state = turn.conversation.state
    held = {name: state[name] for name in ("day", "options") if state.get(name)}
    remember(turn, filing, question.field, **held)
    text = mask_phones_in(question.text)
    day = datetime.fromisoformat(held["day"]) if "day" in held else None
    asked = question_text(turn, filing, question.field)
    return filing_card.asked(filing, say("filing.not_an_answer", text=text, day=day, question=asked))


def answer(turn: Turn, filing: Filing, text: str) -> Content:
    """Take a text as the answer to what was asked."""
    field, text = turn.conversation.state["asking"], text.strip()
    if field == "unit":
        return choose_unit(turn, filing, text)
    if speaks_of_a_notice(text):  # «收到» says that the question was read, and answers none
        return filing_card.asked(filing, question_text(turn, filing, field))
    if field == "late_reason":
        explain_lateness(filing, text[:LONGEST_REASON])
        return next_step(turn, filing)
    other = _about_others(turn, filing, field, text)
    if other:
        fill(turn, filing, other)
        return next_step(turn, filing, fresh=True)
    values = chosen(turn, field, text) or _own_contact(turn, field, text) or _read(turn, filing, field, text)
    questions = [one for one in values.values() if isinstance(one, Question)]
    found = {name: one for name, one in values.items() if isinstance(one, Found)}
    if not found:
        return ask_doubt(turn, filing, questions[0] if questions else Question(field, "not_understood", (), text))
    fill(turn, filing, found)
    return next_step(turn, filing, questions=questions)


def step_back(turn: Turn, filing: Filing) -> Content:
    """Ask the question before this one again."""
    history = list(turn.conversation.state.get("history", []))
    asking = asked_now(turn, filing)
    if asking and history and history[-1] == asking:
        history.pop()
    if not history:
        if not asking:
            return Content(say("filing.no_dialogue"))
        field = asking
        return Content(say("filing.at_the_start", question=question_text(turn, filing, field)))
    field = history[-1]
    skipped = [one for one in turn.conversation.state.get("skipped", []) if one != field]
    remember(turn, filing, field, history=history, skipped=skipped)
    return filing_card.asked(filing, question_text(turn, filing, field))


def skip(turn: Turn, filing: Filing) -> Content:
    """Leave an optional question out."""
    field = asked_now(turn, filing)
    if not field:
        return next_step(turn, filing) if turn.conversation.state.get("asking") else Content(say("filing.no_dialogue"))
    if field not in GUIDED or field in missing(_values(filing)):
        return Content(say("filing.not_skippable", question=question_text(turn, filing, field)))
    skipped = [*turn.conversation.state.get("skipped", []), field]
    remember(turn, filing, "", skipped=skipped)
    return next_step(turn, filing)


def choose_unit(turn: Turn, filing: Filing | None, text: str) -> Content:
    """The answer to «您代表哪个单位»: a number, or part of the name."""
    wanted = text.strip().rstrip("。.")
    by_number = int(wanted) - 1 if wanted.isascii() and wanted.isdigit() else -1
    fitting = [unit for at, unit in enumerate(turn.units) if at == by_number or (wanted and wanted in unit.name)]
    if len(fitting) != 1:
        return filing_card.which_unit(turn.units, turn.card_id("unit"))
    return take_unit(turn, filing, fitting[0])


def take_unit(turn: Turn, filing: Filing | None, unit: Unit) -> Content:
    """From here on the conversation is on behalf of this unit."""
    turn.conversation.unit_id = unit.id
    if filing is None:
        turn.stop_talking()
        return Content(say("filing.unit_chosen", unit=unit))
    give_unit(turn.work, filing, unit.id)
    return next_step(turn, filing)


def after_click(turn: Turn, done: str, following: Content) -> Content:
    """A click settles its card at once; what is to be said next follows as the one message of its own."""
    return replace(settle(turn, done), following=following)


def settle(turn: Turn, done: str, description: str = "") -> Content:
    """The clicked card without its buttons, saying what was done."""
    card = filing_card.settled(turn.message.task_id, done)
    if description:
        card = type(card)(card.title, card.task_id, (), description)
    return Content(description or done, card=card, update_card=True)


def _settle_unit(turn: Turn, filing: Filing) -> Content | None:
    """Put the filing under its unit; where that is not possible, what to say about it."""
    if filing.unit_id is not None:
        return None
    if not turn.units:
        turn.stop_talking()
        return Content(say("filing.not_bound", filing=filing, in_group=turn.message.in_group))
    remembered = [unit for unit in turn.units if unit.id == turn.conversation.unit_id]
    chosen = turn.units if len(turn.units) == 1 else remembered
    if not chosen:
        remember(turn, filing, "unit")
        return filing_card.which_unit(turn.units, f"unit-{filing.number}")
    filing.person_id = turn.account.person_id
    give_unit(turn.work, filing, chosen[0].id)
    return None


def _amendment_step(turn: Turn, filing: Filing) -> Content:
    """The card of an amendment, with the reason asked for where a new day makes it late."""
    if not filing.pending:
        rest(turn, filing)
        return Content(say("filing.amend_how", filing=filing))
    shown = {"greeting": _greeting(turn), "doubts": _doubts(turn, filing)}
    if lateness_to_explain(turn, filing):
        remember(turn, filing, "late_reason")
        return filing_card.amendment(turn.work, filing, note=question_text(turn, filing, "late_reason"), **shown)
    remember(turn, filing)
    return filing_card.amendment(turn.work, filing, **shown)


def explain_lateness(filing: Filing, reason: str) -> None:
    """Note why it is late; of an amendment, with the amendment."""
    if filing.state in STANDING:
        filing.pending = {**(filing.pending or {}), "late_reason": reason}
    else:
        filing.late_reason = reason


def _greeting(turn: Turn) -> str:
    return turn.person.name if turn.person else ""


def _doubts(turn: Turn, filing: Filing) -> str:
    found = filing_conflicts.find(turn.work, filing, Fields.proposed(filing))
    return filing_conflicts.notice(found, [unit.id for unit in turn.units])


def _next_field(turn: Turn, filing: Filing) -> str:
    state = turn.conversation.state if turn.topic == TOPIC else {}
    gaps = missing(_values(filing))
    if not state.get("guided"):
        return gaps[0] if gaps else ""
    values, skipped = _values(filing), state.get("skipped", [])
    for field in GUIDED:
        if field in gaps or (values.get(field) in (None, "") and field not in skipped):
            return field
    return ""


def _values(filing: Filing) -> dict[str, Any]:
    return {field: getattr(filing, field) for field in GUIDED}


def _lead(turn: Turn, filing: Filing) -> str:
    return say("filing.lead", filing=filing, end=end_or_usual(filing), year=turn.settings.programme.year)


def _own(turn: Turn) -> tuple[str, str] | None:
    """The sender's own name and phone, where both are known."""
    person = turn.person
    return (person.name, person.phone) if person and person.name and person.phone else None


def _own_contact(turn: Turn, field: str, text: str) -> dict[str, Found | Question]:
    if field not in ("contact_name", "contact_phone") or not is_sender(text):
        return {}
    person, own = turn.person, _own(turn)
    if own:
        return {"contact_name": Found(own[0], text), "contact_phone": Found(own[1], text)}
    return {"contact_name": Found(person.name, text)} if person and person.name else {}


def _about_others(turn: Turn, filing: Filing, field: str, text: str) -> dict[str, Found]:
    """A change of mind about something already told, in place of an answer: «地点换到科学馆三楼»."""
    fields = Fields.proposed(filing)
    found = understand_correction(text, turn.now, {**fields.as_dict(), "end": fields.usual_end})
    told = {name for name, value in fields.as_dict().items() if value not in (None, "")}
    return found if found and field not in found and found.keys() & told else {}


def _read(turn: Turn, filing: Filing, field: str, text: str) -> dict[str, Found | Question]:
    """What the answer says about the field, and about others that are still missing."""
    if field == "kind" and text.isascii() and text.isdigit() and 1 <= int(text) <= len(KINDS):
        return {"kind": Found(KINDS[int(text) - 1], text)}
    known, start = turn.conversation.state.get("day"), Fields.proposed(filing).start
    day = datetime.fromisoformat(known).date() if known else start.date() if start else None
    if field in ("name", "place") and text.isascii() and text.isdigit():
        return {}  # the number of a choice that was meant for another question
    values = dict(understand_answer(field, text, turn.now, day))
    gaps = missing(_values(filing))
    for name, found in understand(text, turn.now).found.items():
        if name in TAKEN_ALONG and name not in values and (name in gaps or name in ("end", "all_day")):
            if name in ("end", "all_day") and "start" not in values:
                continue
            values[name] = found
    return values


def chosen(turn: Turn, field: str, text: str) -> dict[str, Found | Question]:
    """The option of a doubt that a number stands for."""
    options = turn.conversation.state.get("options") or []
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= len(options)):
        return {}
    option = options[int(text) - 1]
    if field != "start":
        return {field: Found(option["value"], text)}
    values: dict[str, Found | Question] = {"start": Found(datetime.fromisoformat(option["start"]), text)}
    if option["end"]:
        values["end"] = Found(datetime.fromisoformat(option["end"]), text)
    values["all_day"] = Found(option["all_day"], text)
    return values


def _option(value: Any) -> dict[str, Any]:
    """A choice as the conversation remembers it."""
    if not isinstance(value, Moment):
        return {"value": value, "shown": str(value)}
    return {
        "start": value.start.isoformat(),
        "end": value.end.isoformat() if value.end else None,
        "all_day": value.all_day,
        "shown": format_span(value.start, value.end, value.all_day, value.start.year),
    }
