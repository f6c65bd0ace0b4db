"""Whether a notice becomes an article of the official account, and with which cover."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.channels.official_account.article import LARGEST_HTML, make_article
from bot.channels.official_account.rendering import TEXT_LIMIT
from bot.channels.rendering import plain_text
from bot.delivery.notice_files import files_of, pictures_of
from bot.documents import drawing, fonts
from bot.messaging.texts import say
from bot.messaging.types import Article, Content
from bot.model import Delivery, DeliveryState, Notice
from bot.rules import variables
from bot.rules.tables import has_table
from bot.store.unit_of_work import UnitOfWork


def is_wanted(work: UnitOfWork, notice: Notice, content: Content) -> bool:
    """A public notice is an article where it has pictures or a table, or says more than one text message holds."""
    if not notice.public or work.settings.official_account is None:
        return False
    return bool(pictures_of(notice)) or has_table(notice.body) or len(plain_text(content.text).encode()) > TEXT_LIMIT


def fault_of(work: UnitOfWork, notice: Notice, content: Content) -> str:
    """Why the article that is wanted cannot be made, and what to do; else empty."""
    if not is_wanted(work, notice, content):
        return ""
    return _fault_of(work, notice, _article(work, notice, content))


def article_of(work: UnitOfWork, notice: Notice, content: Content) -> Article | None:
    """The article, without its cover; None where the notice goes as a text, or cannot be one."""
    if not is_wanted(work, notice, content):
        return None
    made = _article(work, notice, content)
    return None if _fault_of(work, notice, made) else made


def with_cover(work: UnitOfWork, notice: Notice, article: Article) -> Article:
    """The article as it goes out, its cover in the file store."""
    return replace(article, cover=_cover(work, notice))


def covers_in_use(session: Session) -> set[str]:
    """The covers of articles that have still to go, or may go again; no other row refers to them."""
    over = (DeliveryState.SENT, DeliveryState.RECALLED)
    wish = select(Delivery.content).where(Delivery.method.in_(("mass", "publish")), Delivery.state.not_in(over))
    return {content["article"]["cover"] for content in session.scalars(wish) if content.get("article")}


def _fault_of(work: UnitOfWork, notice: Notice, made: Article) -> str:
    if not _picture_for_cover(work, notice) and fonts.find(work.settings.notices.font) is None:
        return say("attaching.no_cover", notice=notice)
    return say("attaching.article_too_long", notice=notice) if len(made.html) >= LARGEST_HTML else ""


def _article(work: UnitOfWork, notice: Notice, content: Content) -> Article:
    others = [one for one in files_of(notice) if one.kind != "image"]
    body = variables.fill(notice.body, variables.GENERAL)
    held = {"notice": notice, "files": others, "page": content.page, "programme": work.settings.programme}
    text = say("attaching.article", body=body, **held)
    return make_article(content.title, text, "", pictures_of(notice), source_url=content.page)


def _cover(work: UnitOfWork, notice: Notice) -> str:
    """The place of the cover in the file store."""
    picture = _picture_for_cover(work, notice)
    if picture:
        return work.files.put(drawing.cover_from(work.files.get(picture)))
    font = fonts.find(work.settings.notices.font)
    assert font is not None  # `fault_of` has looked
    return work.files.put(drawing.cover_with(notice.title, font.path, font.index))


def _picture_for_cover(work: UnitOfWork, notice: Notice) -> str:
    """The picture that staff chose, else the first; empty where there is none on the disk."""
    chosen = [notice.cover_sha256] if notice.cover_sha256 else []
    return next((one for one in chosen + pictures_of(notice) if work.files.has(one)), "")
