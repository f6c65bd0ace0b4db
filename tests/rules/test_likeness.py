import pytest

from bot.rules.understanding import looks_like_filing
from tests.rules.corpus import HALVES, cases


@pytest.mark.parametrize(
    "text",
    [
        "报备：10月24日（周六）上午9:00-11:30，莞城文化广场，垃圾分类讲座",
        "@科普助手 报备 下周六下午两点半在松山湖图书馆搞一场航模体验",
        "报备一下，明天上午10点在寮步镇横坑小学有消防演练",
        "活动名称：讲座\n活动时间：10月24日\n活动地点：莞城",
        "10月24日上午9点 莞城文化广场 60人 科普展",
        "報備：10月24日上午9點，塘廈鎮圖書館，科普閱讀",
        "我们10月24日上午9点在大朗镇图书馆开展亲子阅读，50人，李老师13800138000",
    ],
)
def test_a_filing(text: str) -> None:
    assert looks_like_filing(text)


@pytest.mark.parametrize(
    "text",
    [
        "明天的活动还办吗？",
        "10月24日上午9点开会，请各单位参加",
        "报备",
        "报备怎么弄？",
        "报备截止时间是什么时候",
        "报备了吗",
        "报备制度要认真执行，提前三个工作日",
        "收到",
        "请各单位10月15日18:00前报送三季度进度表，收到请回复",
        "10月24日上午9点在市科协三楼会议室召开科普工作会议，每单位2人参加，请准时出席",
        "昨天虎门镇的活动来了200人，很成功",
        "下周六天气怎么样",
        "有没有人知道松山湖图书馆能坐多少人？",
        "谢谢各位，13800138000是我的电话",
        "",
    ],
)
def test_talk(text: str) -> None:
    assert not looks_like_filing(text)


@pytest.mark.parametrize("half", HALVES)
def test_most_messages_that_say_when_where_and_how_many_are_filings(half: str) -> None:
    whole = [case for case in cases(half) if {"start", "place", "attendance"} <= set(case["expect"])]
    found = [looks_like_filing(case["text"]) for case in whole]
    missed = found.count(False)
    assert missed <= 0.05 * len(found)
