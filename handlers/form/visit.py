"""The filing page behind a secret link: the same draft as in the chat, by the same rules.

Every function is one transaction's work. ``mark``: what the first browser to open a link was given; another is refused.
"""

import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime, time

from bot.clock import CHINA
from bot.messaging.form import ClosedLink, FormPage
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import Incoming
from bot.model import Account, Filing, FilingState, Link
from bot.rules.filing import OPEN
from bot.rules.form import Entered, read_form, tidy, too_long
from bot.rules.form_when import Fault
from bot.rules.understanding import Found
from bot.store import links
from bot.store.unit_of_work import UnitOfWork
from handlers.filing import dialogue
from handlers.filing.chat import learn_contact
from handlers.filing.draft import fill, give_unit, judge, mine
from handlers.filing.submission import lodge, lodge_amendment
from handlers.form.page import gaps, is_open, lateness, projects_of, show

MARK_BYTES = 24
Posted = Mapping[str, str]


def opened(work: UnitOfWork, secret: str) -> bool:
    """Whether some browser has this link already; raises `ClosedLink` where it opens nothing."""
    return bool(_good_link(work, secret).holder)


def claim(work: UnitOfWork, secret: str) -> str:
    """The mark for the first browser to open a link; raises `ClosedLink` for every later one."""
    link = _good_link(work, secret)
    work.session.refresh(link, with_for_update=True)  # of two at once, in two processes, one is the first
    if link.holder:
        raise ClosedLink("taken", say("form.closed_taken"))
    mark = secrets.token_urlsafe(MARK_BYTES)
    link.holder = links.hash_of(mark)
    work.audit(f"account:{link.account_id}", "form.open", f"link:{link.id}")
    return mark


def page(work: UnitOfWork, secret: str, mark: str) -> FormPage:
    """The page as things stand."""
    turn, filing, link = enter(work, secret, mark)
    return show(turn, filing, link)


def save(work: UnitOfWork, secret: str, mark: str, posted: Posted, before: Posted) -> FormPage:
    """Keep whatever of the page can be kept; the rest stays on the page with a sentence beside it.

    Once somebody has tried to submit (``asked``), what is missing is said too.
    """
    turn, filing, link = enter(work, secret, mark)
    if not is_open(filing, link):
        return show(turn, filing, link)
    faults = _take(turn, filing, posted, before)
    if posted.get("asked"):
        _add_gaps(turn, filing, posted, faults)
    return show(turn, filing, link, posted, faults)


def choose(work: UnitOfWork, secret: str, mark: str, posted: Posted, before: Posted) -> FormPage:
    """Settle the day that the chat was in doubt about by one of its options."""
    turn, filing, link = enter(work, secret, mark)
    if not is_open(filing, link):
        return show(turn, filing, link)
    asking = dialogue.current(turn) is filing and turn.conversation.state.get("asking") == "start"
    chosen = dialogue.chosen(turn, "start", posted.get("act", "").partition(":")[2]) if asking else {}
    faults = _take(turn, filing, posted, before)
    found = {name: one for name, one in chosen.items() if isinstance(one, Found)}
    if found:
        _write(turn, filing, Entered(values=found))
    return show(turn, filing, link, posted, faults)


def take_own(work: UnitOfWork, secret: str, mark: str, posted: Posted, before: Posted) -> FormPage:
    """The visitor is the one in charge: their own name and telephone."""
    turn, filing, link = enter(work, secret, mark)
    person = turn.person
    if not is_open(filing, link) or person is None:
        return show(turn, filing, link)
    faults = _take(turn, filing, posted, before)
    own = {"contact_name": person.name, "contact_phone": person.phone}
    _write(turn, filing, Entered(values={name: Found(value, value) for name, value in own.items() if value}))
    kept = {name: sentence for name, sentence in faults.items() if name not in own}
    return show(turn, filing, link, posted, kept)


def submit(work: UnitOfWork, secret: str, mark: str, posted: Posted, before: Posted) -> FormPage:
    """Submit it, or say beside each input what is still missing or wrong."""
    turn, filing, link = enter(work, secret, mark)
    if not is_open(filing, link):
        return show(turn, filing, link)
    faults = _take(turn, filing, posted, before)
    _add_gaps(turn, filing, posted, faults)
    if faults:
        return show(turn, filing, link, posted, faults)
    if filing.state in OPEN:
        lodge(work, filing, account_id=turn.account.id, place=turn.place)
        learn_contact(turn, filing)
    elif filing.pending:
        lodge_amendment(work, filing, account_id=turn.account.id, place=turn.place)
    dialogue.rest(turn, filing)
    link.used_at = work.now
    return show(turn, filing, link)


def enter(work: UnitOfWork, secret: str, mark: str) -> tuple[Turn, Filing, Link]:
    """Who is at the page, the filing and the link; raises `ClosedLink`."""
    link = _good_link(work, secret)
    if not link.holder or not hmac.compare_digest(links.hash_of(mark), link.holder):
        raise ClosedLink("taken", say("form.closed_taken"))
    account = work.session.get_one(Account, link.account_id)
    message = Incoming(account.channel, f"form:{link.id}", account.external_id, work.now, kind="form")
    turn = Turn(work, message, account)
    filing = work.session.get_one(Filing, link.filing_id)
    if not turn.units or not mine(turn, filing):  # no longer bound, or no longer to this unit
        raise ClosedLink("unknown", say("form.closed_unknown"))
    if filing.state in OPEN:
        if filing.unit_id is None and len(turn.units) == 1:
            filing.person_id = turn.account.person_id
            give_unit(work, filing, turn.units[0].id)
        judge(work, filing)  # it may have lain for days
    return turn, filing, link


def _good_link(work: UnitOfWork, secret: str) -> Link:
    link = links.find(work.session, "form", secret)
    if link is None:
        raise ClosedLink("unknown", say("form.closed_unknown"))
    if links.is_over(link, work.now):
        raise ClosedLink("over", say("form.closed_over"))
    return link


def _add_gaps(turn: Turn, filing: Filing, posted: Posted, faults: dict[str, str]) -> None:
    for name in gaps(turn, filing, posted.get("sure", "")):
        faults.setdefault(name, say("form.missing", input=name))


def _take(turn: Turn, filing: Filing, posted: Posted, before: Posted) -> dict[str, str]:
    """Write what was changed on the page; gives a sentence for each input that could not be taken."""
    _take_unit_and_project(turn, filing, posted, before)
    entered = read_form(posted, before, turn.now)
    _write(turn, filing, entered)
    fault = _take_late_reason(turn, filing, posted, before)
    if fault:
        entered.faults[fault.input] = fault
    return {name: say(f"form.fault_{one.reason}", text=one.text) for name, one in entered.faults.items()}


def _write(turn: Turn, filing: Filing, entered: Entered) -> None:
    if entered.values:
        fill(turn, filing, entered.values)
    if filing.state in OPEN and filing.start is None:
        filing.last_filing_day, filing.late_days, filing.retroactive = None, 0, False
    _go_on_in_chat(turn, filing, entered)


def _go_on_in_chat(turn: Turn, filing: Filing, entered: Entered) -> None:
    """The chat does not ask any more what the page has answered; a day without hours it knows too."""
    about = dialogue.current(turn) is filing
    if turn.topic and not about:
        return
    if entered.day:
        midnight = datetime.combine(entered.day, time(0), CHINA)
        dialogue.remember(turn, filing, "start", day=midnight.isoformat())
    elif about and turn.conversation.state.get("asking") in entered.values:
        dialogue.remember(turn, filing)


def _take_unit_and_project(turn: Turn, filing: Filing, posted: Posted, before: Posted) -> None:
    """Whose it is, where the page lets one choose; anything else is not one of the choices and is left alone."""
    unit = posted.get("unit", before.get("unit", ""))
    if unit != before.get("unit", "") and filing.state == FilingState.DRAFT:
        for one in turn.units:
            if str(one.id) == unit:
                filing.person_id = turn.account.person_id
                give_unit(turn.work, filing, one.id)
                turn.conversation.unit_id = one.id
        turn.session.refresh(filing, ["unit", "project"])
    project = posted.get("project", before.get("project", ""))
    if project != before.get("project", "") and filing.state in OPEN and filing.unit_id:
        filing.project_id = next((int(one.value) for one in projects_of(turn, filing) if one.value == project), None)


def _take_late_reason(turn: Turn, filing: Filing, posted: Posted, before: Posted) -> Fault | None:
    reason = tidy("late_reason", posted.get("late_reason", ""))
    found = lateness(turn, filing)
    if "late_reason" not in posted or reason == before.get("late_reason", "") or not found or not found.late:
        return None
    fault = too_long("late_reason", reason)
    if fault is None:
        dialogue.explain_lateness(filing, reason)
        if dialogue.current(turn) is filing and turn.conversation.state.get("asking") == "late_reason":
            dialogue.remember(turn, filing)
    return fault
