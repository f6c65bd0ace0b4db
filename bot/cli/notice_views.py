"""``notice list``, ``notice show`` and ``notice simulate``: looking at notices, changing nothing."""

from typing import Annotated

import typer
from sqlalchemy import select

from bot.cli.context import ConfigOption, change, settings_of
from bot.cli.notices import notice
from bot.cli.progress import bar
from bot.delivery import targets
from bot.delivery.progress import progress
from bot.errors import UserError
from bot.messaging.texts import say
from bot.model import Notice, NoticeReview, NoticeState
from bot.store.unit_of_work import UnitOfWork

Number = Annotated[int, typer.Argument(help="通知编号")]


def register(app: typer.Typer) -> None:
    """The commands stand beside the others of ``notice``, which registers itself."""
    del app
    notice.command("list")(show_all)
    notice.command("show")(show)
    notice.command("simulate")(simulate)


def show_all(
    last: Annotated[int, typer.Option(min=1, max=500, help="最近几条")] = 20, config: ConfigOption = None
) -> None:
    """列出最近的通知和发送情况。(List the newest notices.)"""
    from handlers.notices.life import STATES

    def act(work: UnitOfWork) -> str:
        found = list(work.session.scalars(select(Notice).order_by(Notice.id.desc()).limit(last)))
        seen = {one.id: progress(work.session, one, work.now) for one in found}
        return say("broadcast.listed", notices=found, states=STATES, seen=seen)

    typer.echo(change(settings_of(config), act))


def show(number: Number, config: ConfigOption = None) -> None:
    """显示一条通知：正文、发给谁、谁审核的、发到哪里。(Show one notice.)"""
    from handlers.notices.life import STATES

    def act(work: UnitOfWork) -> str:
        found = _notice(work, number)
        reviews = work.session.scalars(
            select(NoticeReview).where(NoticeReview.notice_id == number).order_by(NoticeReview.id)
        )
        seen = progress(work.session, found, work.now)
        return say(
            "broadcast.shown_whole",
            notice=found,
            state=STATES[NoticeState(found.state)],
            targets=targets.describe(work, targets.evaluate(work, found)),
            reviews=list(reviews),
            bar=bar(seen) if seen.total else "",
        )

    typer.echo(change(settings_of(config), act))


def simulate(number: Number, config: ConfigOption = None) -> None:
    """说明现在发会怎么发、用掉多少额度、谁收不到；什么也不发。(Say what would come of sending it.)"""
    from handlers.notices.simulation import simulated

    typer.echo(change(settings_of(config), lambda work: simulated(work, _notice(work, number))))


def _notice(work: UnitOfWork, number: int) -> Notice:
    found = work.session.get(Notice, number)
    if found is None:
        raise UserError(f"没有通知 {number}。(no such notice)")
    return found
