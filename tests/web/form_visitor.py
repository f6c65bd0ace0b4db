"""A contact of a unit who asks the bot for the filing page, and the browsers with which they open it."""

import re
from html.parser import HTMLParser
from typing import Any

import httpx
from sqlalchemy import select

from bot.messaging.types import OFFICIAL_ACCOUNT, Content, Incoming
from bot.model import Account, Filing, Membership, Person, Project, Unit
from bot.store.unit_of_work import UnitOfWork
from tests.web.conftest import Site

BASE = "https://bot.example.org"
LIMIN = "oLiMinLiMinLiMinLiMinLiMinLi"
WHOLE = {
    "name": "垃圾分类进社区讲座",
    "date": "2020-10-24",
    "begin": "09:00",
    "until": "11:30",
    "place": "莞城文化广场",
    "attendance": "120",
    "contact_name": "李敏",
    "contact_phone": "13800138000",
}


class Page(HTMLParser):
    """What a page shows and what its form would send."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__(convert_charrefs=True)
        self.answer = answer
        self.status = answer.status_code
        self.inputs: dict[str, str] = {}
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words = ""
        self._area = self._select = ""
        self.options: dict[str, list[str]] = {}
        self.ids: dict[str, str] = {}
        self._open: list[str] = []
        self.feed(answer.text)

    @property
    def buttons(self) -> list[str]:
        return [held.get("value", "") for tag, held in self.tags if tag == "button"]

    def fault(self, name: str) -> str:
        return self.ids.get(f"fault-{name}", "").strip()

    @property
    def faults(self) -> dict[str, str]:
        """Input → the sentence beside it."""
        return {
            name.removeprefix("fault-"): words.strip()
            for name, words in self.ids.items()
            if name.startswith("fault-") and words.strip()
        }

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        self.tags.append((tag, held))
        name = held.get("name", "")
        if tag == "input":
            kind = held.get("type", "")
            if kind == "file" or (kind == "checkbox" and "checked" not in held):
                return
            self.inputs[name] = held.get("value", "")
        elif tag == "textarea":
            self._area = name
            self.inputs[name] = ""
        elif tag == "select":
            self._select = name
            self.inputs[name], self.options[name] = "", []
        elif tag == "option" and self._select:
            self.options[self._select].append(held.get("value", ""))
            if "selected" in held:
                self.inputs[self._select] = held.get("value", "")
        if tag not in ("input", "meta", "link", "img", "br"):
            self._open.append(held.get("id", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.inputs[self._area] = self.inputs[self._area].removeprefix("\n")
            self._area = ""
        elif tag == "select":
            self._select = ""
        if self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._area:
            self.inputs[self._area] += data
            return
        self.words += data
        for name in filter(None, self._open):
            self.ids[name] = self.ids.get(name, "") + data


class Browser:
    """One browser with its own cookies."""

    def __init__(self, site: Site, address: str) -> None:
        transport = httpx.ASGITransport(site.web)
        self.client = httpx.AsyncClient(transport=transport, base_url=BASE, follow_redirects=True)
        self.path = address.removeprefix(BASE)

    async def open(self) -> Page:
        """The page, past its way in where the link is new."""
        page = await self.get()
        return await self.press("open") if "open" in page.buttons else page

    async def get(self) -> Page:
        return Page(await self.client.get(self.path))

    async def press(self, act: str, **fields: str) -> Page:
        """Press a button of an opening page."""
        return Page(await self.client.post(self.path, data={"act": act, **fields}))

    async def send(self, page: Page, act: str, files: Any = None, **changed: str | None) -> Page:
        """Change inputs of a page and press one of its buttons; None leaves an input out."""
        fields = {**page.inputs, **changed, "act": act}
        parts = [(name, (None, value)) for name, value in fields.items() if value is not None]
        return Page(await self.client.post(self.path, files=[*parts, *(files or [])]))


class Contact:
    """Li Min of the environmental volunteers, on the official account."""

    def __init__(
        self, site: Site, *units: str, projects: tuple[str, ...] = (), openid: str = LIMIN, phone: str = "13800138000"
    ) -> None:
        self.site, self.openid, self.phone = site, openid, phone
        self._next = 0
        site.do(lambda work: self._bind(work, units or ("东莞市环保志愿者协会",), projects))

    async def say(self, text: str) -> str:
        answer = await self._bring(kind="text", text=text)
        return answer.text if answer else ""

    async def menu(self, key: str) -> str:
        answer = await self._bring(kind="event", event="menu", key=key)
        return answer.text if answer else ""

    async def link(self, words: str = "表单") -> str:
        """Ask for the page; gives its address."""
        found = re.search(rf"{re.escape(BASE)}/f/[\w-]+", await self.say(words))
        assert found
        return found[0]

    async def browser(self, words: str = "表单") -> Browser:
        return Browser(self.site, await self.link(words))

    def filings(self) -> list[Filing]:
        with self.site.bot.database.read() as session:
            return list(session.scalars(select(Filing).order_by(Filing.id)))

    @property
    def filing(self) -> Filing:
        """The only one."""
        [found] = self.filings()
        return found

    async def _bring(self, **fields: Any) -> Content | None:
        self._next += 1
        number = f"{self.openid}-{self._next}"
        message = Incoming(OFFICIAL_ACCOUNT, number, self.openid, self.site.clock.now(), **fields)
        return await self.site.bot.inbox.receive(message, patience=60)

    def _bind(self, work: UnitOfWork, units: tuple[str, ...], projects: tuple[str, ...]) -> None:
        person = Person(name="李敏", phone=self.phone, created_at=work.now)
        work.session.add(person)
        work.session.flush()
        for name in units:
            unit = work.session.scalars(select(Unit).where(Unit.name == name)).first() or Unit(name=name)
            work.session.add(unit)
            work.session.flush()
            work.session.add(Membership(person_id=person.id, unit_id=unit.id))
            for project in projects:
                work.session.add(Project(unit_id=unit.id, year=2020, name=project))
        work.session.add(
            Account(
                channel=OFFICIAL_ACCOUNT,
                external_id=self.openid,
                person_id=person.id,
                following=True,
                direct=True,
                first_seen_at=work.now,
                last_action_at=work.now,
            )
        )
        work.session.flush()
