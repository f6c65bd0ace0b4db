"""What a process is there for: everything, or a part of it where several share the work."""

from collections.abc import Collection
from enum import StrEnum

from bot.errors import ConfigError
from bot.settings import Settings

EVERYTHING = "all"


class Role(StrEnum):
    """A part that a process of its own can play."""

    WEB = "web"  # callbacks and pages
    GATEWAY = "gateway"  # the robot's long connection, and what goes out by it
    WORKER = "worker"  # everything else that goes out, and the files that come in
    SCHEDULER = "scheduler"  # what falls due by the clock


ALL = frozenset(Role)


def chosen(names: Collection[str], settings: Settings) -> frozenset[Role]:
    """The roles of these names; raises `ConfigError` where they are none, or the settings have nothing for them."""
    if unknown := [name for name in names if name != EVERYTHING and name not in ALL]:
        known = "、".join((EVERYTHING, *Role))
        raise ConfigError(f"没有“{unknown[0]}”这个角色，--role 可选 {known}。(no such role)")
    roles = ALL if not names or EVERYTHING in names else frozenset(map(Role, names))
    if roles == ALL:
        return roles
    if settings.database.url.startswith("sqlite:"):
        raise ConfigError(
            "SQLite 只能由一个进程使用：请去掉 --role，或把「database.url」改为 PostgreSQL。(--role needs PostgreSQL)"
        )
    if Role.GATEWAY in roles and settings.work_group is None:
        raise ConfigError(
            "--role gateway 管的是智能机器人的长连接，但没有配置 [work_group]：请配置，或去掉这个角色。(needs [work_group])"
        )
    sends = settings.official_account or settings.work_group or settings.group_webhooks or settings.apprise
    if Role.WORKER in roles and not sends:
        raise ConfigError(
            "--role worker 没有可发的渠道：请配置 [official_account]、[work_group]、[[group_webhooks]] 或 [[apprise]]。"
            "(no channel to send by)"
        )
    return roles
