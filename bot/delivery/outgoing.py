"""Making `Delivery` rows: the only way by which anything is pushed.

Each occasion has a name (``key``); a second row for the same occasion is quietly not made, so a schedule
that runs again, or a button that is pressed twice, sends nothing twice.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.channels.base import EVERY_FOLLOWER
from bot.delivery import chains, wholes
from bot.delivery.reach import Way, way_to
from bot.messaging.texts import say
from bot.messaging.types import APPRISE, GROUP_WEBHOOK, OFFICIAL_ACCOUNT, WORK_GROUP, Content, File, Incoming
from bot.model import Account, Delivery, DeliveryState, Person, Role
from bot.rules.quiet_hours import QuietHours
from bot.store import directory, links
from bot.store.unit_of_work import UnitOfWork

FILE_LINKS = timedelta(days=7)
ROWS_AT_ONCE = 1000
TEMPLATED = ("template", "subscription")  # they name the unit whose affair it is
# A second row for the same occasion is quietly not made.
_ONCE: dict[str, Any] = {
    "sqlite": sqlite_insert(Delivery).on_conflict_do_nothing(),
    "postgresql": postgres_insert(Delivery).on_conflict_do_nothing(),
}


def allowed_from(work: UnitOfWork, moment: datetime | None = None) -> datetime:
    """The first moment, from ``moment`` (default now) on, that is not in the quiet hours."""
    hours = work.settings.programme.quiet_hours
    start = moment or work.now
    return QuietHours.parse(hours).next_allowed(start) if hours else start


def to_chat(work: UnitOfWork, chat_id: str, content: Content, *, purpose: str, key: str, **more: Any) -> bool:
    """Queue a push into a work group. Gives whether a row was made."""
    way = Way(WORK_GROUP, "push", chat_id)
    return by_way(work, way, content, purpose=purpose, key=f"{key}:chat:{chat_id}", **more)


def to_groups(work: UnitOfWork, content: Content, *, purpose: str, key: str, **more: Any) -> int:
    """Queue a push into every work group, group webhook and Apprise address of the configuration; gives how many."""
    settings = work.settings
    made = to_work_groups(work, content, purpose=purpose, key=key, **more)
    for channel, names in (
        (GROUP_WEBHOOK, [one.name for one in settings.group_webhooks]),
        (APPRISE, [one.name for one in settings.apprise]),
    ):
        for name in names:
            way = Way(channel, "push", name)
            made += by_way(work, way, content, purpose=purpose, key=f"{key}:{channel}:{name}", **more)
    return made


def to_work_groups(work: UnitOfWork, content: Content, *, purpose: str, key: str, **more: Any) -> int:
    """Queue a push into every work group; gives how many."""
    groups = work.settings.work_group.groups if work.settings.work_group else []
    return sum(to_chat(work, group.chat_id, content, purpose=purpose, key=key, **more) for group in groups)


def to_person(work: UnitOfWork, person: Person, content: Content, *, purpose: str, key: str, **more: Any) -> bool:
    """Queue a direct message to one person, by the best way to reach them now.

    Where there is none the row is made all the same, as ``unreachable``: listed, not lost.
    """
    way = way_to(work, directory.accounts_of(work.session, person.id), at=_start(work, **more))
    return by_way(work, way, content, purpose=purpose, key=f"{key}:person:{person.id}", person_id=person.id, **more)


def to_unit(work: UnitOfWork, unit_id: int, content: Content, *, purpose: str, key: str, **more: Any) -> int:
    """Queue a direct message to every contact of a unit; gives how many rows were made."""
    contacts = directory.contacts_of(work.session, unit_id)
    return sum(to_person(work, one, content, purpose=purpose, key=key, **more) for one in contacts)


def to_staff(
    work: UnitOfWork,
    content: Content,
    *,
    key: str,
    roles: Sequence[Role] = directory.WRITING,
    except_for: int | None = None,
    **more: Any,
) -> int:
    """Queue a direct message to the members of staff in these roles; gives how many rows were made."""
    made = 0
    for person in directory.staff(work.session, roles):
        if person.id != except_for:
            made += to_person(work, person, content, purpose="staff", key=key, **more)
    return made


def answer_later(work: UnitOfWork, message: Incoming, content: Content) -> None:
    """Queue the answer to a message whose handler was too slow to answer at once."""
    if message.in_group:
        way = Way(WORK_GROUP, "push", message.chat)
    else:
        way = Way(message.channel, "custom" if message.channel == OFFICIAL_ACCOUNT else "push", message.account)
    key = f"answer:{message.channel}:{message.message_id}"
    by_way(work, way, content, purpose="answer", key=key, urgent=True)


def file_to_account(work: UnitOfWork, account: Account, file: File, text: str, *, key: str) -> bool:
    """Queue a file for one account in direct chat: as a file in WeCom, as a link on the official account.

    Gives False where it cannot be had: nobody to write to, or no public address for the link.
    """
    if account.channel == OFFICIAL_ACCOUNT:
        wish = {"account_id": account.id, "sha256": file.sha256, "name": file.name}
        link = links.make(work, "file", life=FILE_LINKS, **wish)
        if not link:
            return False
        content = Content(say("file.link", text=text, link=link, name=file.name), link=link)
        return by_way(work, way_to(work, [account]), content, purpose="answer", key=key, urgent=True)
    if not account.direct:
        return False
    way = Way(WORK_GROUP, "push", account.external_id)
    return by_way(work, way, Content(text, file=file), purpose="answer", key=key, urgent=True)


def mass(
    work: UnitOfWork, openids: Sequence[str], content: Content, *, key: str, notice_id: int, urgent: bool = False
) -> bool:
    """Queue one call of a mass send: to 2 to 10,000 openids, or to everybody where none is named."""
    way = Way(OFFICIAL_ACCOUNT, "mass", f"{len(openids)} followers" if openids else EVERY_FOLLOWER)
    named = list(openids) or None
    return by_way(work, way, content, purpose="notice", key=key, recipients=named, notice_id=notice_id, urgent=urgent)


def by_ways(
    work: UnitOfWork,
    ways: Sequence[tuple[str, Way]],
    content: Content,
    *,
    purpose: str,
    notice_id: int,
    urgent: bool = False,
) -> None:
    """Queue the same text to many, each under its own key, in a few statements; harmless to repeat."""
    start = work.now if urgent else allowed_from(work)
    dialect = work.session.connection().dialect.name
    held: dict[tuple[str, str], list[dict[str, Any]]] = {}
    rows: list[dict[str, Any]] = []
    for key, way in ways:
        form = (way.channel, str(way.method))
        if form not in held:
            held[form] = wholes.contents(content, *form)
        for at, part in enumerate(held[form]):
            rows.append({
                "purpose": purpose, "channel": way.channel, "lane": way.lane, "method": str(way.method),
                "recipient": way.recipient, "content": part, "not_before": start, "created_at": work.now,
                "notice_id": notice_id, "urgent": urgent, **place(key, at, way, chained=True),
            })  # fmt: skip
    for at in range(0, len(rows), ROWS_AT_ONCE):
        work.session.execute(_ONCE[dialect], rows[at : at + ROWS_AT_ONCE])
    work.wake = work.wake or bool(rows)


def is_made(work: UnitOfWork, key: str) -> bool:
    """Whether there is a row for this occasion: whoever asks first need not make what would only be thrown away."""
    return work.session.scalar(select(Delivery.id).where(Delivery.dedupe_key == key)) is not None


def by_way(
    work: UnitOfWork,
    way: Way,
    content: Content,
    *,
    purpose: str,
    key: str,
    not_before: datetime | None = None,
    useful_for: timedelta | None = None,
    urgent: bool = False,
    **columns: Any,
) -> bool:
    """Queue one delivery by a way already chosen; gives whether a row was made.

    ``not_before`` is moved out of the quiet hours unless ``urgent``; past ``useful_for`` it is not sent any more.
    What is too long for one message, and every file, goes in rows of its own, each after the one before it.
    """
    if is_made(work, key):
        return False
    start = _start(work, not_before=not_before, urgent=urgent)
    if way.method in TEMPLATED and columns.get("person_id"):
        units = directory.units_of(work.session, columns["person_id"])
        content = replace(content, unit="、".join(one.name for one in units))
    for at, part in enumerate(wholes.contents(content, way.channel, str(way.method))):
        work.session.add(
            Delivery(
                purpose=purpose,
                channel=way.channel,
                lane=way.lane,
                method=way.method,
                recipient=way.recipient,
                content=part,
                not_before=start,
                not_after=start + useful_for if useful_for is not None else None,
                urgent=urgent,
                created_at=work.now,
                # A file that somebody asked for is of use without the words that come with it.
                **place(key, at, way, chained=purpose != "answer"),
                **columns,
            )
        )
        work.session.flush()  # one by one: they go out in the order of their ids
    work.wake = True
    return True


def _start(work: UnitOfWork, *, not_before: datetime | None = None, urgent: bool = False, **_: Any) -> datetime:
    """When something goes that is to go from ``not_before`` on: not in the quiet hours, unless it is urgent."""
    start = not_before or work.now
    return start if urgent else allowed_from(work, start)


def place(key: str, at: int, way: Way, *, chained: bool) -> dict[str, Any]:
    """What depends on which part of its message a row is; ``at`` counts from 0."""
    if at == 0:
        state = DeliveryState.UNREACHABLE if way.closed else DeliveryState.QUEUED
        return {"dedupe_key": key, "follows": None, "state": state, "error": way.closed}
    before = f"{key}:{at}" if at > 1 else key
    state = DeliveryState.WAITING if chained else DeliveryState.QUEUED
    place = {"dedupe_key": f"{key}:{at + 1}", "follows": before if chained else None, "state": state, "error": ""}
    return place | ({"state": DeliveryState.RECALLED, "error": chains.NOT_ALONE} if way.closed else {})
