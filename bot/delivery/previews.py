"""A notice as each channel will show it: the very messages that are planned."""

from dataclasses import dataclass, replace

from bot.channels.rendering import plain_text
from bot.delivery import forms, own_pages
from bot.delivery.articles import article_of
from bot.delivery.notices import Reach, content_of
from bot.messaging.types import APPRISE, GROUP_WEBHOOK, OFFICIAL_ACCOUNT, WORK_GROUP, Article, Content
from bot.model import Notice, Unit
from bot.rules import quota_plan, template_fields
from bot.store import directory
from bot.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Form:
    """What those see who are reached by one channel and method. ``name``: in the office's words.

    ``example``: the unit whose text this is, where every unit reads its own.
    """

    name: str
    channel: str
    method: str
    parts: list[Content]
    example: str = ""

    @property
    def texts(self) -> list[str]:
        """The words of each message, to the byte as the platform gets them."""
        return [forms.shown(one, self.channel, self.method) for one in self.parts if one.file is None]

    @property
    def files(self) -> list[str]:
        """The names of the pictures and files that follow."""
        return [one.file.name for one in self.parts if one.file is not None]

    @property
    def article(self) -> Article | None:
        return self.parts[0].article

    @property
    def buttons(self) -> list[str]:
        return [button.text for one in self.parts if one.card is not None for button in one.card.buttons]


def forms_of(work: UnitOfWork, notice: Notice, reach: Reach) -> list[Form]:
    """A form for each way by which the notice reaches somebody, the groups first."""
    content = content_of(work, notice)
    alone = replace(content, mentions=())
    groups = {one.channel for one in reach.targets.groups}
    persons = {(way.channel, str(way.method)) for way in reach.people.values() if not way.closed}
    ways = persons | {(OFFICIAL_ACCOUNT, str(way)) for way in reach.followers.ways.values()}
    many = bool(reach.to_all) or quota_plan.Way.MASS in reach.followers.ways.values()
    article = article_of(work, notice, alone)
    found: list[Form] = []

    def add(name: str, channel: str, method: str, said: Content, example: str = "") -> None:
        found.append(Form(name, channel, method, forms.parts(said, channel, method), example))

    def add_to_persons(name: str, channel: str, method: str) -> None:
        unit, said = _own_of_first(work, reach, channel, method)
        add(name, channel, method, _as_persons_read(work, notice, reach, channel, said or alone), unit)

    for channel, name in ((WORK_GROUP, "工作群"), (GROUP_WEBHOOK, "群机器人"), (APPRISE, "其他渠道")):
        if channel in groups:
            add(name, channel, "push", content)
    if (WORK_GROUP, "push") in ways:
        add_to_persons("私聊", WORK_GROUP, "push")
    if (OFFICIAL_ACCOUNT, "custom") in persons:
        add_to_persons("公众号", OFFICIAL_ACCOUNT, "custom")
    if quota_plan.Way.CUSTOM in reach.followers.ways.values():  # who acts for no unit has no page of their own
        told = [one.parts for one in found if one.channel == OFFICIAL_ACCOUNT]
        if forms.parts(alone, OFFICIAL_ACCOUNT, "custom") not in told:
            add("公众号粉丝" if told else "公众号", OFFICIAL_ACCOUNT, "custom", alone)
    if article is not None:
        add("图文", OFFICIAL_ACCOUNT, "mass" if many else "publish", replace(alone, article=article))
    elif many:
        add("群发", OFFICIAL_ACCOUNT, "mass", alone)
    if not found:  # by templates alone, or nobody just now: as a contact would read it
        add("私聊", WORK_GROUP, "push", alone)
    return found + _templated(work, alone, reach, ways)


def _templated(work: UnitOfWork, content: Content, reach: Reach, ways: set[tuple[str, str]]) -> list[Form]:
    """What stands in the fields of a template, as the first person who is told by it will see."""
    account, found = work.settings.official_account, list[Form]()
    if account is None:
        return found
    for method, fields in (("template", account.template_fields), ("subscription", account.subscription_fields)):
        if (OFFICIAL_ACCOUNT, method) in ways:
            told = sorted(person for person, way in reach.people.items() if way.method == method and not way.closed)
            units = directory.units_of(work.session, told[0]) if told else []
            unit = "、".join(one.name for one in units)
            values = template_fields.values_of(content.title, plain_text(content.text), unit, work.now)
            text = "\n".join(template_fields.filled(fields, values).values())
            found.append(Form(quota_plan.NAMES[method], OFFICIAL_ACCOUNT, method, [Content(text)]))
    return found


def _own_of_first(work: UnitOfWork, reach: Reach, channel: str, method: str) -> tuple[str, Content | None]:
    """Where units read different texts: the unit and the text of the first person who is reached by this way."""
    for person, way in sorted(reach.people.items()):
        if (way.channel, str(way.method)) == (channel, method) and not way.closed and person in reach.own:
            unit, said = min(reach.own[person].items())
            return work.session.get_one(Unit, unit).name, said
    return "", None


def _as_persons_read(work: UnitOfWork, notice: Notice, reach: Reach, channel: str, content: Content) -> Content:
    """With the link of their own page, where contacts of units are among those whom the channel reaches."""
    persons = [person for person, way in reach.people.items() if way.channel == channel and not way.closed]
    contacts = any(directory.units_of(work.session, person) for person in persons)
    return own_pages.as_contacts_read(work, notice, content, channel) if contacts else content
