"""The picture of a board: readable on a phone, no larger than it need be, whatever the names are."""

import io

import pytest
from PIL import Image

from bot.documents import fonts
from bot.documents.board import COLOURS, MOST_SHOWN, WIDTH, Board, Group, draw


def drawn(*groups: Group, title: str = "请报送三季度进度表") -> Image.Image:
    font = fonts.find()
    if font is None:
        pytest.skip("no font with Chinese characters is installed here")
    done = sum(len(one.units) for one in groups if one.tone == "done")
    total = sum(len(one.units) for one in groups)
    content = draw(Board(title, ["通知 12", "截止 10月15日"], done, total, groups, "2020年度科普专项"), font)
    assert content.startswith(b"\x89PNG")
    assert len(content) < 2_000_000  # bytes: what a group robot takes as a picture
    return Image.open(io.BytesIO(content)).convert("RGB")


def named(count: int) -> list[str]:
    return [f"东莞市{at}号社区青少年科技教育协会" for at in range(count)]


def shows(image: Image.Image, tone: str) -> bool:
    wanted = tuple(int(COLOURS[tone][at : at + 2], 16) for at in (1, 3, 5))
    return any(max(abs(a - b) for a, b in zip(colour, wanted, strict=True)) < 8 for _, colour in image.getcolors(4096))


def test_few_units_are_a_picture_for_one_screen_and_many_get_columns() -> None:
    few = drawn(Group("未回执", "owed", named(3)), Group("已完成", "done", named(3)))
    assert few.width == WIDTH
    assert few.height < 1.6 * WIDTH
    many = drawn(Group("未回执", "owed", named(60)))
    most = drawn(Group("未回执", "owed", named(200)))
    assert few.height < many.height < most.height < 5000


def test_more_units_than_anybody_reads_are_counted() -> None:
    full = drawn(Group("未回执", "owed", named(MOST_SHOWN)))
    more = drawn(Group("未回执", "owed", named(5000)))
    assert full.height < more.height < full.height + 60


def test_stages_have_their_colours() -> None:
    image = drawn(Group("未回执", "over", named(200)), Group("已完成", "done", named(2)))
    assert shows(image, "over")
    assert shows(image, "done")
    assert not shows(image, "owed")


@pytest.mark.parametrize("name", ["", "甲" * 500, "<b>\u202e甲\u200b", "a" * 400, "👍🏽协会"])
def test_odd_names_are_drawn_and_cut(name: str) -> None:
    assert drawn(Group("未回执", "owed", [name]), title=name).height < 2 * WIDTH


def test_board_without_units_is_drawn() -> None:
    assert drawn().height < WIDTH
