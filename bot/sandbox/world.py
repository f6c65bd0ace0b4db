"""Who and what exists on the simulated platform, loaded from ``world.json``."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Template:
    """An approved template; its content holds ``{{name.DATA}}`` places. ``kind``: template or subscription."""

    template_id: str
    title: str
    content: str
    kind: str = "template"


@dataclass
class Follower:
    """A WeChat user as the official account sees them; kept after they unfollow."""

    openid: str
    name: str
    following: bool = True
    followed_at: int = 0
    remark: str = ""
    tags: list[int] = field(default_factory=list)


@dataclass
class OfficialAccount:
    """The one official account of this world."""

    app_id: str
    app_secret: str
    token: str
    encoding_aes_key: str
    kind: str
    callback_path: str
    name: str
    original_id: str
    templates: dict[str, Template]
    ip_whitelist: list[str] | None
    followers: dict[str, Follower]


@dataclass(frozen=True)
class Robot:
    """An intelligent robot that logs in over the WebSocket."""

    bot_id: str
    secret: str
    name: str


@dataclass(frozen=True)
class Webhook:
    """A one-way group robot, known only by its key."""

    key: str
    name: str
    chat_id: str


@dataclass
class User:
    """A member of the company's WeCom."""

    userid: str
    name: str
    mobile: str = ""
    role: str = ""
    unit: str = ""


@dataclass
class Group:
    """A WeCom group chat."""

    chat_id: str
    name: str
    members: list[str]
    robots: list[str]


@dataclass
class World:
    """Everything above; users and followers may join while it runs."""

    official_account: OfficialAccount
    robots: dict[str, Robot]
    users: dict[str, User]
    groups: dict[str, Group]
    webhooks: dict[str, Webhook]
    tour: list[dict[str, Any]]
    """What the pages suggest to a visitor, step by step; handed to them as it is."""
    talked: set[tuple[str, str]]
    """(bot_id, chat id) where someone has already written to the robot, so that it may push there."""


def load_world(path: Path) -> World:
    """Read ``world.json``; raises ValueError or KeyError that names what is wrong.

    Beside the required keys it may hold: ``name`` and ``original_id`` of the official account, ``following: false`` of
    a follower, ``mobile`` of a user, and ``talked: true`` of a group or user where the robot may push from the start.
    """
    return parse_world(json.loads(path.read_text(encoding="utf-8")))


def parse_world(data: dict[str, Any]) -> World:
    """Build the world from the parsed JSON and check that its references hold."""
    work = data.get("work", {})
    robots = {row["bot_id"]: Robot(row["bot_id"], row["secret"], row["name"]) for row in work.get("robots", [])}
    users = {
        row["userid"]: User(*(row.get(part, "") for part in ("userid", "name", "mobile", "role", "unit")))
        for row in work.get("users", [])
    }
    groups: dict[str, Group] = {}
    webhooks: dict[str, Webhook] = {}
    talked: set[tuple[str, str]] = set()
    for row in work.get("groups", []):
        group = Group(row["chat_id"], row["name"], list(row.get("members", [])), list(row.get("robots", [])))
        if missing := [userid for userid in group.members if userid not in users]:
            raise ValueError(f"group {group.chat_id}: unknown members {missing}")
        if missing := [bot_id for bot_id in group.robots if bot_id not in robots]:
            raise ValueError(f"group {group.chat_id}: unknown robots {missing}")
        groups[group.chat_id] = group
        webhooks.update(
            {hook["key"]: Webhook(hook["key"], hook["name"], group.chat_id) for hook in row.get("webhooks", [])}
        )
        if row.get("talked"):
            talked.update((bot_id, group.chat_id) for bot_id in group.robots)
    talked.update((bot_id, row["userid"]) for row in work.get("users", []) if row.get("talked") for bot_id in robots)
    return World(_account(data["official_account"]), robots, users, groups, webhooks, data.get("tour", []), talked)


def _account(row: dict[str, Any]) -> OfficialAccount:
    kind = row.get("kind", "service")
    if kind not in ("service", "subscription"):
        raise ValueError(f"official_account.kind: {kind!r} is neither service nor subscription")
    return OfficialAccount(
        app_id=row["app_id"],
        app_secret=row["app_secret"],
        token=row["token"],
        encoding_aes_key=row["encoding_aes_key"],
        kind=kind,
        callback_path=row.get("callback_path", "/callbacks/official-account"),
        name=row.get("name", "公众号"),
        original_id=row.get("original_id", "gh_5ac1e7f0b2d3"),
        templates={
            item["template_id"]: Template(
                item["template_id"], item["title"], item["content"], item.get("kind", "template")
            )
            for item in row.get("templates", [])
        },
        ip_whitelist=row.get("ip_whitelist"),
        followers={
            item["openid"]: Follower(item["openid"], item["name"], item.get("following", True))
            for item in row.get("followers", [])
        },
    )
