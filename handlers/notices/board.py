"""The board of a notice for staff: «看板 12» gives a personal link, «看板图 12» a picture, also for the work group."""

from datetime import timedelta

from bot.delivery import outgoing
from bot.delivery.standing import ORDER, standings
from bot.documents import board as picture
from bot.documents import fonts
from bot.errors import UserError
from bot.messaging.router import Answer, Router
from bot.messaging.texts import say
from bot.messaging.turn import Turn
from bot.messaging.types import Content, File
from bot.model import OUT, Notice, NoticeState
from bot.rules.ids import read_id
from bot.rules.wording import format_day
from bot.store import directory, links
from handlers.notices import life

router = Router(when=lambda turn: turn.role is not None)

LIFE = timedelta(days=7)
USEFUL_FOR = timedelta(hours=12)  # an older picture shows what is no longer so
TO_GROUP = ("发群", "发到群", "发群里", "发工作群")


@router.command("看板图", argument=True)
def board_picture(turn: Turn) -> Answer:
    """«看板图 12» to whoever asks, «看板图 12 发群» into the work groups."""
    if turn.message.in_group:
        return Content(say("board.privately"))
    number, _, where = turn.argument.partition(" ")
    notice = _notice(turn, number)
    if where.strip() and where.strip() not in TO_GROUP:
        raise UserError(say("board.picture_how"))
    if where.strip():
        _may_publish(turn, notice)
    font = fonts.find(turn.settings.notices.font)
    if font is None:
        raise UserError(say("board.no_font", notice=notice))
    drawn = picture.draw(_as_drawn(turn, notice), font)
    file = File(turn.work.files.put(drawn), f"通知{notice.id}看板.png", kind="image")
    turn.work.audit(turn.actor, "notice.picture", f"notice:{notice.id}", to=where.strip())
    return _to_groups(turn, notice, file) if where.strip() else _to_asker(turn, notice, file)


@router.command("看板", argument=True)
def board(turn: Turn) -> Answer:
    if turn.message.in_group:
        return Content(say("board.privately"))
    notice = _notice(turn, turn.argument)
    link = link_for(turn, notice)
    if not link:
        return Content(say("board.no_address", notice=notice))
    turn.work.audit(turn.actor, "notice.board", f"notice:{notice.id}")
    return Content(say("board.link", notice=notice, link=link), link=link)


def link_for(turn: Turn, notice: Notice) -> str:
    """A personal link to the board, for direct chat alone; empty where the server has no public address."""
    return links.make(turn.work, "board", life=LIFE, person_id=turn.account.person_id, notice_id=notice.id)


def _to_asker(turn: Turn, notice: Notice, file: File) -> Content:
    key = f"answer:{turn.message.channel}:{turn.message.message_id}:picture"
    if not outgoing.file_to_account(turn.work, turn.account, file, "", key=key):
        raise UserError(say("board.cannot_send", notice=notice))
    return Content(say("board.picture", notice=notice))


def _may_publish(turn: Turn, notice: Notice) -> None:
    """Raise `UserError` where it may not go into the group: what nobody has approved is not shown there in pictures."""
    if turn.role not in directory.WRITING:
        raise UserError(say("board.may_not_publish"))
    if notice.state not in OUT:
        raise UserError(say("board.not_out", notice=notice, state=life.STATES[NoticeState(notice.state)]))
    if not turn.settings.work_group or not turn.settings.work_group.groups:
        raise UserError(say("board.no_group"))


def _to_groups(turn: Turn, notice: Notice, file: File) -> Content:
    content = Content(say("board.in_group", notice=notice, now=turn.now), file=file)
    key, more = f"board:{notice.id}:{turn.message.message_id}", {"notice_id": notice.id, "useful_for": USEFUL_FOR}
    outgoing.to_work_groups(turn.work, content, purpose="reminder", key=key, **more)
    start = outgoing.allowed_from(turn.work)
    names = [one.name for one in turn.settings.work_group.groups] if turn.settings.work_group else []
    return Content(say("board.published", notice=notice, groups=names, start=start if start > turn.now else None))


def _as_drawn(turn: Turn, notice: Notice) -> picture.Board:
    """What the picture says: names of units, and how many have come how far."""
    units = standings(turn.session, notice, turn.now)
    over = notice.deadline is not None and notice.deadline <= turn.now
    groups = []
    for stage in ORDER:
        names = [one.unit for one in units if one.stage is stage]
        tone = "done" if stage is ORDER[-1] else "over" if over else "owed"
        if names:
            groups.append(picture.Group(stage.value, tone, names))
    lines = [" · ".join(filter(None, [notice.kind, f"通知 {notice.id}", notice.number]))]
    if notice.state in (NoticeState.WITHDRAWN, NoticeState.CANCELLED):
        lines.append("已撤回，不再收取回执和材料")
    if notice.deliverable:
        lines.append(f"收取：{notice.deliverable}")
    if notice.deadline is not None:
        lines.append(
            f"{'已于 ' if over else '截止 '}{format_day(notice.deadline)}{notice.deadline:%H:%M}{' 截止' if over else ''}"
        )
    foot = f"{turn.settings.programme.name} · {format_day(turn.now)}{turn.now:%H:%M} 生成"
    done = sum(one.done for one in units)
    return picture.Board(notice.title, lines, done, len(units), groups, foot)


def _notice(turn: Turn, text: str) -> Notice:
    number = read_id(text)
    notice = turn.session.get(Notice, number) if number is not None else None
    if notice is None or not notice.acknowledge:
        raise UserError(say("board.how"))
    return notice
