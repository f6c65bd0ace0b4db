"""The simulated platform under a real server, a bot for it to call, and clients that others wrote."""

import copy
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from wechatpy import WeChatClient

from bot.clock import CHINA, FileClock
from bot.sandbox.app import create_app
from bot.sandbox.world import parse_world

from .fake_bot import FakeBot
from .staging import Theatre

WORLD: dict[str, Any] = {
    "official_account": {
        "app_id": "wx0123456789abcdef",
        "app_secret": "0123456789abcdef0123456789abcdef",
        "token": "letmein",
        "encoding_aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
        "kind": "service",
        "callback_path": "/callbacks/official-account",
        "templates": [
            {
                "template_id": "T1",
                "title": "活动提醒",
                "content": "{{first.DATA}}\n事项：{{keyword1.DATA}}\n时间：{{keyword2.DATA}}\n{{remark.DATA}}",
            },
            {
                "template_id": "S1",
                "title": "通知提醒",
                "content": "通知内容：{{thing1.DATA}}\n时间：{{time2.DATA}}",
                "kind": "subscription",
            },
        ],
        "followers": [{"openid": f"o{name:_<27}", "name": name} for name in ("amy", "bob", "cat")],
    },
    "work": {
        "robots": [{"bot_id": "robot-1", "secret": "robot-secret", "name": "科普助手"}],
        "users": [
            {"userid": "limin", "name": "李敏", "mobile": "13800138000"},
            {"userid": "zhang", "name": "张强"},
            {"userid": "outsider", "name": "路人"},
        ],
        "groups": [
            {
                "chat_id": "G1",
                "name": "科普项目工作群",
                "members": ["limin", "zhang"],
                "robots": ["robot-1"],
                "webhooks": [{"key": "hook-key", "name": "通知机器人"}],
            }
        ],
    },
}
AMY, BOB, CAT = (row["openid"] for row in WORLD["official_account"]["followers"])
START = datetime(2020, 10, 12, 9, 0, tzinfo=CHINA)


class Sandbox:
    """The platform as a test handles it."""

    def __init__(self, port: int, clock: FileClock, bot: FakeBot) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.ws_url = f"ws://127.0.0.1:{port}/ws"
        self.clock = clock
        self.bot = bot
        # Loading the trusted certificates costs more than most of these tests.
        self.http = httpx.Client(base_url=self.url, timeout=10, verify=False)

    def control(self, path: str, row: dict[str, Any] | None = None, status: int = 200) -> dict[str, Any]:
        """POST to the control API."""
        response = self.http.post(f"/_sandbox/{path}", json=row or {})
        assert response.status_code == status, response.text
        return response.json()

    def fault(self, target: str, outcome: str, **more: int) -> None:
        """Script a fault."""
        self.control("faults", {"target": target, "outcome": outcome, **more})

    def messages(self, chat: str) -> list[dict[str, Any]]:
        """Everything in a chat."""
        return self.http.get("/_sandbox/messages", params={"chat": chat}).json()["messages"]

    def texts(self, chat: str) -> list[str]:
        """What was said in a chat."""
        return [message["text"] for message in self.messages(chat)]

    def advance(self, **delta: float) -> None:
        """Move the clock on."""
        self.clock.set(self.clock.now() + timedelta(**delta))

    def stable_token(self, **more: Any) -> dict[str, Any]:
        """Ask for the stable token."""
        account = WORLD["official_account"]
        body = {"grant_type": "client_credential", "appid": account["app_id"], "secret": account["app_secret"]}
        return self.http.post("/cgi-bin/stable_token", json=body | more).json()

    def call(self, path: str, body: Any = None, **query: str) -> dict[str, Any]:
        """A call to the official-account API with a good token."""
        params = {"access_token": self.stable_token()["access_token"]} | query
        if body is None:
            return self.http.get(f"/cgi-bin/{path}", params=params).json()
        return self.http.post(f"/cgi-bin/{path}", params=params, json=body).json()

    def hook(self, body: Any, key: str = "hook-key") -> dict[str, Any]:
        """A message through the group robot's webhook."""
        return self.http.post("/cgi-bin/webhook/send", params={"key": key}, json=body).json()


class Client(WeChatClient):
    """wechatpy's own client, pointed at the sandbox (its token address is fixed in the code)."""

    def __init__(self, url: str) -> None:
        account = WORLD["official_account"]
        super().__init__(account["app_id"], account["app_secret"])
        self.API_BASE_URL = f"{url}/cgi-bin/"
        self.template.API_BASE_URL = f"{url}/"

    def fetch_access_token(self) -> Any:
        params = {"grant_type": "client_credential", "appid": self.appid, "secret": self.secret}
        return self._fetch_access_token(f"{self.API_BASE_URL}token", params)


@pytest.fixture(scope="session")
def theatre():
    theatre = Theatre()
    yield theatre
    theatre.close()


@pytest.fixture
def world() -> dict[str, Any]:
    """The world of this test; a test module may override the fixture to change it."""
    return copy.deepcopy(WORLD)


@pytest.fixture
def sandbox(theatre, tmp_path, world):
    clock = FileClock(tmp_path / "clock.json")
    clock.set(START)
    bot = FakeBot(world["official_account"])
    theatre.bot.app = bot
    app = create_app(parse_world(world), f"http://127.0.0.1:{theatre.bot_port}", clock, callback_timeout=0.3)
    with theatre.playing(app):
        sandbox = Sandbox(theatre.platform_port, clock, bot)
        yield sandbox
        sandbox.http.close()


@pytest.fixture
def client(sandbox) -> Client:
    return Client(sandbox.url)
