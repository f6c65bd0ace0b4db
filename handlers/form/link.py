"""The way to the filing page: a secret link for one draft, given in direct chat only."""

from bot.delivery import outgoing
from bot.delivery.reach import Way
from bot.errors import UserError
from bot.messaging.router import PASS, Answer, Router
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import WORK_GROUP, Content
from bot.model import Filing
from bot.rules.filing import OPEN, STANDING
from handlers.filing import dialogue
from handlers.filing.chat import NUMBER, SHOWN
from handlers.filing.draft import find_mine, new_draft, open_drafts, untouched
from handlers.filing.fields import Fields
from handlers.filing.life import state_of
from handlers.form.address import make_link

router = Router()

NOTHING = Fields()


@router.command("表单", "网页填报", "网页报备", "填表", argument=True)
def ask(turn: Turn) -> Answer:
    named = NUMBER.fullmatch(turn.argument)
    if turn.argument and not named:
        return PASS
    return _link(turn, named[1] if named else "")


@router.command("新表单")
def ask_new(turn: Turn) -> Answer:
    return _link(turn, "", fresh=True)


@router.event("menu")
def from_menu(turn: Turn) -> Answer:
    return _link(turn, "") if turn.message.key == "menu:form" else PASS


def _link(turn: Turn, number: str, *, fresh: bool = False) -> Content:
    if not turn.units:
        return Content(say("filing.not_bound_start", in_group=turn.message.in_group))
    if not turn.settings.server.public_url:
        return Content(say("form.no_address"))
    if turn.message.in_group and not turn.account.direct:
        return Content(say("form.privately"))
    filing = _wanted(turn, number, fresh)
    if isinstance(filing, Content):
        return filing
    if dialogue.current(turn) is not filing:
        dialogue.remember(turn, filing)
    others = not number and not fresh and Fields.of(filing) != NOTHING
    address = make_link(turn, filing)
    content = Content(say("form.link", filing=filing, link=address, others=others), link=address)
    if not turn.message.in_group:
        return content
    # Whoever opens it first has it: never where others read along.
    way = Way(WORK_GROUP, "push", turn.account.external_id)
    key = f"answer:{turn.message.channel}:{turn.message.message_id}:form"
    outgoing.by_way(turn.work, way, content, purpose="answer", key=key, urgent=True)
    return Content(say("form.sent_privately"))


def _wanted(turn: Turn, number: str, fresh: bool) -> Filing | Content:
    """The filing that is meant: the one named, the one under way, the only draft; else a new one."""
    if number:
        filing = find_mine(turn, number)
        if filing.state not in OPEN | STANDING:
            raise UserError(say("filing.closed", filing=filing, state=state_of(filing, turn.now)))
        return filing
    if not fresh:
        under_way = dialogue.current(turn)
        if under_way is not None and under_way.state in OPEN:
            return under_way
        begun = [one for one in open_drafts(turn) if Fields.of(one) != NOTHING]
        if len(begun) == 1:
            return begun[0]
        if begun:
            return Content(say("filing.which_draft", drafts=begun[:SHOWN], verb="表单"))
    empty = untouched(turn)
    if empty is not None:
        return empty
    made = new_draft(turn, turn.units[0].id if len(turn.units) == 1 else None)
    made.origin = "form"
    return made
