"""Pictures and files as the people meet them who send them: where they go, what is said, what is refused."""

import re
from datetime import datetime

import pytest

from bot.channels.base import TooLarge
from bot.errors import PlatformError
from bot.messaging.types import OFFICIAL_ACCOUNT, WORK_GROUP
from bot.model import Account, Attachment, AttachmentState, AuditEntry, Filing, FilingState, Flag
from tests.documents.test_signatures import workbook
from tests.office import GROUP, Office
from tests.photos import jpeg, photo, scene
from tests.post import Post

FILING = "报备：10月24日上午9:00-11:30，莞城文化广场，垃圾分类进社区讲座，预计120人，负责人李敏 13800138000"
AFTERWARDS = "2020-10-24T15:00:00"


@pytest.fixture
def post(office: Office) -> Post:
    office.unit("环保协会")
    office.unit("长安图书馆")
    office.contact("limin", "李敏", "环保协会")
    office.contact("chenjing", "陈静", "长安图书馆")
    office.staff("wf", "王芳", "drafter")
    return Post(office)


def said(post: Post, account: str, text: str, **more: str) -> str:
    answer = post.office.say(account, text, **more)  # type: ignore[arg-type]
    return answer.text if answer else ""


def submit(post: Post, account: str = "limin", text: str = FILING) -> None:
    said(post, account, text)
    assert "已提交" in said(post, account, "提交")


def only(post: Post) -> Attachment:
    (row,) = post.rows()
    return row


def test_photo_goes_to_the_draft_under_way(post: Post) -> None:
    said(post, "limin", FILING)
    assert post.send("limin", photo()) == "照片已加入 2020-0001 的附件，共 1 张。"
    post.bring()
    row = only(post)
    assert (row.state, row.purpose, row.kind, row.mime) == (AttachmentState.KEPT, "filing", "image", "image/jpeg")
    assert row.source is None  # what fetched it is not kept


def test_original_is_kept_as_sent_and_what_is_shown_hides_nothing(post: Post) -> None:
    said(post, "limin", FILING)
    sent = photo(taken=datetime(2020, 10, 24, 9, 30), at=(23.0, 113.75))
    post.send("limin", sent)
    post.bring()
    row, files = only(post), post.office.writer.files
    assert files.get(row.sha256) == sent
    assert b"SecretCameraMaker" not in files.get(row.shown_sha256) + files.get(row.thumb_sha256)
    assert row.taken_at is not None
    assert (f"{row.taken_at:%Y-%m-%d %H:%M}", row.latitude, row.longitude) == ("2020-10-24 09:30", 23.0, 113.75)
    assert (row.width, row.height, row.size) == (1200, 900, len(sent))


def test_photo_after_the_activity_is_for_the_report_and_asks_for_the_head_count(post: Post) -> None:
    submit(post)
    post.office.at(AFTERWARDS)
    answer = post.send("limin", photo())
    assert answer == "照片已加入 2020-0001 的总结，共 1 张。请再回复实到人数，例如：总结 2020-0001 实到120人"


def test_photos_after_the_report_are_counted(post: Post) -> None:
    submit(post)
    post.office.at(AFTERWARDS)
    card = said(post, "limin", "总结 2020-0001 实到135人")
    assert card.splitlines()[-1] == "还差现场照片，直接发来即可。"
    assert post.send("limin", photo(1)) == "照片已加入 2020-0001 的总结，共 1 张。"
    assert post.send("limin", photo(2), photo(3)) == "照片已加入 2020-0001 的总结，共 3 张。"
    post.bring()
    card = said(post, "limin", "实到改成130")
    assert card.splitlines() == [
        "已更新 2020-0001《垃圾分类进社区讲座》的总结：",
        "实到 130 人（预计 120 人） 〔已改〕",
        "照片 3 张",
        "链接 0 条",
        "材料已齐全，谢谢！",
    ]


def test_message_of_words_and_photos_has_one_answer(post: Post) -> None:
    submit(post)
    post.office.at(AFTERWARDS)
    answer = post.send("limin", photo(1), photo(2), text="总结 2020-0001 实到135人 https://v.example.org/x")
    assert "实到 135 人" in answer
    assert "链接 1 条" in answer
    assert answer.endswith("照片已加入 2020-0001 的总结，共 2 张。")
    assert len(post.told()) == 0


def test_words_beside_a_photo_that_mean_nothing_else_are_not_lost(post: Post) -> None:
    submit(post)
    post.office.at(AFTERWARDS)
    said(post, "limin", "总结 2020-0001 实到135人")
    assert post.send("limin", photo(), text="居民排队领分类手册") == "照片已加入 2020-0001 的总结，共 1 张。"
    (filing,) = post.office.rows(Filing)
    with post.office.session() as session:
        report = session.get_one(Filing, filing.id).report
        assert report is not None
        assert report.text.endswith("居民排队领分类手册")


def test_wish_that_cannot_be_met_does_not_take_its_photo_with_it(post: Post) -> None:
    submit(post)
    answer = post.send("limin", photo(), text="总结 2020-0001 实到135人")  # it is to be held only in twelve days
    assert "还没有举办" in answer
    assert answer.endswith("照片已加入 2020-0001 的附件，共 1 张。")
    assert len(post.rows()) == 1


def test_photo_with_nothing_open_waits_and_the_answer_assigns_all(post: Post) -> None:
    submit(post)
    submit(post, text=FILING.replace("10月24日", "10月25日").replace("垃圾分类进社区", "低碳生活"))
    post.office.at("2020-10-26T10:00:00")
    said(post, "limin", "取消")
    post.office.do(lambda work: _forget_conversations(work))
    answer = post.send("limin", photo(1))
    assert "请问属于哪场活动" in answer
    assert "2 2020-0001 垃圾分类进社区讲座，10月24日（周六）" in answer
    assert "待归入 2 张" in post.send("limin", photo(2))
    assert said(post, "limin", "2").startswith("照片已加入 2020-0001 的总结，共 2 张。")
    post.bring()
    assert {row.purpose for row in post.rows()} == {"report"}


def test_button_of_the_question_assigns_too(post: Post) -> None:
    submit(post)
    post.office.at("2020-10-26T10:00:00")
    post.office.do(lambda work: _forget_conversations(work))
    post.send("limin", photo(1))
    answer = post.office.click("limin", "media.assign:2020-0001")
    assert answer is not None
    assert answer.update_card
    assert answer.text.startswith("照片已加入 2020-0001 的总结，共 1 张。")
    again = post.office.click("limin", "media.assign:2020-0001")
    assert again is not None
    assert "没有待归入" in again.text


def test_nobody_assigns_to_the_filing_of_another_unit(post: Post) -> None:
    submit(post)
    post.send("chenjing", photo(1))
    answer = post.office.click("chenjing", "media.assign:2020-0001")
    assert answer is not None
    assert "没有找到" in answer.text
    assert only(post).filing_id is None


def test_waiting_photos_can_be_given_up(post: Post) -> None:
    submit(post)
    post.office.do(lambda work: _forget_conversations(work))
    post.send("limin", photo(1))
    post.bring()
    held = only(post).sha256
    assert post.office.writer.files.has(held)
    assert "已删除" in said(post, "limin", "取消")
    assert post.rows() == []
    assert not post.office.writer.files.has(held)


def test_photo_of_somebody_without_any_activity_is_kept_a_week(post: Post) -> None:
    assert "保留 7 天" in post.send("limin", photo())
    post.bring()
    held = only(post).sha256
    post.office.at("2020-10-18T03:31:00")
    post.office.tick()
    post.office.at("2020-10-18T03:35:00")
    assert len(post.rows()) == 1
    post.office.at("2020-10-20T03:31:00")
    post.office.tick()
    assert post.rows() == []
    assert not post.office.writer.files.has(held)


@pytest.mark.parametrize(
    ("account", "channel", "answer"),
    [
        ("nobody", "work_group", "照片和文件要在绑定实施单位之后才能接收"),
        ("o-fan", OFFICIAL_ACCOUNT, "照片和文件要在绑定实施单位之后才能接收"),
        ("wf", "work_group", "工作人员发来的照片和文件不归入活动"),
    ],
)
def test_of_somebody_without_a_unit_nothing_is_fetched(post: Post, account: str, channel: str, answer: str) -> None:
    assert answer in post.send(account, photo(), channel=channel)
    assert post.rows() == []


def test_follower_is_refused_at_most_once_an_hour(post: Post) -> None:
    assert post.send("o-fan", photo(), channel=OFFICIAL_ACCOUNT)
    assert post.send("o-fan", photo(), channel=OFFICIAL_ACCOUNT) == ""
    post.office.at("2020-10-12T11:01:00")
    assert post.send("o-fan", photo(), channel=OFFICIAL_ACCOUNT)


def test_filing_with_a_photo_of_somebody_unbound_keeps_the_filing_alone(post: Post) -> None:
    answer = post.send("nobody", photo(), text=FILING)
    assert "已替您保存为草稿" in answer
    assert post.rows() == []


def test_photo_in_the_group_is_answered_in_the_group(post: Post) -> None:
    submit(post)
    post.office.at(AFTERWARDS)
    assert "已加入 2020-0001 的总结" in post.send("limin", photo(), chat=GROUP)
    assert post.send("limin", photo(2), chat=GROUP, addressed=False) == ""


def test_report_takes_twenty_and_says_what_was_left_out(post: Post) -> None:
    submit(post)
    post.office.at(AFTERWARDS)
    said(post, "limin", "总结 2020-0001 实到135人")
    post.send("limin", *[photo(1)] * 10)
    answer = post.send("limin", *[photo(1)] * 12)
    assert answer == "照片已加入 2020-0001 的总结，共 20 张。最多 20 张，其余 2 张没有收下。"
    assert "最多 20 张，已经满了" in post.send("limin", photo(1))
    assert len(post.rows()) == 20


def test_filing_takes_ten(post: Post) -> None:
    said(post, "limin", FILING)
    assert "共 10 张。最多 10 张，其余 1 张没有收下" in post.send("limin", *[photo(1)] * 11)


def test_waiting_photos_are_at_most_twenty(post: Post) -> None:
    post.send("limin", *[photo(1)] * 20)
    assert "20 份照片和文件还没有归入活动" in post.send("limin", photo(1))


def test_account_sends_at_most_a_hundred_a_day(post: Post) -> None:
    submit(post)
    post.office.do(lambda work: _pretend_sent(work, 99))
    assert "上限" in post.send("limin", photo(1), photo(2))
    assert "已加入" in post.send("limin", photo(1))
    post.office.at("2020-10-13T10:00:01")
    assert "已加入" in post.send("limin", photo(1), photo(2))


def test_same_photo_twice_is_stored_and_counted_once(post: Post) -> None:
    submit(post)
    post.office.at(AFTERWARDS)
    said(post, "limin", "总结 2020-0001 实到135人")
    post.send("limin", photo(1))
    post.bring()
    post.send("limin", photo(1))
    post.bring()
    assert "照片 1 张" in said(post, "limin", "实到改成130")
    assert len({row.sha256 for row in post.rows()}) == 1


BAD = {
    "program named as a workbook": (b"MZ" + bytes(100), "报名表.xlsx", "file", "这是程序文件"),
    "program named as a photo": (b"MZ" + bytes(100), "照片.jpg", "image", "这是程序文件"),
    "huge picture": (b"", "", "image", "文件是空的"),
    "photo cut short": (photo()[:20_000], "", "image", "不完整或已损坏"),
    "archive": (b"Rar!\x1a\x07\x01\x00", "材料.rar", "file", "压缩包不能接收"),
    "photo named as a paper": (photo(), "方案.pdf", "file", "与后缀名不符"),
    "too large": (TooLarge("x"), "录像.mp4", "video", "超过 20 MB"),
}


@pytest.mark.parametrize(("content", "name", "kind", "why"), BAD.values(), ids=BAD)
def test_what_is_not_taken_is_said_in_direct_chat_and_not_kept(
    post: Post, content: bytes | Exception, name: str, kind: str, why: str
) -> None:
    submit(post)
    post.send("limin", content, name=name, kind=kind, chat=GROUP)
    post.bring()
    row = only(post)
    assert row.state == AttachmentState.REFUSED
    assert why in row.refusal
    assert row.sha256 == ""
    assert not list(post.office.writer.files.folder.glob("??/*"))
    (told,) = post.office.outbox("answer")
    assert told.recipient == "limin"
    assert why in told.content["text"]
    assert name in told.content["text"]


def test_what_the_platform_no_longer_has_is_asked_for_again_once(post: Post) -> None:
    submit(post)
    for _ in range(3):
        post.send("limin", PlatformError("已取不到"))
    post.bring()
    assert {row.state for row in post.rows()} == {AttachmentState.LOST}
    (told,) = post.told()
    assert "没有取到" in told
    assert "请再发一次" in told


def test_answer_goes_the_way_the_photo_came_from_the_official_account(post: Post) -> None:
    post.office.contact("o-limin", "李敏", "环保协会", channel=OFFICIAL_ACCOUNT)
    assert "保留 7 天" in post.send("o-limin", PlatformError("x"), channel=OFFICIAL_ACCOUNT)
    post.bring()
    (told,) = post.office.outbox("answer")
    assert (told.channel, told.method, told.recipient) == (OFFICIAL_ACCOUNT, "custom", "o-limin")


def test_file_with_nothing_open_is_looked_at_first_and_then_asked_about(post: Post) -> None:
    submit(post)
    post.office.do(lambda work: _forget_conversations(work))
    assert post.send("limin", b"%PDF-1.7\n", kind="file", name="方案.pdf") == ""
    post.bring()
    (told,) = post.told()
    assert told.startswith("文件已收到（待归入 1 份）。请问属于哪场活动？")
    assert "文件已加入 2020-0001 的附件，共 1 份" in said(post, "limin", "1")
    assert only(post).name == "方案.pdf"


def test_file_for_an_open_draft_is_told_of_once_when_it_has_been_looked_at(post: Post) -> None:
    said(post, "limin", FILING)
    assert post.send("limin", b"%PDF-1.7\n", kind="file", name="方案.pdf") == ""
    post.bring()
    assert post.told() == ["文件已加入 2020-0001 的附件，共 1 份。"]
    assert (only(post).purpose, only(post).filing_id) == ("filing", 1)
    assert "已提交" in said(post, "limin", "提交")
    # In the group its sender is told that it has come; what became of it is said in direct chat.
    assert "正在核对" in post.send("limin", b"%PDF-1.7\n", kind="file", name="预案.pdf", chat=GROUP)


def test_program_named_as_a_workbook_is_refused_in_one_message_and_never_part_of_the_draft(post: Post) -> None:
    said(post, "limin", FILING)
    assert post.send("limin", b"MZ" + bytes(100), kind="file", name="报备表.xlsx") == ""
    assert only(post).purpose != "filing"
    post.bring()
    (told,) = post.told()
    assert told.startswith("文件“报备表.xlsx”没有收下：这是程序文件")
    assert only(post).filing_id is None


def test_file_too_many_for_a_filing_is_not_taken(post: Post) -> None:
    said(post, "limin", FILING)
    for number in range(11):
        post.send("limin", b"%%PDF-1.7\n%d" % number, kind="file", name=f"{number}.pdf")
    post.bring()
    assert "最多 10 份，已经满了" in post.told()[-1]
    assert len(post.rows()) == 11
    assert sum(row.purpose == "filing" for row in post.rows()) == 10


def test_photo_sent_as_a_file_is_a_photo(post: Post) -> None:
    submit(post)
    post.office.at(AFTERWARDS)
    post.send("limin", photo(), kind="file", name="IMG_1.JPG")
    post.bring()
    assert (only(post).kind, only(post).name) == ("image", "IMG_1.jpg")


def test_filled_in_form_goes_to_its_reader_and_nothing_else_does(post: Post) -> None:
    taken = []
    from handlers.media_settling import settle

    reading = Post(
        post.office, lambda work, row, found: settle(work, row, found, lambda _, row, book: taken.append(row))
    )
    submit(reading)
    reading.send("limin", workbook(), kind="file", name="预算.xlsx")  # no form, and a filing is open: a paper of it
    reading.bring()
    assert taken == []
    assert only(reading).purpose == "filing"
    reading.office.do(lambda work: _forget_conversations(work))
    reading.send("limin", workbook(), kind="file", name="报备表.xlsx")
    reading.bring()
    assert [row.purpose for row in taken] == ["sheet"]


def test_voice_is_heard_as_words_and_not_fetched(post: Post) -> None:
    answer = post.office.bring(post.office._message("limin", "", WORK_GROUP, kind="voice", text=FILING))
    assert answer is not None
    assert "请核对（草稿 2020-0001）" in answer.text
    post.send("limin", b"sound", kind="voice")
    assert post.rows() == []


def test_erased_follower_leaves_no_photo_behind(post: Post) -> None:
    post.office.contact("o-limin", "李敏", "环保协会", channel=OFFICIAL_ACCOUNT)
    post.send("o-limin", photo(1), channel=OFFICIAL_ACCOUNT)
    post.send("o-limin", photo(2), channel=OFFICIAL_ACCOUNT)
    post.bring()
    post.send("o-limin", photo(3), channel=OFFICIAL_ACCOUNT)  # not even fetched yet
    submit(post)
    post.office.at(AFTERWARDS)
    post.send("limin", photo(2))
    post.bring(lambda: sum(row.state == AttachmentState.KEPT for row in post.rows()) == 4)
    post.office.event("o-limin", "unsubscribe")
    row = only(post)  # that of the colleague
    files = post.office.writer.files
    assert {path.name for path in files.folder.glob("??/*")} == {row.sha256, row.shown_sha256, row.thumb_sha256}


def test_every_step_of_a_photo_is_in_the_audit_without_its_name(post: Post) -> None:
    submit(post)
    post.office.do(lambda work: _forget_conversations(work))
    post.send("limin", photo(1), name="李敏13800138000.jpg")
    said(post, "limin", "1")
    entries = [one for one in post.office.rows(AuditEntry) if one.action.startswith("attachment.")]
    assert [(one.action, one.subject) for one in entries] == [
        ("attachment.take", f"account:{_account(post, 'limin')}"),
        ("attachment.assign", "filing:2020-0001"),
    ]
    assert not re.search("13800138000|李敏", str([one.detail for one in entries]))


def test_photo_of_a_report_in_doubt_gives_it_back_to_staff(post: Post) -> None:
    submit(post)
    post.office.at(AFTERWARDS)
    said(post, "limin", "总结 2020-0001 实到135人")
    post.office.do(lambda work: _query(work))
    post.send("limin", photo(1))
    (filing,) = post.office.rows(Filing)
    assert filing.state == FilingState.REPORTED
    assert len([one for one in post.told("staff") if "已交总结" in one]) == 2


def test_nothing_is_added_to_what_is_settled(post: Post) -> None:
    submit(post)
    post.office.at(AFTERWARDS)
    said(post, "limin", "总结 2020-0001 实到135人")
    post.office.do(lambda work: _set_state(work, FilingState.VERIFIED))
    assert "没有可以归入的活动" in post.send("limin", photo(1))
    assert "已经核验" in said(post, "limin", "总结 2020-0001 实到140人")


def test_no_flag_is_raised_for_the_papers_of_a_filing(post: Post) -> None:
    for account in ("limin", "chenjing"):
        submit(post, account)
        post.send(account, jpeg(scene(1)))
    post.bring()
    assert {row.purpose for row in post.rows()} == {"filing"}
    assert post.office.rows(Flag, Flag.kind == "photo_reused") == []


def _forget_conversations(work: object) -> None:
    from bot.model import Conversation

    for one in work.session.query(Conversation):  # type: ignore[attr-defined]
        one.topic, one.state = "", {}


def _pretend_sent(work: object, count: int) -> None:
    from bot.store.unit_of_work import UnitOfWork

    assert isinstance(work, UnitOfWork)
    account = work.session.query(Account).filter_by(external_id="limin").one()
    for number in range(count):
        work.session.add(
            Attachment(
                account_id=account.id, channel="work_group", message_id=f"old {number}", kind="image",
                state=AttachmentState.REFUSED, created_at=work.now,
            )
        )  # fmt: skip


def _query(work: object) -> None:
    _set_state(work, FilingState.QUERIED)


def _set_state(work: object, state: FilingState) -> None:
    for filing in work.session.query(Filing):  # type: ignore[attr-defined]
        filing.state = state


def _account(post: Post, external_id: str) -> int:
    (account,) = post.office.rows(Account, Account.external_id == external_id)
    return account.id
