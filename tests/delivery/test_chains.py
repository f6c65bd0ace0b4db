"""A message in several parts: in order, each after the one before it, and none without it."""

import asyncio

from bot.delivery.progress import progress
from bot.errors import PlatformError
from bot.messaging.types import WORK_GROUP, Content, File
from bot.model import Delivery, Notice, NoticeState
from bot.store.unit_of_work import UnitOfWork
from tests.delivery.post import Post, later, queue, reaches, row, running, waits_after
from tests.office import Office
from tests.waiting import until

FILES = (File("a" * 64, "一.pdf"), File("b" * 64, "二.pdf"))
CONTENT = Content("正文", files=FILES)
GONE = PlatformError("企业微信拒绝了消息", code=40058)


def _states(office: Office) -> list[str]:
    return [one.state for one in office.rows(Delivery, Delivery.purpose == "notice")]


def _in_chat(office: Office, text: str) -> str:
    answer = office.say("czm", text)
    return answer.text if answer else ""


async def test_parts_go_one_after_the_other_and_stay_in_order_over_a_retry(office: Office) -> None:
    post = Post()
    post.answers = [PlatformError("企业微信繁忙", code=-1, retry=True), None, None, None]
    first = queue(office, "正文", content=CONTENT, urgent=True)
    assert _states(office) == ["queued", "waiting", "waiting"]
    async with running(office, post) as dispatcher:
        await until(lambda: waits_after(office, first, attempts=1))
        later(office, dispatcher, 30)
        await reaches(office, first + 2, "sent")
    assert [one.content.file for one in post.sent] == [None, None, FILES[0], FILES[1]]
    assert len({one.dedupe_key for one in office.rows(Delivery)}) == 3


async def test_rest_is_not_sent_alone_and_comes_back_with_its_first_part(office: Office) -> None:
    office.staff("czm", "陈志明", "approver")
    post = Post()
    post.answers = [GONE]
    first = queue(office, "正文", content=CONTENT, urgent=True)
    async with running(office, post):
        await reaches(office, first + 2, "recalled")
        assert _states(office) == ["failed", "recalled", "recalled"]
        assert row(office, first + 1).error == "前一条没有发出，这一条也没有发"
        assert await asyncio.to_thread(_in_chat, office, f"重发 {first}")
        await reaches(office, first + 2, "sent")
    assert _states(office) == ["sent", "sent", "sent"]


async def test_rest_waits_for_staff_where_a_part_is_in_doubt(office: Office) -> None:
    office.staff("czm", "陈志明", "approver")
    post = Post()
    post.answers = [PlatformError("不知是否送达", ambiguous=True)]
    first = queue(office, "正文", content=CONTENT, urgent=True)
    async with running(office, post):
        await reaches(office, first, "ambiguous")
        assert _states(office) == ["ambiguous", "waiting", "waiting"]
        assert await asyncio.to_thread(_in_chat, office, f"算已发 {first}")
        await reaches(office, first + 2, "sent")
    assert [one.content.file for one in post.sent if one.content.file or one.content.text == "正文"] == [None, *FILES]


def test_what_waits_counts_as_still_to_come_and_is_taken_back_with_the_rest(office: Office) -> None:
    office.staff("czm", "陈志明", "approver")

    def make(work: UnitOfWork) -> int:
        notice = Notice(kind="通知", title="t", body="b", state=NoticeState.SENT, created_at=work.now)
        work.session.add(notice)
        work.session.flush()
        return notice.id

    number = office.do(make)
    queue(office, "正文", content=CONTENT, notice_id=number)
    with office.session() as session:
        assert progress(session, session.get_one(Notice, number), office.clock.now()).waiting == 3
    assert "已取消" in _in_chat(office, f"撤回 {number}")
    assert _states(office) == ["recalled", "recalled", "recalled"]


def test_way_that_leads_nowhere_lists_the_message_once(office: Office) -> None:
    from bot.delivery.outgoing import by_way
    from bot.delivery.reach import Way

    way = Way(WORK_GROUP, "push", "limin", "未在企业微信私聊过机器人")
    office.do(lambda work: by_way(work, way, CONTENT, purpose="notice", key="k"))
    assert _states(office) == ["unreachable", "recalled", "recalled"]
