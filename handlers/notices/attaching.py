"""Pictures and files that go out with a notice: staff send them while their draft is open, list, drop, choose the cover."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from sqlalchemy import func, select

from bot.documents.inspecting import Inspected
from bot.errors import UserError
from bot.messaging.router import Answer, Router
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import Content, Media
from bot.model import Attachment, AttachmentState, Notice, NoticeVersion
from bot.rules.ids import read_id
from bot.store import attachments, directory
from bot.store.unit_of_work import UnitOfWork
from handlers.attachments import MOST_A_DAY, keep, sent_today
from handlers.notices.life import OPEN

router = Router(when=lambda turn: turn.role is not None and not turn.message.in_group)

PURPOSE = "notice"  # of an attachment
TOPIC = "broadcast"  # a draft is open
MOST = 9


def awaits_files(turn: Turn) -> bool:
    """Whether pictures and files that come now belong to the notice whose draft is open."""
    return turn.topic == TOPIC and not turn.message.in_group and _open_draft(turn) is not None


def take_files(turn: Turn, media: Sequence[Media]) -> Content:
    """Note the files of a message for the draft; they are added once they are here."""
    notice = _open_draft(turn)
    assert notice is not None
    if sent_today(turn.work, turn.account) + len(media) > MOST_A_DAY:
        return Content(say("media.enough_today", most=MOST_A_DAY))
    coming = select(func.count()).where(Attachment.notice_id == notice.id, Attachment.state == AttachmentState.PENDING)
    if len(notice.files or ()) + (turn.session.scalar(coming) or 0) + len(media) > MOST:
        return Content(say("attaching.full", notice=notice, most=MOST))
    for row in keep(turn, media, None, PURPOSE):
        row.notice_id = notice.id
    turn.conversation.updated_at = turn.now
    return Content(say("attaching.looking", notice=notice))


def settle(work: UnitOfWork, attachment: Attachment, found: Inspected | None) -> str:
    """A file for a notice has been fetched; gives the sentence for who sent it, empty where it did not come."""
    notice = work.session.get_one(Notice, attachment.notice_id)
    if found is None or found.refusal is not None:
        attachment.notice_id, attachment.purpose = None, ""
        return ""
    file = _described(attachment, found)
    if notice.state not in OPEN:
        attachments.remove(work, [attachment])
        return say("attaching.came_late", notice=notice, name=file["name"])
    if any(one["sha256"] == file["sha256"] for one in notice.files or ()):
        attachments.remove(work, [attachment])
        return say("attaching.there_already", notice=notice, name=file["name"])
    notice.files = [*(notice.files or ()), file]
    nth = sum(one["kind"] == "image" for one in notice.files)
    work.audit(f"account:{attachment.account_id}", "notice.attach", f"notice:{notice.id}", name=file["name"])
    picture = file["kind"] == "image"
    return say("attaching.added", notice=notice, name=file["name"], at=len(notice.files), picture=picture, nth=nth)


@router.command("附件", argument=True)
def listed(turn: Turn) -> Answer:
    notice = _notice(turn, turn.argument)
    return Content(say("attaching.listed", notice=notice, open=notice.state in OPEN))


@router.command("删附件", argument=True)
def drop(turn: Turn) -> Answer:
    """«删附件 1» of the open draft."""
    notice = _writable(turn)
    gone = _chosen(turn, notice, "删附件 1")
    notice.files = [one for one in notice.files if one is not gone]
    if notice.cover_sha256 == gone["sha256"]:
        notice.cover_sha256 = ""
    if turn.session.scalar(select(NoticeVersion.id).where(NoticeVersion.notice_id == notice.id).limit(1)) is None:
        # Of a version that was submitted everything is kept.
        held = (Attachment.notice_id == notice.id, Attachment.state == AttachmentState.KEPT)
        rows = turn.session.scalars(select(Attachment).where(*held))
        attachments.remove(turn.work, [one for one in rows if gone["sha256"] in (one.sha256, one.shown_sha256)])
    turn.work.audit(turn.actor, "notice.detach", f"notice:{notice.id}", name=gone["name"])
    return Content(say("attaching.dropped", notice=notice, name=gone["name"]))


@router.command("封面", argument=True)
def choose_cover(turn: Turn) -> Answer:
    """«封面 1»: the picture above the article."""
    notice = _writable(turn)
    chosen = _chosen(turn, notice, "封面 1")
    if chosen["kind"] != "image":
        raise UserError(say("attaching.cover_no_picture", name=chosen["name"]))
    notice.cover_sha256 = chosen["sha256"]
    turn.work.audit(turn.actor, "notice.cover", f"notice:{notice.id}", name=chosen["name"])
    return Content(say("attaching.cover", notice=notice, name=chosen["name"]))


def _described(attachment: Attachment, found: Inspected) -> dict[str, Any]:
    """What a notice keeps of a file; of a picture the copy without hidden data."""
    if found.picture is not None:
        name, size = f"{PurePath(attachment.name).stem or '图片'}.jpg", len(found.picture.shown)
        return _file(attachment.shown_sha256, name, "image", "image/jpeg", size)
    return _file(attachment.sha256, attachment.name, "file", attachment.mime, attachment.size)


def _file(sha256: str, name: str, kind: str, mime: str, size: int) -> dict[str, Any]:
    return {"sha256": sha256, "name": name, "kind": kind, "mime": mime, "size": size}


def _open_draft(turn: Turn) -> Notice | None:
    """The draft that this person may write and that the conversation is about."""
    if turn.role not in directory.WRITING:
        return None
    notice = turn.session.get(Notice, turn.conversation.state.get("notice") or 0)
    return notice if notice is not None and notice.state in OPEN else None


def _notice(turn: Turn, number: str) -> Notice:
    """The notice that is named, else the one that the conversation is about."""
    which = read_id(number) if number else turn.conversation.state.get("notice") if turn.topic == TOPIC else None
    notice = turn.session.get(Notice, which or 0)
    if notice is None:
        raise UserError(say("broadcast.unknown", number=number[:10]) if number else say("attaching.no_notice"))
    return notice


def _writable(turn: Turn) -> Notice:
    if turn.role not in directory.WRITING:
        raise UserError(say("broadcast.may_not_write"))
    notice = _notice(turn, "")
    if notice.state not in OPEN:
        raise UserError(say("attaching.not_open", notice=notice))
    return notice


def _chosen(turn: Turn, notice: Notice, example: str) -> dict[str, Any]:
    """The attachment with the number that was said."""
    at, held = read_id(turn.argument) or 0, notice.files or []
    if not 1 <= at <= len(held):
        raise UserError(say("attaching.which", notice=notice, example=example))
    return held[at - 1]
