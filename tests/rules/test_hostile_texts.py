"""Whatever the text: no error, no word lost, and an answer at once."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.asides import read_aside
from bot.rules.deadlines import parse_deadline, parse_when
from bot.rules.masking import mask_phones_in
from bot.rules.moments import find_moments
from bot.rules.people import is_sender
from bot.rules.reading import READ_AT_MOST, read
from bot.rules.understanding import (
    looks_like_filing,
    split,
    understand,
    understand_answer,
    understand_correction,
)
from bot.rules.understanding.batch.splitting import READ_AT_MOST as SPLIT_AT_MOST
from tests.rules.cases import NOW, at
from tests.rules.corpus import HALVES, cases

WORDS = [
    "报备", "10月24日", "（周六）", "上午9:00", "-", "11:30", "，", " ", "\n", "莞城", "文化广场", "垃圾分类",
    "讲座", "120人", "预计", "负责人", "李敏", "13800138000",
    "活动名称：", "时间", "：", "【地点】", "下周六", "点半", "两", "月底", "到", "在", "办", "“", "”",
    "、25日", "2月30日", "0769-22835266", "转801", "一百二", "组家庭",
    "\u200b", "\u202e", "😀", "１２", "週", "#接龙", "1.", "改成", "推迟", "半小时", "前", "(", ")",
    "99999999999", "千万", "万", "点", "日", "号", "年", "20201399", "25:61",
]  # fmt: skip
TEXTS = st.one_of(st.text(max_size=300), st.lists(st.sampled_from(WORDS), max_size=40).map("".join))
FIELDS = (
    "name",
    "start",
    "end",
    "place",
    "attendance",
    "contact_name",
    "contact_phone",
    "kind",
    "audience",
    "budget",
    "media_invited",
)


@settings(max_examples=120, deadline=None)
@given(TEXTS)
def test_nothing_raises(text: str) -> None:
    understand(text, NOW)
    looks_like_filing(text)
    find_moments(text, NOW)
    parse_deadline(text, NOW)
    parse_when(text, NOW)
    mask_phones_in(text)
    understand_correction(text, NOW, {"start": at("10-24 09:00"), "end": at("10-24 11:00")})
    for field in FIELDS:
        understand_answer(field, text, NOW)


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_a_reading_has_the_length_of_its_wording(text: str) -> None:
    page = read(text)
    assert len(page.text) == len(page.reading) <= READ_AT_MOST
    assert not re.search("[\u200b-\u200f\u202a-\u202e]", page.text)


NEWS = st.lists(
    st.sampled_from(["需要两台投影仪", "停车位紧张", "雨天改在室内", "志愿者统一着装", "已报街道备案", "附近有施工"]),
    max_size=3,
    unique=True,
)


@settings(max_examples=80, deadline=None)
@given(st.sampled_from([case["text"] for case in cases("tuning")]), NEWS, st.booleans())
def test_no_sentence_of_the_unit_is_lost(text: str, news: list[str], first: bool) -> None:
    added = "。".join(news)
    whole = f"{added}。\n{text}" if first and news else f"{text}\n{added}"
    got = understand(whole, NOW)
    kept = (
        got.remarks
        + "".join(str(f.value) + f.text for f in got.found.values())
        + "".join(q.text for q in got.questions)
    )
    for piece in news:
        assert piece in kept


HOSTILE = ["a", "1", "一", "1-", "10月24日", "10月24、", '"', "周", " ", "社区", "在", "活动名称：", "在莞城",
"办", "人", "9点到", "138-", "\n", "时间", "李", "电话", "((",
           "1:00", "24、25、", "12.5 ", "一二三四五六七八九十", "的", "展", "\u200b", "【", "联系人 ", "到 ",
           "每天", "楼", "预计", "将", "改成", "改", "把时间", "推迟", "谢", "前",
           "月底", "上午", "、", "·", "0769-", "@a ", "转发", "万", "，", "9-", "一、", "零一", "幺", "备注：〖", "名称：\n\n",
           "学生30人，", "周六、", "嗯", "1️⃣", "①", "接龙\n1. ", "活动一：", "\t", "a\t", '"a\t', "a|b|", "  ",
           "活动名称\t时间\t地点\n", "1. 10月24日\n", "10月24日 莞城 10人\n"]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_text_takes_no_longer_than_its_length(piece: str) -> None:
    text = piece * (READ_AT_MOST // len(piece))
    for call in (
        lambda: understand(text, NOW),
        lambda: looks_like_filing(text),
        lambda: understand_correction(text, NOW, {"start": NOW}),
        lambda: understand_answer("start", text, NOW),
        lambda: understand_answer("contact_name", text, NOW),
        lambda: parse_deadline(text, NOW),
        lambda: parse_when(text, NOW),
    ):
        begun = time.process_time()
        call()
        assert time.process_time() - begun < 0.5


@pytest.mark.parametrize("piece", HOSTILE)
def test_splitting_a_hostile_text_takes_no_longer_than_its_length(piece: str) -> None:
    text = piece * (SPLIT_AT_MOST // len(piece))
    begun = time.process_time()
    split(text)
    assert time.process_time() - begun < 0.5


def test_five_megabytes_are_cut_not_read() -> None:
    begun = time.process_time()
    understand("报备 10月24日9点 莞城文化广场 讲座 " + "好" * 5_000_000, NOW)
    split("1. 10月24日9点 莞城文化广场 讲座 9人\n" * 200_000)
    assert time.process_time() - begun < 0.5


def test_an_ordinary_message_takes_under_two_milliseconds() -> None:
    texts = [case["text"] for half in HALVES for case in cases(half)]
    for text in texts:
        understand(text, NOW)  # the first reading fills caches
    begun = time.process_time()
    for text in texts:
        understand(text, NOW)
    assert (time.process_time() - begun) / len(texts) < 0.002


@pytest.mark.parametrize("text", ["嗯" * 3_000 + "，60人", "算了" + "活动取消了" * 600 + "x", "好的" * 2_000 + "x"])
def test_nods_without_end_are_read_in_one_way_only(text: str) -> None:
    assert read_aside(text) is None


def test_whoever_writes_without_end_is_nobody() -> None:
    assert not is_sender("我" + "来负责" * 2_000 + "x")
    assert is_sender("我来负责")
