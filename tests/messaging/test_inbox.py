"""The inbox: once, in one transaction, in time."""

import asyncio
import io
import itertools
import threading
import time
from dataclasses import replace

import pytest
import structlog

from bot.errors import UserError
from bot.logging import configure
from bot.messaging.inbox import LONGEST_TEXT, Inbox
from bot.messaging.router import Dispatch, Router
from bot.messaging.turn import Turn
from bot.messaging.types import OFFICIAL_ACCOUNT, WORK_GROUP, Content, Incoming
from bot.model import Account, AuditEntry, Delivery, InboxMessage, Unit
from tests.office import GROUP, Office

_NUMBERS = itertools.count()


def _inbox(office: Office, handler: object) -> Inbox:
    router = Router()
    router.last()(handler)  # type: ignore[arg-type]
    from bot.delivery.outgoing import answer_later

    return Inbox(office.writer, Dispatch([router]), answer_later)


def _message(office: Office, number: int = 1, channel: str = OFFICIAL_ACCOUNT, **fields: str) -> Incoming:
    return Incoming(channel, f"m{number}", fields.pop("account", "o1"), office.clock.now(), text="hello", **fields)  # type: ignore[arg-type]


def _make_unit(turn: Turn) -> Content:
    # A new name each time: were it the message's, the name's constraint would hold off what the inbox must hold off.
    turn.session.add(Unit(name=f"unit {next(_NUMBERS)}"))
    return Content("made")


def test_message_that_comes_three_times_is_handled_once_and_answered_alike(office: Office) -> None:
    inbox = _inbox(office, _make_unit)

    async def thrice() -> list[Content | None]:
        message = _message(office)
        together = await asyncio.gather(inbox.receive(message), inbox.receive(message))
        return [*together, await inbox.receive(message)]

    assert [one and one.text for one in asyncio.run(thrice())] == ["made"] * 3
    assert len(office.rows(Unit)) == 1
    assert len(office.rows(InboxMessage)) == 1


def test_work_group_gets_no_second_answer_to_a_repeated_message(office: Office) -> None:
    inbox = _inbox(office, _make_unit)
    message = _message(office, channel=WORK_GROUP)
    first = asyncio.run(inbox.receive(message))
    assert first is not None
    assert asyncio.run(inbox.receive(message)) is None


def test_refusal_undoes_what_the_handler_did_but_keeps_that_the_message_came(office: Office) -> None:
    def refuse(turn: Turn) -> Content:
        _make_unit(turn)
        turn.work.audit("x", "y", "z")
        raise UserError("不行，请换个日期。")

    inbox = _inbox(office, refuse)
    answers = [asyncio.run(inbox.receive(_message(office))) for _ in range(2)]
    assert [one and one.text for one in answers] == ["不行，请换个日期。"] * 2
    assert office.rows(Unit) == []
    assert office.rows(AuditEntry) == []
    assert len(office.rows(InboxMessage)) == 1


def test_broken_handler_answers_politely_and_logs_no_content(office: Office) -> None:
    logged = io.StringIO()
    configure(logged)

    def broken(turn: Turn) -> Content:
        _make_unit(turn)
        raise RuntimeError("boom")

    answer = asyncio.run(_inbox(office, broken).receive(_message(office)))
    assert answer is not None
    assert answer.text.startswith("抱歉")
    structlog.reset_defaults()
    assert "RuntimeError: boom" in logged.getvalue()
    assert "hello" not in logged.getvalue()
    assert office.rows(Unit) == []


def test_slow_handler_answers_in_time_and_finishes_by_push(office: Office) -> None:
    def slow(turn: Turn) -> Content:
        time.sleep(0.4)
        return _make_unit(turn)

    inbox = _inbox(office, slow)
    began = time.monotonic()

    async def ask() -> Content | None:
        answer = await inbox.receive(_message(office), patience=0.1)
        assert time.monotonic() - began < 0.35
        await asyncio.sleep(0.8)
        return answer

    answer = asyncio.run(ask())
    assert answer is not None
    assert "正在处理" in answer.text
    [pushed] = office.rows(Delivery)
    assert (pushed.channel, pushed.method, pushed.recipient) == (OFFICIAL_ACCOUNT, "custom", "o1")
    assert pushed.content["text"] == "made"
    assert len(office.rows(Unit)) == 1


def test_account_that_floods_is_told_once_and_disturbs_nobody(office: Office) -> None:
    inbox = _inbox(office, lambda turn: Content("ok"))

    async def flood() -> list[str]:
        answers = [await inbox.receive(_message(office, number)) for number in range(80)]
        answers.append(await inbox.receive(_message(office, 99, account="o2")))
        return [one.text if one else "" for one in answers]

    answers = asyncio.run(flood())
    assert answers[:60] == ["ok"] * 60
    assert "太快了" in answers[60]
    assert answers[61:80] == [""] * 19
    assert answers[80] == "ok"
    office.at("2020-10-12T10:02:00")
    again = asyncio.run(inbox.receive(_message(office, 200)))
    assert again is not None
    assert again.text == "ok"


def test_text_of_many_pages_is_answered_and_reaches_no_handler(office: Office) -> None:
    reached: list[str] = []
    inbox = _inbox(office, lambda turn: reached.append(turn.text))
    answer = asyncio.run(inbox.receive(replace(_message(office), text="长" * (LONGEST_TEXT + 1))))
    assert answer is not None
    assert "太长" in answer.text
    assert reached == []


def test_many_messages_at_once_lose_nothing(office: Office) -> None:
    inbox = _inbox(office, _make_unit)

    async def many() -> None:
        await asyncio.gather(*(inbox.receive(_message(office, n, account=f"o{n % 37}")) for n in range(300)))

    asyncio.run(many())
    assert len(office.rows(Unit)) == 300
    assert len(office.rows(Account)) == 37


def test_two_processes_that_get_the_same_message_handle_it_once(database_url: str) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("several processes write to PostgreSQL only")
    offices = [Office(database_url), Office(database_url)]
    inboxes = [_inbox(one, _make_unit) for one in offices]
    answers: list[str] = []

    def ask(inbox: Inbox) -> None:
        answer = asyncio.run(inbox.receive(_message(offices[0])))
        answers.append(answer.text if answer else "")

    threads = [threading.Thread(target=ask, args=(one,)) for one in inboxes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == ["made", "made"]
    assert len(offices[0].rows(Unit)) == 1
    for one in offices:
        one.close()


def test_unaddressed_chatter_in_the_group_is_met_with_silence(office: Office) -> None:
    assert office.say("somebody", "明天大家吃什么", chat=GROUP, addressed=False) is None
