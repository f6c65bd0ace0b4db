"""A programme's year for schedules: planned activities, filings and notices put straight into the rows."""

import itertools
from datetime import date, datetime, timedelta
from typing import Any

from bot.clock import CHINA
from bot.delivery.notices import send
from bot.model import Account, Activity, Delivery, Filing, FilingState, Notice, NoticeState, Unit
from bot.store.unit_of_work import UnitOfWork
from tests.office import Office

_NUMBERS = itertools.count(1)


def china(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=CHINA)


def tick_at(office: Office, moment: str) -> list[str]:
    """Move the clock and let the clockwork look."""
    office.at(moment)
    return office.tick()


def plan(office: Office, unit: str, name: str, planned_on: date, last_day: date, filing: int | None = None) -> int:
    """A planned activity that is still to be filed."""

    def act(work: UnitOfWork) -> int:
        holder = work.session.query(Unit).filter_by(name=unit).one()
        made = Activity(unit_id=holder.id, name=name, planned_on=planned_on, last_filing_day=last_day, filing_id=filing)
        work.session.add(made)
        work.session.flush()
        return made.id

    return int(office.do(act))


def filing(office: Office, userid: str, name: str, start: str, *, hours: float = 2, **more: Any) -> int:
    """A filing by this account's person, accepted unless said otherwise."""
    begins = china(start)

    def act(work: UnitOfWork) -> int:
        account = work.session.query(Account).filter_by(external_id=userid).one()
        unit = account.person.memberships[0].unit if account.person and account.person.memberships else None
        held = {
            "number": f"2020-9{next(_NUMBERS):03}", "state": FilingState.ACCEPTED, "account_id": account.id,
            "person_id": account.person_id, "unit_id": unit.id if unit else None, "name": name, "place": "文化广场",
            "town": "莞城街道", "start": begins, "end": begins + timedelta(hours=hours), "attendance": 120,
            "contact_name": "李敏", "contact_phone": "13800138000",
        }  # fmt: skip
        made = Filing(created_at=work.now, updated_at=work.now, **(held | more))
        work.session.add(made)
        work.session.flush()
        return made.id

    return int(office.do(act))


def notice(office: Office, **fields: Any) -> int:
    """A notice; one that is sent has its rows and its debts."""

    def act(work: UnitOfWork) -> int:
        held = {"kind": "监督要求", "title": "报送进度表", "body": "请报送。", "state": NoticeState.SENT} | fields
        made = Notice(created_at=work.now, **held)
        work.session.add(made)
        work.session.flush()
        if made.state == NoticeState.SENT:
            send(work, made)
        return made.id

    return int(office.do(act))


def queued(office: Office, purpose: str) -> list[Delivery]:
    """What was made for this purpose, sent or not."""
    return office.outbox(purpose, None)


def texts(office: Office, purpose: str) -> list[str]:
    return [one.content["text"] for one in queued(office, purpose)]
