"""Misbehaviour on order: scripts say which call goes wrong, how, how often and after how many good ones."""

import asyncio
import contextlib
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.sandbox.refusals import Refusal

SILENCE = 30.0  # seconds a "timeout_after_accept" keeps the client waiting
REFUSALS = {"busy": -1, "rate_limit": 45009, "expired_token": 42001}
OUTCOMES = {*REFUSALS, "timeout_after_accept", "drop", "html", "repeat", "disconnect", "flat"}
HTML = b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


@dataclass
class Fault:
    """One script: the calls to ``target`` numbered after+1 … after+times come out as ``outcome``."""

    target: str
    outcome: str
    times: int = 1
    after: int = 0

    @property
    def delay(self) -> float | None:
        """Seconds to wait first, for ``delay:SECONDS``."""
        return float(self.outcome[6:]) if self.outcome.startswith("delay:") else None

    def refusal(self) -> Refusal | None:
        """The refusal this outcome means, for ``busy``, ``rate_limit``, ``expired_token`` and ``error:CODE``."""
        if self.outcome.startswith("error:"):
            return Refusal(int(self.outcome[6:]))
        return Refusal(REFUSALS[self.outcome]) if self.outcome in REFUSALS else None


class Faults:
    """The scripts still to play, in the order in which they were given."""

    def __init__(self) -> None:
        self.pending: list[Fault] = []

    def script(self, row: dict[str, Any]) -> Fault:
        """Add a script; raises ValueError for an outcome that nobody knows."""
        fault = Fault(str(row["target"]), str(row["outcome"]), int(row.get("times", 1)), int(row.get("after", 0)))
        if fault.outcome not in OUTCOMES:
            known = fault.outcome.startswith(("error:", "delay:"))
            if not known:
                raise ValueError(f"unknown outcome {fault.outcome!r}")
            float(fault.outcome[6:])
        self.pending.append(fault)
        return fault

    def take(self, target: str) -> Fault | None:
        """The fault that this call to ``target`` meets, if any."""
        for fault in self.pending:
            if fault.target != target:
                continue
            if fault.after > 0:
                fault.after -= 1
                return None
            fault.times -= 1
            if fault.times <= 0:
                self.pending.remove(fault)
            return fault
        return None


class FaultyEdge:
    """ASGI wrapper that plays the scripts on the platform's HTTP calls (paths under ``/cgi-bin/``) and on ``media``."""

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self.app = app
        self.faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, spoiled where a script says so."""
        fault, path = None, scope.get("path", "")
        if self.faults.pending and scope["type"] == "http" and path.startswith("/cgi-bin/"):
            fault = self.faults.take(path.removeprefix("/cgi-bin/"))
        elif self.faults.pending and scope["type"] == "http" and path.startswith("/_media/"):
            fault = self.faults.take("media")
        if fault is None:
            await self.app(scope, receive, send)
        elif fault.outcome == "drop":
            await hang_up(receive, send)
        elif fault.outcome == "html":
            await _answer_html(send)
        elif fault.outcome == "timeout_after_accept":
            await self._accept_in_silence(scope, receive, send)
        else:
            if fault.delay is not None:
                await asyncio.sleep(fault.delay)
            # A refusal is made by the call itself, which knows the token that has to die.
            scope["sandbox.refusal"] = fault.refusal()
            await self.app(scope, receive, send)

    async def _accept_in_silence(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def swallow(message: Message) -> None:
            del message

        await self.app(scope, receive, swallow)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SILENCE):
                while (await receive())["type"] != "http.disconnect":
                    pass
        await hang_up(receive, send)


async def hang_up(receive: Receive, send: Send) -> None:
    """Close the TCP connection without a byte of answer."""
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is None:  # not under uvicorn: the nearest thing to a lost connection
        raise ConnectionResetError("dropped by script")
    transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass


async def _answer_html(send: Send) -> None:
    headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(HTML)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": HTML})
