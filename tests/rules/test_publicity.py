"""Until when a publicity lasts, published on Monday 2020-10-12 at ten."""

from datetime import datetime

import pytest

from bot.clock import CHINA
from bot.rules.publicity import ends_at

NOW = datetime(2020, 10, 12, 10, 0, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("现予公示，公示期为10月20日至10月26日。如有异议，请在公示期内反映。", "10-26 23:59"),
        ("公示期：2020年10月20日—10月26日", "10-26 23:59"),
        ("公示时间自10月20日起至26日止", "10-26 23:59"),
        ("公示期为2020年10月13日至2020年10月19日17:30", "10-19 17:30"),
        ("名单现予公示，公示至10月19日", "10-19 23:59"),
        ("公示期5天。", "10-17 23:59"),  # the day of publication is not counted
        ("公示期自发布之日起5个工作日", "10-19 23:59"),
        ("公示期五个工作日，自10月13日起", "10-19 23:59"),
        ("公示期为7个自然日（10月13日至19日）", "10-19 23:59"),
        ("公示期一周", "10-19 23:59"),
        ("公示期自10月17日起1个工作日", "10-19 23:59"),  # a Saturday
    ],
)
def test_end_of_the_period_is_read(text: str, end: str) -> None:
    assert ends_at(text, NOW) == datetime.fromisoformat(f"2020-{end.replace(' ', 'T')}").replace(tzinfo=CHINA)


def test_period_over_the_turn_of_the_year_ends_in_the_next() -> None:
    late = datetime(2020, 12, 28, 10, 0, tzinfo=CHINA)
    assert ends_at("公示期为12月29日至1月4日", late) == datetime(2021, 1, 4, 23, 59, tzinfo=CHINA)


@pytest.mark.parametrize(
    "text", ["名单现予公示。", "公示期另行通知", "公示期至13月40日", "10月20日开会", "公示期99999天"]
)
def test_text_without_a_period_has_no_end(text: str) -> None:
    assert ends_at(text, NOW) is None
