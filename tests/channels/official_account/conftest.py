"""The platform's API, which answers as a test scripts it, behind the channel's real client."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from bot.channels.base import Outgoing
from bot.channels.official_account.channel import OfficialAccountChannel
from bot.messaging.types import Content
from bot.settings import OfficialAccount
from tests.office import MONDAY, SettableClock
from tests.photos import photo

SECRET = "app5ecret" + "0" * 23
HOST = "api.example.org"
SETTINGS = OfficialAccount.model_validate(
    {
        "app_id": "wx0123456789abcdef",
        "app_secret": SECRET,
        "token": "letmein",
        "encoding_aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
        "api_base_url": f"https://{HOST}",
        "template_id": "TM1",
        "subscription_template_id": "SM1",
    }
)
OPENID = "oAmyAmyAmyAmyAmyAmyAmyAmyAmy"
FILES = {"a" * 64: photo(), "b" * 64: photo(2), "c" * 64: photo(3)}
Answer = Exception | bytes | dict[str, Any]


def ok(**more: Any) -> dict[str, Any]:
    return {"errcode": 0, "errmsg": "ok", **more}


def refused(code: int, message: str = "refused") -> dict[str, Any]:
    return {"errcode": code, "errmsg": f"{message} rid: 5f83c0de-1a2b3c4d"}


class Platform:
    """Answers each call with the next of ``answers``, then always with ``otherwise``; tokens out of ``tokens``."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.otherwise: Answer = ok()
        self.status = 200
        self.tokens: list[Answer] = []
        self.calls: list[httpx.Request] = []
        self.token_calls: list[dict[str, Any]] = []
        self._made = 0

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/cgi-bin/stable_token":
            self.token_calls.append(json.loads(request.content))
            self._made += 1
            token = {"access_token": f"t0ken-{self._made}", "expires_in": 7200}
            return self._answer(request, self.tokens.pop(0) if self.tokens else token)
        self.calls.append(request)
        return self._answer(request, self.answers.pop(0) if self.answers else self.otherwise)

    def _answer(self, request: httpx.Request, answer: Answer) -> httpx.Response:
        if isinstance(answer, httpx.RequestError):
            answer.request = request  # as httpx raises them: they know the address
            raise answer
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(self.status, content=answer if isinstance(answer, bytes) else json.dumps(answer).encode())

    @property
    def used_tokens(self) -> list[str]:
        return [call.url.params["access_token"] for call in self.calls]

    def body(self, number: int = -1) -> dict[str, Any]:
        held: dict[str, Any] = json.loads(self.calls[number].content)
        return held


class KnownUploads:
    """Keeps names in memory."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}

    async def find(self, key: str) -> str:
        return self.names.get(key, "")

    async def keep(self, key: str, name: str) -> None:
        self.names[key] = name

    async def forget(self, key: str) -> None:
        self.names.pop(key, None)


@pytest.fixture
def uploads() -> KnownUploads:
    return KnownUploads()


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Platform:
    monkeypatch.setattr("bot.channels.official_account.client.BUSY_PAUSE", 0.0)
    return Platform()


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(MONDAY)


@pytest.fixture
async def channel(
    platform: Platform, clock: SettableClock, uploads: KnownUploads
) -> AsyncIterator[OfficialAccountChannel]:
    made = OfficialAccountChannel(
        SETTINGS, FILES.__getitem__, uploads, clock=clock, transport=httpx.MockTransport(platform)
    )
    yield made
    await made.close()


def to_one(text: str = "您好", **more: Any) -> Outgoing:
    return Outgoing(OPENID, Content(text, **more), method="custom", key="kepu-1")


def to_many(text: str = "您好", **more: Any) -> Outgoing:
    return Outgoing("2 followers", Content(text, **more), method="mass", recipients=(OPENID, "oBob"), key="kepu-2")
