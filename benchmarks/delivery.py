"""What goes out: recipients a second, the bot next to wechatpy's own client in a loop, and to Apprise for group pushes.

The bot keeps a row for each recipient (SQLite, synchronous=FULL) and marks it before and after; the loop and Apprise keep
nothing. All of them send to the same simulated platform, in a process of its own.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from sqlalchemy import func, select

from benchmarks.figures import table
from benchmarks.options import Options
from benchmarks.stage import TEXT, Stage, custom, push
from bot.demo import world
from bot.messaging.types import GROUP_WEBHOOK
from bot.model import Delivery

RECIPIENTS = 3_000
SLOW_RECIPIENTS = 600  # of the loop, where every answer takes its time
WEBHOOKS = 300
ANSWER_TIME = 0.02
PATIENCE = 300.0

# Each prints the seconds that it took.
WECHATPY = """
import json, sys, time
from wechatpy.client import WeChatClient
base, token, text, openids = json.load(sys.stdin)
WeChatClient.API_BASE_URL = base + "/cgi-bin/"
client = WeChatClient("{app_id}", "{secret}", access_token=token)
began = time.perf_counter()
for openid in openids:
    client.message.send_text(openid, text)
print(time.perf_counter() - began)
"""
APPRISE = """
import json, sys, time
import apprise
from apprise.plugins.wecombot import NotifyWeComBot
base, text, keys = json.load(sys.stdin)
NotifyWeComBot.notify_url = base + "/cgi-bin/webhook/send?key={key}"
NotifyWeComBot.request_rate_per_sec = 0
there = apprise.Apprise()
for key in keys:
    assert there.add("wecombot://" + key)
began = time.perf_counter()
assert there.notify(body=text)
print(time.perf_counter() - began)
"""


def run(options: Options) -> None:
    """Print one table."""
    rows = []
    for title, answer_time in (("0 ms", 0.0), (f"{1000 * ANSWER_TIME:.0f} ms", ANSWER_TIME)):
        bot = _median(options, lambda answer_time=answer_time: _bot_custom(answer_time))  # type: ignore[misc]
        loop = _median(options, lambda answer_time=answer_time: _wechatpy(answer_time))  # type: ignore[misc]
        rows.append((f"customer-service messages, platform answers in {title}", *_three(bot, loop)))
    bot, apprise = _median(options, _bot_webhooks), _median(options, _apprise)
    rows.append((f"pushes to {WEBHOOKS} groups, one each", *_three(bot, apprise)))
    print(table("delivery: recipients a second", ("", "bot", "wechatpy loop / Apprise", "ratio"), rows))


def _three(bot: float, peer: float) -> tuple[str, str, str]:
    return f"{bot:,.0f}", f"{peer:,.0f}", f"{bot / peer:.1f}"


def _median(options: Options, measure: Callable[[], float]) -> float:
    return median(measure() for _ in range(options.rounds))


def _bot_custom(answer_time: float) -> float:
    with tempfile.TemporaryDirectory() as name:
        stage = Stage(Path(name), followers=RECIPIENTS)
        return _bot(stage, answer_time, lambda: [custom(openid) for openid in stage.openids])


def _bot_webhooks() -> float:
    with tempfile.TemporaryDirectory() as name:
        stage = Stage(Path(name), webhooks=WEBHOOKS)
        rows = [push(GROUP_WEBHOOK, one, f"{GROUP_WEBHOOK}:{one}") for one in stage.webhooks]
        return _bot(stage, 0.0, lambda: rows)


def _bot(stage: Stage, answer_time: float, rows: Callable[[], list[dict[str, object]]]) -> float:
    """From the first claim to the last answer, as the rows themselves say."""
    try:
        stage.open()
        _slow_down(stage, answer_time)
        made = rows()
        stage.queue(made)
        stage.stack.start_bot()
        until = time.monotonic() + PATIENCE
        while stage.states() != {"sent": len(made)}:
            if time.monotonic() > until:
                raise RuntimeError(f"not all went out: {stage.states()}")
            time.sleep(0.2)
        database = stage.database()
        with database.read() as session:
            wish = select(func.min(Delivery.claimed_at), func.max(Delivery.sent_at))
            first, last = session.execute(wish).one()
        database.close()
        return len(made) / float((last - first).total_seconds())
    finally:
        stage.stack.stop()


def _wechatpy(answer_time: float) -> float:
    with tempfile.TemporaryDirectory() as name:
        stage = Stage(Path(name), followers=SLOW_RECIPIENTS if answer_time else RECIPIENTS)
        try:
            stage.open()
            _slow_down(stage, answer_time)
            script = WECHATPY.format(app_id=world.APP_ID, secret=world.APP_SECRET)
            return len(stage.openids) / _peer(script, [stage.stack.sandbox_url, stage.token(), TEXT, stage.openids])
        finally:
            stage.stack.stop()


def _apprise() -> float:
    with tempfile.TemporaryDirectory() as name:
        stage = Stage(Path(name), webhooks=WEBHOOKS)
        try:
            stage.open()
            took = _peer(APPRISE, [stage.stack.sandbox_url, TEXT, list(stage.webhooks.values())])
            return len(stage.webhooks) / took
        finally:
            stage.stack.stop()


def _peer(script: str, given: object) -> float:
    done = subprocess.run(
        [sys.executable, "-c", script], input=json.dumps(given).encode(), stdout=subprocess.PIPE, check=True
    )
    return float(done.stdout)


def _slow_down(stage: Stage, seconds: float) -> None:
    if seconds:
        fault = {"target": "message/custom/send", "outcome": f"delay:{seconds}", "times": 10**9}
        stage.call("/faults", fault)
