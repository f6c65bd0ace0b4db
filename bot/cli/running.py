"""``serve``, ``demo`` and ``doctor``."""

import asyncio
import gc
import socket
from typing import Annotated

import typer

from bot.cli.context import ConfigOption, settings_of
from bot.cli.loading import loading
from bot.errors import ConfigError
from bot.settings import Server


def register(app: typer.Typer) -> None:
    app.command()(serve)
    app.command()(demo)
    app.command()(doctor)


def serve(
    role: Annotated[
        list[str] | None,
        typer.Option(help="只承担一部分：web、gateway、worker、scheduler，可重复；默认 all (a part of the work)"),
    ] = None,
    config: ConfigOption = None,
) -> None:
    """运行机器人。(Run the bot.)"""
    with loading():
        import uvicorn

        from bot.app import App
        from bot.logging import configure
        from bot.roles import chosen
        from bot.web.serving import OPTIONS

        settings = settings_of(config)
        roles = chosen(role or (), settings)
        configure()
        bot = App(settings, roles=roles)
        bot.check()
        _check_port(settings.server)
        web = bot.web()
        # What is loaded by now stays. Left among what the collector walks through again and again, it made all messages
        # wait 140 ms every few thousand of them (measured with gc.callbacks on two busy cores).
        gc.freeze()
    uvicorn.run(web, host=settings.server.host, port=settings.server.port, **OPTIONS)


def _check_port(server: Server) -> None:
    """Say it before anything is connected; uvicorn would say it afterwards, in its own words."""
    try:
        family, _, _, _, address = socket.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as fault:
        raise ConfigError(
            f"不能在 {server.host}:{server.port} 监听（{fault.strerror}）：请改「server.host」「server.port」；"
            "一台机器上的几个进程各用一个端口，用环境变量 KEPU_SERVER__PORT 指定。(cannot listen there)"
        ) from None


def demo(
    port: Annotated[int, typer.Option(help="机器人端口 (bot)")] = 8090,
    sandbox_port: Annotated[int, typer.Option(help="模拟平台端口 (simulated platform)")] = 8091,
    fresh: Annotated[bool, typer.Option(help="从头开始，丢弃上次的演示数据")] = True,
) -> None:
    """在本机演示：机器人加模拟平台，不需要任何账号。(A demonstration, no account needed.)"""
    from bot.demo.stack import run_demo

    run_demo(port, sandbox_port, fresh)


def doctor(
    config: ConfigOption = None,
    publish_menu: Annotated[bool, typer.Option(help="同时把菜单发布到公众号 (publish the menu)")] = False,
) -> None:
    """检查配置、数据库和各平台是否连得上。(Check configuration, database and platforms.)"""
    from bot.doctor import examine
    from bot.logging import silence

    settings = settings_of(config)
    silence()
    well = True
    for check in asyncio.run(examine(settings, publish_menu=publish_menu)):
        well = well and check.ok
        typer.echo(f"{'✔' if check.ok else '✘'} {check.name}：{check.detail}")
    if not well:
        raise ConfigError("上面打 ✘ 的项需要处理，处理后再运行一次 kepu-bot doctor。")
