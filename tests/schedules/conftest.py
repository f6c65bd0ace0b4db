"""An office whose clockwork has been going since Friday."""

import pytest

from tests.office import Office


@pytest.fixture
def going(office: Office) -> Office:
    """Two units with a contact each, two members of staff; Friday 2020-10-09, noon."""
    for name in ("甲协会", "乙学会"):
        office.unit(name)
    office.contact("li", "李敏", "甲协会")
    office.contact("he", "何伟", "乙学会")
    office.staff("wang", "王芳", "drafter")
    office.staff("chen", "陈志明", "approver")
    office.at("2020-10-09T12:00:00")
    office.tick()
    return office
