"""The control API: messages, waiting, the clock, newcomers."""

import asyncio
import json
import threading
import time
from datetime import datetime

import httpx

from bot.clock import CHINA

from .conftest import AMY
from .robots import control


def test_only_what_is_new_comes_back_when_asked_since_the_last(sandbox):
    sandbox.control("groups/G1/say", {"userid": "limin", "text": "一"})
    first = sandbox.http.get("/_sandbox/messages").json()
    assert [message["text"] for message in first["messages"]] == ["一"]
    sandbox.control("groups/G1/say", {"userid": "zhang", "text": "二"})
    second = sandbox.http.get("/_sandbox/messages", params={"since": first["last"]}).json()
    assert [(message["text"], message["name"]) for message in second["messages"]] == [("二", "张强")]
    assert second["last"] > first["last"]
    nothing = sandbox.http.get("/_sandbox/messages", params={"since": second["last"], "wait": 0.05}).json()
    assert nothing["messages"] == []


def test_waiting_ends_when_something_comes_in_that_chat(sandbox):
    def later():
        time.sleep(0.1)
        sandbox.control("groups/G1/say", {"userid": "limin", "text": "别处"})
        sandbox.control(f"official/{AMY}/say", {"text": "这里"})

    saying = threading.Thread(target=later)
    saying.start()
    began = time.monotonic()
    ask = {"since": 0, "wait": 5, "chat": f"official:{AMY}"}
    found = httpx.get(f"{sandbox.url}/_sandbox/messages", params=ask, timeout=10).json()["messages"]
    assert [message["text"] for message in found] == ["这里"]
    assert time.monotonic() - began < 2
    saying.join()


async def test_messages_stream_as_events_when_listened_to(sandbox):
    async with (
        httpx.AsyncClient(base_url=sandbox.url, timeout=5) as http,
        http.stream("GET", "/_sandbox/events") as stream,
    ):
        assert stream.headers["content-type"].startswith("text/event-stream")
        saying = asyncio.create_task(control(sandbox, "groups/G1/say", {"userid": "limin", "text": "一"}))
        async for line in stream.aiter_lines():
            if line.startswith("data: "):
                assert json.loads(line[6:])["text"] == "一"
                break
        await saying


def test_time_moves_for_everybody_when_the_clock_is_set(sandbox):
    moment = datetime(2020, 12, 24, 18, 0, tzinfo=CHINA)
    sandbox.control("clock", {"now": "2020-12-24T18:00:00"})
    assert abs((sandbox.clock.now() - moment).total_seconds()) < 5
    sandbox.control("clock", {"advance_seconds": 3600})
    shown = datetime.fromisoformat(sandbox.http.get("/_sandbox/clock").json()["now"])
    assert 3590 < (shown - moment).total_seconds() < 3610
    sandbox.control("clock", {}, status=400)


def test_newcomers_take_part_when_added(sandbox):
    sandbox.control("users", {"userid": "new", "name": "新同事", "groups": ["G1"]})
    assert sandbox.control("groups/G1/say", {"userid": "new", "text": "大家好"})["message"]["name"] == "新同事"
    openid = "o" + "n" * 27
    sandbox.control("followers", {"openid": openid, "name": "新人"})
    sandbox.control(f"official/{openid}/say", {"text": "a"}, status=404)
    sandbox.control(f"official/{openid}/follow")
    assert sandbox.control(f"official/{openid}/say", {"text": "a"})["message"]["name"] == "新人"


def test_world_shows_who_is_there_and_who_is_on_line(sandbox):
    shown = sandbox.http.get("/_sandbox/world").json()
    assert shown["groups"][0]["webhooks"] == ["通知机器人"]
    assert shown["robots"] == [{"bot_id": "robot-1", "name": "科普助手", "connected": False}]
    assert {row["openid"]: row["following"] for row in shown["followers"]}[AMY] is True
    assert "robot-secret" not in json.dumps(shown)
    assert "hook-key" not in json.dumps(shown)


def test_unknown_people_and_chats_are_answered_with_404(sandbox):
    sandbox.control("groups/G9/say", {"userid": "limin", "text": "a"}, status=404)
    sandbox.control("groups/G1/say", {"userid": "outsider", "text": "a"}, status=404)
    sandbox.control("direct/nobody/say", {"text": "a"}, status=404)
    sandbox.control("click", {"userid": "limin", "message_id": 1, "key": "k"}, status=404)
    sandbox.control("official/nobody/say", {"text": "a"}, status=404)
    sandbox.control(f"official/{AMY}/dance", status=404)
    sandbox.control(f"official/{AMY}/follow", status=404)


def test_malformed_request_is_answered_with_400(sandbox):
    assert sandbox.http.post("/_sandbox/click", content=b"not json").status_code == 400
    assert sandbox.http.get("/_sandbox/messages", params={"since": "x"}).status_code == 400
