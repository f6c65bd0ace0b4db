"""``follower tag``: segments of followers out of a table, by the office's own names.

Columns by their heading, in any order: 标签* (several with 、 between) · 操作 (加 or 去; 加 if empty) · and one of
openid, 姓名 (of somebody who is bound) or 单位 (everybody who is bound to it).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import select

from bot.cli.context import ConfigOption, change, settings_of
from bot.cli.tables import read_table, refuse, text_of
from bot.errors import UserError
from bot.messaging.types import OFFICIAL_ACCOUNT
from bot.model import Account, FollowerTag, Membership, Person, Unit
from bot.rules.tags import fault_of, split
from bot.store.unit_of_work import UnitOfWork

ALIASES = {
    "OpenID": "openid",
    "OPENID": "openid",
    "粉丝": "openid",
    "标签名": "标签",
    "分组": "标签",
    "单位名称": "单位",
}
WHO = ("openid", "姓名", "单位")
ACTS = {"": True, "加": True, "添加": True, "去": False, "删除": False}

follower = typer.Typer(help="公众号粉丝 (followers)", no_args_is_help=True)


@dataclass(frozen=True, slots=True)
class Row:
    """One line. ``column`` and ``who``: by what the followers are named."""

    line: int
    column: str
    who: str
    tags: tuple[str, ...]
    add: bool


def register(app: typer.Typer) -> None:
    app.add_typer(follower, name="follower")


@follower.command("tag")
def tag(
    file: Annotated[Path, typer.Argument(help="名单，.csv 或 .xlsx，列：openid 或 姓名 或 单位、标签、操作")],
    config: ConfigOption = None,
) -> None:
    """按名单给粉丝加、去标签，供“发给 标签…”使用；有一行错就一行都不改。(All or nothing; safe to repeat.)"""
    rows = read_rows(file)
    typer.echo(change(settings_of(config), lambda work: save(work, file.name, rows)))


def read_rows(path: Path) -> list[Row]:
    """The lines of the table; raises `UserError` that names every faulty one."""
    table, faults = read_table(path), list[str]()
    heads = [ALIASES.get(head, head) for head in map(text_of, table[0])]
    if "标签" not in heads or not any(one in heads for one in WHO):
        raise UserError(f"{path.name} 第 1 行要有“标签”一列，以及 {'、'.join(WHO)} 中的一列。")
    rows: list[Row] = []
    for line, cells in enumerate(table[1:], 2):
        held = {head: text_of(cells[at]) for at, head in enumerate(heads) if head and at < len(cells)}
        if any(held.values()):
            rows += _row(line, held, faults)
    refuse(path.name, faults)
    if not rows:
        raise UserError(f"{path.name} 只有表头，没有内容。")
    return rows


def save(work: UnitOfWork, name: str, rows: Sequence[Row]) -> str:
    """Put the tags on and take them off; raises `UserError` with every line whose followers are not found."""
    faults: list[str] = []
    found = [(row, _accounts(work, row, faults)) for row in rows]
    refuse(name, faults)
    held = {(one.account_id, one.tag): one for one in work.session.scalars(select(FollowerTag))}
    added = removed = 0
    for row, accounts in found:
        for key in [(account, one) for account in accounts for one in row.tags]:
            if row.add and key not in held:
                held[key] = FollowerTag(account_id=key[0], tag=key[1])
                work.session.add(held[key])
                added += 1
            elif not row.add and key in held:
                work.session.delete(held.pop(key))
                removed += 1
        work.session.flush()
    people = len({account for _, accounts in found for account in accounts})
    tags = len({one for row in rows for one in row.tags})
    work.audit("operator", "follower.tag", "followers", added=added, removed=removed)
    return f"名单里有 {people} 位粉丝、{tags} 个标签：新加 {added} 处，去掉 {removed} 处。"


def _row(line: int, held: dict[str, str], faults: list[str]) -> Iterable[Row]:
    column = next((one for one in WHO if held.get(one)), "")
    tags = split(held.get("标签", ""))
    wrong = [fault for one in tags if (fault := fault_of(one))]
    act = held.get("操作", "")
    if not column:
        faults.append(f"第 {line} 行：{'、'.join(WHO)} 都是空的，要填一个")
    elif not tags:
        faults.append(f"第 {line} 行：标签是空的")
    elif wrong:
        faults.append(f"第 {line} 行：{wrong[0]}")
    elif act not in ACTS:
        faults.append(f"第 {line} 行：操作“{act[:10]}”看不懂，只能写 加 或 去")
    else:
        yield Row(line, column, held[column], tags, ACTS[act])


def _accounts(work: UnitOfWork, row: Row, faults: list[str]) -> list[int]:
    """The followers that a line names."""
    wish = select(Account.id).where(Account.channel == OFFICIAL_ACCOUNT, Account.following)
    where: Any
    if row.column == "openid":
        where, missing = Account.external_id == row.who, "没有这个 openid 的粉丝（可能已取消关注）"
    elif row.column == "姓名":
        people = list(work.session.scalars(select(Person.id).where(Person.name == row.who)))
        if len(people) > 1:
            faults.append(f"第 {row.line} 行：叫“{row.who[:20]}”的有 {len(people)} 位，请改用 openid")
            return []
        where, missing = Account.person_id.in_(people), f"没有叫“{row.who[:20]}”又关注了公众号的人"
    else:
        acting = select(Membership.person_id).join(Unit, Unit.id == Membership.unit_id).where(Unit.name == row.who)
        where, missing = Account.person_id.in_(acting), f"单位“{row.who[:40]}”没有关注公众号的经办人，请核对单位全称"
    found = list(work.session.scalars(wish.where(where)))
    if not found:
        faults.append(f"第 {row.line} 行：{missing}")
    return found
