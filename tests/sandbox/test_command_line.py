"""``python -m bot.sandbox`` and the world it reads."""

import copy
import json
import signal
import subprocess
import sys

import httpx
import pytest

from bot.sandbox.world import parse_world

from .conftest import WORLD


def test_sandbox_says_where_it_listens_and_stops_cleanly_when_started_on_port_0(tmp_path):
    (tmp_path / "world.json").write_text(json.dumps(WORLD), encoding="utf-8")
    command = [sys.executable, "-m", "bot.sandbox", "--port", "0", "--bot-url", "http://127.0.0.1:9"]
    command += ["--port-file", str(tmp_path / "port"), "--world", str(tmp_path / "world.json")]
    command += ["--clock-file", str(tmp_path / "clock.json")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        port = (tmp_path / "port").read_text()
        assert line == f"sandbox ready on http://127.0.0.1:{port}\n"
        with httpx.stream("GET", f"http://127.0.0.1:{port}/_sandbox/events") as listening:
            assert listening.status_code == 200
            process.send_signal(signal.SIGTERM)
            assert process.wait(5) in (0, -signal.SIGTERM)


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        (("work", "groups", 0, "members"), ["nobody"], "nobody"),
        (("work", "groups", 0, "robots"), ["robot-9"], "robot-9"),
        (("official_account", "kind"), "newspaper", "newspaper"),
    ],
)
def test_world_is_refused_with_the_name_of_what_is_wrong(path, value, named):
    world = copy.deepcopy(WORLD)
    place = world
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(ValueError, match=named):
        parse_world(world)


def test_robot_may_push_at_once_where_the_world_says_that_people_have_talked():
    world = copy.deepcopy(WORLD)
    world["work"]["groups"][0]["talked"] = True
    world["work"]["users"][0]["talked"] = True
    assert parse_world(world).talked == {("robot-1", "G1"), ("robot-1", "limin")}
