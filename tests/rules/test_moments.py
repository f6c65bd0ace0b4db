from datetime import datetime

import pytest

from bot.clock import CHINA
from bot.rules.moments import Finding, Moment, find_moments
from tests.rules.cases import NOW, at


def _spans(finding: Finding) -> list[tuple[datetime, datetime | None]]:
    return [(m.start, m.end) for m in finding.moments]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("10月24日（周六）上午9:00-11:30", "10-24 09:00", "10-24 11:30"),
        ("10月24号9点到11点半", "10-24 09:00", "10-24 11:30"),
        ("12.5 9:00", "12-05 09:00", None),
        ("12月5日上午9点到11点半", "12-05 09:00", "12-05 11:30"),
        ("2020/10/24 9:00", "10-24 09:00", None),
        ("2020年10月24日09时00分至11时00分", "10-24 09:00", "10-24 11:00"),
        ("20201107 0930-1130", "11-07 09:30", "11-07 11:30"),
        ("10-24 9:00", "10-24 09:00", None),
        ("下周六下午两点半", "10-24 14:30", None),
        ("下下周一上午9点", "10-26 09:00", None),
        ("大后天9点", "10-15 09:00", None),
        ("今晚8点", "10-12 20:00", None),
        ("明早9点", "10-13 09:00", None),
        ("本周五下午3点", "10-16 15:00", None),
        ("这周日 10:00-12:00", "10-18 10:00", "10-18 12:00"),
        ("周六上午9点", "10-17 09:00", None),
        ("星期天上午9点", "10-18 09:00", None),
        ("礼拜三晚上7点半到9点", "10-14 19:30", "10-14 21:00"),
        ("10月24日上午九时三十分", "10-24 09:30", None),
        ("10月24日14:30~16:30", "10-24 14:30", "10-24 16:30"),
        ("10月24日2:30-4:30", "10-24 14:30", "10-24 16:30"),
        ("10月24日9点至下午3点", "10-24 09:00", "10-24 15:00"),
        ("10月24日上午9点到12点半", "10-24 09:00", "10-24 12:30"),
        ("10月24日11点到1点", "10-24 11:00", "10-24 13:00"),
        ("10月24日中午12点到1点半", "10-24 12:00", "10-24 13:30"),
        ("10月24日晚上10点到凌晨1点", "10-24 22:00", "10-25 01:00"),
        ("10月24日22:00-01:00", "10-24 22:00", "10-25 01:00"),
        ("10月24日晚8点到12点", "10-24 20:00", "10-25 00:00"),
        ("10月31日晚上8点到11月1日凌晨1点", "10-31 20:00", "11-01 01:00"),
        ("10月24日7:30-16:30", "10-24 07:30", "10-24 16:30"),
        ("10月24日下午2-5点", "10-24 14:00", "10-24 17:00"),
        ("週六上午9點", "10-17 09:00", None),
        ("１０月２４日　９：００－１１：３０", "10-24 09:00", "10-24 11:30"),
        ("十月二十四日下午三点", "10-24 15:00", None),
        ("二〇二〇年十月二十四日上午九点", "10-24 09:00", None),
        ("⏰10月24日🌟上午9点", "10-24 09:00", None),
        ("10 月 24 日 上午 9 : 00 - 11 : 30", "10-24 09:00", "10-24 11:30"),
        ("明年1月5日上午10点", "2021-01-05 10:00", None),
        ("1月15日上午10点", "2021-01-15 10:00", None),
        ("下月5号下午3点", "11-05 15:00", None),
        ("24号上午9点", "10-24 09:00", None),
        ("10月9日（周五）9点", "10-09 09:00", None),  # the weekday says that it is the one that has passed
        ("2020年10月9日9点", "10-09 09:00", None),
        ("10月24日早上8点半至10点一刻", "10-24 08:30", "10-24 10:15"),
        ("10月24日 9:00 AM", "10-24 09:00", None),
        ("10月24日 2:00pm", "10-24 14:00", None),
    ],
)
def test_one_moment(text: str, start: str, end: str | None) -> None:
    found = find_moments(text, NOW)
    assert [f.reason for f in found] == [None]
    assert _spans(found[0]) == [(at(start), at(end) if end else None)]


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("10月24、25日每天上午9-11点", [("10-24 09:00", "10-24 11:00"), ("10-25 09:00", "10-25 11:00")]),
        ("10月24日（周六）、25日（周日）9:00-17:00", [("10-24 09:00", "10-24 17:00"), ("10-25 09:00", "10-25 17:00")]),
        ("10月24日和11月1日下午3点", [("10-24 15:00", None), ("11-01 15:00", None)]),
        ("10月24日至26日上午9点-11点", [(f"10-{d} 09:00", f"10-{d} 11:00") for d in (24, 25, 26)]),
        ("10月30日-11月1日 9:00-10:00", [(f"{d} 09:00", f"{d} 10:00") for d in ("10-30", "10-31", "11-01")]),
        ("10月24日上午9-11点，下午2-4点", [("10-24 09:00", "10-24 11:00"), ("10-24 14:00", "10-24 16:00")]),
    ],
)
def test_several_days_and_sessions(text: str, spans: list[tuple[str, str | None]]) -> None:
    found = find_moments(text, NOW)
    assert found[0].reason is None
    assert _spans(found[0]) == [(at(start), at(end) if end else None) for start, end in spans]


def test_all_day_is_nine_to_five() -> None:
    (found,) = find_moments("10月25日全天", NOW)
    assert found.moments == (Moment(at("10-25 09:00"), at("10-25 17:00"), all_day=True),)


@pytest.mark.parametrize(
    ("text", "reason", "options"),
    [
        ("10月24日", "no_time", ["10-24 09:00", "10-24 14:30", "10-24 09:00"]),
        ("20201024", "no_time", ["10-24 09:00", "10-24 14:30", "10-24 09:00"]),
        ("10月24日上午", "no_time", ["10-24 09:00", "10-24 10:00"]),
        ("后天下午", "no_time", ["10-14 14:30", "10-14 15:00"]),
        ("下午两点到四点", "no_date", ["10-12 14:00"]),
        ("10月25日（周六）9点", "weekday_contradicts_date", ["10-25 09:00", "10-24 09:00"]),
        ("2020年10月25日星期六9点", "weekday_contradicts_date", ["10-25 09:00", "10-24 09:00"]),
        ("10月9日9点", "date_passed", ["10-09 09:00", "2021-10-09 09:00"]),
        ("8月1日9点", "far_ahead", ["2021-08-01 09:00", "08-01 09:00"]),
        ("10月24日7点", "morning_or_evening", ["10-24 07:00", "10-24 19:00"]),
        ("10月24日7点到9点", "morning_or_evening", ["10-24 07:00", "10-24 19:00"]),
        ("周末", "which_day", ["10-17 09:00", "10-17 14:30", "10-18 09:00", "10-18 14:30"]),
        ("2月30日上午9点", "invalid_date", []),
        ("2020年13月1日", "invalid_date", []),
        ("10月24日11:00-9:00", "end_before_start", ["10-24 11:00"]),
        ("10月底", "vague", []),
        ("月底", "vague", []),
        ("近期", "vague", []),
        ("11月上旬", "vague", []),
        ("每周六", "vague", []),
        ("时间待定", "vague", []),
        ("国庆期间", "vague", []),
    ],
)
def test_a_doubt_is_a_question(text: str, reason: str, options: list[str]) -> None:
    found = find_moments(text, NOW)
    assert [f.reason for f in found] == [reason]
    assert [m.start for m in found[0].moments] == [at(o) for o in options]


@pytest.mark.parametrize(
    "text",
    [
        "60人",
        "1.5米",
        "3号楼",
        "中山路24号",
        "9-11人",
        "2小时",
        "比分3.5万",
        "三点建议",
        "13800138000",
        "第12.3条规定",
        "有一点",
        "总结 2020-0001",
        "版本2.0.1",
        "",
    ],
)
def test_what_is_no_time(text: str) -> None:
    assert find_moments(text, NOW) == ()


def test_the_piece_of_text_is_the_wording_itself() -> None:
    text = "各位好，定于１０月２４日（週六）上午９：００－１１：３０在文化廣場舉行"
    (found,) = find_moments(text, NOW)
    assert found.text == "１０月２４日（週六）上午９：００－１１：３０"
    assert text[found.begin : found.end] == found.text


def test_a_known_day_completes_hours() -> None:
    (found,) = find_moments("下午两点到四点", NOW, at("10-24 00:00").date())
    assert (found.reason, _spans(found)) == (None, [(at("10-24 14:00"), at("10-24 16:00"))])


@pytest.mark.parametrize(
    ("today", "text", "day"),
    [
        ("2020-12-28", "1月3日9点", "2021-01-03"),
        ("2021-01-04", "周一9点", "2021-01-04"),
        ("2021-01-03", "下周一9点", "2021-01-04"),
        ("2023-12-01", "2月29日9点", "2024-02-29"),
    ],
)
def test_the_year_and_week_turn(today: str, text: str, day: str) -> None:
    now = datetime.strptime(today, "%Y-%m-%d").replace(hour=10, tzinfo=CHINA)
    (found,) = find_moments(text, now)
    assert (found.reason, str(found.moments[0].start.date())) == (None, day)
