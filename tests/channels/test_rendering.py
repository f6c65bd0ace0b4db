"""Cuts: inside the limit, no character and no address in two, nothing lost."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.official_account.replying import TEXT_LIMIT, reply_xml
from bot.channels.rendering import cut, plain_text, with_choices
from bot.messaging.types import OFFICIAL_ACCOUNT, Button, Card, Content, Incoming
from tests.office import MONDAY, SettableClock

NOW = SettableClock(MONDAY).now()
MESSAGE = Incoming(OFFICIAL_ACCOUNT, "1", "oAmy", NOW, text="帮助")
LINK = "https://bot.example.org/notices/12"
PIECES = st.sampled_from(["通知", "a", "🏮", "。", "\n", "\n\n", " ", f" {LINK} ", "é", "，", "**", "]]>", "x" * 40])
TEXTS = st.lists(PIECES, max_size=120).map("".join)


@given(text=TEXTS, limit=st.integers(40, 400), link=st.sampled_from(["", LINK]))
def test_cut_text_is_whole_characters_and_whole_addresses(text: str, limit: int, link: str) -> None:
    shown = cut(text, limit, link)
    assert len(shown.encode()) <= limit
    if len(text.encode()) <= limit:
        assert shown == text
        return
    assert "…" in shown
    kept = shown.rpartition("…")[0].rstrip("\n")
    assert text.startswith(kept)
    broken = re.search(r"https?://\S*$", kept)
    assert broken is None or broken[0].startswith(LINK)


@given(text=st.text(st.characters(codec="utf-8"), max_size=300), limit=st.integers(40, 300))
def test_any_text_is_cut_inside_the_limit(text: str, limit: int) -> None:
    shown = cut(text, limit)
    assert len(shown.encode()) <= limit


def test_cut_keeps_half_of_a_pair_from_breaking_the_bytes() -> None:
    assert cut("a\ud83db", 100) == "a?b"


def test_cut_ends_at_a_paragraph_where_one_is_near() -> None:
    text = f"{'第一段。' * 10}\n{'第二段，' * 40}"
    assert cut(text, 200).startswith(f"{'第一段。' * 10}\n…")


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("**请**于[此处](https://a.example/x)查看", "请于此处 https://a.example/x查看"),
        ("[https://a.example](https://a.example)", "https://a.example"),
        ("# 标题\n> 引用", "标题\n引用"),
        ('<font color="info">绿</font> <@zhang> 请看', "绿  请看"),
        ("2 * 3 ** 4", "2 * 3 ** 4"),
        ("[坏](javascript:alert(1))", "[坏](javascript:alert(1))"),
    ],
)
def test_plain_text_keeps_the_words_and_the_address(markdown: str, plain: str) -> None:
    assert plain_text(markdown) == plain


def test_choices_are_named_once() -> None:
    card = Card("请核对", "t", (Button("提交", "a"), Button("修改", "b"), Button("取消", "c")), "草稿 2020-0001")
    shown = with_choices(Content("活动名称 垃圾分类", card=card))
    assert shown == "请核对\n活动名称 垃圾分类\n草稿 2020-0001\n回复“提交”、“修改”或“取消”。"
    said = Content("请回复“提交”、“修改”或“取消”。", card=Card("请", "t", card.buttons))
    assert with_choices(said).count("提交") == 1


def _content_of(xml: str) -> dict[str, str]:
    return {child.tag: child.text or "" for child in ElementTree.fromstring(xml)}


@given(text=TEXTS | st.text(max_size=900), link=st.sampled_from(["", LINK]))
def test_reply_is_xml_inside_the_limit_whatever_it_says(text: str, link: str) -> None:
    held = _content_of(reply_xml(MESSAGE, "gh_1", Content(text, link=link), NOW))
    assert (held["ToUserName"], held["FromUserName"], held["MsgType"]) == ("oAmy", "gh_1", "text")
    assert held["CreateTime"] == str(int(NOW.timestamp()))
    assert len(held["Content"].encode()) <= TEXT_LIMIT


@pytest.mark.parametrize("text", ["]]><evil/>", "]]]]>>", "]]\x00>", "<a>&amp;", "\ud83d", "\ufffe\uffff\x0b"])
def test_reply_cannot_break_out_of_its_element(text: str) -> None:
    xml = reply_xml(MESSAGE, "gh_1", Content(f"前{text}后"), NOW)
    held = _content_of(xml)
    assert list(held) == ["ToUserName", "FromUserName", "CreateTime", "MsgType", "Content"]
    assert held["Content"].startswith("前")
    assert held["Content"].endswith("后")


def test_long_reply_ends_with_the_whole_link() -> None:
    held = _content_of(reply_xml(MESSAGE, "gh_1", Content("通知正文，" * 400, link=LINK), NOW))
    assert held["Content"].endswith(f"（详见 {LINK}）")
    assert len(held["Content"].encode()) <= TEXT_LIMIT
