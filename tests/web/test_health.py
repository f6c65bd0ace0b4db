"""Health and metrics: what a supervisor and Prometheus see, and that nobody's data is in it."""

from collections.abc import Callable
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from bot.delivery.outgoing import by_way
from bot.delivery.reach import Way
from bot.messaging.types import Content
from bot.model import Unit
from bot.roles import Role
from bot.store.unit_of_work import UnitOfWork
from tests.web.conftest import OPENID, Platform, Site

NOWHERE = "postgresql://office:geheim@127.0.0.1:1/kepu"


async def test_health_is_well_and_names_the_channels(site: Site) -> None:
    answer = await site.get("/health")
    assert answer.status_code == 200
    roles = ["gateway", "scheduler", "web", "worker"]
    assert answer.json() == {"status": "ok", "roles": roles, "channels": {"official_account": "ready"}}


async def test_health_tells_when_the_long_connection_is_not_there(make_site: Callable[..., Site]) -> None:
    site = make_site(work_group={"bot_id": "b", "secret": "robot-secret"})
    answer = await site.get("/health")
    assert answer.json()["channels"]["work_group"] == "starting"
    assert "robot-secret" not in answer.text


async def test_robot_that_was_kicked_out_is_a_warning_and_no_reason_to_restart(make_site: Callable[..., Site]) -> None:
    site = make_site(work_group={"bot_id": "b", "secret": "robot-secret"})
    robot: Any = site.bot.channels["work_group"]
    robot.state = "kicked"
    answer = await site.get("/health")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
    assert "took its place" in answer.json()["warning"]


async def test_process_without_the_web_role_shows_health_and_nothing_else(make_site: Callable[..., Site]) -> None:
    site = make_site(work_group={"bot_id": "b", "secret": "s"}, roles=frozenset({Role.WORKER}))
    answer = await site.get("/health")
    assert answer.json() == {"status": "ok", "roles": ["worker"], "channels": {"official_account": "ready"}}
    assert 'kepu_role{role="worker"} 1.0' in (await site.get("/metrics")).text
    for path in ("/notices", "/callbacks/official-account"):
        assert (await site.get(path)).status_code == 404


async def test_health_is_bad_while_the_database_is_away(make_site: Callable[..., Site]) -> None:
    for url in (NOWHERE, "sqlite:////nowhere/at/all/kepu.db"):
        answer = await make_site(url).get("/health")
        assert answer.status_code == 503
        assert answer.json()["status"] == "database unavailable"
        assert "geheim" not in answer.text


async def test_metrics_say_so_while_the_database_is_away(make_site: Callable[..., Site]) -> None:
    answer = await make_site(NOWHERE).get("/metrics")
    assert answer.status_code == 503
    assert "geheim" not in answer.text


async def test_metrics_count_and_name_nobody(site: Site, platform: Platform) -> None:
    def queue(work: UnitOfWork) -> None:
        work.session.add(Unit(name="东莞市环保志愿者协会"))
        for number in range(3):
            way = Way("official_account", "custom", OPENID)
            by_way(work, way, Content("电话13800138000"), purpose="notice", key=f"k{number}")

    site.do(queue)
    await site.post(platform.sealed(platform.text()))
    answer = await site.get("/metrics")
    assert answer.status_code == 200
    samples = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }
    assert samples["kepu_deliveries", "official_account", "queued"] == 3
    assert samples["kepu_inbox_messages", "official_account"] == 1
    assert samples["kepu_role", "worker"] == samples["kepu_channel", "official_account", "ready"] == 1
    for personal in (OPENID, "13800138000", "环保", "n0nce"):
        assert personal not in answer.text


async def test_nothing_invites_to_look_inside(site: Site) -> None:
    for path in ("/docs", "/redoc", "/openapi.json", "/.env", "/config.toml"):
        assert (await site.get(path)).status_code == 404
