import json
from importlib import resources

import pytest

from bot.rules.towns import Gazetteer, find_town


@pytest.mark.parametrize(
    ("address", "town"),
    [
        ("莞城文化广场", "莞城街道"),
        ("莞城街道文化广场", "莞城街道"),
        ("东莞市莞城街道办", "莞城街道"),
        ("麻涌大步村", "麻涌镇"),
        ("麻涌镇大步村", "麻涌镇"),
        ("松山湖图书馆", "松山湖"),
        ("东莞中学松山湖学校", "松山湖"),
        ("滨海湾新区展示中心", "滨海湾新区"),
        ("东莞市长安图书馆", "长安镇"),
        ("大朗图书馆", "大朗镇"),
        ("大岭山图书馆", "大岭山镇"),
        ("東莞市塘廈鎮圖書館", "塘厦镇"),
        ("東坑鎮", "东坑镇"),
        ("东城世博广场", "东城街道"),
        ("南城区科技馆", "南城街道"),
        ("万江龙湾湿地公园", "万江街道"),
        ("虎门镇长安路小学", "虎门镇"),
        ("莞城东城路口", "莞城街道"),
        ("东莞市科学馆", None),
        ("东城南路幼儿园", None),
        ("南城大道8号", None),
        ("中堂", "中堂镇"),
        ("高埗镇", "高埗镇"),
        ("深圳市南山区", None),
        ("", None),
    ],
)
def test_find_town(address: str, town: str | None) -> None:
    found = find_town(address)
    assert (found.name if found else None) == town


def test_the_list_has_28_towns_and_4_streets() -> None:
    body = json.loads(resources.files("bot.rules").joinpath("towns.json").read_text(encoding="utf-8"))
    kinds = [town["kind"] for town in body["towns"]]
    assert (kinds.count("town"), kinds.count("street")) == (28, 4)
    assert all(find_town(town["name"]).name == town["name"] for town in body["towns"])  # type: ignore[union-attr]


def test_another_city_brings_its_own_list() -> None:
    own = Gazetteer.parse(
        '{"city": "惠州市", "towns": [{"name": "小金口街道", "kind": "street", "short": ["小金口"]}]}'
    )
    found = own.find("惠州小金口文化站")
    assert found is not None
    assert found.name == "小金口街道"
