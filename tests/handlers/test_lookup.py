"""Staff look things up: by number everything, by words a short list; activities of a week or a month."""

import pytest

from bot.model import Filing
from tests.handlers.words import TEXT, accepted, filed, said, told
from tests.office import GROUP, Office

READING = "报备：10月25日下午3点-5点，长安镇图书馆，科普阅读分享会，预计50人，负责人陈静 13800138002"
NOVEMBER = "报备：11月14日上午9点-11点，虎门科技馆，低碳生活体验日，预计80人，负责人李敏 13800138000"


@pytest.fixture
def filings(town: Office) -> Office:
    """An accepted one, one that waits, one in November."""
    accepted(town)
    filed(town, READING, "chenjing")
    filed(town, NOVEMBER)
    return town


FOUND = {
    "查 10月": {1, 2},
    "查 11月": {3},
    "查 长安": {2},
    "查 环保": {1, 3},
    "查 李敏": {1, 3},
    "查 10月 李敏": {1},
    "查 讲座": {1},
    "查 科技馆": {3},
    "查 待审": {2, 3},
    "查 已备案": {1},
    "查 13800138002": {2},
    "查 10月24日": {1},
    "查 下周": {1, 2},
    "查 上周": set(),
    "查 100%": set(),
    "查 _": set(),
}


def test_words_find_what_they_say(filings: Office) -> None:
    answers = {words: said(filings, "wf", words) for words in FOUND}
    found = {words: {one for one in (1, 2, 3) if f"2020-000{one}" in answer} for words, answer in answers.items()}
    assert found == FOUND
    assert all("没有查到" in answer for words, answer in answers.items() if not FOUND[words])


def test_number_shows_the_whole_record(filings: Office) -> None:
    for words in ("查 2020-0001", "查2020-0001", "查 1", "查询 0001"):
        record = said(filings, "third", words)
        for line in (
            "2020-0001（已备案）",
            "单位：环保协会（垃圾分类科普）",
            "地点：莞城街道 · 莞城文化广场",
            "负责人：李敏 13800138000",
            "共 1 个版本，回复“历史 2020-0001”看经过。",
        ):
            assert line in record.splitlines()


def test_phone_is_whole_in_direct_chat_alone(filings: Office) -> None:
    assert said(filings, "wf", "查 2020-0001", chat=GROUP) == "内容较长，已私聊发给您。"
    assert "13800138000" in filings.outbox("answer")[-1].content["text"]
    filings.staff("xw", "许伟", "drafter", direct=False)
    answer = said(filings, "xw", "查 2020-0001", chat=GROUP)
    assert "138001" not in answer
    assert "请私聊我回复“查 2020-0001”" in answer


def test_record_after_the_activity_tells_of_its_report(filings: Office) -> None:
    filings.at("2020-10-24T18:00:00")
    said(filings, "limin", "总结 2020-0001 实到135人 https://example.org/a")
    assert "总结：实到 135 人，照片 0 张，报道链接 1 条" in said(filings, "wf", "查 2020-0001")


def test_only_hit_is_shown_whole(filings: Office) -> None:
    assert "负责人：陈静 13800138002" in said(filings, "wf", "查 长安")


def test_long_list_says_how_many_there_are(town: Office) -> None:
    for day in range(16, 28):
        filed(town, TEXT.replace("10月24日", f"10月{day}日"))
    answer = said(town, "wf", "查 10月")
    assert answer.splitlines()[0] == "“10月”查到 12 条："
    assert answer.count("2020-00") == 10
    assert answer.endswith("（只列 10 条，请再加月份、镇街或单位）")


def test_draft_is_not_in_the_offices_lists(town: Office) -> None:
    said(town, "limin", TEXT)
    assert "没有查到" in said(town, "wf", "查 10月")
    assert "2020-0001（草稿）" in said(town, "wf", "查 2020-0001")


def test_unit_sees_its_own_by_number_and_nobody_elses(filings: Office) -> None:
    record = said(filings, "limin", "查 2020-0001")
    assert "2020-0001（已备案）" in record
    assert "没有找到" in said(filings, "limin", "查 2020-0002")
    assert "13800138002" not in said(filings, "limin", "查 陈静")
    assert "李敏" not in said(filings, "stranger", "查 2020-0001")


def test_what_to_look_for_is_asked(town: Office) -> None:
    assert said(town, "wf", "查") == "请写明要查什么，例如：查 2020-0001、查 10月 长安"


@pytest.mark.parametrize(
    ("today", "words", "numbers"),
    [
        ("2020-10-24", "今日活动", {1}),
        ("2020-10-24", "今天的活动", {1}),
        ("2020-10-24", "明日活动", {2}),
        ("2020-10-19", "本周活动", {1, 2}),
        ("2020-10-12", "下周活动", {1, 2}),
        ("2020-10-12", "本周活动", set()),
        ("2020-10-12", "10月活动", {1, 2}),
        ("2020-10-12", "11月份活动", {3}),
        ("2020-10-12", "1月活动", set()),
        ("2020-10-12", "下月活动", {3}),
    ],
)
def test_activities_of_some_days(filings: Office, today: str, words: str, numbers: set[int]) -> None:
    names = {1: "垃圾分类进社区讲座", 2: "科普阅读分享会", 3: "低碳生活体验日"}
    filings.at(f"{today}T08:00:00")
    answer = said(filings, "wf", words)
    assert {one for one, name in names.items() if name in answer} == numbers
    if not numbers:
        assert answer.endswith("没有已报备的活动。")


def test_activities_say_what_still_waits_for_staff(filings: Office) -> None:
    answer = said(filings, "wf", "10月活动")
    assert "《垃圾分类进社区讲座》莞城街道 · 莞城文化广场，李敏 13800138000\n" in answer
    assert answer.endswith("陈静 13800138002（待备案）")


def test_names_of_hundreds_of_letters_are_shown_short_in_lists_and_cards_and_whole_in_the_record(town: Office) -> None:
    long = "垃圾分类" * 24 + "讲座"
    town.unit("长名单位" * 30)
    town.contact("long", "长名", "长名单位" * 30)
    card = said(town, "long", TEXT.replace("垃圾分类进社区讲座", f"“{long}”"))
    number = card.split("草稿 ")[1][:9]
    lists = [
        card,
        said(town, "long", "提交"),
        said(town, "long", "我的报备"),
        said(town, "wf", "待审"),
        said(town, "wf", "10月活动"),
        told(town, "wf")[-1],
    ]
    assert not [one for one in lists if "垃圾分类" * 16 in one or "长名单位" * 11 in one]
    [filing] = town.rows(Filing)
    assert (filing.number, filing.name) == (number, long)
    assert long in said(town, "wf", f"查 {number}")
