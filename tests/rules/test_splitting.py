"""Long texts in several messages: inside the limit, in order, nothing lost and nothing torn apart."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.splitting import split

MARK = re.compile(r"\n（\d+/\d+）$")


def bare(parts: list[str]) -> str:
    return re.sub(r"\s", "", "".join(MARK.sub("", part) for part in parts))


def test_short_text_stays_one_message_without_a_mark() -> None:
    assert split("请各单位报送进度表。", 200) == ["请各单位报送进度表。"]


def test_long_text_is_cut_at_paragraph_ends_and_marked() -> None:
    paragraphs = [f"第{at}段" + "请各单位认真核对。" * 6 for at in range(1, 5)]
    parts = split("\n\n".join(paragraphs), 400)
    assert [MARK.sub("", part) for part in parts] == ["\n\n".join(paragraphs[:2]), "\n\n".join(paragraphs[2:])]
    assert parts[0].endswith("（1/2）")


@pytest.mark.parametrize(
    "whole",
    [
        "https://example.org/notices/2020/12/a-very-long-address",
        "[申报系统](https://example.org/apply?year=2020)",
        "**务必按时报送**",
        "<@zhangqiang>",
        "👩‍👩‍👧‍👦",
        "🇨🇳",
        "👍🏽",
        "é",
    ],
)
def test_what_belongs_together_stays_together_wherever_the_cut_would_fall(whole: str) -> None:
    for before in range(20, 60):
        parts = split("科" * before + whole + "普" * 80, 200)
        assert any(whole in part for part in parts), before


def test_mark_of_a_list_stays_with_its_words() -> None:
    text = "请准备：\n" + "\n".join(f"{at}. 第{at}项材料" + "说明" * 5 for at in range(1, 30))
    for part in split(text, 200):
        assert not re.search(r"(?m)^\d+\.\s*$", part)


def test_address_longer_than_a_message_is_cut_and_nothing_of_it_lost() -> None:
    text = "https://example.org/" + "a" * 900
    parts = split(text, 200)
    assert bare(parts) == text


def test_limit_without_room_is_refused() -> None:
    with pytest.raises(ValueError, match="limit of 50"):
        split("文" * 100, 50)


PIECES = st.sampled_from(
    [
        "请各单位",
        "于10月15日前",
        "报送。",
        "\n",
        "\n\n",
        "- 一项 ",
        "https://example.org/a?b=c",
        "**重点**",
        "👩‍👧",
        "🇨🇳",
        "é",
        " ",
        "[看](https://e.org/x)",
        "，",
    ]
)


@given(st.lists(PIECES, max_size=400).map("".join), st.integers(200, 3000))
def test_parts_fit_and_give_the_text_back(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(len(part.encode()) <= limit for part in parts)
    assert bare(parts) == re.sub(r"\s", "", text)
    for link in re.findall(r"\[看\]\(https://e\.org/x\)", text):
        assert sum(part.count(link) for part in parts) == text.count(link)


@given(st.text(max_size=2000), st.integers(100, 400))
def test_any_text_fits_and_is_kept(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(len(part.encode(errors="surrogatepass")) <= limit for part in parts)
