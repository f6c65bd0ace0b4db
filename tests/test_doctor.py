"""What `kepu-bot doctor` says of each fault: one sentence that names it and what to do, and no secret."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import text

from bot.channels.base import Check
from bot.demo.stack import free_port
from bot.doctor import examine
from bot.model import Staff, Unit
from bot.settings import check
from bot.store.engine import Database
from tests.office import Office
from tests.sandbox.conftest import WORLD, Sandbox, sandbox, theatre, world

__all__ = ["sandbox", "theatre", "world"]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ACCOUNT = {name: WORLD["official_account"][name] for name in ("app_id", "app_secret", "token", "encoding_aes_key")}
ROBOT = {"bot_id": "robot-1", "secret": "robot-secret", "groups": [{"name": "项目工作群", "chat_id": "G1"}]}
HOOK = "https://qyapi.example.org/cgi-bin/webhook/send?key=hook-s3cret"
SECRETS = (ACCOUNT["app_secret"], "robot-secret", "mistyped", "geheim", "hook-s3cret", "pa55w0rd")


def _settings(url: str, **sections: Any) -> dict[str, Any]:
    server = {"port": free_port()}  # nobody runs there
    return {"programme": {"year": 2020}, "database": {"url": url}, "server": server, **sections}


async def _said(held: dict[str, Any]) -> list[str]:
    """Every line, as it is printed; whatever is wrong, no line shows a secret."""
    found: list[Check] = await examine(check(held))
    lines = [f"{'✔' if one.ok else '✘'} {one.name}：{one.detail}" for one in found]
    for secret in SECRETS:
        assert secret not in "\n".join(lines)
    return lines


def _bad(lines: list[str]) -> list[str]:
    return [line for line in lines if line.startswith("✘")]


async def test_everything_well_is_said_so(office: Office, sandbox: Sandbox) -> None:
    office.unit("甲协会")
    office.staff("wang", "王芳", "drafter")
    office.staff("chen", "陈志明", "approver")
    sandbox.call("menu/create", {"button": [{"type": "click", "name": "帮助", "key": "menu:help"}]})
    account = ACCOUNT | {"api_base_url": sandbox.url, "template_id": "T1", "subscription_template_id": "S1"}
    robot = ROBOT | {"gateway_url": sandbox.ws_url}
    hooks = [{"name": "镇街群", "url": HOOK}]
    mails = [{"name": "邮箱", "url": "mailto://office:pa55w0rd@example.org"}]
    url = str(office.settings.database.url)
    lines = await _said(_settings(url, official_account=account, work_group=robot, group_webhooks=hooks, apprise=mails))
    assert _bad(lines) == []
    for part in (
        "数据库：已连接，版本正确", "审计记录：完整", "实施单位：1 个", "工作人员：2 人，其中可审核 1 人",
        "工作日历：2020 年已含", "中文字体：",
        "公众号：已取得访问令牌", "公众号菜单：已发布", "模板消息：模板可用", "订阅通知：模板可用",
        "企业微信机器人：长连接已接通",
        "项目工作群：项目工作群", "群机器人 镇街群", "渠道 邮箱",
    ):  # fmt: skip
        assert any(line.startswith(f"✔ {part}") for line in lines), part


@pytest.mark.parametrize(
    ("sections", "sentence"),
    [
        ({"official_account": ACCOUNT | {"app_secret": "mistyped" * 4}}, "公众号：AppSecret 不正确"),
        ({"notices": {"font": "/nowhere/font.ttf"}}, "中文字体：「notices.font」不是可用的中文字体文件"),
        ({"official_account": ACCOUNT | {"app_id": "wxffffffffffffffff"}}, "公众号：AppID 不正确"),
        ({"official_account": ACCOUNT}, "公众号菜单：还没有菜单，请运行 kepu-bot doctor --publish-menu"),
        ({"official_account": ACCOUNT | {"template_id": "T9"}}, "模板消息：「official_account.template_id」不在"),
        ({"work_group": ROBOT | {"secret": "mistyped"}}, "企业微信机器人：机器人的 Bot ID 或 Secret 不对"),
        ({"work_group": ROBOT | {"bot_id": "robot-9"}}, "企业微信机器人：机器人的 Bot ID 或 Secret 不对"),
        ({"work_group": ROBOT | {"groups": []}}, "项目工作群：还没有配置群"),
        (
            {"group_webhooks": [{"name": "旧群", "url": "https://x.example/?key=hook-s3cret"}]},
            "群机器人 旧群：地址不像",
        ),
        ({"apprise": [{"name": "短信", "url": "nosuch://pa55w0rd@x"}]}, "渠道 短信：地址不是 Apprise 认得的格式"),
        ({}, "渠道：还没有配置 [official_account] 或 [work_group]"),
    ],
)
async def test_fault_of_a_channel_is_one_sentence(
    office: Office, sandbox: Sandbox, sections: dict[str, Any], sentence: str
) -> None:
    places = {"official_account": {"api_base_url": sandbox.url}, "work_group": {"gateway_url": sandbox.ws_url}}
    held = {
        name: section | places.get(name, {}) if isinstance(section, dict) else section
        for name, section in sections.items()
    }
    lines = await _said(_settings(str(office.settings.database.url), **held))
    assert [line for line in _bad(lines) if line.startswith(f"✘ {sentence}")], lines


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        ("html", "公众号：公众平台没有给出完整的答复"),
        ("drop", "公众号：公众平台没有给出完整的答复"),
        ("busy", "公众号：公众平台繁忙"),
        ("error:40164", "公众号：本机地址 不在"),
        ("error:89503", "公众号：此次调用要管理员确认"),
    ],
)
async def test_platform_that_misbehaves_is_one_sentence(
    office: Office, sandbox: Sandbox, outcome: str, sentence: str
) -> None:
    sandbox.fault("stable_token", outcome)
    account = ACCOUNT | {"api_base_url": sandbox.url}
    lines = await _said(_settings(str(office.settings.database.url), official_account=account))
    assert [line for line in _bad(lines) if line.startswith(f"✘ {sentence}")], lines


async def test_platforms_that_are_not_there_are_told_apart(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.work_group.gateway.CONNECT_WITHIN", 0.3)
    account = ACCOUNT | {"api_base_url": f"http://127.0.0.1:{free_port()}"}
    robot = ROBOT | {"gateway_url": f"ws://127.0.0.1:{free_port()}"}
    lines = await _said(_settings(str(office.settings.database.url), official_account=account, work_group=robot))
    assert "✘ 公众号：连不上公众平台，请检查网络" in lines
    assert "✘ 企业微信机器人：长连接没有接通，请检查网络和「work_group.gateway_url」" in lines


async def test_database_that_is_away_old_or_tampered_with_is_told(office: Office, tmp_path: Path) -> None:
    [away, *_] = await _said(_settings("postgresql://office:geheim@127.0.0.1:1/kepu"))
    assert away.startswith("✘ 数据库：无法打开数据库")
    Database(f"sqlite:///{tmp_path / 'empty.db'}").check()
    [old, *_] = await _said(_settings(f"sqlite:///{tmp_path / 'empty.db'}"))
    assert old == "✘ 数据库：版本不符，请运行 kepu-bot migrate"
    for number in range(3):
        office.do(lambda work, n=number: work.audit("person:1", "act", f"thing:{n}"))  # type: ignore[misc]
    office.do(
        lambda work: work.session.execute(text("UPDATE audit_entry SET actor='person:2' WHERE subject='thing:1'"))
    )
    lines = await _said(_settings(str(office.settings.database.url)))
    assert "✘ 审计记录：从第 2 条起被改动过，请立即核查" in lines


async def test_office_without_units_or_a_second_person_is_told_what_to_run(office: Office) -> None:
    office.staff("chen", "陈志明", "approver")
    lines = await _said(_settings(str(office.settings.database.url)))
    assert any("✘ 实施单位" in line and "kepu-bot unit import" in line for line in lines)
    assert any("✘ 工作人员" in line and "kepu-bot staff add" in line for line in lines)
    assert (len(office.rows(Unit)), len(office.rows(Staff))) == (0, 1)  # it looks and changes nothing


class _Health(BaseHTTPRequestHandler):
    state = "connected"

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"status": "ok", "channels": {"work_group": _Health.state}}).encode())

    def log_message(self, *args: Any) -> None:
        """Nothing on the console."""


@pytest.fixture
def running() -> Iterator[int]:
    """A bot that runs with these settings, as far as its health page tells; gives its port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Health)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("connected", "✔ 企业微信机器人：运行中的机器人已接通长连接"),
        ("kicked", "✘ 企业微信机器人：运行中的机器人被另一处的连接顶下线了"),
        ("disconnected", "✘ 企业微信机器人：运行中的机器人还没有接通长连接"),
    ],
)
async def test_running_robot_is_asked_and_not_thrown_out(
    office: Office, running: int, state: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_Health, "state", state)
    robot = ROBOT | {"gateway_url": f"ws://127.0.0.1:{free_port()}"}  # connecting would fail
    held = _settings(str(office.settings.database.url), work_group=robot) | {"server": {"port": running}}
    lines = await _said(held)
    assert [line for line in lines if line.startswith(sentence)], lines
