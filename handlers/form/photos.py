"""Photos on the filing page: added to the filing's papers, shown small, taken away again."""

import secrets

from bot.documents.inspecting import Inspected
from bot.messaging.form import ClosedLink
from bot.messaging.texts import say
from bot.model import Attachment
from bot.store import attachments
from bot.store.keeping import Kept, describe
from bot.store.unit_of_work import UnitOfWork
from handlers.attachments import FILING, MOST, MOST_A_DAY, Target, room_for, sent_today
from handlers.form.page import is_open
from handlers.form.visit import enter


def add_photo(work: UnitOfWork, secret: str, mark: str, found: Inspected, kept: Kept) -> str:
    """Add one that was looked at; gives why not, or nothing where it was taken."""
    turn, filing, link = enter(work, secret, mark)
    why = ""
    if not is_open(filing, link):
        why = say("media.closed", filing=filing)
    elif found.refusal is not None:
        why = say("form.fault_photo_refused", text=found.name, why=say(f"media.refused_{found.refusal}"))
    elif found.picture is None:
        why = say("form.fault_photo_kind", text=found.name)
    elif room_for(work, Target(filing, FILING), turn.account) < 1:
        why = say("form.fault_photo_full", most=MOST[FILING])
    elif sent_today(work, turn.account) >= MOST_A_DAY:
        why = say("media.enough_today", most=MOST_A_DAY)
    if why:
        work.unwanted += attachments.unused(work.session, filter(None, (kept.original, kept.shown, kept.thumb)))
        return why
    row = Attachment(
        account_id=turn.account.id,
        filing_id=filing.id,
        purpose=FILING,
        channel=turn.message.channel,
        message_id=f"{turn.message.message_id}:{secrets.token_hex(6)}",
        kind="image",
        created_at=work.now,
    )
    describe(row, found, kept)
    work.session.add(row)
    work.session.flush()
    work.audit(turn.actor, "attachment.take", f"filing:{filing.number}", count=1, purpose=FILING)
    return ""


def drop_photo(work: UnitOfWork, secret: str, mark: str, number: int) -> None:
    """Take one away again, with its bytes."""
    turn, filing, link = enter(work, secret, mark)
    row = work.session.get(Attachment, number)
    if row is None or row.filing_id != filing.id or row.purpose != FILING or not is_open(filing, link):
        return  # gone already, or none of this page's
    attachments.remove(work, [row])
    work.audit(turn.actor, "attachment.drop", f"filing:{filing.number}", count=1)


def photo(work: UnitOfWork, secret: str, mark: str, number: int) -> str:
    """Name in the file store of the small picture; raises `ClosedLink`."""
    _, filing, _ = enter(work, secret, mark)
    row = work.session.get(Attachment, number)
    if row is None or row.filing_id != filing.id or not row.thumb_sha256:
        raise ClosedLink("missing", say("form.closed_unknown"))
    return row.thumb_sha256
