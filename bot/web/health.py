"""Health for a supervisor, metrics for Prometheus. Neither shows a name, a number or a text."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from bot.delivery import holding
from bot.model import Delivery, Filing, InboxMessage
from bot.store.engine import Database
from bot.store.tenure import holder

router = APIRouter()

KICKED = "another connection of this robot took its place: stop that one, then restart this one"


@router.get("/health")
async def health(request: Request, response: Response) -> dict[str, Any]:
    """200 while this process can do its part, else 503; with its roles and the state of each channel that has one.

    ``held``: why nothing goes out, where nothing may (docs/operating.md). ``gateway``: what the process that holds the
    robot's connection says of it, where there are several; "nobody" where none does. ``warning``: what an operator
    must mend, and a restart does not.
    """
    states = _states(request)
    seen: dict[str, Any] = {"roles": request.app.state.roles, "channels": states}
    if "kicked" in states.values():
        seen["warning"] = KICKED
    try:
        held, gateway = await run_in_threadpool(_look, request.app.state.database)
    except SQLAlchemyError:
        response.status_code = 503
        return {"status": "database unavailable", **seen}
    if request.app.state.settings.work_group is not None and not request.app.state.database.sqlite:
        seen["gateway"] = gateway
    if held:
        return {"status": "held", "held": held, **seen}
    return {"status": "ok", **seen}


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Counts by state, read from the rows when asked."""
    try:
        body = await run_in_threadpool(_metrics, request.app.state.database, request.app.state.roles, _states(request))
    except SQLAlchemyError:
        return Response("database unavailable\n", 503, media_type="text/plain")
    return Response(body, media_type=CONTENT_TYPE_LATEST)


def _states(request: Request) -> dict[str, str]:
    channels = request.app.state.channels
    return {name: getattr(channel, "state", "ready") for name, channel in channels.items()}


def _look(database: Database) -> tuple[str, str]:
    """Why the installation is held, empty where it is not; and who holds the gateway."""
    with database.read() as session:
        gateway = holder(session)
        return holding.why_held(session), "nobody" if gateway is None else gateway


def _metrics(database: Database, roles: list[str], states: dict[str, str]) -> bytes:
    registry = CollectorRegistry()
    deliveries = Gauge("kepu_deliveries", "Deliveries by state and channel", ["state", "channel"], registry=registry)
    filings = Gauge("kepu_filings", "Filings by state", ["state"], registry=registry)
    inbox = Gauge("kepu_inbox_messages", "Messages taken in the last 30 days", ["channel"], registry=registry)
    held = Gauge("kepu_held", "1 while nothing may go out until an operator releases it", registry=registry)
    role = Gauge("kepu_role", "1 for each role of this process", ["role"], registry=registry)
    channel_state = Gauge(
        "kepu_channel", "1 for the state of each channel here", ["channel", "state"], registry=registry
    )
    for one in roles:
        role.labels(one).set(1)
    for channel, state in states.items():
        channel_state.labels(channel, state).set(1)
    with database.read() as session:
        held.set(holding.is_held(session))
        wish = select(Delivery.state, Delivery.channel, func.count()).group_by(Delivery.state, Delivery.channel)
        for state, channel, count in session.execute(wish):
            deliveries.labels(state, channel).set(count)
        for state, count in session.execute(select(Filing.state, func.count()).group_by(Filing.state)):
            filings.labels(state).set(count)
        wish_inbox = select(InboxMessage.channel, func.count()).group_by(InboxMessage.channel)
        for channel, count in session.execute(wish_inbox):
            inbox.labels(channel).set(count)
    return generate_latest(registry)
