"""The folded copy beside the wording: what it makes of traditional characters and spoken digits."""

import pytest

from bot.rules.reading import read


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("電話號碼總務處聯絡靈芝", "电话号码总务处联络灵芝"),
        ("９：００～１１：３０", "9:00-11:30"),
        ("喺文化廣場嘅講座", "在文化广场的讲座"),
        ("电话一三八零零一三八零零零", "电话13800138000"),
        ("幺三八 零零幺三 八零零零", "138 0013 8000"),
        ("幺三八，零零幺三，八零零零", "138 0013 8000"),
        ("周三一三八零零一三八零零零", "周三13800138000"),
        ("138零零一三八零零零", "13800138000"),
        ("零七六九二二二二三三三三", "076922223333"),
        ("二零二零一零二四", "20201024"),
        ("二零二零年", "二零二零年"),
        ("一百二十人", "一百二十人"),
        ("一二三四五六七", "一二三四五六七"),
        ("‘科学’", '"科学"'),
    ],
)
def test_fold(text: str, reading: str) -> None:
    page = read(text)
    assert page.reading == reading
    assert page.text == text
