"""``unit import``, ``unit invite`` and ``staff add``."""

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import select

from bot.cli.context import ConfigOption, change, settings_of
from bot.errors import ConfigError, UserError
from bot.model import Account, Person, Role, Staff
from bot.store import directory
from bot.store.unit_of_work import UnitOfWork

unit = typer.Typer(help="实施单位 (implementing units)", no_args_is_help=True)
staff = typer.Typer(help="工作人员 (staff)", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(unit, name="unit")
    app.add_typer(staff, name="staff")


@unit.command("import")
def import_units(
    file: Annotated[Path, typer.Argument(help="单位和项目名单，.xlsx 或 .csv")],
    config: ConfigOption = None,
) -> None:
    """导入单位、项目和计划活动；可重复执行，有一处错就一行都不导入。(All or nothing; safe to repeat.)"""
    from bot.cli.unit_sheet import read_sheet, save

    settings = settings_of(config)
    rows = read_sheet(file)
    made = change(settings, lambda work: save(work, rows))
    typer.echo(f"已导入：新单位 {made.units} 个，新项目 {made.projects} 个，新计划活动 {made.activities} 个。")


@unit.command("invite")
def invite(
    name: Annotated[str, typer.Argument(help="单位名称，或其中几个字")],
    uses: Annotated[int, typer.Option(min=1, max=100, help="可用几次")] = 1,
    days: Annotated[int, typer.Option(min=1, max=365, help="几天内有效")] = 30,
    config: ConfigOption = None,
) -> None:
    """为一个单位生成绑定码。(Make a code by which a contact binds to the unit.)"""
    from datetime import timedelta

    from handlers.binding import make_code

    def act(work: UnitOfWork) -> tuple[str, str]:
        found = directory.find_units(work.session, name)
        if len(found) != 1:
            names = "、".join(one.name for one in found[:5])
            raise UserError(
                f"名称含“{name}”的单位有 {len(found)} 个（{names}），请写全称。"
                if found
                else f"没有名称含“{name}”的单位，请先运行 kepu-bot unit import。"
            )
        work.audit("operator", "unit.invite", f"unit:{found[0].id}", uses=uses, days=days)
        return found[0].name, make_code(work, unit_id=found[0].id, uses=uses, life=timedelta(days=days))

    full_name, code = change(settings_of(config), act)
    typer.echo(f"{full_name} 的绑定码：{code}（可用 {uses} 次，{days} 天内有效）")
    typer.echo(f"请经办人私聊机器人或在公众号里回复：绑定 {code}")


@staff.command("add")
def add_staff(
    name: Annotated[str, typer.Argument(help="姓名")],
    role: Annotated[
        Role, typer.Option(help="角色：drafter 拟稿 / approver 审核 / admin 管理员 / viewer 只读")
    ] = Role.DRAFTER,
    userid: Annotated[str | None, typer.Option(help="企业微信 userid；不填则生成绑定码")] = None,
    config: ConfigOption = None,
) -> None:
    """添加一名工作人员，或更改其角色。(Add a member of staff, or change the role.)"""
    from handlers.binding import make_code

    def act(work: UnitOfWork) -> str | None:
        account = _account(work, userid) if userid else None
        person = account.person if account and account.person else None
        if person is None:
            person = Person(name=name, created_at=work.now)
            work.session.add(person)
            work.session.flush()
        held = work.session.get(Staff, person.id)
        if held is None:
            work.session.add(Staff(person_id=person.id, role=role))
        else:
            held.role = role
        work.audit("operator", "staff.add", f"person:{person.id}", role=str(role))
        if account is not None:
            account.person_id = person.id
            return None
        return make_code(work, person_id=person.id)

    code = change(settings_of(config), act)
    if code is None:
        typer.echo(f"{name} 已是工作人员（{role}）。请本人先私聊机器人说一句话，之后才能收到机器人的消息。")
    else:
        typer.echo(f"{name}（{role}）的绑定码：{code}。请本人私聊机器人或在公众号里回复：绑定 {code}")


def _account(work: UnitOfWork, userid: str) -> Account:
    if not userid.strip():
        raise ConfigError("userid 不能为空。不知道 userid 就不要填这一项，改用绑定码。")
    wish = select(Account).where(Account.channel == "work_group", Account.external_id == userid)
    found = work.session.scalars(wish).first()
    if found is None:
        found = Account(channel="work_group", external_id=userid, first_seen_at=work.now)
        work.session.add(found)
        work.session.flush()
    return found
