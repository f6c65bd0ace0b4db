"""Anybody looks notices up: the newest, the guide, a search."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, or_, select

from bot.delivery.notices import link_to
from bot.messaging.router import PASS, Answer, Router
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import Content
from bot.model import Notice, NoticeKind, NoticeState
from bot.rules import variables
from bot.store.prepared import Prepared

router = Router()

SHOWN = 5
LONGEST_WORDS = 30
_NO_MORE = re.compile(r"(?:科普|专项|项目|资金|的|是|有|什么|哪些|呢|啊|吗|[ ?？。.!！])*")
_SENT = (
    select(Notice)
    .where(Notice.state == NoticeState.SENT, Notice.sent_at <= bindparam("now"))
    .order_by(Notice.sent_at.desc(), Notice.id.desc())
)
_PUBLIC = _SENT.where(Notice.public)
# What is asked for most of all: only what is shown.
_COLUMNS = (Notice.id, Notice.kind, Notice.title, Notice.sent_at, Notice.link, Notice.public)
_NEWEST = Prepared(_SENT.with_only_columns(*_COLUMNS).limit(SHOWN))
_NEWEST_PUBLIC = Prepared(_PUBLIC.with_only_columns(*_COLUMNS).limit(SHOWN))


@router.command("最新通知", "通知", "查看通知")
def newest(turn: Turn) -> Answer:
    found = (_NEWEST if _sees_all(turn) else _NEWEST_PUBLIC).run(turn.work.connection, {"now": turn.now})
    return Content(_list(tuple(found), tuple(_links(turn, found).items())))


@router.command("申报指南", "指南")
def guide(turn: Turn) -> Answer:
    notice = turn.session.scalars(
        _visible(turn).where(Notice.kind == NoticeKind.GUIDE).limit(1), {"now": turn.now}
    ).first()
    if notice is None:
        return Content(say("notice.no_guide"))
    link = link_to(turn.work, notice)
    body = variables.fill(notice.body, variables.GENERAL)
    return Content(say("notice.guide", notice=notice, body=body, link=link), title=notice.title, link=link)


@router.command(
    "怎么申报", "如何申报", "怎样申报", "怎么申请", "如何申请", "怎样申请", "怎么报名", "申报流程", "申报条件", "申报要求",
    "申报材料", "我想申报", "我要申报", "想申报", argument=True,
)  # fmt: skip
def how_to_apply(turn: Turn) -> Answer:
    """The newest guide; where there is none, the newest notices."""
    if not _NO_MORE.fullmatch(turn.argument):
        return PASS
    found = guide(turn)
    shown = isinstance(found, Content) and bool(found.title)
    return found if shown else newest(turn)


@router.event("menu")
def from_menu(turn: Turn) -> Answer:
    if turn.message.key == "menu:guide":
        return guide(turn)
    return newest(turn) if turn.message.key == "menu:notices" else PASS


@router.command("查通知", "搜索", "查找通知", argument=True)
def search(turn: Turn) -> Answer:
    if not turn.argument:
        return Content(say("notice.search_how"))
    found = _hits(turn, turn.argument)
    if not found:
        return Content(say("notice.no_hits", words=turn.argument))
    return Content(say("notice.hits", notices=found, links=_links(turn, found), words=turn.argument))


@router.last(lambda turn: turn.message.kind == "text" and not turn.message.in_group)
def search_by_chance(turn: Turn) -> Answer:
    """Short words that nobody else understood, but that stand in a notice."""
    words = turn.text.strip()
    if not 2 <= len(words) <= LONGEST_WORDS:
        return PASS
    found = _hits(turn, words)
    if not found:
        return PASS
    return Content(say("notice.hits", notices=found, links=_links(turn, found), words=words))


def _visible(turn: Turn) -> Select[Notice]:
    """Sent notices, newest first; those for the units alone only to units and staff."""
    return _SENT if _sees_all(turn) else _PUBLIC


def _sees_all(turn: Turn) -> bool:
    return bool(turn.units or turn.role)


def _hits(turn: Turn, words: str) -> list[Notice]:
    wish = _visible(turn)
    for word in words.split()[:5]:
        said = (column.contains(word, autoescape=True) for column in (Notice.title, Notice.body, Notice.kind))
        wish = wish.where(or_(*said))
    return list(turn.session.scalars(wish.limit(SHOWN), {"now": turn.now}))


@lru_cache(maxsize=4)
def _list(notices: tuple[Any, ...], links: tuple[tuple[int, str], ...]) -> str:
    """After a broadcast all ask for the same list."""
    hint = "回复“申报指南”看指南，发关键词（如“申报”）可以查找。"
    return say("notice.newest", notices=notices, links=dict(links), hint=hint)


def _links(turn: Turn, notices: Sequence[Notice]) -> dict[int, str]:
    return {one.id: link_to(turn.work, one) for one in notices}
