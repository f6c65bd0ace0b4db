"""Followers and notices for them, in an office whose account sends subscription notices."""

from collections.abc import Callable
from typing import Any

from bot.delivery import consents
from bot.delivery import notices as planning
from bot.messaging.types import OFFICIAL_ACCOUNT
from bot.model import Account, Consent, Delivery, Notice, NoticeState
from bot.store.unit_of_work import UnitOfWork
from tests.office import SETTINGS, Office

AGREEING = {"official_account": {**SETTINGS["official_account"], "subscription_template_id": "S1"}}
MakeOffice = Callable[..., Office]


def follow(office: Office, *openids: str, agreed: int = 0, **columns: Any) -> None:
    """These follow, with so many consents each; their 48 hours are over unless ``last_action_at`` says otherwise."""

    def act(work: UnitOfWork) -> None:
        for openid in openids:
            account = Account(
                channel=OFFICIAL_ACCOUNT, external_id=openid, following=True, first_seen_at=work.now, **columns
            )
            work.session.add(account)
            work.session.flush()
            for _ in range(agreed):
                consents.give(work, account.id, "S1")

    office.do(act)


def agreed(office: Office) -> dict[str, int]:
    """Openid → consents that are kept."""
    names = {one.id: one.external_id for one in office.rows(Account)}
    return {names[one.account_id]: one.left for one in office.rows(Consent)}


def publish(office: Office, **fields: Any) -> int:
    """A public notice that goes out now; gives its number."""

    def act(work: UnitOfWork) -> int:
        held = {
            "kind": "申报指南",
            "title": "指南",
            "body": "指南已发布。",
            "state": NoticeState.SUBMITTED,
            "public": True,
        }
        notice = Notice(created_at=work.now, **(held | fields))
        work.session.add(notice)
        work.session.flush()
        planning.send(work, notice)
        return notice.id

    return int(office.do(act))


def to_fans(office: Office, number: int) -> list[Delivery]:
    """The notice's rows on the official account."""
    return office.rows(Delivery, Delivery.notice_id == number, Delivery.channel == OFFICIAL_ACCOUNT)


def ways(office: Office, number: int) -> dict[str, tuple[str, str]]:
    """Recipient → method and state."""
    return {one.recipient: (one.method, str(one.state)) for one in to_fans(office, number)}


def reached_twice(make_office: MakeOffice, settings: dict[str, Any]) -> tuple[Office, int]:
    """An office with one contact, whom the robot reaches first, then the official account by any message; and who it is."""
    office = make_office(settings)
    office.unit("虎门科技馆")
    person = office.contact("he", "何伟", "虎门科技馆")
    follow(office, "oHe", person_id=person, last_action_at=office.clock.now())
    return office, person
