"""How the web is served: uvicorn, with a limit of time for the head of a request, which it has none of."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_WITHIN = 10.0  # seconds; a phone on a bad line needs two or three


class PromptHeads(HttpToolsProtocol):
    """Closes a connection whose request line and headers do not end; idle ones after an answer are uvicorn's to close.

    How long a body may take is the affair of whoever reads it.
    """

    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.cycle is None or self.cycle.response_complete:  # no request has begun, so a head has
            self._wait()
        else:
            self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if self._waiting is None:
            self._waiting = self.loop.call_later(HEAD_WITHIN, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None


OPTIONS: dict[str, Any] = {
    "http": PromptHeads,
    "ws": "none",
    "log_config": None,
    "access_log": False,  # an access line would hold signatures and openids
    "timeout_graceful_shutdown": 10,
}
