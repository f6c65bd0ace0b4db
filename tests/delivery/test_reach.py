"""By which way a person is reached: the free ways first, the scarce ones last, else why not."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from bot.delivery.reach import way_to
from bot.messaging.types import OFFICIAL_ACCOUNT, WORK_GROUP
from bot.model import Account
from bot.settings import check
from tests.office import MONDAY, SETTINGS, SettableClock

NOW = SettableClock(MONDAY).now()
TEMPLATE = {**SETTINGS["official_account"], "template_id": "TM1"}


def _work(hours: float, **more: Any) -> Account:
    return Account(channel=WORK_GROUP, external_id="li", last_action_at=NOW - timedelta(hours=hours), **more)


def _fan(hours: float | None, name: str = "oLi", **more: Any) -> Account:
    at = None if hours is None else NOW - timedelta(hours=hours)
    return Account(channel=OFFICIAL_ACCOUNT, external_id=name, last_action_at=at, **({"following": True} | more))


ROBOT, CUSTOM, TEMPLATED = ("work_group", "push"), ("official_account", "custom"), ("official_account", "template")


@pytest.mark.parametrize(
    ("accounts", "settings", "way", "closed"),
    [
        ([_work(999, direct=True)], {}, ROBOT, ""),
        ([_fan(1), _work(999, direct=True)], {}, ROBOT, ""),
        ([_work(1, direct=False)], {}, ("none", "none"), "没有可用的联系方式"),
        ([_work(1, direct=False), _fan(1)], {}, CUSTOM, ""),
        ([_work(1, direct=True), _fan(1)], {"work_group": None}, CUSTOM, ""),
        ([_fan(1)], {"official_account": None}, ("none", "none"), "没有可用的联系方式"),
        ([_fan(47.9)], {}, CUSTOM, ""),
        ([_fan(47.95)], {}, CUSTOM, "超过 48 小时"),
        ([_fan(49)], {}, CUSTOM, "超过 48 小时"),
        ([_fan(49)], {"official_account": TEMPLATE}, TEMPLATED, ""),
        ([_fan(1)], {"official_account": TEMPLATE}, CUSTOM, ""),
        ([_fan(None)], {}, CUSTOM, "超过 48 小时"),
        ([_fan(None)], {"official_account": TEMPLATE}, TEMPLATED, ""),
        ([_fan(49, "oOld"), _fan(1, "oNew")], {"official_account": TEMPLATE}, CUSTOM, ""),
        ([_fan(1, following=False)], {}, ("none", "none"), "没有可用的联系方式"),
        ([], {}, ("none", "none"), "没有可用的联系方式"),
    ],
)
def test_way_to_a_person(accounts: list[Account], settings: dict[str, Any], way: tuple[str, str], closed: str) -> None:
    held = {name: value for name, value in {**SETTINGS, **settings}.items() if value is not None}
    found = way_to(SimpleNamespace(now=NOW, settings=check(held)), accounts)  # type: ignore[arg-type]
    assert (found.channel, found.method) == way
    assert found.closed.startswith(closed)
    assert bool(found.closed) is bool(closed)


def test_newest_account_is_the_one_written_to_within_the_48_hours() -> None:
    found = way_to(SimpleNamespace(now=NOW, settings=check(SETTINGS)), [_fan(49, "oOld"), _fan(1, "oNew")])  # type: ignore[arg-type]
    assert found.recipient == "oNew"
