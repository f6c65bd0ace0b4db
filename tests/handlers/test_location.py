"""A location that was shared: the place of the filing that is open, where it has a name."""

import pytest

from bot.messaging.types import WORK_GROUP
from bot.model import Filing
from tests.handlers.words import TEXT, said
from tests.office import Office


def _show(town: Office, label: str, latitude: str, longitude: str) -> str:
    detail = {"latitude": latitude, "longitude": longitude}
    message = town._message("limin", "", WORK_GROUP, kind="location", text=label, detail=detail)
    answer = town.bring(message)
    return answer.text if answer else ""


def test_location_answers_the_question_for_the_place(town: Office) -> None:
    said(town, "limin", "报备")
    said(town, "limin", "星空观察夜")
    said(town, "limin", "10月31日晚上7点到9点")
    answer = _show(town, "广东省东莞市松山湖中心小学", "22.92", "113.89")
    assert "形式" in answer  # the next question
    (filing,) = town.rows(Filing)
    assert "松山湖" in filing.place
    assert filing.town == "松山湖"
    assert (filing.latitude, filing.longitude) == (22.92, 113.89)


def test_location_corrects_the_place_of_a_draft(town: Office) -> None:
    said(town, "limin", TEXT)
    assert "地点：虎门镇虎门公园 〔已改〕" in _show(town, "虎门镇虎门公园", "22.82", "113.67")


def test_location_without_a_name_asks_for_one(town: Office) -> None:
    said(town, "limin", TEXT)
    assert "请用文字写明地点" in _show(town, "", "22.82", "113.67")
    (filing,) = town.rows(Filing)
    assert (filing.place, filing.latitude) == ("莞城文化广场", None)


def test_point_on_the_map_is_forgotten_with_its_place(town: Office) -> None:
    said(town, "limin", TEXT)
    _show(town, "虎门镇虎门公园", "22.82", "113.67")
    said(town, "limin", "人数150")
    assert town.rows(Filing)[0].latitude == 22.82
    said(town, "limin", "地点改成莞城文化广场")
    (filing,) = town.rows(Filing)
    assert (filing.place, filing.latitude, filing.longitude) == ("莞城文化广场", None, None)


@pytest.mark.parametrize(("latitude", "longitude"), [("nan", "113"), ("91", "113"), ("", ""), ("一", "二")])
def test_location_that_is_none_is_not_recorded(town: Office, latitude: str, longitude: str) -> None:
    said(town, "limin", TEXT)
    _show(town, "虎门公园", latitude, longitude)
    (filing,) = town.rows(Filing)
    assert (filing.place, filing.latitude) == ("虎门公园", None)


def test_location_with_nothing_open_says_how_to_begin(town: Office) -> None:
    assert "没有正在填写的报备" in _show(town, "虎门公园", "22.82", "113.67")
