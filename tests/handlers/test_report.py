"""The report after an activity, as the unit sends it and as staff get it."""

from datetime import datetime

import pytest

from bot.clock import CHINA
from bot.messaging.types import OFFICIAL_ACCOUNT, WORK_GROUP
from bot.model import AuditEntry, Conversation, Filing, FilingState, Flag, Report
from handlers.filing.report import attendance_in
from tests.office import Office
from tests.photos import jpeg, photo, scene
from tests.post import Post

FILING = "报备：10月24日上午9:00-11:30，莞城文化广场，垃圾分类进社区讲座，预计120人，负责人李敏 13800138000"
OTHER = "报备：10月23日上午9:00-11:30，长安图书馆，科普阅读分享会，预计50人，负责人陈静 13800138002"
ON_THE_DAY = datetime(2020, 10, 24, 10, 0, tzinfo=CHINA)


@pytest.fixture
def post(office: Office) -> Post:
    """Two activities, of two units, both over."""
    office.unit("环保协会")
    office.unit("长安图书馆")
    office.contact("limin", "李敏", "环保协会")
    office.contact("chenjing", "陈静", "长安图书馆")
    office.staff("wf", "王芳", "drafter")
    for account, text in (("limin", FILING), ("chenjing", OTHER)):
        office.say(account, text)
        office.say(account, "提交")
    office.at("2020-10-24T15:00:00")
    return Post(office)


def said(post: Post, account: str, text: str, **more: str) -> str:
    answer = post.office.say(account, text, **more)  # type: ignore[arg-type]
    return answer.text if answer else ""


def to_staff(post: Post) -> list[str]:
    return [text for text in post.told("staff") if "总结" in text]


def report_of(post: Post, number: str) -> Report:
    with post.office.session() as session:
        found = session.query(Filing).filter_by(number=number).one().report
        assert found is not None
        return found


@pytest.mark.parametrize(
    ("text", "came"),
    [
        ("实到135人", 135),
        ("实到：135", 135),
        ("实到人数135人，反响热烈", 135),
        ("实到改成130", 130),
        ("实到人数更正为一百三十人", 130),
        ("实際到場一百二十人", 120),
        ("预计120人，实到135人", 135),
        ("到场80人，其中学生50人", 80),
        ("人数改成90", 90),
        ("来了大概100个人", 100),
        ("约200人次", 200),
        ("135", 135),
        ("一百二", 120),
        ("实到率95%", None),
        ("活动很成功", None),
        ("第2期圆满结束", None),
        ("https://v.example.org/123人", None),
        ("实到99999999人", None),
    ],
)
def test_head_count_is_the_one_that_came(text: str, came: int | None) -> None:
    assert attendance_in(text) == came


def test_report_has_a_card_with_the_one_next_step(post: Post) -> None:
    answer = said(post, "limin", "总结 2020-0001 实到135人 居民反响热烈 https://v.example.org/a")
    assert answer.splitlines() == [
        "已收到 2020-0001《垃圾分类进社区讲座》的总结：",
        "实到 135 人（预计 120 人）",
        "照片 0 张",
        "链接 1 条",
        "还差现场照片，直接发来即可。",
    ]


def test_what_comes_later_adds_to_the_report(post: Post) -> None:
    said(post, "limin", "总结 2020-0001 实到135人 居民反响热烈")
    assert "链接 1 条 〔已改〕" in said(post, "limin", "报道在这里 https://v.example.org/a")
    assert "链接 2 条 〔已改〕" in said(post, "limin", "https://v.example.org/b，https://v.example.org/a")
    assert "实到 130 人（预计 120 人） 〔已改〕" in said(post, "limin", "实到改成130")
    held = report_of(post, "2020-0001")
    assert held.links == ["https://v.example.org/a", "https://v.example.org/b"]
    assert held.attendance == 130
    for words in ("居民反响热烈", "报道在这里", "实到改成130"):
        assert words in held.text


def test_each_change_of_a_report_is_in_the_audit_without_its_words(post: Post) -> None:
    said(post, "limin", "总结 2020-0001 实到135人 李敏主讲")
    said(post, "limin", "实到改成130")
    said(post, "limin", "https://v.example.org/a")
    entries = [one.detail for one in post.office.rows(AuditEntry) if one.action == "report.write"]
    assert [one["attendance"] for one in entries] == [[None, 135], [135, 130], [130, 130]]
    assert [one["links"] for one in entries] == [[0, 0], [0, 0], [0, 1]]
    assert "李敏" not in str(entries)


def test_open_report_takes_no_other_message_for_its_own(post: Post) -> None:
    said(post, "limin", "总结 2020-0001 实到135人")
    assert "请核对（草稿" in said(post, "limin", "11月7日上午9点到11点在莞城小学办垃圾分类讲座，80人，李敏 13800138000")
    assert len(post.office.rows(Filing)) == 3
    assert report_of(post, "2020-0001").attendance == 135


def test_head_count_is_asked_for_and_a_filing_is_no_answer(post: Post) -> None:
    assert "实际到了多少人" in said(post, "limin", "总结 2020-0001 居民反响热烈")
    assert "请核对（草稿" in said(
        post, "limin", "报备：11月7日上午9点到11点在莞城小学办垃圾分类讲座，80人，李敏 13800138000"
    )
    said(post, "limin", "取消")
    said(post, "limin", "总结 2020-0001 居民反响热烈")
    assert "实际到了多少人" in said(post, "limin", "挺多的")
    assert "实到 120 人" in said(post, "limin", "大概一百二吧")
    assert "居民反响热烈" in report_of(post, "2020-0001").text


def test_shared_article_is_a_link_of_the_report(post: Post) -> None:
    said(post, "limin", "总结 2020-0001 实到135人")
    detail = {"url": "https://mp.example.org/s/abc"}
    message = post.office._message("limin", "", WORK_GROUP, kind="link", text="活动报道", detail=detail)
    answer = post.office.bring(message)
    assert answer is not None
    assert "链接 1 条 〔已改〕" in answer.text
    assert report_of(post, "2020-0001").links == ["https://mp.example.org/s/abc"]


def test_shared_article_with_no_report_open_says_what_to_do(post: Post) -> None:
    message = post.office._message(
        "limin", "", OFFICIAL_ACCOUNT, kind="link", text="x", detail={"url": "https://a.cn/"}
    )
    answer = post.office.bring(message)
    assert answer is not None
    assert "不知道它属于哪场活动" in answer.text


def test_nobody_reports_for_another_unit(post: Post) -> None:
    assert "没有找到" in said(post, "chenjing", "总结 2020-0001 实到135人")
    assert post.office.rows(Report) == []


def test_report_in_doubt_goes_back_to_staff_when_it_is_sent_again(post: Post) -> None:
    said(post, "limin", "总结 2020-0001 实到135人")
    post.office.do(lambda work: setattr(work.session.get_one(Filing, 1), "state", FilingState.QUERIED))
    assert "实到 130 人" in said(post, "limin", "总结 2020-0001 实到130人")
    assert post.office.rows(Filing)[0].state == FilingState.REPORTED
    assert len(to_staff(post)) == 2


def test_photo_of_another_report_is_flagged_to_staff_and_not_to_the_unit(post: Post) -> None:
    said(post, "chenjing", "总结 2020-0002 实到48人")
    post.send("chenjing", photo(7))
    said(post, "limin", "总结 2020-0001 实到135人")
    answers = [post.send("limin", photo(7)), post.send("limin", photo(8))]
    post.bring()
    (flag,) = post.office.rows(Flag)
    assert (flag.filing_id, flag.other_id, flag.kind) == (1, 2, "photo_reused")
    (told,) = [text for text in to_staff(post) if "疑点" in text]
    assert "2020-0001《垃圾分类进社区讲座》" in told
    assert "2020-0002《科普阅读分享会》" in told
    assert "疑点" not in str(answers)
    assert not [
        one
        for one in post.office.outbox()
        if one.recipient in ("limin", "chenjing") and "2020-0002" in str(one.content)
    ]


def test_photo_that_was_made_smaller_is_flagged_too(post: Post) -> None:
    said(post, "chenjing", "总结 2020-0002 实到48人")
    post.send("chenjing", jpeg(scene(7)))
    said(post, "limin", "总结 2020-0001 实到135人")
    post.send("limin", jpeg(scene(7).resize((640, 480)), quality=40))
    post.bring()
    assert [one.kind for one in post.office.rows(Flag)] == ["photo_reused"]


def test_several_reused_photos_are_one_doubt_told_once(post: Post) -> None:
    said(post, "chenjing", "总结 2020-0002 实到48人")
    post.send("chenjing", *[photo(seed) for seed in range(3)])
    said(post, "limin", "总结 2020-0001 实到135人")
    post.send("limin", *[photo(seed) for seed in range(3)])
    post.bring()
    assert len(post.office.rows(Flag)) == 1
    assert len([text for text in to_staff(post) if "疑点" in text]) == 1


def test_own_photos_and_photos_of_nothing_raise_no_doubt(post: Post) -> None:
    from PIL import Image

    blank = jpeg(Image.new("RGB", (600, 400), "white"))
    said(post, "chenjing", "总结 2020-0002 实到48人")
    post.send("chenjing", photo(1), jpeg(Image.new("RGB", (601, 400), "white")))
    said(post, "limin", "总结 2020-0001 实到135人")
    post.send("limin", photo(2), photo(2), blank)
    post.bring()
    assert post.office.rows(Flag) == []


def test_photo_assigned_later_is_compared_as_well(post: Post) -> None:
    said(post, "chenjing", "总结 2020-0002 实到48人")
    post.send("chenjing", photo(7))
    post.office.do(lambda work: work.session.query(Conversation).delete())
    assert "属于哪场活动" in post.send("limin", photo(7))
    post.bring()
    assert post.office.rows(Flag) == []
    said(post, "limin", "2020-0001")
    assert [one.kind for one in post.office.rows(Flag)] == ["photo_reused"]


def test_photo_of_another_day_or_place_is_a_doubt(post: Post) -> None:
    post.office.do(lambda work: setattr(work.session.get_one(Filing, 1), "latitude", 23.04))
    post.office.do(lambda work: setattr(work.session.get_one(Filing, 1), "longitude", 113.75))
    said(post, "limin", "总结 2020-0001 实到135人")
    post.send("limin", photo(1, taken=ON_THE_DAY, at=(23.045, 113.755)))
    post.bring()
    assert post.office.rows(Flag) == []
    post.send("limin", photo(2, taken=datetime(2019, 10, 24, 10, 0, tzinfo=CHINA), at=(22.81, 113.67)))
    post.bring()
    assert {one.kind: one.detail for one in post.office.rows(Flag)} == {
        "photo_day": {"taken": "2019-10-24"},
        "photo_place": {"km": 27},
    }
    doubts = [text for text in to_staff(post) if "疑点" in text]
    assert any("拍摄日期是 2019-10-24，不在活动当天" in text for text in doubts)
    assert any("约 27 公里" in text for text in doubts)


def test_head_count_far_from_the_forecast_is_a_doubt_until_it_is_corrected(post: Post) -> None:
    answer = said(post, "limin", "总结 2020-0001 实到20人")
    assert "疑点" not in answer
    assert "疑点：实到 20 人，与预计 120 人相差很大" in to_staff(post)[-1]
    said(post, "limin", "实到改成120")
    (flag,) = post.office.rows(Flag)
    assert flag.settled_at is not None
    assert "疑点" not in to_staff(post)[-1]
    said(post, "limin", "实到改成10")
    (flag,) = post.office.rows(Flag)
    assert (flag.settled_at, flag.detail["came"]) == (None, 10)


def test_report_repeated_word_for_word_is_no_news_for_staff(post: Post) -> None:
    said(post, "limin", "总结 2020-0001 实到135人")
    said(post, "limin", "总结 2020-0001 实到135人")
    assert len(to_staff(post)) == 1


def test_staff_get_the_counts_and_the_links(post: Post) -> None:
    post.send("limin", photo(1), photo(2), text="总结 2020-0001 实到135人 https://v.example.org/a")
    post.bring()
    said(post, "limin", "https://v.example.org/b")
    told = to_staff(post)[-1]
    assert "环保协会已交总结 2020-0001《垃圾分类进社区讲座》：实到 135 人（预计 120 人），照片 2 张" in told
    assert "https://v.example.org/a https://v.example.org/b" in told


def test_hostile_words_of_a_report_do_no_harm(post: Post) -> None:
    said(post, "limin", "总结 2020-0001 实到135人 <@all> [点我](http://x.cn) https://v.example.org/<script>")
    assert "<@all>" not in str(to_staff(post))
    assert report_of(post, "2020-0001").links == ["http://x.cn)", "https://v.example.org/"] or "script" not in str(
        report_of(post, "2020-0001").links
    )


def test_links_are_at_most_twenty(post: Post) -> None:
    said(post, "limin", "总结 2020-0001 实到135人 " + " ".join(f"https://v.example.org/{n}" for n in range(30)))
    assert len(report_of(post, "2020-0001").links) == 20


def test_the_same_count_once_more_tells_the_office_nothing_new(post: Post) -> None:
    said(post, "limin", "总结 2020-0001 实到135人")
    before = to_staff(post)
    assert "《垃圾分类进社区讲座》的总结没有变化" in said(post, "limin", "总结 2020-0001 到场 135 人")
    assert to_staff(post) == before


def test_a_wrong_count_is_corrected_in_plain_words(post: Post) -> None:
    said(post, "limin", "总结 2020-0001 实到135人")
    assert "实到 153 人" in said(post, "limin", "实到人数写错了，是153人")
