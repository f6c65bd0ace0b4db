"""What becomes of a picture or file once it was fetched: kept, refused, lost, or read as a filled-in form."""

from collections.abc import Callable

from bot.delivery import outgoing
from bot.delivery.reach import way_to
from bot.documents.inspecting import Inspected
from bot.documents.signatures import Refusal
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import Content, Incoming
from bot.model import Account, Attachment, AttachmentState, Conversation, Filing
from bot.store import attachments, deliverables, directory
from bot.store.unit_of_work import UnitOfWork
from handlers.attachments import MOST, SHEET, UNSEEN, assign, noun_of, room_for, target_of
from handlers.filing import report_doubts
from handlers.media import added, ask_which
from handlers.notices import attaching, deliverable, stray_files

# An .xlsx that came, and what `read_filled` made of it.
TakeSheet = Callable[[UnitOfWork, Attachment, object], None]
NO_FORM = "no_head"  # a workbook, but not the office's form: a paper like any other


def settle(
    work: UnitOfWork, attachment: Attachment, found: Inspected | None, take_sheet: TakeSheet | None = None
) -> None:
    """Called in the transaction that records what came; ``found`` is None where the platform no longer had it."""
    if attachment.purpose == deliverables.PURPOSE:
        said = deliverable.settle(work, attachment, kept=found is not None and found.refusal is None)
        if said:
            _tell(work, attachment, Content(said), key=f"attachment:{attachment.id}:handed_in")
            return
    if attachment.purpose == attaching.PURPOSE and (said := attaching.settle(work, attachment, found)):
        account = work.session.get_one(Account, attachment.account_id)
        key = f"attachment:{attachment.channel}:{attachment.message_id}:{attachment.position}:notice"
        outgoing.by_way(work, way_to(work, [account]), Content(said), purpose="answer", key=key, urgent=True)
        return
    if attachment.purpose == UNSEEN and (found is None or found.refusal is not None):
        attachment.filing_id = None  # it never became a paper of it
    if found is None:
        _tell_lost(work, attachment)
    elif found.refusal is not None:
        _tell_refused(work, attachment, found.refusal)
    elif take_sheet is not None and found.workbook is not None and _is_form(work, attachment, found.workbook):
        attachment.purpose, attachment.filing_id = SHEET, None
        take_sheet(work, attachment, found.workbook)
    elif attachment.purpose == UNSEEN and attachment.filing_id is not None:
        _add(work, attachment)
    elif attachment.filing_id is not None:
        report_doubts.check_picture(work, work.session.get_one(Filing, attachment.filing_id), attachment)
    elif attachment.purpose == UNSEEN:
        attachment.purpose = ""
        if said := stray_files.take(work, attachment):
            _tell(work, attachment, Content(said), key=f"attachment:{attachment.id}:handed_in")
        else:
            _ask(work, attachment)


def _is_form(work: UnitOfWork, attachment: Attachment, workbook: object) -> bool:
    """Whether a workbook is to be read as the form: what came for a filing, or while a notice waits for a paper, may
    be another one."""
    from bot.documents.unpacking import Refused  # with openpyxl, imported at the first workbook

    if not (isinstance(workbook, Refused) and workbook.reason == NO_FORM):
        return True
    account = work.session.get_one(Account, attachment.account_id)
    return attachment.filing_id is None and not stray_files.places(work, account, None)


def _add(work: UnitOfWork, attachment: Attachment) -> None:
    """A file that came for an open filing or report, now that it has been looked at."""
    account = work.session.get_one(Account, attachment.account_id)
    target = target_of(work.session.get_one(Filing, attachment.filing_id), work.now)
    if target is None:
        attachment.filing_id, attachment.purpose = None, ""
        return _ask(work, attachment)
    if room_for(work, target, account) <= 0:
        noun, unit = noun_of([attachment.kind])
        attachment.filing_id, attachment.state = None, AttachmentState.REFUSED
        said = Content(say("media.full", target=target, noun=noun, unit=unit, most=MOST[target.purpose]))
    else:
        message = Incoming(account.channel, attachment.message_id, account.external_id, work.now, kind="file")
        turn = Turn(work, message, account)
        assign(work, [attachment], target, f"account:{account.id}")
        said = stray_files.offer(work, account, attachment, added(turn, target, [attachment.kind], 0))
    _tell(work, attachment, said, key=f"attachment:{attachment.id}:added")


def _ask(work: UnitOfWork, attachment: Attachment) -> None:
    """A file that was no form after all, and that came while nothing was open."""
    work.session.flush()
    account = work.session.get_one(Account, attachment.account_id)
    conversation = work.session.get(Conversation, account.id)
    if conversation is None:
        conversation = Conversation(account_id=account.id, topic="", state={}, updated_at=work.now)
        work.session.add(conversation)
    content = ask_which(work, account, conversation, attachments.waiting(work.session, account.id))
    _tell(work, attachment, content, key=f"attachment:{attachment.id}:which")


def _tell_refused(work: UnitOfWork, attachment: Attachment, refusal: Refusal) -> None:
    why = say(f"media.refused_{refusal}")
    attachment.refusal = why[:200]
    noun, unit = noun_of([attachment.kind])
    text = say("media.refused", noun=noun, unit=unit, name=attachment.name, why=why)
    _tell(work, attachment, Content(text), key=f"attachment:{attachment.id}:refused")


def _tell_lost(work: UnitOfWork, attachment: Attachment) -> None:
    """Once for all that was lost together, as after a time without a network."""
    noun, _ = noun_of([attachment.kind])
    sent = attachment.created_at
    key = f"attachment:lost:{attachment.account_id}:{sent:%Y%m%d%H}{sent.minute // 10}"
    _tell(work, attachment, Content(say("media.lost", noun=noun, sent=sent)), key=key)


def _tell(work: UnitOfWork, attachment: Attachment, content: Content, *, key: str) -> None:
    """In direct chat, where it came from if that is possible, else wherever the person can be reached."""
    account = work.session.get_one(Account, attachment.account_id)
    way = way_to(work, [account])
    if way.closed and account.person_id is not None:
        way = way_to(work, directory.accounts_of(work.session, account.person_id))
    outgoing.by_way(work, way, content, purpose="answer", key=key, urgent=True)
