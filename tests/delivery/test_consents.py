"""Consents to subscription notices: given in an article, one for each notice, taken back, never spent twice."""

import asyncio

import pytest

from bot.errors import PlatformError
from bot.messaging.types import OFFICIAL_ACCOUNT, Incoming
from bot.model import Delivery
from tests.delivery.fans import AGREEING, MakeOffice, agreed, follow, publish, to_fans, ways
from tests.delivery.post import Post, running
from tests.office import Office
from tests.waiting import until

REFUSED = PlatformError("对方没有订阅这类消息", code=43101, unreachable=True)


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    return make_office(AGREEING)


def _event(office: Office, openid: str, event: str, **detail: str) -> None:
    now = office.clock.now()
    number = f"{event}:{openid}:{detail}"
    office.bring(Incoming(OFFICIAL_ACCOUNT, number, openid, now, kind="event", event=event, detail=detail))


def test_each_agreement_is_one_consent_and_repeated_callbacks_give_none(office: Office) -> None:
    follow(office, "oAmy")
    _event(office, "oAmy", "subscription_answered", answers="S1:accept S2:reject")
    _event(office, "oAmy", "subscription_answered", answers="S1:accept S2:reject")  # the platform repeats itself
    _event(office, "oAmy", "subscription_answered", answers="S1:accept")
    _event(office, "oBob", "subscription_answered", answers="S1:reject")
    assert agreed(office) == {"oAmy": 2}


def test_whoever_refuses_in_the_settings_has_none_left(office: Office) -> None:
    follow(office, "oAmy", agreed=2)
    _event(office, "oAmy", "subscription_changed", answers="S1:reject")
    assert agreed(office) == {"oAmy": 0}


async def test_notice_uses_up_one_consent_each_and_what_waits_has_its_consent_already(office: Office) -> None:
    follow(office, "oAmy", agreed=2)
    follow(office, "oBob", agreed=1)
    follow(office, "oCat", "oDan")
    first, second, third = [await asyncio.to_thread(publish, office) for _ in range(3)]
    assert ways(office, first) == {
        "oAmy": ("subscription", "queued"), "oBob": ("subscription", "queued"), "2 followers": ("mass", "queued"),
    }  # fmt: skip
    assert ways(office, second) == {"oAmy": ("subscription", "queued"), "3 followers": ("mass", "queued")}
    assert ways(office, third) == {"4 followers": ("mass", "queued")}
    async with running(office, Post(OFFICIAL_ACCOUNT)):
        await until(lambda: not office.outbox("notice"))
    assert agreed(office) == {"oAmy": 0, "oBob": 0}


async def test_refusal_of_the_platform_corrects_what_we_counted(office: Office) -> None:
    follow(office, "oAmy", agreed=3)
    number = await asyncio.to_thread(publish, office)
    post = Post(OFFICIAL_ACCOUNT)
    post.answers = [REFUSED]
    async with running(office, post):
        await until(lambda: ways(office, number)["oAmy"][1] == "unreachable")
    assert agreed(office) == {"oAmy": 0}
    assert len(post.sent) == 1


@pytest.mark.parametrize(("status", "state"), [("success", "sent"), ("user refuse", "failed")])
async def test_word_on_a_notice_finds_it_and_is_taken_once(office: Office, status: str, state: str) -> None:
    follow(office, "oAmy", agreed=1)
    number = await asyncio.to_thread(publish, office)
    async with running(office, Post(OFFICIAL_ACCOUNT)):
        await until(lambda: ways(office, number)["oAmy"][1] == "sent")
    await asyncio.to_thread(_event, office, "oAmy", "subscription_sent", status=status, msg_id="77")
    [row] = to_fans(office, number)
    assert (row.state, row.platform_id) == (state, "77")

    def decide(work: object) -> None:
        work.session.get_one(Delivery, row.id).state = "sent"  # type: ignore[attr-defined]

    await asyncio.to_thread(office.do, decide)
    await asyncio.to_thread(_event, office, "oAmy", "subscription_sent", status=status, msg_id="77", again="1")
    assert ways(office, number) == {"oAmy": ("subscription", "sent")}


def test_whoever_leaves_leaves_no_consent(office: Office) -> None:
    follow(office, "oAmy", agreed=1)
    office.event("oAmy", "unsubscribe")
    assert agreed(office) == {}


def test_account_that_may_send_none_plans_none(make_office: MakeOffice) -> None:
    account = {**AGREEING["official_account"], "kind": "subscription"}
    office = make_office({"official_account": account})
    follow(office, "oAmy", "oBob", agreed=1)
    assert ways(office, publish(office)) == {"all followers": ("mass", "queued")}
