"""Which messages carry a notice on each channel: inside the limits, in order, nothing lost, the button last."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.group_webhook import rendering as webhook
from bot.channels.official_account import rendering as account
from bot.channels.work_group import rendering as group
from bot.delivery.forms import parts, shown
from bot.messaging.types import APPRISE, GROUP_WEBHOOK, OFFICIAL_ACCOUNT, WORK_GROUP, Button, Card, Content, File

CARD = Card("通知 12 回执", "notice-12", (Button("收到", "acknowledge:12", "primary"),))
FILES = (File("a" * 64, "现场.jpg", "image"), File("f" * 64, "进度表.xlsx"))
PARAGRAPH = "请各单位认真对照年度计划，逐项核对本单位的科普活动安排，按要求报送材料。\n\n"
TEXTS = st.lists(
    st.sampled_from(["请报送。", "\n\n", "**重点**", "🏮", "a b ", "https://a.example/x ", "，"]), max_size=900
)


def _long(count: int) -> str:
    return "".join(f"{at}. {PARAGRAPH}" for at in range(1, count + 1)).strip()


def test_short_text_is_one_message_everywhere() -> None:
    content = Content("请报送进度表。", card=CARD, title="要求")
    for channel, method in ((WORK_GROUP, "push"), (GROUP_WEBHOOK, "push"), (OFFICIAL_ACCOUNT, "custom")):
        assert len(parts(content, channel, method)) == 1
    assert parts(content, WORK_GROUP)[0].card == CARD


def test_text_too_long_for_a_card_is_followed_by_its_card() -> None:
    content = Content(_long(30), card=CARD, title="监督管理要求：请核对", mentions=("@all",))
    text, button = parts(content, WORK_GROUP)
    assert (text.card, button.card, button.text) == (None, CARD, "监督管理要求：请核对")
    assert group.push(text)["markdown"]["content"] == f"<@all>\n{content.text}"
    assert group.push(button)["template_card"]["button_list"][0]["text"] == "收到"
    assert button.mentions == ()


def test_group_text_over_the_limit_goes_in_marked_parts_and_calls_everybody_once() -> None:
    found = parts(Content(_long(300), card=CARD, title="要求", mentions=("@all",)), WORK_GROUP)
    marks = [re.search(r"（(\d)/(\d)）$", one.text) for one in found[:-1]]
    assert [mark.groups() for mark in marks if mark] == [("1", "2"), ("2", "2")]
    assert [one.mentions for one in found] == [("@all",), (), ()]
    assert all(len(shown(one, WORK_GROUP).encode()) <= group.MARKDOWN_LIMIT for one in found)


def test_webhook_text_goes_in_parts_and_asks_for_the_answer_in_the_last() -> None:
    found = parts(Content(_long(40), card=CARD, mentions=("@all",)), GROUP_WEBHOOK)
    bodies = [webhook.body(one) for one in found]
    assert [one["msgtype"] for one in bodies] == ["text"] + ["markdown"] * (len(found) - 1)
    assert all(len(shown(one, GROUP_WEBHOOK).encode()) <= webhook.TEXT_LIMIT for one in found)
    assert ["收到" in one.text for one in found] == [False] * (len(found) - 1) + [True]


def test_customer_messages_are_as_many_as_the_platform_takes_and_one_for_the_answer() -> None:
    found = parts(Content(_long(100)), OFFICIAL_ACCOUNT, "custom")
    assert len(found) == account.MOST_PARTS
    assert found[-1].text.endswith("（内容较长，已截断）\n（4/4）")
    linked = Content(_long(100), link="https://bot.example.org/notices/12")
    [one] = parts(linked, OFFICIAL_ACCOUNT, "custom")
    assert shown(one, OFFICIAL_ACCOUNT, "custom").endswith("（详见 https://bot.example.org/notices/12）")


@pytest.mark.parametrize("channel", [WORK_GROUP, GROUP_WEBHOOK])
def test_files_follow_the_text_where_they_can_be_sent(channel: str) -> None:
    found = parts(Content("请查收。", files=FILES), channel)
    assert [(one.text, one.file) for one in found] == [("请查收。", None), ("", FILES[0]), ("", FILES[1])]


@pytest.mark.parametrize("channel", [OFFICIAL_ACCOUNT, APPRISE])
def test_files_are_named_where_they_cannot(channel: str) -> None:
    [one] = parts(Content("请查收。", files=FILES), channel, "custom")
    assert shown(one, channel, "custom").splitlines() == [
        "请查收。", "附件：", "1 现场.jpg", "2 进度表.xlsx", "附件请向市科协索取。",
    ]  # fmt: skip


@pytest.mark.parametrize("channel", [OFFICIAL_ACCOUNT, APPRISE])
@pytest.mark.parametrize("method", ["custom", "mass"])
def test_text_says_where_to_get_the_files_that_are_on_a_page(channel: str, method: str) -> None:
    page, theirs = "https://bot.example.org/notices/12", "https://kx.example.org/apply"
    [one] = parts(Content(f"请查收。\n详情：{page}", link=page, page=page, files=FILES), channel, method)
    assert shown(one, channel, method).endswith("2 进度表.xlsx\n打开上面的链接可下载附件。")
    [one] = parts(Content(f"请查收。\n详情：{theirs}", link=theirs, page=page, files=FILES), channel, method)
    assert shown(one, channel, method).endswith(f"2 进度表.xlsx\n附件下载：{page}")


@pytest.mark.parametrize("method", ["custom", "mass"])
def test_text_that_is_cut_still_leads_to_the_page_with_everything(method: str) -> None:
    page, files = "https://bot.example.org/notices/12", FILES * 10
    content = Content(_long(60), link="https://kx.example.org/apply", page=page, files=files)
    [one] = parts(content, OFFICIAL_ACCOUNT, method)
    kept = Content.from_json(json.loads(json.dumps(one.to_json())))
    text = shown(kept, OFFICIAL_ACCOUNT, method)
    assert text.endswith(f"（详见 {page}）")
    assert len(text.encode()) <= account.TEXT_LIMIT


@pytest.mark.parametrize("channel", [WORK_GROUP, GROUP_WEBHOOK])
def test_where_files_are_sent_nothing_is_said_of_a_page(channel: str) -> None:
    content = Content("请查收。", link="https://kx.example.org", page="https://bot.example.org/notices/12", files=FILES)
    assert "notices/12" not in "".join(shown(one, channel) for one in parts(content, channel) if one.file is None)


@settings(max_examples=40)
@given(pieces=TEXTS, card=st.booleans(), everybody=st.booleans())
def test_every_part_is_sent_whole_and_together_they_say_everything(
    pieces: list[str], card: bool, everybody: bool
) -> None:
    text = "".join(pieces).strip() or "空"
    content = Content(text, card=CARD if card else None, title="要求", mentions=("@all",) if everybody else ())
    for channel, limit in ((WORK_GROUP, group.MARKDOWN_LIMIT), (GROUP_WEBHOOK, webhook.MARKDOWN_LIMIT)):
        found = parts(content, channel)
        texts = [shown(one, channel) for one in found]
        assert all(len(one.encode()) <= limit and "已截断" not in one for one in texts)
        said = re.sub(r"\n（\d+/\d+）$|\s", "", "".join(re.sub(r"\n（\d+/\d+）$", "", one) for one in texts))
        assert re.sub(r"\s", "", webhook.plain_text(text)) in said.replace("**", "")
