import pytest

from bot.rules.acknowledging import is_acknowledgement


@pytest.mark.parametrize(
    "text",
    ["收到", "已阅", "1", "１", "好的收到", "收到，谢谢", "OK收到", "收到！", "收到👌", "👌",
    "已收到，谢谢领导", "收到收到", "知悉", "已知悉", "明白",
     "收悉", "好的，知道了", "我单位已收到", "收到[抱拳]", "@科普助手 收到", "收到，按要求报送", "ok 收到~",
     "已讀", "收到通知", "确认收到",
     "Received", "通知已收到"],
)  # fmt: skip
def test_words_of_receipt(text: str) -> None:
    assert is_acknowledgement(text)


@pytest.mark.parametrize(
    "text",
    ["收到通知了吗？", "没收到", "未收到", "大家收到了吗", "收到请回复", "", " ", "好的", "好", "111", "你好", "您好！",
     "大家好", "老师好", "可以的", "收到的文件打不开，麻烦再发一次", "谁还没收到",
     "报备 10月24日上午9点", "收到，" * 30, "12", "怎么回执", "提交", "我们单位收到款项后会尽快开展各项活动"],
)  # fmt: skip
def test_other_words(text: str) -> None:
    assert not is_acknowledgement(text)


def test_a_huge_text_is_answered_at_once() -> None:
    assert not is_acknowledgement("谢" * 1_000_000)
