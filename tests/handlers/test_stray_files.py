"""Files that come without a word while a notice waits for one: taken, asked about, or left to what is open."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from bot.model import Acknowledgement, Attachment, Deliverable
from handlers.batch.sheet import take as take_sheet
from handlers.media_settling import settle
from tests.handlers.words import TEXT, said
from tests.office import Office
from tests.photos import photo
from tests.post import Post
from tests.schedules.year import china, filing, notice

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # words, not rows


@pytest.fixture
def post(town: Office) -> Post:
    return Post(town, lambda work, row, found: settle(work, row, found, take_sheet))


def asks(office: Office, paper: str = "三季度进度表") -> int:
    return notice(office, acknowledge=True, deadline=china("2020-10-14T18:00"), deliverable=paper)


def document() -> bytes:
    """A Word document, as far as anybody looks at it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>")
    return made.getvalue()


def table() -> bytes:
    """A workbook that is not the office's form."""
    book, made = Workbook(), io.BytesIO()
    assert book.active is not None
    book.active.append(["序号", "完成情况", "支出"])
    book.active.append([1, "已完成两场", 12000])
    book.save(made)
    return made.getvalue()


def send(post: Post, who: str, content: bytes, name: str, kind: str = "file") -> str:
    """Send one and let it be fetched; gives the last that was said of it."""
    at_once = post.send(who, content, kind=kind, name=name)
    post.bring()
    later = post.office.outbox("answer", None)
    return str(later[-1].content["text"]) if later else at_once


def handed_in(office: Office) -> list[tuple[int, int]]:
    return [(one.notice_id, one.unit_id) for one in office.rows(Deliverable)]


@pytest.mark.parametrize(("content", "name"), [(document(), "进度.docx"), (table(), "进度.xlsx")])
def test_file_is_taken_for_the_one_notice_that_waits_for_it(post: Post, content: bytes, name: str) -> None:
    number = asks(post.office)
    assert "已收到“环保协会”报送的“三季度进度表”（通知 1），共 1 份" in send(post, "limin", content, name)
    assert handed_in(post.office) == [(number, 1)]
    assert "共 2 份" in send(post, "limin", document(), "补充.docx")  # what follows at once belongs to it


def test_file_of_who_owes_nothing_is_asked_about_as_ever(post: Post) -> None:
    asks(post.office)
    said(post.office, "limin", "交 1 https://example.org/a")
    filing(post.office, "limin", "讲座", "2020-10-24T09:00")
    assert "请问属于哪场活动" in send(post, "limin", document(), "材料.docx")
    assert len(handed_in(post.office)) == 1


def test_file_is_asked_about_where_several_notices_wait(post: Post) -> None:
    asks(post.office)
    asks(post.office, "资金使用表")
    question = send(post, "limin", document(), "表.docx")
    assert "1 报送通知 2 的“资金使用表”（环保协会）" in question
    assert "2 报送通知 1 的“三季度进度表”（环保协会）" in question
    assert handed_in(post.office) == []
    assert "报送的“三季度进度表”" in said(post.office, "limin", "2")
    assert handed_in(post.office) == [(1, 1)]


def test_contact_of_two_units_is_asked_for_which(post: Post) -> None:
    asks(post.office)
    assert "报送通知 1 的“三季度进度表”（长安图书馆）" in send(post, "zhouyang", document(), "表.docx")
    [card] = [one.content["card"] for one in post.office.outbox("answer", None) if one.content["card"]]
    key = next(one["key"] for one in card["buttons"] if "长安图书馆" in one["text"])
    answer = post.office.click("zhouyang", key)
    assert answer is not None
    assert "已收到“长安图书馆”" in answer.text
    assert handed_in(post.office) == [(1, 2)]


def test_open_filing_comes_first_and_the_file_can_still_be_handed_in(post: Post) -> None:
    asks(post.office)
    said(post.office, "limin", TEXT)
    answer = send(post, "limin", document(), "方案.docx")
    assert "已加入 2020-0001 的附件" in answer
    assert "如是通知 1 要的“三季度进度表”，请点下面的按钮，或回复“报送通知 1”" in answer
    assert handed_in(post.office) == []
    assert "已收到“环保协会”报送的“三季度进度表”" in said(post.office, "limin", "报送通知 1")
    [row] = post.office.rows(Attachment)
    assert (row.filing_id, row.purpose) == (None, "deliverable")
    assert post.office.rows(Acknowledgement, Acknowledgement.unit_id == 1)[0].delivered_at is not None


def test_photo_is_asked_about_before_it_is_taken_for_a_paper(post: Post) -> None:
    asks(post.office)
    filing(post.office, "limin", "讲座", "2020-10-24T09:00")
    question = post.send("limin", photo())
    assert "报送通知 1 的“三季度进度表”（环保协会）" in question
    assert handed_in(post.office) == []
    said(post.office, "limin", "2")
    post.bring()
    assert handed_in(post.office) == [(1, 1)]
    assert "已收到“环保协会”报送" in post.office.outbox("answer", None)[-1].content["text"]


def test_button_is_only_for_whom_the_notice_asks(post: Post) -> None:
    asks(post.office)
    send(post, "zhouyang", document(), "表.docx")
    for key in ("deliverable.assign:1:1", "deliverable.move:1:1", "deliverable.assign:9:9", "deliverable.move:x:y"):
        post.office.click("chenjing", key)
        post.office.click("wf", key)
    assert handed_in(post.office) == []
