"""What `kepu-bot doctor` looks at, in the order in which an office sets things up."""

from collections.abc import AsyncIterator, Iterator

import httpx
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from bot.app import App
from bot.channels.base import Check
from bot.delivery import holding
from bot.documents import fonts
from bot.errors import BotError
from bot.messaging.types import OFFICIAL_ACCOUNT, WORK_GROUP
from bot.model import Role, Staff, Unit
from bot.rules.working_days import calendar_is_published
from bot.settings import Server, Settings, WorkGroup
from bot.store import migrate
from bot.store.audit import first_broken_entry
from bot.store.engine import Database
from bot.store.tenure import holder

RUNNING = {
    "connected": (True, "运行中的机器人已接通长连接"),
    "kicked": (False, "运行中的机器人被另一处的连接顶下线了，请停掉另一处，再重启 kepu-bot serve"),
}
NOT_CONNECTED = (False, "运行中的机器人还没有接通长连接，请检查网络和「work_group.gateway_url」，并查看它的日志")


async def examine(settings: Settings, *, publish_menu: bool = False) -> list[Check]:
    """Every check that applies to these settings."""
    found = list(_database(Database(settings.database.url)))
    found.append(_calendar(settings.programme.year))
    found.append(_font(settings.notices.font))
    app = App(settings)
    found += [check async for check in _channels(app, publish_menu)]
    if not app.channels:
        found.append(Check("渠道", False, "还没有配置 [official_account] 或 [work_group]，机器人无处可说话"))
    return found


def _database(database: Database) -> Iterator[Check]:
    try:
        database.check()
    except BotError as fault:
        yield Check("数据库", False, str(fault))
        return
    if not migrate.is_current(database):
        yield Check("数据库", False, "版本不符，请运行 kepu-bot migrate")
        return
    yield Check("数据库", True, "已连接，版本正确")
    with database.read() as session:
        broken = first_broken_entry(session)
        yield Check("审计记录", broken is None, "完整" if broken is None else f"从第 {broken} 条起被改动过，请立即核查")
        held = holding.why_held(session)
        advice = f"已停止发送：{held}。请核实后运行 kepu-bot release"
        yield Check("发送", not held, advice if held else "没有被暂停")
        units = session.scalar(select(func.count()).select_from(Unit)) or 0
        yield Check("实施单位", units > 0, f"{units} 个" if units else "还没有，请运行 kepu-bot unit import 文件.xlsx")
        approving = (Role.APPROVER, Role.ADMIN)
        approvers = session.scalar(select(func.count()).select_from(Staff).where(Staff.role.in_(approving))) or 0
        everyone = session.scalar(select(func.count()).select_from(Staff)) or 0
        enough = approvers >= 1 and everyone >= 2
        advice = "发布通知要两个人：一人拟稿、另一人审核，请运行 kepu-bot staff add"
        yield Check("工作人员", enough, f"{everyone} 人，其中可审核 {approvers} 人" if enough else advice)
    database.close()


def _calendar(year: int) -> Check:
    if calendar_is_published(year):
        return Check("工作日历", True, f"{year} 年已含国务院放假与调休安排")
    return Check("工作日历", True, f"{year} 年放假安排尚未发布，暂按周末和法定节假日推算；发布后请升级 holidays 库")


def _font(configured: str) -> Check:
    font = fonts.find(configured)
    if font is not None:
        return Check("中文字体", True, font.path)
    if configured:
        return Check("中文字体", False, "「notices.font」不是可用的中文字体文件，请改正；留空则自动查找")
    return Check(
        "中文字体",
        True,
        "没有找到，暂时画不了看板图，没有图片的图文也做不了封面；需要时请安装 fonts-noto-cjk，或设置「notices.font」",
    )


async def _channels(app: App, publish_menu: bool) -> AsyncIterator[Check]:
    running = await _running(app.settings.server)
    if running.get(WORK_GROUP, "standby") == "standby":  # another process may have the connection
        running |= _gateway(app.database)
    for name, channel in app.channels.items():
        # A robot has one connection: a second one, opened to look, would throw the running bot out for good.
        if name == WORK_GROUP and name in running:
            yield Check("企业微信机器人", *RUNNING.get(running[name], NOT_CONNECTED))
            yield _groups(app.settings.work_group)
            continue
        try:
            await channel.start()
            if publish_menu and name == OFFICIAL_ACCOUNT:
                await channel.publish_menu()  # type: ignore[attr-defined]
                yield Check("公众号菜单", True, "刚刚发布，手机上可能要几分钟才更新")
            for check in await channel.check():
                yield check
        except BotError as fault:
            yield Check(name, False, str(fault))
        finally:
            await channel.close()


def _gateway(database: Database) -> dict[str, str]:
    """What the process that holds the robot's connection says of it, where several processes share the work."""
    try:
        with database.read() as session:
            found = holder(session)
    except SQLAlchemyError:  # said already, among the checks of the database
        return {}
    return {} if found is None else {WORK_GROUP: found}


def _groups(settings: WorkGroup | None) -> Check:
    names = "、".join(group.name for group in settings.groups) if settings else ""
    return Check(
        "项目工作群", bool(names), names or "还没有配置群：日志里 group_seen 一行有 chat_id，填到 [[work_group.groups]]"
    )


async def _running(server: Server) -> dict[str, str]:
    """The state of each channel of a bot that runs with these settings; empty where none answers."""
    host = "127.0.0.1" if server.host in ("0.0.0.0", "::") else server.host  # noqa: S104 - compared, not bound
    try:
        async with httpx.AsyncClient(timeout=2.0, trust_env=False) as http:
            held = (await http.get(f"http://{host}:{server.port}/health")).json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return {}
    channels = held.get("channels") if isinstance(held, dict) else None
    return channels if isinstance(channels, dict) else {}
