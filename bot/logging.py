"""Logs: one JSON line an event, without secrets and without what people wrote."""

import logging
import re
import sys
from typing import Any

import structlog

# Whatever slips into an event is cut out of it: tokens and keys in URLs, mobile numbers, openids.
_SECRET = re.compile(r"(access_token|secret|key|appsecret|sign|signature|ticket)=([^&\s\"']+)", re.IGNORECASE)
_PHONE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")

# PostgreSQL names the very values that break a constraint.
_VALUES = re.compile(r"(?<=DETAIL:)[^\n]*")


def redact(text: str) -> str:
    """The text without secrets of URLs, whole mobile numbers, and values of rows."""
    return _PHONE.sub(r"\1****\2", _SECRET.sub(r"\1=***", _VALUES.sub(" ***", text)))


def _redact_event(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {key: redact(value) if isinstance(value, str) else value for key, value in event.items()}


def configure(stream: Any = None) -> None:
    """Set up structlog and the standard library's loggers to the same lines on stderr."""
    out = stream or sys.stderr
    shared: list[Any] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _redact_event,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)


def silence() -> None:
    """For a command that says in sentences what the log would say."""
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory(), cache_logger_on_first_use=False)
