"""What is asked in the group and is nothing for it: a word there, the whole of it in direct chat."""

from bot.delivery import outgoing
from bot.delivery.reach import Way
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import WORK_GROUP, Content


def tell(turn: Turn, content: Content, brief: str, words: str) -> Content:
    """The answer where it was asked. In a group that is ``brief`` with where the rest is.

    ``words``: by which somebody who cannot be written to yet gets it in direct chat.
    """
    if not turn.message.in_group:
        return content
    direct = is_seen(turn)
    if direct:
        push(turn, content, "private")
    return Content(say("inbox.list_elsewhere", brief=brief, sent=direct, words=words))


def is_seen(turn: Turn) -> bool:
    """Whether whoever asks gets to see the whole answer, and not only the word in the group."""
    return not turn.message.in_group or turn.account.direct


def push(turn: Turn, content: Content, what: str) -> None:
    """Send something to the one who wrote in the group, in direct chat."""
    key = f"answer:{turn.message.channel}:{turn.message.message_id}:{what}"
    way = Way(WORK_GROUP, "push", turn.account.external_id)
    outgoing.by_way(turn.work, way, content, purpose="answer", key=key, urgent=True)
