"""Our callback address, met with the cipher that the platform itself publishes for Node.js."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.demo.stack import Stack
from bot.store import migrate
from bot.store.engine import Database
from tests.node.conftest import RunNode
from tests.nursery import Nursery
from tests.sandbox.conftest import AMY, WORLD

pytestmark = pytest.mark.node
ACCOUNT: dict[str, str] = WORLD["official_account"]
NOW = datetime.fromisoformat("2020-10-12T09:00:00+08:00")


@pytest.fixture
def office(tmp_path: Path, nursery: Nursery) -> Iterator[Stack]:
    """The bot as a process of its own, with an official account and an empty database."""
    stack = Stack(tmp_path, launch=nursery.launch)
    secrets = {key: ACCOUNT[key] for key in ("app_id", "app_secret", "token", "encoding_aes_key")}
    lines = "\n".join(f'{key} = "{value}"' for key, value in secrets.items())
    stack.write(
        WORLD,
        f"""
        [database]
        url = "sqlite:///{tmp_path / "kepu.db"}"
        [server]
        port = {stack.port}
        [official_account]
        {lines}
        api_base_url = "{stack.sandbox_url}"
        [programme]
        year = 2020
        """,
    )
    database = Database(f"sqlite:///{tmp_path / 'kepu.db'}")
    migrate.upgrade(database)
    database.close()
    stack.set_clock(NOW.isoformat())
    stack.start_bot()
    yield stack
    stack.stop()


def _call(run_node: RunNode, office: Stack, text: str, **changes: str) -> dict[str, Any]:
    timestamp = str(int(NOW.timestamp()))
    xml = (
        "<xml><ToUserName><![CDATA[gh_office]]></ToUserName>"
        f"<FromUserName><![CDATA[{AMY}]]></FromUserName><CreateTime>{timestamp}</CreateTime>"
        f"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{text}]]></Content><MsgId>6054768590064713728</MsgId></xml>"
    )
    order = {
        "url": f"{office.url}/callbacks/official-account",
        "account": ACCOUNT | changes,
        "timestamp": timestamp,
        "xml": xml,
    }
    told: dict[str, Any] = json.loads(run_node("sealed_callback.mjs", stdin=json.dumps(order)))
    return told


def test_callback_is_taken_and_its_reply_opened(office: Stack, run_node: RunNode) -> None:
    told = _call(run_node, office, "帮助")
    assert (told["status"], told["id"], told["signed"]) == (200, ACCOUNT["app_id"], True)
    assert f"<ToUserName><![CDATA[{AMY}]]></ToUserName>" in told["reply"]
    assert "<FromUserName><![CDATA[gh_office]]></FromUserName>" in told["reply"]
    assert "申报指南" in told["reply"]


@pytest.mark.parametrize(
    "changes",
    [{"token": "someone-else"}, {"app_id": "wxfedcba9876543210"}, {"encoding_aes_key": "Z" * 42 + "A"}],
    ids=str,
)
def test_callback_is_refused_when_sealed_for_another_account(
    changes: dict[str, str], office: Stack, run_node: RunNode
) -> None:
    told = _call(run_node, office, "帮助", **changes)
    assert (told["status"], told["body"]) == (403, "")
