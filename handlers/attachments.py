"""Where pictures and files belong: to the filing or the report that is open, or to the one that the sender names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select

from bot.documents.inspecting import fit_name
from bot.messaging.turn import Turn
from bot.messaging.types import Media
from bot.model import Account, Attachment, Filing, FilingState, FilingTransition
from bot.rules.filing import OPEN, STANDING
from bot.store import attachments, directory
from bot.store.unit_of_work import UnitOfWork
from handlers.filing import dialogue, report_doubts
from handlers.filing.draft import mine

TAKEN = ("image", "video", "file")  # of a voice message its transcript is enough
REPORT, FILING = "report", "filing"
SHEET = "sheet"  # a filled-in form
UNSEEN = "unseen"  # a file that may be one: that shows when it is here
MOST = {REPORT: 20, FILING: 10}
MOST_WAITING = 20
MOST_A_DAY = 100  # of one account, whatever becomes of them
# A report that was sent so lately is still meant by a picture that comes without a word.
STILL_OPEN = timedelta(days=1)
NEAR = timedelta(days=30)
SHOWN = 5
NOUNS = {"image": ("照片", "张"), "video": ("视频", "段"), "file": ("文件", "份"), "": ("材料", "份")}


@dataclass(frozen=True, slots=True)
class Target:
    """A filing, and whether to its own papers or to its report. ``purpose``: filing · report."""

    filing: Filing
    purpose: str


def target_of(filing: Filing, now: datetime) -> Target | None:
    """What a picture for this filing would be now; None where nothing more is taken."""
    if filing.state in OPEN:
        return Target(filing, FILING)
    if filing.state in (FilingState.REPORTED, FilingState.QUERIED):
        return Target(filing, REPORT)
    if filing.state in STANDING:
        begun = filing.start is not None and filing.start <= now
        return Target(filing, REPORT if begun else FILING)
    return None


def open_target(turn: Turn) -> Target | None:
    """The filing or report that this conversation is about, else the one just reported."""
    if turn.topic == dialogue.TOPIC or turn.topic == REPORT:
        filing_id = turn.conversation.state.get("filing")
    elif not turn.topic:
        filing_id = _just_reported(turn)
    else:
        return None
    filing = turn.session.get(Filing, filing_id) if filing_id else None
    return target_of(filing, turn.now) if filing is not None and mine(turn, filing) else None


def candidates(work: UnitOfWork, account: Account) -> list[Filing]:
    """The filings that a picture of this account may belong to, the likeliest first."""
    units = [unit.id for unit in directory.units_of(work.session, account.person_id)]
    reported = (FilingState.REPORTED, FilingState.QUERIED)
    near = and_(Filing.start >= work.now - NEAR, Filing.start <= work.now + NEAR)
    wish = select(Filing).where(
        Filing.unit_id.in_(units),
        Filing.state.in_([*sorted(OPEN | STANDING), *reported]),
        or_(Filing.start.is_(None), near),
    )

    def rank(one: Filing) -> tuple[bool, timedelta]:
        return one.state in OPEN, abs((one.start or one.updated_at) - work.now)

    return sorted(work.session.scalars(wish), key=rank)[:SHOWN]


def room_for(work: UnitOfWork, target: Target | None, account: Account) -> int:
    """How many more may come."""
    if target is None:
        return MOST_WAITING - len(attachments.waiting(work.session, account.id))
    return MOST[target.purpose] - len(attachments.of_filing(work.session, target.filing.id, target.purpose))


def sent_today(work: UnitOfWork, account: Account) -> int:
    """How many pictures and files came from this account in the last day."""
    wish = select(func.count()).where(
        Attachment.account_id == account.id, Attachment.created_at > work.now - timedelta(days=1)
    )
    return work.session.scalar(wish) or 0


def keep(turn: Turn, media: Sequence[Media], target: Target | None, purpose: str = "") -> list[Attachment]:
    """Note what came with the message, to be fetched; ``purpose`` where it is not yet the target's. Gives the rows."""
    purpose = purpose or (target.purpose if target else "")
    rows = [
        Attachment(
            account_id=turn.account.id,
            filing_id=target.filing.id if target else None,
            purpose=purpose,
            channel=turn.message.channel,
            message_id=turn.message.message_id,
            position=position,
            kind=one.kind,
            name=fit_name(one.name),
            source=one.source,
            created_at=turn.now,
        )
        for position, one in enumerate(media)
    ]
    turn.session.add_all(rows)
    turn.session.flush()
    turn.work.wake = True
    subject = f"filing:{target.filing.number}" if target else f"account:{turn.account.id}"
    turn.work.audit(turn.actor, "attachment.take", subject, count=len(media), purpose=purpose)
    return rows


def assign(work: UnitOfWork, rows: Sequence[Attachment], target: Target, actor: str) -> None:
    """Put what was waiting under its filing."""
    for row in rows:
        row.filing_id, row.purpose = target.filing.id, target.purpose
    work.session.flush()
    for row in rows:
        report_doubts.check_picture(work, target.filing, row)
    subject = f"filing:{target.filing.number}"
    work.audit(actor, "attachment.assign", subject, count=len(rows), purpose=target.purpose)


def noun_of(kinds: Sequence[str]) -> tuple[str, str]:
    """What to call these things, and the word to count them by."""
    return NOUNS[kinds[0] if len(set(kinds)) == 1 else ""]


def _just_reported(turn: Turn) -> int | None:
    wish = select(FilingTransition.filing_id).where(
        FilingTransition.account_id == turn.account.id,
        FilingTransition.after == FilingState.REPORTED,
        FilingTransition.at > turn.now - STILL_OPEN,
    )
    return turn.session.scalar(wish.order_by(FilingTransition.id.desc()).limit(1))
