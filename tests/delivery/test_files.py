"""A file on its way out: a row of its own after its text; a link, or a word, where it cannot be sent."""

import pytest

from bot.delivery import outgoing
from bot.delivery.reach import Way
from bot.messaging.types import APPRISE, OFFICIAL_ACCOUNT, WORK_GROUP, Content, File
from bot.model import Account
from bot.store.unit_of_work import UnitOfWork
from tests.office import Office

FILE = File("a" * 64, "本月报备.xlsx")


def queue(office: Office, way: Way, content: Content, key: str = "k") -> bool:
    made: bool = office.do(lambda work: outgoing.by_way(work, way, content, purpose="answer", key=key, urgent=True))
    return made


def test_file_follows_its_text_in_a_row_of_its_own(office: Office) -> None:
    way = Way(WORK_GROUP, "push", "limin")
    assert queue(office, way, Content("请查收。", file=FILE))
    first, second = office.outbox()
    assert (first.content["text"], first.content["file"]) == ("请查收。", None)
    assert (second.content["text"], Content.from_json(second.content).file) == ("", FILE)
    assert first.lane == second.lane
    assert not queue(office, way, Content("请查收。", file=FILE))
    assert len(office.outbox()) == 2


def test_file_without_a_text_is_one_row(office: Office) -> None:
    queue(office, Way(WORK_GROUP, "push", "limin"), Content("", file=FILE))
    (row,) = office.outbox()
    assert Content.from_json(row.content).file == FILE


@pytest.mark.parametrize("channel", [APPRISE, OFFICIAL_ACCOUNT])
def test_channel_that_sends_no_files_says_where_to_get_it(office: Office, channel: str) -> None:
    queue(office, Way(channel, "push", "x"), Content("请查收。", file=FILE))
    (row,) = office.outbox()
    assert row.content["file"] is None
    assert row.content["text"] == "请查收。\n附件“本月报备.xlsx”请私聊企业微信机器人领取。"


@pytest.mark.parametrize(
    ("channel", "direct", "sent"), [(WORK_GROUP, True, 2), (WORK_GROUP, False, 0), (OFFICIAL_ACCOUNT, True, 1)]
)
def test_file_goes_to_an_account_as_its_channel_can(office: Office, channel: str, direct: bool, sent: int) -> None:
    office.contact("somebody", "李敏", channel=channel, direct=direct)

    def send(work: UnitOfWork) -> bool:
        account = work.session.query(Account).one()
        return outgoing.file_to_account(work, account, FILE, "请查收。", key="k")

    assert office.do(send) == bool(sent)
    rows = office.outbox()
    assert len(rows) == sent
    if channel == OFFICIAL_ACCOUNT:
        assert "https://bot.example.org/d/" in rows[0].content["text"]
