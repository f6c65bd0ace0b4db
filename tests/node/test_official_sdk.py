"""The simulated gateway, met with the robot SDK that the platform itself publishes for Node.js."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.demo.stack import Stack
from tests.node.conftest import HERE, RunNode
from tests.nursery import Nursery
from tests.sandbox.conftest import WORLD

pytestmark = pytest.mark.node
SCENARIOS = re.findall(r'^  async "(.+)"\(\)', (HERE / "official_sdk.mjs").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.fixture
def gateway(tmp_path: Path, nursery: Nursery) -> Iterator[Stack]:
    """The simulated platform as a process of its own, without a bot."""
    stack = Stack(tmp_path, launch=nursery.launch)
    stack.write(WORLD, "")
    stack.set_clock("2020-10-12T09:00:00+08:00")
    stack.start_sandbox()
    yield stack
    stack.stop()


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_official_robot(scenario: str, gateway: Stack, run_node: RunNode) -> None:
    run_node("official_sdk.mjs", gateway.sandbox_url, scenario)


def test_no_scenario_is_forgotten(run_node: RunNode) -> None:
    assert json.loads(run_node("official_sdk.mjs")) == SCENARIOS != []
