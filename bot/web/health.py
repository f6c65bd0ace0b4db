"""Health for a supervisor, metrics for Prometheus. Neither shows a name, a number or a text."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from bot.model import Delivery, Filing, InboxMessage
from bot.store.engine import Database

router = APIRouter()


@router.get("/health")
async def health(request: Request, response: Response) -> dict[str, Any]:
    """200 while the bot can take and keep messages, else 503; with the state of each channel that has one."""
    states = {name: getattr(channel, "state", "ready") for name, channel in request.app.state.channels.items()}
    try:
        await run_in_threadpool(_look, request.app.state.database)
    except SQLAlchemyError:
        response.status_code = 503
        return {"status": "database unavailable", "channels": states}
    return {"status": "ok", "channels": states}


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Counts by state, read from the rows when asked."""
    try:
        body = await run_in_threadpool(_metrics, request.app.state.database)
    except SQLAlchemyError:
        return Response("database unavailable\n", 503, media_type="text/plain")
    return Response(body, media_type=CONTENT_TYPE_LATEST)


def _look(database: Database) -> None:
    with database.read() as session:
        session.execute(text("SELECT 1"))


def _metrics(database: Database) -> bytes:
    registry = CollectorRegistry()
    deliveries = Gauge("kepu_deliveries", "Deliveries by state and channel", ["state", "channel"], registry=registry)
    filings = Gauge("kepu_filings", "Filings by state", ["state"], registry=registry)
    inbox = Gauge("kepu_inbox_messages", "Messages taken in the last 30 days", ["channel"], registry=registry)
    with database.read() as session:
        wish = select(Delivery.state, Delivery.channel, func.count()).group_by(Delivery.state, Delivery.channel)
        for state, channel, count in session.execute(wish):
            deliveries.labels(state, channel).set(count)
        for state, count in session.execute(select(Filing.state, func.count()).group_by(Filing.state)):
            filings.labels(state).set(count)
        wish_inbox = select(InboxMessage.channel, func.count()).group_by(InboxMessage.channel)
        for channel, count in session.execute(wish_inbox):
            inbox.labels(channel).set(count)
    return generate_latest(registry)
