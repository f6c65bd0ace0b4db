"""The bot and the simulated platform as real processes, with the demo's people and no history."""

import itertools
import shutil
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from bot.demo import world
from bot.demo.config import config_for
from bot.demo.seed import seed
from bot.demo.stack import Stack
from bot.settings import load
from tests.databases import admin, copy_database, url_of
from tests.e2e.platform import Platform
from tests.nursery import Nursery

_NUMBERS = itertools.count(1)
Start = Callable[..., Platform]


@pytest.fixture(scope="session")
def peopled_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the demo's units and people, to copy from."""
    stack = Stack(tmp_path_factory.mktemp("peopled"))
    stack.write(world.world(), config_for(stack))
    seed(load(stack.config), history=False)
    return stack.folder / "kepu.db"


@pytest.fixture(scope="session")
def peopled(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The same as a PostgreSQL database, to copy from."""
    admin(postgres, "CREATE DATABASE peopled")
    stack = Stack(tmp_path_factory.mktemp("peopled-pg"))
    stack.write(world.world(), config_for(stack, database_url=url_of(postgres, "peopled")))
    seed(load(stack.config), history=False)
    return "peopled"


@pytest.fixture
def peopled_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of its own for this test: of either kind, by the test's name, so that half of the journeys run on each.

    What a journey does to the rows, the tests of the handlers, the delivery and the inbox try on both.
    """
    if zlib.crc32(request.node.name.encode()) % 2:
        shutil.copy(request.getfixturevalue("peopled_file"), tmp_path / "kepu.db")
        return f"sqlite:///{tmp_path / 'kepu.db'}"
    server, template = request.getfixturevalue("postgres"), request.getfixturevalue("peopled")
    name = f"journey_{next(_NUMBERS)}"
    copy_database(server, template, name)
    return url_of(server, name)


@pytest.fixture
def start(tmp_path: Path, peopled_url: str, nursery: Nursery) -> Iterator[Start]:
    """Starts both processes at a moment, with other programme settings where a test wants them."""
    stacks: list[Stack] = []

    def begin(now: str = world.START, *, webhooks: Mapping[str, str] | None = None, **programme: object) -> Platform:
        """``webhooks``: name → key of further group robots, in the work group."""
        played, more = world.world(), ""
        played["work"]["groups"][0]["webhooks"] = [{"key": key, "name": name} for name, key in (webhooks or {}).items()]
        stack = Stack(tmp_path, launch=nursery.launch)
        stacks.append(stack)
        for name, key in (webhooks or {}).items():
            address = f"{stack.sandbox_url}/cgi-bin/webhook/send?key={key}"
            more += f'[[group_webhooks]]\nname = "{name}"\nurl = "{address}"\n'
        stack.write(played, config_for(stack, database_url=peopled_url, **programme) + more)
        stack.set_clock(now)
        stack.start_sandbox()
        stack.start_bot()
        platform = Platform(stack)
        platform.wait_until_online()
        return platform

    yield begin
    for stack in stacks:
        stack.stop()


@pytest.fixture
def platform(start: Start) -> Platform:
    """Both running on Monday 2020-10-12, ten in the morning."""
    return start()
