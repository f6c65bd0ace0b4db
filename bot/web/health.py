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

router = APIRouter()


@router.get("/health")
async def health(request: Request, response: Response) -> dict[str, Any]:
    """200 while the bot can take and keep messages, else 503; with the state of each channel that has one.

    ``held``: why nothing goes out, where nothing may (docs/operating.md).
    """
    states = {name: getattr(channel, "state", "ready") for name, channel in request.app.state.channels.items()}
    try:
        held = await run_in_threadpool(_look, request.app.state.database)
    except SQLAlchemyError:
        response.status_code = 503
        return {"status": "database unavailable", "channels": states}
    if held:
        return {"status": "held", "held": held, "channels": states}
    return {"status": "ok", "channels": states}


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Counts by state, read from the rows when asked."""
    try:
        body = await run_in_threadpool(_metrics, request.app.state.database)
    except SQLAlchemyError:
        return Response("database unavailable\n", 503, media_type="text/plain")
    return Response(body, media_type=CONTENT_TYPE_LATEST)


def _look(database: Database) -> str:
    """Why the installation is held; empty where it is not."""
    with database.read() as session:
        return holding.why_held(session)


def _metrics(database: Database) -> bytes:
    registry = CollectorRegistry()
    deliveries = Gauge("kepu_deliveries", "Deliveries by state and channel", ["state", "channel"], registry=registry)
    filings = Gauge("kepu_filings", "Filings by state", ["state"], registry=registry)
    inbox = Gauge("kepu_inbox_messages", "Messages taken in the last 30 days", ["channel"], registry=registry)
    held = Gauge("kepu_held", "1 while nothing may go out until an operator releases it", registry=registry)
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
