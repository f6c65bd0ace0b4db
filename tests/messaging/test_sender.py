"""Who wrote, and what a message tells of an account."""

from dataclasses import replace

import pytest

from bot.messaging.sender import Sender, sender_of
from bot.messaging.types import OFFICIAL_ACCOUNT, WORK_GROUP, Incoming
from bot.model import Account
from tests.office import GROUP, Office


def _message(office: Office, channel: str, **fields: str) -> Incoming:
    return replace(Incoming(channel, "m1", "o1", office.clock.now()), **fields)  # type: ignore[arg-type]


def _sender(office: Office, message: Incoming) -> Sender:
    found: Sender = office.do(lambda work: sender_of(work, message))
    return found


@pytest.mark.parametrize(
    ("channel", "chat", "direct", "following"),
    [(OFFICIAL_ACCOUNT, "", True, True), (WORK_GROUP, "", True, False), (WORK_GROUP, GROUP, False, False)],
)
def test_first_message_makes_the_account(
    office: Office, channel: str, chat: str, direct: bool, following: bool
) -> None:
    sender = _sender(office, _message(office, channel, chat=chat))
    [account] = office.rows(Account)
    assert sender == Sender(account.id, None, direct)
    assert (account.direct, account.following) == (direct, following)
    assert account.first_seen_at == account.last_action_at == office.clock.now()


def test_account_that_spoke_in_the_group_can_be_reached_directly_once_it_has_spoken_there(office: Office) -> None:
    assert not _sender(office, _message(office, WORK_GROUP, chat=GROUP)).direct
    assert _sender(office, _message(office, WORK_GROUP)).direct
    assert _sender(office, _message(office, WORK_GROUP, chat=GROUP)).direct
    assert len(office.rows(Account)) == 1


def test_last_action_moves_with_each_message_but_not_with_every_second(office: Office) -> None:
    for moment, kept in (("10:00:00", "10:00:00"), ("10:00:50", "10:00:00"), ("10:01:01", "10:01:01")):
        office.at(f"2020-10-12T{moment}")
        _sender(office, _message(office, OFFICIAL_ACCOUNT))
        assert office.rows(Account)[0].last_action_at.strftime("%H:%M:%S") == kept


def test_event_that_the_follower_did_not_cause_is_no_action_of_theirs(office: Office) -> None:
    _sender(office, _message(office, OFFICIAL_ACCOUNT, kind="event", event="mass_finished"))
    [account] = office.rows(Account)
    assert (account.following, account.direct, account.last_action_at) == (False, False, None)


def test_sender_who_is_bound_is_known_by_their_person(office: Office) -> None:
    office.unit("东莞市长安图书馆")
    person = office.contact("o1", "陈静", "东莞市长安图书馆", channel=OFFICIAL_ACCOUNT)
    assert _sender(office, _message(office, OFFICIAL_ACCOUNT)).person_id == person
