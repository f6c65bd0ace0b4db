"""The demonstration's data, made as it would be made in life: through the bot's own inbox."""

import asyncio
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import select, update

from bot.app import ROUTERS
from bot.channels.official_account.channel import MENU
from bot.channels.official_account.client import ApiClient
from bot.clock import CHINA, SystemClock
from bot.delivery.outgoing import answer_later
from bot.demo import world
from bot.demo.stack import Stack
from bot.errors import BotError
from bot.messaging.inbox import Inbox
from bot.messaging.router import Dispatch
from bot.messaging.types import OFFICIAL_ACCOUNT, WORK_GROUP, Content, Incoming
from bot.model import Account, Activity, Delivery, DeliveryState, Person, Project, Staff, Unit
from bot.rules.working_days import last_filing_day
from bot.settings import Settings, load
from bot.store import migrate
from bot.store.engine import Database
from bot.store.unit_of_work import UnitOfWork
from bot.store.writer import Writer
from handlers.binding import make_code

GUIDE = (
    "广播 申报指南：《2020年度科普专项（第二批）申报指南》现已发布。申报时间10月20日至11月20日，"
    "重点支持青少年科学素质、健康科普、科普阵地建设三个方向，每单位限报两项。申报材料请通过单位所在镇街科协报送。"
)
REQUIREMENT = (
    "广播 监督要求：请各单位于10月16日18:00前核对本单位2020年度活动计划，凡举办活动须提前3个工作日报备，收到请回复。"
)


class _SeedClock:
    """Walks through the days before the demonstration begins."""

    moment = datetime(2020, 9, 28, 9, 0, tzinfo=CHINA)

    def now(self) -> datetime:
        return self.moment


class _Life:
    """Plays the people of the world before the visitor comes."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.clock = _SeedClock()
        self.writer = Writer(database, settings, self.clock)
        self.writer.start()
        self._inbox = Inbox(self.writer, Dispatch(ROUTERS), answer_later)
        self._count = 0

    def at(self, month: int, day: int, hour: int, minute: int = 0) -> None:
        self.clock.moment = datetime(2020, month, day, hour, minute, tzinfo=CHINA)

    def say(self, account: str, text: str, *, chat: str = "", channel: str = WORK_GROUP) -> Content | None:
        return self._bring(self._blank(account, channel, chat), text=text)

    def event(self, openid: str, event: str) -> None:
        self._bring(self._blank(openid, OFFICIAL_ACCOUNT, ""), kind="event", event=event)

    def _blank(self, account: str, channel: str, chat: str) -> Incoming:
        self._count += 1
        return Incoming(channel, f"seed-{self._count}", account, self.clock.now(), chat=chat)

    def _bring(self, message: Incoming, **fields: str) -> Content | None:
        return asyncio.run(self._inbox.receive(replace(message, **fields), patience=60.0))  # type: ignore[arg-type]


def seed(settings: Settings, *, history: bool = True) -> None:
    """Fill an empty database: units, projects, plans, people, followers; with ``history`` two notices, five filings."""
    database = Database(settings.database.url)
    migrate.upgrade(database)
    life = _Life(settings, database)
    try:
        life.writer.submit(_programme).result()
        _people(life)
        if history:
            _notices(life)
            _filings(life)
        life.writer.submit(_all_delivered).result()
    finally:
        life.writer.close()
        database.close()


def publish_menu(stack: Stack) -> None:
    """Put the bot's menu under the account, as `kepu-bot doctor --publish-menu` does."""
    settings = load(stack.config)
    if settings.official_account is None:
        raise BotError("the demonstration has an official account")
    client = ApiClient(settings.official_account, clock=SystemClock())

    async def publish() -> None:
        try:
            await client.menu.create(MENU)
        finally:
            await client.close()

    asyncio.run(publish())


def _programme(work: UnitOfWork) -> None:
    for name, town, projects, plans in world.UNITS:
        unit = Unit(name=name, town=town)
        work.session.add(unit)
        work.session.flush()
        made = [
            Project(unit_id=unit.id, year=2020, name=title, code=code, amount_fen=yuan * 100)
            for title, code, yuan in projects
        ]
        work.session.add_all(made)
        work.session.flush()
        for title, day, at in plans:
            planned = date.fromisoformat(day)
            last = last_filing_day(planned, work.settings.programme.filing_working_days)
            work.session.add(
                Activity(unit_id=unit.id, project_id=made[at].id, name=title, planned_on=planned, last_filing_day=last)
            )


def _people(life: _Life) -> None:
    def staff(work: UnitOfWork) -> None:
        for userid, name, role in world.STAFF:
            person = Person(name=name, created_at=work.now)
            work.session.add(person)
            work.session.flush()
            work.session.add(Staff(person_id=person.id, role=role))
            work.session.add(
                Account(
                    channel=WORK_GROUP, external_id=userid, person_id=person.id, direct=True, first_seen_at=work.now
                )
            )

    life.writer.submit(staff).result()
    for contact in world.CONTACTS:
        for unit_name in contact.units:
            life.say(contact.userid, f"绑定 {_code(life, unit_name)}")
        life.writer.submit(lambda work, one=contact: _name(work, one)).result()  # type: ignore[misc]
    for openid, _ in world.followers():
        life.event(openid, "subscribe")
    for contact in world.CONTACTS:
        if contact.openid:
            life.say(contact.openid, f"绑定 {_own_code(life, contact.userid)}", channel=OFFICIAL_ACCOUNT)


def _code(life: _Life, unit_name: str) -> str:
    def act(work: UnitOfWork) -> str:
        unit = work.session.scalars(select(Unit).where(Unit.name == unit_name)).one()
        return make_code(work, unit_id=unit.id)

    return life.writer.submit(act).result()


def _own_code(life: _Life, userid: str) -> str:
    def act(work: UnitOfWork) -> str:
        return make_code(work, person_id=_person(work, userid).id)

    return life.writer.submit(act).result()


def _person(work: UnitOfWork, userid: str) -> Person:
    wish = select(Person).join(Account, Account.person_id == Person.id).where(Account.external_id == userid)
    return work.session.scalars(wish).one()


def _name(work: UnitOfWork, contact: world.Contact) -> None:
    person = _person(work, contact.userid)
    person.name, person.phone = contact.name, contact.phone


def _notices(life: _Life) -> None:
    for number, (day, text) in enumerate(((29, GUIDE), (30, REQUIREMENT)), 1):
        life.at(9, day, 10)
        life.say("wangfang", text)
        life.say("wangfang", "提交审核")
        life.at(9, day, 10, 30)
        life.say("chenzhiming", f"批准 {number}")
    life.at(9, 30, 15)
    for userid in ("limin", "chenjing", "hewei", "huanglin"):
        life.say(userid, "收到", chat=world.GROUP)


def _filings(life: _Life) -> None:
    """One of each: reported, accepted, waiting, returned, draft."""
    life.at(9, 28, 14)
    life.say("huanglin", "报备：10月10日上午9点到11点，南城街道阳光小学，气象防灾进校园，300人，黄琳 13800138006")
    life.say("huanglin", "提交")
    life.say("liuqian", "通过 2020-0001")
    life.at(10, 10, 17)
    life.say("huanglin", "总结 2020-0001 实到286人，报道见 https://example.org/news/1010")
    life.at(10, 9, 9, 30)
    life.say("chenjing", "报备：10月16日下午2点到5点，长安镇振安科技园，流动科普书车进厂区，150人，陈静 13800138002")
    life.say("chenjing", "提交")
    life.say("chenzhiming", "通过 2020-0002")
    life.at(10, 9, 11)
    life.say("hewei", "报备：10月25日全天，虎门科技馆一楼大厅，机器人体验日，300人，何伟 13800138003", chat=world.GROUP)
    life.say("hewei", "提交", chat=world.GROUP)
    life.at(10, 10, 10)
    life.say("zhangqiang", "报备：10月24日上午9点到11点，麻涌镇大步村，社区义诊科普，60人，张强 13900139000")
    life.say("zhangqiang", "提交")
    life.say("chenzhiming", "退回 2020-0004 请补充义诊医生的单位和资质")
    life.at(10, 11, 20)
    life.say("zhouyang", "报备：10月24日下午两点半，松山湖图书馆，航模体验")
    life.say("zhouyang", "松山湖青少年科学会")
    life.at(10, 12, 9, 55)


def _all_delivered(work: UnitOfWork) -> None:
    """What was pushed before the visitor came has long arrived."""
    change = update(Delivery).where(Delivery.state == DeliveryState.QUEUED)
    work.session.execute(change.values(state=DeliveryState.SENT, sent_at=Delivery.created_at))
