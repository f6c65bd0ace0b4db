"""Whatever the text: no error, no word lost, and what was understood is understood again from its own rendering.

For single messages and for the rows of a list alike.
"""

import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.reading import read
from bot.rules.understanding import Understood, looks_like_filing, match_unit, render, split, understand
from bot.rules.understanding.labels import find_label
from bot.rules.understanding.sheet import is_filler
from tests.rules.cases import NOW
from tests.rules.corpus import cases
from tests.rules.test_hostile_texts import TEXTS

MESSAGES = [case["text"] for case in cases("tuning")]
# Words that no rule knows, so that each of them must be in the remarks.
STRANGE = [
    "投影仪两台",
    "雨棚",
    "车位紧张",
    "志愿者统一着装",
    "垫资",
    "胶水",
    "保险已购",
    "折叠椅",
    "Wi-Fi",
    "横幅尺寸另议",
]
LINES = st.lists(
    st.one_of(
        st.sampled_from([line for text in MESSAGES for line in text.split("\n") if line.strip()]),
        st.sampled_from(STRANGE),
        st.text("一二三四五六七八九十百点时月日号年周上下午早晚0123456789:-、，。（）/ 人名在办", max_size=20),
    ),
    min_size=1,
    max_size=6,
)
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["莞城文化广场", "虎门公园", "松山湖图书馆", "麻涌镇大步村", "某处", ""]),
        st.sampled_from(["垃圾分类讲座", "科普展", "航模体验", "说不清的事", "“人数：9”讲座", ""]),
        st.sampled_from(["10月24日9点", "下周六下午2点到4点", "10.25", "44128", "月底", "25日9点", ""]),
        st.sampled_from(["50人", "120", "30组家庭", "一百二十人", "李敏13800138000", ""]),
        st.sampled_from([*STRANGE, ""]),
    ),
    min_size=2,
    max_size=6,
)
_WORD = re.compile(r"[一-龥A-Za-z\d]+")


def values(got: Understood) -> dict[str, Any]:
    return {k: v.value for k, v in got.found.items() if k != "remarks"}


def kept(got: Understood) -> str:
    """Every word of what was understood, asked about, or left in the remarks."""
    parts = [got.remarks, *(q.text for q in got.questions)]
    for found in got.found.values():
        parts += [found.text, str(found.value)]
    return "\n".join("".join(_WORD.findall(read(part, limit=None).reading)) for part in parts)


def lost(text: str, got: Understood) -> list[str]:
    """The words of a message that are neither kept nor fillers nor labels."""
    whole, out = kept(got), []
    for found in _WORD.finditer(read(text).reading):
        word = found.group()
        reach = {0}
        for begin in range(len(word)):
            if begin in reach:
                pieces = ((end, word[begin:end]) for end in range(begin + 1, min(len(word), begin + 40) + 1))
                reach |= {end for end, piece in pieces if piece in whole or _carries_no_news(piece)}
        # A letter alone may be one of a label whose letters are spread.
        if len(word) not in reach and len(word) > 1:
            out.append(word[max(reach) :])
    return out


def _carries_no_news(piece: str) -> bool:
    """A filler, a label, or a figure that counts a list."""
    return is_filler(piece) or find_label(piece) is not None or re.fullmatch(r"\d\d?", piece) is not None


def rendered(got: Understood) -> str:
    return render(values(got), got.remarks)


@settings(max_examples=120, deadline=None)
@given(TEXTS)
def test_no_word_is_lost(text: str) -> None:
    assert lost(text, understand(text, NOW)) == []


@settings(max_examples=100, deadline=None)
@given(LINES)
def test_no_word_of_mixed_messages_is_lost(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert lost(text, understand(text, NOW)) == []


def test_no_word_of_the_corpus_is_lost() -> None:
    assert {text: gone for text in MESSAGES if (gone := lost(text, understand(text, NOW)))} == {}


@settings(max_examples=120, deadline=None)
@given(TEXTS)
def test_what_is_understood_is_understood_again(text: str) -> None:
    got = understand(text, NOW)
    again = understand(rendered(got), NOW)
    assert (values(again), again.remarks) == (values(got), got.remarks)


@settings(max_examples=100, deadline=None)
@given(LINES)
def test_what_is_understood_of_mixed_messages_is_understood_again(lines: list[str]) -> None:
    got = understand("\n".join(lines), NOW)
    again = understand(rendered(got), NOW)
    assert (values(again), again.remarks) == (values(got), got.remarks)


def test_what_is_understood_of_the_corpus_is_understood_again() -> None:
    for text in MESSAGES:
        got = understand(text, NOW)
        again = understand(rendered(got), NOW)
        assert (values(again), again.remarks) == (values(got), got.remarks)


@settings(max_examples=80, deadline=None)
@given(TEXTS, st.lists(st.text(max_size=12), max_size=5))
def test_splitting_never_raises(text: str, names: list[str]) -> None:
    for row in split(text) or ():
        understand(row.text, NOW)
        match_unit(row.unit, names)
    looks_like_filing(text)
    match_unit(text, names)


@settings(max_examples=80, deadline=None)
@given(ROWS, st.sampled_from(["\t", " | ", "  "]), st.booleans())
def test_rows_of_a_table_are_read_back_and_lose_no_word(rows: list[tuple[str, ...]], mark: str, heading: bool) -> None:
    lines = [mark.join(row) for row in rows]
    if heading:
        lines.insert(0, mark.join(("地点", "活动名称", "时间", "人数", "另备")))
    _check_rows("\n".join(lines))


@settings(max_examples=80, deadline=None)
@given(ROWS, st.sampled_from(["{}. ", "{}、", "（{}）", "{}) "]), st.booleans())
def test_rows_of_a_list_are_read_back_and_lose_no_word(rows: list[tuple[str, ...]], mark: str, chain: bool) -> None:
    lines = [mark.format(i) + " ".join(cell for cell in row if cell) for i, row in enumerate(rows, 1)]
    _check_rows("\n".join([*(["#接龙 本周活动"] if chain else []), *lines]))


def _check_rows(text: str) -> None:
    batch = split(text)
    if batch is None:
        return
    all_kept = batch.around
    for row in batch:
        got = understand(row.text, NOW)
        again = understand(rendered(got), NOW)
        assert (values(again), again.remarks) == (values(got), got.remarks)
        assert lost(row.text, got) == []
        all_kept += f"\n{row.unit}\n{row.text}"
    # Every word of the message is in a row or around them.
    for piece in STRANGE:
        assert text.count(piece) <= all_kept.count(piece)
