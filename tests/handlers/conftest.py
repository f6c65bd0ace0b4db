"""The town of the handlers' tests: units with their contacts, and a member of staff of each kind."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.office import Office


def people(office: Office) -> None:
    """limin acts for 环保协会, chenjing for 长安图书馆, zhouyang for both; nobody else is bound to a unit."""

    def settle() -> None:
        office.unit("环保协会", town="莞城街道", project="垃圾分类科普")
        office.unit("长安图书馆", town="长安镇")
        office.contact("limin", "李敏", "环保协会")
        office.contact("chenjing", "陈静", "长安图书馆")
        office.contact("zhouyang", "周洋", "环保协会", "长安图书馆")
        office.staff("wf", "王芳", "drafter")
        office.staff("czm", "陈志明", "approver")
        office.staff("lq", "刘倩", "admin")
        office.staff("third", "第三方", "viewer")

    office.at_once(settle)


@pytest.fixture
def town(office: Office) -> Office:
    """An office with its people."""
    people(office)
    return office


@pytest.fixture
def office_on() -> Iterator[Callable[[Path], Office]]:
    """Opens an office on a SQLite file."""
    opened: list[Office] = []

    def make(path: Path) -> Office:
        opened.append(Office(f"sqlite:///{path}"))
        opened[-1]._next_message = 1000  # the file may have seen the first ones
        return opened[-1]

    yield make
    for office in opened:
        office.close()
