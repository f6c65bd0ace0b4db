"""A notice looked at before it goes: how one channel will show it, and all of them sent to whoever asks."""

from dataclasses import replace

from bot.delivery import notices as planning
from bot.delivery import outgoing, previews
from bot.delivery.articles import with_cover
from bot.delivery.previews import Form
from bot.delivery.reach import Way, way_to
from bot.errors import UserError
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import CHANNEL_NAMES, OFFICIAL_ACCOUNT, Content
from bot.model import Notice, Person
from bot.store import directory

ARTICLE, MASS_SENT = "图文", "群发"
OTHER_NAMES = {"群": "工作群", "微信群": "工作群", "群聊": "工作群", "文章": ARTICLE, "推文": ARTICLE, "图文消息": ARTICLE,
               "单聊": "私聊", "机器人": "群机器人"}  # fmt: skip
ACCOUNT = CHANNEL_NAMES[OFFICIAL_ACCOUNT]


def shown(turn: Turn, notice: Notice, name: str) -> str:
    """The notice as one channel shows it, the first where none is named; raises `UserError` for an unknown one.

    «公众号» is all that goes out there, by whatever way.
    """
    found, name = _forms(turn, notice), OTHER_NAMES.get(name, name)
    if name == MASS_SENT and not any(one.name == name for one in found):
        name = ARTICLE
    wanted = [one for one in found if one.name == name or (name == ACCOUNT and one.channel == OFFICIAL_ACCOUNT)]
    if name and not wanted:
        raise UserError(say("broadcast.no_form", notice=notice, forms=found, name=name[:20]))
    return "\n\n".join(say("broadcast.form", notice=notice, form=one) for one in wanted or found[:1])


def try_out(turn: Turn, person: Person, notice: Notice) -> str:
    """Send every form to this person alone; an article where they follow the official account themselves."""
    found = _forms(turn, notice)
    accounts = directory.accounts_of(turn.session, person.id)
    follower = next((one for one in accounts if one.channel == OFFICIAL_ACCOUNT and one.following), None)
    articles = [one for one in found if one.article is not None]
    for at, form in enumerate(one for one in found if one.article is None):
        _send(turn, notice, form, way_to(turn.work, accounts), f"{at}")
    if articles and follower is not None:
        way, key = Way(OFFICIAL_ACCOUNT, "preview", follower.external_id), f"{_key(turn, notice)}:article"
        [said] = articles[0].parts
        whole = with_cover(turn.work, notice, said.article) if said.article is not None else None
        outgoing.by_way(turn.work, way, replace(said, article=whole), purpose="staff", key=key, urgent=True)
    return say("broadcast.tried", notice=notice, forms=found, unseen=bool(articles) and follower is None)


def _forms(turn: Turn, notice: Notice) -> list[Form]:
    return previews.forms_of(turn.work, notice, planning.preview(turn.work, notice))


def _send(turn: Turn, notice: Notice, form: Form, way: Way, mark: str) -> None:
    """The messages of a form, with its name before them, as they are where the person's channel is the same."""
    heading = Content(say("broadcast.form_of", form=form))
    # A template takes the fields of a message, and this one would be the preview of them.
    same = (way.channel, str(way.method)) == (form.channel, form.method) and way.method not in outgoing.TEMPLATED
    words = form.parts if same else [Content(text) for text in form.texts]
    for at, part in enumerate([heading, *words]):
        outgoing.by_way(turn.work, way, part, purpose="staff", key=f"{_key(turn, notice)}:{mark}:{at}", urgent=True)


def _key(turn: Turn, notice: Notice) -> str:
    return f"notice:{notice.id}:try:{turn.message.message_id}"
