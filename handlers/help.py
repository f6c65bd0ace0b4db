"""Help, fitted to who asks; and the last word where nobody else understood."""

import re
from datetime import timedelta

from bot.messaging.router import PASS, Answer, Router
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import WORK_GROUP, Content

router = Router()

ONCE_AN_HOUR = timedelta(hours=1)
OF_STAFF = (
    "广播", "发通知", "批准", "待审", "通过", "退回", "导出", "谁没交", "谁没回", "催办", "核验", "存疑", "名单", "通知列表",
    "预览", "试发", "看板", "看板图", "待确认", "重发", "提交审核", "送审", "收材料", "退回材料", "退回通知", "改通知", "模拟",
)  # fmt: skip
_AS_COMMAND = re.compile(rf"(?:{'|'.join(OF_STAFF)})(?:[\s：:，,].*)?", re.DOTALL)


@router.command("帮助", "help", "？", "?", "怎么用", "菜单")
def asked(turn: Turn) -> Answer:
    return Content(_help(turn))


@router.command("帮助", argument=True)
def asked_about(turn: Turn) -> Answer:
    """The second level: «帮助 报备», «帮助 审核», «帮助 通知»."""
    if turn.argument in ("报备", "活动", "填报") and (turn.units or turn.role):
        return Content(say("help.filing"))
    if turn.role and turn.argument in ("审核", "审批", "备案", "待审"):
        return Content(say("help.review"))
    if turn.role and turn.argument in ("通知", "广播"):
        return Content(say("help.notices"))
    return PASS


@router.command("谢谢", "多谢", "感谢", "谢谢您", "谢谢你", "好的谢谢", "好的，谢谢", "辛苦了")
def thanked(turn: Turn) -> Answer:
    """Also in the middle of a question: thanks are no telephone number."""
    return Content(say("help.thanks")) if turn.message.addressed else None


@router.command(*OF_STAFF, argument=True, when=lambda turn: turn.role is None and bool(turn.units))
def for_staff(turn: Turn) -> Answer:
    """A unit's contact tries a command of the office: said so, and not taken for the answer to a question."""
    if not turn.message.addressed or not _AS_COMMAND.fullmatch(turn.text.strip()):
        return PASS  # «广播体操比赛» is the name of an activity
    return Content(say("help.for_staff", text=turn.text.strip()))


@router.event("menu")
def from_menu(turn: Turn) -> Answer:
    if turn.message.key == "menu:bind":
        return Content(say("binding.how", units=turn.units))
    return Content(_help(turn)) if turn.message.key == "menu:help" else PASS


@router.event("enter_chat")
def welcome(turn: Turn) -> Answer:
    """Somebody opens the direct chat; the platform tells us at most once a day."""
    return Content(say("help.welcome", person=turn.person, units=turn.units, role=turn.role))


@router.last(lambda turn: turn.message.kind == "click")
def stale_button(turn: Turn) -> Answer:
    return Content(say("help.stale_button"))


@router.last(lambda turn: turn.message.kind == "link" and turn.message.addressed)
def link(turn: Turn) -> Answer:
    return Content(say("help.link"))


@router.last(lambda turn: turn.message.kind in ("text", "voice") and turn.message.addressed)
def not_understood(turn: Turn) -> Answer:
    """A bound person always gets an answer; a follower short help, at most once an hour."""
    if turn.message.kind == "voice" and not turn.text.strip():
        return Content(say("help.voice"))
    if turn.units or turn.role or turn.message.channel == WORK_GROUP:
        return Content(say("help.not_understood", role=turn.role, units=turn.units, in_group=turn.message.in_group))
    held = turn.conversation
    if held.helped_at is not None and turn.now - held.helped_at < ONCE_AN_HOUR:
        return None
    held.helped_at = turn.now
    return Content(_help(turn))


def _help(turn: Turn) -> str:
    if turn.role:
        return say("help.staff")
    return say("help.unit" if turn.units else "help.follower")
