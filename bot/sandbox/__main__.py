"""``python -m bot.sandbox``: run the simulated platform on one port."""

import argparse
import asyncio
import socket
from pathlib import Path

import uvicorn

from bot.clock import FileClock, SystemClock
from bot.sandbox.app import create_app
from bot.sandbox.world import load_world


class Announcing(uvicorn.Server):
    """A server that says when it is ready, and where."""

    def __init__(self, config: uvicorn.Config, port_file: Path | None) -> None:
        super().__init__(config)
        self._port_file = port_file

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then write the port and one line."""
        await super().startup(sockets)
        if self.should_exit or not self.servers:
            return
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        if self._port_file:
            # A reader must never see half a file: write beside it, then rename.
            beside = self._port_file.with_suffix(".tmp")
            beside.write_text(str(port))
            beside.replace(self._port_file)
        print(f"sandbox ready on http://{host}:{port}", flush=True)


def main() -> None:
    """Parse the command line and serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox", description="A simulated WeChat/WeCom platform.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8091, help="0 chooses a free one")
    parser.add_argument("--port-file", type=Path, help="where to write the port")
    parser.add_argument("--world", type=Path, required=True, help="world.json")
    parser.add_argument("--bot-url", required=True, help="where the bot takes callbacks, http://host:port")
    parser.add_argument("--clock-file", type=Path, help="a clock shared with the bot; without it, the real time")
    options = parser.parse_args()
    clock = FileClock(options.clock_file) if options.clock_file else SystemClock()
    app = create_app(load_world(options.world), options.bot_url, clock)
    config = uvicorn.Config(
        app, host=options.host, port=options.port, log_level="warning", access_log=False, timeout_graceful_shutdown=1
    )
    asyncio.run(Announcing(config, options.port_file).serve())


if __name__ == "__main__":
    main()
