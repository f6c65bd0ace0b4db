"""Planning a notice: from one approved notice to the rows that carry it to everybody.

Groups and units first, then each person once by their best way, then the followers by what is least scarce
(`bot/rules/quota_plan.py`). Looking and sending are one computation, so the preview tells what will happen.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from bot.delivery import consents, followers, forms, outgoing, quotas, targets, values
from bot.delivery.articles import article_of, with_cover
from bot.delivery.notice_files import files_of
from bot.delivery.own_pages import as_contacts_read, with_own_page
from bot.delivery.quotas import Quota
from bot.delivery.reach import Way, way_to
from bot.delivery.targets import Targets
from bot.messaging.texts import say
from bot.messaging.types import OFFICIAL_ACCOUNT, WORK_GROUP, Button, Card, Content
from bot.model import (
    Account,
    Acknowledgement,
    Delivery,
    Membership,
    Notice,
    NoticeKind,
    NoticeState,
)
from bot.rules import quota_plan, variables
from bot.rules.publicity import ends_at
from bot.rules.quota_plan import Plan, Quotas
from bot.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Reach:
    """Who a notice gets to. ``people``: person → way, each told once. ``to_all``: one mass send to every follower.

    ``own``: where units read different texts, person → unit → what that unit reads.
    ``left``: method → what was left of its quota before this notice.
    """

    targets: Targets
    people: dict[int, Way]
    own: dict[int, dict[int, Content]]
    followers: Plan
    quotas: Quotas
    left: Mapping[str, Quota]
    to_all: int = 0  # how many followers that is

    @property
    def contacts(self) -> int:
        """Persons who can be written to one by one."""
        return sum(not way.closed for way in self.people.values())

    @property
    def closed(self) -> int:
        """Persons whom no way leads to now."""
        return len(self.people) - self.contacts


def preview(work: UnitOfWork, notice: Notice) -> Reach:
    """Whom the notice would reach and by which ways, spending nothing."""
    found, moment, agreed = targets.evaluate(work, notice), _moment_of(work, notice), consents.left(work)
    people = _people(work, found, moment, agreed, each=bool(variables.used(notice.body)))
    left = quotas.today(work)
    own, general = _own_texts(work, notice, found), content_of(work, notice)
    told = len(forms.parts(general, OFFICIAL_ACCOUNT, "custom"))
    taken = _taken(work, notice, found, people, own, general)
    room = followers.quotas_beside(work, left, taken, parts=told)
    account = work.settings.official_account
    everybody = notice.targets is None and notice.public
    if everybody and account is not None and account.kind == "subscription" and followers.may_mass_send(work):
        return Reach(found, people, own, Plan({}, {}, []), room, left, to_all=len(found.followers))
    fans = followers.of_notice(work, found, people, agreed)
    return Reach(found, people, own, quota_plan.make_plan(fans, room, moment), room, left)


def explain(reach: Reach) -> str:
    """The followers' part of a plan, in words, and what it leaves of the quotas that it spends."""
    if reach.to_all:
        return f"群发给全体粉丝 {reach.to_all} 人，用掉今天的 1 次群发"
    ways = [way.method for way in reach.people.values() if way.channel == OFFICIAL_ACCOUNT and not way.closed]
    ways += list(reach.followers.spent)
    spent = [reach.left[method] for method in quotas.PATHS if method in ways and method in reach.left]
    shown = say("broadcast.quotas", spent=spent, names=quota_plan.NAMES) if spent else ""
    plan = quota_plan.explain(reach.followers, reach.quotas) if reach.targets.followers else ""
    return "\n".join(filter(None, (plan, shown)))


def plan(work: UnitOfWork, notice: Notice) -> None:
    """Make every row of the notice, and the acknowledgements that it asks for. Harmless to repeat."""
    content, reach = content_of(work, notice), preview(work, notice)
    key, urgent = f"notice:{notice.id}", notice.kind == NoticeKind.EMERGENCY
    more: dict[str, Any] = {"purpose": "notice", "notice_id": notice.id, "urgent": urgent}
    for group in reach.targets.groups:
        name = f"{key}:{'chat' if group.channel == WORK_GROUP else group.channel}:{group.recipient}"
        outgoing.by_way(work, Way(group.channel, "push", group.recipient), content, key=name, **more)
    alone = replace(content, mentions=())
    for person_id, way in sorted(reach.people.items()):
        name = f"{key}:person:{person_id}"
        for unit_id, text in reach.own.get(person_id, {0: alone}).items():
            held = f"{name}:unit:{unit_id}" if unit_id else name
            if outgoing.is_made(work, held):
                continue  # its link is in that row
            told = text if way.closed else with_own_page(work, notice, person_id, text, way.channel)
            outgoing.by_way(work, way, told, key=held, person_id=person_id, **more)
    _plan_followers(work, notice, reach, alone)
    if notice.acknowledge:
        for unit_id in sorted(reach.targets.units):
            if work.session.get(Acknowledgement, (notice.id, unit_id)) is None:
                work.session.add(Acknowledgement(notice_id=notice.id, unit_id=unit_id))


def send(work: UnitOfWork, notice: Notice) -> None:
    """The notice goes out: its state, its rows, the record.

    In the quiet hours it is for the morning: until then neither the pages nor the answers to anybody show it.
    """
    notice.state = NoticeState.SENT
    notice.sent_at = work.now if notice.kind == NoticeKind.EMERGENCY else outgoing.allowed_from(work)
    if notice.kind == NoticeKind.PUBLICITY:
        notice.deadline = ends_at(notice.body, notice.sent_at)
    plan(work, notice)
    work.audit("system", "notice.send", f"notice:{notice.id}")


def content_of(work: UnitOfWork, notice: Notice, own: Mapping[str, str] = variables.GENERAL) -> Content:
    """The notice as it goes out; each channel makes its own form of this. ``own``: what its variables stand for."""
    link = link_to(work, notice)
    card = None
    if notice.acknowledge:
        button = Button("收到", f"acknowledge:{notice.id}", "primary")
        card = Card(title=f"通知 {notice.id} 回执", task_id=f"notice-{notice.id}", buttons=(button,))
    body = variables.fill(notice.body, own)
    text = say("notice.body", notice=notice, body=body, link=link, programme=work.settings.programme)
    mentions = ("@all",) if notice.acknowledge else ()
    title, page = f"{notice.kind}：{notice.title}", page_of(work, notice)
    return Content(text, card=card, title=title, link=link, page=page, mentions=mentions, files=files_of(notice))


def own_example(work: UnitOfWork, notice: Notice, reach: Reach) -> str:
    """What the last of the units would read, where units read different texts; else empty."""
    if not variables.used(notice.body) or not reach.targets.units:
        return ""
    last = max(reach.targets.units)
    return content_of(work, notice, values.of_units(work, notice, frozenset({last}))[last]).text


def link_to(work: UnitOfWork, notice: Notice | Row[*tuple[Any, ...]]) -> str:
    """The notice's own link, else its page on this server where it is public; may be empty."""
    return notice.link or page_of(work, notice)


def page_of(work: UnitOfWork, notice: Notice | Row[*tuple[Any, ...]]) -> str:
    """The page of a public notice on this server; empty where it is not public, or the server has no public address."""
    base = work.settings.server.public_url
    return f"{base}/notices/{notice.id}" if base and notice.public else ""


def _plan_followers(work: UnitOfWork, notice: Notice, reach: Reach, content: Content) -> None:
    key, urgent = f"notice:{notice.id}", notice.kind == NoticeKind.EMERGENCY
    if _mass_planned(work, notice):
        return  # a repetition: whom the first mass send took is not to be dealt out anew
    article = article_of(work, notice, content)
    to_many = replace(content, article=with_cover(work, notice, article) if article is not None else None)
    if reach.to_all:
        outgoing.mass(work, [], to_many, key=f"{key}:mass:all", notice_id=notice.id, urgent=urgent)
    singles = [(openid, way) for openid, way in reach.followers.ways.items() if way is not quota_plan.Way.MASS]
    ways = [(f"{key}:follower:{openid}", Way(OFFICIAL_ACCOUNT, way, openid)) for openid, way in singles]
    ways += [
        (f"{key}:follower:{openid}", Way(OFFICIAL_ACCOUNT, "custom", openid, why))
        for openid, why in reach.followers.unreachable.items()
    ]
    outgoing.by_ways(work, ways, content, purpose="notice", notice_id=notice.id, urgent=urgent)
    for at, batch in enumerate(reach.followers.batches):
        outgoing.mass(work, batch, to_many, key=f"{key}:mass:{at}", notice_id=notice.id, urgent=urgent)
    if article is not None and not reach.to_all and not reach.followers.batches:
        # Nobody is sent it as an article; among those of the account it stands all the same, and can be linked to.
        way, name = Way(OFFICIAL_ACCOUNT, "publish", "articles"), f"{key}:publish"
        outgoing.by_way(work, way, to_many, purpose="notice", key=name, notice_id=notice.id, urgent=urgent)


def _own_texts(work: UnitOfWork, notice: Notice, found: Targets) -> dict[int, dict[int, Content]]:
    """Where units read different texts: person → unit → what that unit reads."""
    if not variables.used(notice.body):
        return {}
    wish = select(Membership.person_id, Membership.unit_id).where(Membership.unit_id.in_(found.units))
    held = values.of_units(work, notice, found.units)
    texts = {number: replace(content_of(work, notice, own), mentions=()) for number, own in held.items()}
    read: dict[int, dict[int, Content]] = {}
    for person_id, unit_id in work.session.execute(wish.order_by(Membership.person_id, Membership.unit_id)):
        read.setdefault(person_id, {})[unit_id] = texts[unit_id]
    return read


def _taken(
    work: UnitOfWork, notice: Notice, found: Targets, people: Mapping[int, Way],
    own: Mapping[int, Mapping[int, Content]], general: Content,
) -> Counter[str]:  # fmt: skip
    """Method of the official account → messages to the persons: one a unit where units read different texts.

    With a page of their own behind a link, a text is one message; who acts for no unit gets no such page.
    """
    counted: dict[tuple[str, str, bool], int] = {}
    taken = Counter[str]()
    for person_id, way in people.items():
        if way.channel != OFFICIAL_ACCOUNT or way.closed:
            continue
        for content in own.get(person_id, {0: general}).values():
            form = (content.text, way.method, person_id in found.staff)
            if form not in counted:
                told = (
                    content if person_id in found.staff else as_contacts_read(work, notice, content, OFFICIAL_ACCOUNT)
                )
                counted[form] = len(forms.parts(told, OFFICIAL_ACCOUNT, way.method))
            taken[way.method] += counted[form]
    return taken


def _mass_planned(work: UnitOfWork, notice: Notice) -> bool:
    wish = select(Delivery.id).where(Delivery.notice_id == notice.id, Delivery.method == "mass").limit(1)
    return work.session.scalar(wish) is not None


def _moment_of(work: UnitOfWork, notice: Notice) -> datetime:
    """When it will go: in the morning, a follower's 48 hours may be over that run now."""
    start = max(work.now, notice.scheduled_at or work.now)
    return start if notice.kind == NoticeKind.EMERGENCY else outgoing.allowed_from(work, start)


def _people(
    work: UnitOfWork, found: Targets, moment: datetime, agreed: dict[int, int], *, each: bool
) -> dict[int, Way]:
    """Contacts of the units and members of staff.

    In the group WeCom's users read it anyway: there it is not repeated, unless ``each`` unit has a text of its own.
    """
    in_group = not each and any(one.channel == WORK_GROUP for one in found.groups)
    acting = select(Membership.person_id).where(Membership.unit_id.in_(found.units))
    by_person: dict[int, list[Account]] = {}
    for account in work.session.scalars(select(Account).where(Account.person_id.in_(acting)).order_by(Account.id)):
        if not in_group or (account.channel == OFFICIAL_ACCOUNT and account.following):
            by_person.setdefault(account.person_id or 0, []).append(account)
    for account in work.session.scalars(select(Account).where(Account.person_id.in_(found.staff)).order_by(Account.id)):
        held = by_person.setdefault(account.person_id or 0, [])
        held += [] if account in held else [account]
    if work.settings.official_account is None and in_group:
        by_person = {one: held for one, held in by_person.items() if one in found.staff}
    return {person_id: way_to(work, accounts, at=moment, agreed=agreed) for person_id, accounts in by_person.items()}
