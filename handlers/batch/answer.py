"""What is said about a list of activities: which can be submitted, what the others lack, and what to do next."""

from collections.abc import Sequence
from typing import Any

from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import Button, Card, Content
from bot.rules.masking import mask_phones_in
from bot.rules.understanding import Question
from handlers.batch.drafts import Taken
from handlers.filing.draft import end_or_usual
from handlers.filing.life import state_of

SHOWN = 12  # lines of a kind in one message
CONTACT = ("contact_name", "contact_phone")


def shortfall(turn: Turn, one: Taken, *, gaps: bool = True) -> str:
    """What a line still lacks before it can be submitted (without the ``gaps`` where those are named elsewhere)."""
    if one.stranger is not None:
        return say("batch.stranger", unit=one.stranger)  # what it lacks is for that unit to add
    parts = [say("batch.whose")] if one.filing.unit_id is None and turn.units else []
    parts += [doubt(question) for question in one.questions]
    if gaps and one.gaps:
        parts.append(say("batch.gaps", gaps=one.gaps))
    if one.late:
        parts.append(say("batch.late", filing=one.filing))
    return "；".join(parts)


def doubt(question: Question) -> str:
    """A doubt in few words."""
    return say("batch.doubt", reason=question.reason, text=mask_phones_in(question.text))


def short_of(turn: Turn, taken: Sequence[Taken]) -> list[tuple[Taken, str]]:
    """The lines that cannot be submitted yet, with what they lack."""
    return [(one, shortfall(turn, one)) for one in taken if not one.ready and not one.filed]


def next_words(turn: Turn, taken: Sequence[Taken], *, buttons: bool = False) -> str:
    """What may be answered now; without what the ``buttons`` of a card say already."""
    open_ = [one for one in taken if not one.filed and one.stranger is None]
    ready = [one for one in open_ if one.ready]
    gaps = [(one, name) for one in open_ for name in one.gaps]
    other = [pair for pair in gaps if pair[1] not in CONTACT]
    gap, field = next(iter(other or gaps), (None, ""))
    if gap is None:
        doubtful = next((one for one in open_ if one.questions), None)
        gap, field = doubtful, doubtful.questions[0].field if doubtful else ""
    own = any(one.filing.unit_id is None for one in open_)
    return say(
        "batch.next",
        units=turn.units if own and len(turn.units) > 1 else [],
        contacts=len({one.number for one, name in gaps if name in CONTACT}) > 1,
        late=any(one.late for one in open_),
        gap=gap,
        field=field if field in ("name", "start", "place", "attendance", *CONTACT) else "start",
        ready=[] if buttons else ready,
    )


def overview(turn: Turn, taken: Sequence[Taken], *, left_off: int = 0, around: str = "") -> Content:
    """Everything about a list that has just come, for direct chat.

    ``left_off``: lines that were too many. ``around``: words beside the list that belong to none of its lines.
    """
    card = buttons(turn, taken)
    following = next_words(turn, taken, buttons=card is not None)
    more = {"left_off": left_off, "around": mask_phones_in(around), "next": following}
    return Content(say("batch.direct", **_shown(turn, taken), **more), card=card)


def brief(turn: Turn, taken: Sequence[Taken], *, direct: bool, left_off: int = 0) -> str:
    """The same for the group: no names, no numbers of telephones. ``direct``: whether the rest follows in direct chat."""
    who = turn.person.name if turn.person else ""
    shown = _shown(turn, taken)
    return say(
        "batch.group", who=who, direct=direct, total=shown["total"], ready=shown["ready"], short=shown["short"],
        filed=shown["filed"], left_off=left_off,
    )  # fmt: skip


def buttons(turn: Turn, taken: Sequence[Taken]) -> Card | None:
    """The two things that are done with a whole list."""
    ready = [one for one in taken if one.ready]
    if not ready:
        return None
    both = (Button("全部提交", "batch.submit", "primary"), Button("全部取消", "batch.cancel", "danger"))
    return Card(f"{len(ready)} 场可以提交", f"batch-{turn.account.id}-{turn.message.message_id}"[:120], both)


def _shown(turn: Turn, taken: Sequence[Taken]) -> dict[str, Any]:
    ready = [one for one in taken if one.ready]
    for one in ready:
        one.end = end_or_usual(one.filing)
    return {
        "total": len(taken),
        "ready": ready,
        "short": short_of(turn, taken),
        "filed": [(one, state_of(one.filing, turn.now)) for one in taken if one.filed],
        "notes": [(one, words) for one in taken for words in one.notes],
        "year": turn.settings.programme.year,
        "most": SHOWN,
    }
