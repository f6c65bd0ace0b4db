"""The bot's web application as it is served, and a platform that seals messages with wechatpy's own crypto."""

import base64
import hashlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import xmltodict
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from sqlalchemy import func, select
from wechatpy.crypto import WeChatCrypto

from bot.app import App
from bot.model.base import Base
from bot.roles import ALL, Role
from bot.settings import check
from tests.engines import share_compiled
from tests.office import MONDAY, SettableClock

PATH = "/callbacks/official-account"
APP_ID, OPENID, OWN_ID = "wx0123456789abcdef", "oAmyAmyAmyAmyAmyAmyAmyAmyAmy", "gh_0123456789ab"
TOKEN, KEY = "letmein", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
SAID = "帮助，我的电话是13800138000"
ACCOUNT = {"app_id": APP_ID, "app_secret": "s" * 32, "token": TOKEN, "encoding_aes_key": KEY}


class Sealed:
    """One callback: the query and the body as they travel. Change either before posting it."""

    def __init__(self, body: bytes, timestamp: int, *, token: str = TOKEN) -> None:
        self.body = body
        _head, _, rest = body.partition(b"<Encrypt><![CDATA[")
        part = rest.partition(b"]]>")[0].decode("latin-1")
        self.query = {"timestamp": str(timestamp), "nonce": "n0nce", "encrypt_type": "aes", "openid": OPENID}
        self.query["signature"] = self.sign(token)
        self.query["msg_signature"] = self.sign(token, part)

    def sign(self, token: str, *parts: str) -> str:
        joined = "".join(sorted([token, self.query["timestamp"], self.query["nonce"], *parts]))
        return hashlib.sha1(joined.encode("latin-1")).hexdigest()


class Platform:
    """Seals what followers say."""

    def __init__(self, clock: SettableClock) -> None:
        self._clock = clock
        self.crypto = WeChatCrypto(TOKEN, KEY, APP_ID)

    @property
    def now(self) -> int:
        return int(self._clock.now().timestamp())

    def text(self, content: str = SAID, **fields: str) -> str:
        return self.xml(MsgType="text", Content=f"<![CDATA[{content}]]>", **({"MsgId": "1"} | fields))

    def event(self, name: str, **fields: str) -> str:
        return self.xml(MsgType="event", Event=name, **fields)

    def xml(self, **fields: str) -> str:
        """A message; a field that is given empty is left out."""
        common = {"ToUserName": OWN_ID, "FromUserName": OPENID, "CreateTime": str(self.now)}
        parts = [f"<{name}>{value}</{name}>" for name, value in (common | fields).items() if value]
        return f"<xml>{''.join(parts)}</xml>"

    def sealed(
        self, xml: str, *, timestamp: int | None = None, key: str = KEY, app_id: str = APP_ID, token: str = TOKEN
    ) -> Sealed:
        """Sealed by wechatpy."""
        when = self.now if timestamp is None else timestamp
        answer = WeChatCrypto(token, key, app_id).encrypt_message(xml, "n0nce", str(when))
        part = answer.partition("<Encrypt><![CDATA[")[2].partition("]]>")[0]
        return self.enveloped(part, timestamp=when, token=token)

    def raw(self, plain: bytes) -> Sealed:
        """Encrypted as it is, without the padding that belongs there."""
        key = base64.b64decode(KEY + "=")
        encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
        return self.enveloped(base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode())

    def enveloped(self, part: str, *, timestamp: int | None = None, token: str = TOKEN, beside: str = "") -> Sealed:
        """A sealed part in its envelope, well signed."""
        body = f"<xml><ToUserName><![CDATA[{OWN_ID}]]></ToUserName>{beside}<Encrypt><![CDATA[{part}]]></Encrypt></xml>"
        return Sealed(body.encode("latin-1"), self.now if timestamp is None else timestamp, token=token)

    def opened(self, answer: httpx.Response) -> str:
        """The XML of the bot's answer, checked and decrypted by wechatpy."""
        held = xmltodict.parse(answer.text)["xml"]
        marks = (held["MsgSignature"], held["TimeStamp"], held["Nonce"])
        opened = self.crypto.decrypt_message(answer.content, *marks)
        return opened if isinstance(opened, str) else opened.decode()


class Site:
    """One bot with its web application, on a database of its own."""

    def __init__(self, database_url: str, roles: frozenset[Role] = ALL, **settings: Any) -> None:
        self.clock = SettableClock(MONDAY)
        held = {"programme": {"name": "2020年度科普专项", "year": 2020}, "official_account": ACCOUNT}
        self.bot = App(check({**held, **settings, "database": {"url": database_url}}), self.clock, roles)
        share_compiled(self.bot.database)
        self.bot.writer.start()
        self.web = self.bot.web()

    def close(self) -> None:
        self.bot.writer.close()
        self.bot.database.close()

    def do(self, change: Callable[..., Any]) -> Any:
        return self.bot.writer.submit(change).result()

    async def get(self, path: str, headers: dict[str, str] | None = None, **query: str) -> httpx.Response:
        async with self._client() as client:
            return await client.get(path, params=query or None, headers=headers)

    async def post(self, sealed: Sealed) -> httpx.Response:
        async with self._client() as client:
            return await client.post(PATH, params=sealed.query, content=sealed.body)

    def stored(self) -> dict[str, int]:
        """Tables that hold anything, and how many rows."""
        with self.bot.database.read() as session:
            counts = {
                name: session.scalar(select(func.count()).select_from(table)) or 0
                for name, table in Base.metadata.tables.items()
            }
        return {name: count for name, count in counts.items() if count}

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.web), base_url="http://bot")


@pytest.fixture
def make_site(migrated_file: Path, tmp_path: Path) -> Iterator[Callable[..., Site]]:
    """Opens a site with other settings where a test wants them."""
    opened: list[Site] = []

    def make(database_url: str = "", **settings: Any) -> Site:
        path = tmp_path / f"site{len(opened)}.db"
        shutil.copy(migrated_file, path)
        opened.append(Site(database_url or f"sqlite:///{path}", **settings))
        return opened[-1]

    yield make
    for site in opened:
        site.close()


@pytest.fixture
def site(make_site: Callable[..., Site]) -> Site:
    """A bot with an official account, on Monday 2020-10-12, ten in the morning."""
    return make_site()


@pytest.fixture
def platform(site: Site) -> Platform:
    return Platform(site.clock)


@pytest.fixture(scope="module")
def long_lived(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One site for all examples: opening one takes longer than a hundred of them."""
    path = tmp_path_factory.mktemp("long-lived") / "site.db"
    shutil.copy(migrated_file, path)
    site = Site(f"sqlite:///{path}")
    yield site
    site.close()
