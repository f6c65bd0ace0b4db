"""A uvicorn in a thread whose app can be changed between tests, so that each test has a fresh platform."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator
from typing import Any

import uvicorn


class Stage:
    """An ASGI app that passes everything on to whatever plays now."""

    app: Any = None

    async def __call__(self, scope, receive, send):
        await self.app(scope, receive, send)


class Theatre:
    """Two stages on two free loopback ports, served by one thread: the platform and a bot."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.platform, self.bot = Stage(), Stage()
        self._servers: list[uvicorn.Server] = []
        self.platform_port = self._serve(self.platform)
        self.bot_port = self._serve(self.bot)
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        self._serving = [asyncio.run_coroutine_threadsafe(self._run(*pair), self.loop) for pair in self._servers]

    def _serve(self, app: Stage) -> int:
        # The protocol is named so that asyncio switches Nagle's delay off for the accepted connections.
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listening.bind(("127.0.0.1", 0))
        listening.listen(128)
        config = uvicorn.Config(
            app, lifespan="off", log_level="critical", access_log=False, timeout_graceful_shutdown=1
        )
        self._servers.append((uvicorn.Server(config), listening))
        return listening.getsockname()[1]

    async def _run(self, server: uvicorn.Server, listening: socket.socket) -> None:
        await server._serve([listening])

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run something in the servers' loop and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(10)

    @contextlib.contextmanager
    def playing(self, app: Any) -> Iterator[None]:
        """Let ``app`` play on the platform's stage, its lifespan around it."""
        holder = _lifespan(app)
        self.run(holder.__aenter__())
        self.platform.app = app
        try:
            yield
        finally:
            self.run(holder.__aexit__(None, None, None))

    def close(self) -> None:
        """Stop serving."""
        for server, _ in self._servers:
            server.should_exit = True
        for serving in self._serving:
            serving.result(5)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(5)


@contextlib.asynccontextmanager
async def _lifespan(app: Any) -> AsyncIterator[None]:
    to_app: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    from_app: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    playing = asyncio.create_task(app({"type": "lifespan", "state": {}}, to_app.get, from_app.put))
    await to_app.put({"type": "lifespan.startup"})
    assert (await from_app.get())["type"] == "lifespan.startup.complete"
    yield
    await to_app.put({"type": "lifespan.shutdown"})
    assert (await from_app.get())["type"] == "lifespan.shutdown.complete"
    await playing
