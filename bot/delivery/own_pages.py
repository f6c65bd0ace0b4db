"""A notice's page for one contact, behind a link of their own: that they opened it is seen on the board.

Given in direct chat alone: in a group anybody could open it in their name.
"""

from dataclasses import replace
from datetime import timedelta

from bot.messaging.texts import say
from bot.messaging.types import OFFICIAL_ACCOUNT, Content
from bot.model import Notice
from bot.store import directory, links
from bot.store.unit_of_work import UnitOfWork

LIFE = timedelta(days=30)


def own_page(work: UnitOfWork, notice: Notice, person_id: int | None) -> str:
    """A new link for this person; empty where they act for no unit, or the server has no public address."""
    if not directory.units_of(work.session, person_id):
        return ""
    return links.make(work, "notice", life=LIFE, person_id=person_id, notice_id=notice.id)


def with_own_page(work: UnitOfWork, notice: Notice, person_id: int, content: Content, channel: str) -> Content:
    """What a contact is told of a notice that has no page for everybody: with the link to their own.

    In words where an answer is wanted; else on the official account alone, where a template message has room for a few
    words, and files cannot be sent.
    """
    return _with(notice, content, own_page(work, notice, person_id) if _is_wanted(notice, content, channel) else "")


def as_contacts_read(work: UnitOfWork, notice: Notice, content: Content, channel: str) -> Content:
    """The same for looking at: as many bytes, but the link opens nothing."""
    return _with(notice, content, links.example(work, "notice") if _is_wanted(notice, content, channel) else "")


def _is_wanted(notice: Notice, content: Content, channel: str) -> bool:
    return not content.link and (notice.acknowledge or channel == OFFICIAL_ACCOUNT)


def _with(notice: Notice, content: Content, link: str) -> Content:
    if not link:
        return content
    text = say("notice.with_page", text=content.text, link=link) if notice.acknowledge else content.text
    return replace(content, text=text, link=link, page=link)
