"""A notice's page for one contact, behind a link of their own: that they opened it is seen on the board.

Given in direct chat alone: in a group anybody could open it in their name.
"""

from dataclasses import replace
from datetime import timedelta

from bot.messaging.texts import say
from bot.messaging.types import Content
from bot.model import Notice
from bot.store import directory, links
from bot.store.unit_of_work import UnitOfWork

LIFE = timedelta(days=30)


def own_page(work: UnitOfWork, notice: Notice, person_id: int | None) -> str:
    """A new link for this person; empty where they act for no unit, or the server has no public address."""
    if not directory.units_of(work.session, person_id):
        return ""
    return links.make(work, "notice", life=LIFE, person_id=person_id, notice_id=notice.id)


def with_own_page(work: UnitOfWork, notice: Notice, person_id: int, content: Content) -> Content:
    """What a contact is told of a notice that they are to answer, ending with the link where there is no other."""
    return _ending_with(own_page(work, notice, person_id) if _is_wanted(notice, content) else "", content)


def as_contacts_read(work: UnitOfWork, notice: Notice, content: Content) -> Content:
    """The same for looking at: as many bytes, but the link opens nothing."""
    return _ending_with(links.example(work, "notice") if _is_wanted(notice, content) else "", content)


def _is_wanted(notice: Notice, content: Content) -> bool:
    return notice.acknowledge and not content.link


def _ending_with(link: str, content: Content) -> Content:
    if not link:
        return content
    return replace(content, text=say("notice.with_page", text=content.text, link=link), link=link, page=link)
