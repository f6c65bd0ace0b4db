"""The load generator, in a process of its own: keep-alive connections, messages sealed before the clock starts.

Two ways to load a server: as fast as it answers (every connection sends again once it has its answer), or at a steady
rate that does not wait for it, at random moments, where a late answer is counted from the moment its message was due.
"""

import asyncio
import gc
import json
import random
import re
import subprocess
import sys
import time
from collections import deque
from dataclasses import asdict, dataclass
from itertools import islice
from typing import cast

from benchmarks import messages
from benchmarks.figures import percentile
from benchmarks.processes import processor_seconds

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
ONE_REPLY_IN = 50  # is decrypted afterwards
GIVE_UP_AFTER = 60.0  # seconds after the last message was due


@dataclass(frozen=True)
class Load:
    """What to send to the server ``pid``. Every reply must hold ``expected``; ``per_second``: 0 = as fast as it answers."""

    pid: int
    port: int
    path: str
    text: str
    expected: str
    kind: str
    accounts: int
    messages: int
    warm_up: int
    connections: int
    per_second: float = 0.0


@dataclass(frozen=True)
class Measured:
    """What came of it.

    Latencies in milliseconds. ``processor``: microseconds that the server computed for a message, in all its threads;
    ``generator``: the share of the time that the generator itself computed.
    """

    per_second: float
    p50: float
    p99: float
    longest: float
    failed: int
    opened: int
    processor: float
    generator: float


def generate(load: Load) -> Measured:
    """Run one load in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.load", json.dumps(asdict(load))]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return Measured(**json.loads(done.stdout))


class _Run:
    """One stretch of messages over connections that stay open."""

    def __init__(self, load: Load, waiting: list[bytes]) -> None:
        self._load = load
        self._waiting = iter(waiting)
        self._left = len(waiting)
        self._free: deque[_Connection] = deque()
        self._due: deque[tuple[bytes, float]] = deque()
        self.clock = asyncio.get_running_loop().time
        self.done = asyncio.get_running_loop().create_future()
        self.latencies: list[float] = []
        self.replies: list[bytes] = []
        self.failed = 0

    async def run(self) -> float:
        """Send all; gives the seconds it took."""
        loop = asyncio.get_running_loop()
        opening = (loop.create_connection(lambda: _Connection(self), "127.0.0.1", self._load.port)
                   for _ in range(self._load.connections))  # fmt: skip
        connections = [connection for _, connection in await asyncio.gather(*opening)]
        self._free.extend(connections)
        began = self.clock()
        if self._load.per_second:
            await self._steadily()
        else:
            for _ in connections:
                self._next()
        async with asyncio.timeout(GIVE_UP_AFTER + self._left / 100):
            await self.done
        took = self.clock() - began
        for connection in connections:
            connection.close()
        return took

    async def _steadily(self) -> None:
        """Messages fall due at random moments, so many a second on average."""
        draw, due = random.Random(1), self.clock()
        for request in self._waiting:
            due += draw.expovariate(self._load.per_second)
            if (pause := due - self.clock()) > 0:
                await asyncio.sleep(pause)
            self._due.append((request, due))
            self._next()

    def _next(self) -> None:
        if not self._free:
            return
        if self._due:
            request, due = self._due.popleft()
        elif self._load.per_second or (request := next(self._waiting, b"")) == b"":
            return
        else:
            due = self.clock()
        self._free.popleft().send(request, due)

    def answered(self, connection: "_Connection", due: float, ok: bool, body: bytes) -> None:
        self.latencies.append(self.clock() - due)
        if not ok:
            self.failed += 1
        elif len(self.latencies) % ONE_REPLY_IN == 0:
            self.replies.append(body)
        self._left -= 1
        if self._left == 0:
            self.done.set_result(None)
        self._free.append(connection)
        self._next()

    def lost(self) -> None:
        if not self.done.done():
            self.done.set_exception(ConnectionError("the server closed a connection that was to stay open"))


class _Connection(asyncio.Protocol):
    def __init__(self, run: _Run) -> None:
        self._run = run
        self._due = 0.0
        self._received = b""
        self._whole = 0  # bytes of the answer under way, once its head is here
        self._closing = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def send(self, request: bytes, due: float) -> None:
        self._due = due
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self._whole:
            head = self._received.find(b"\r\n\r\n")
            if head < 0:
                return
            length = LENGTH.search(self._received, 0, head + 2)
            if length is None:
                raise ValueError(f"an answer without its length: {self._received[:head]!r}")
            self._whole = head + 4 + int(length[1])
        if len(self._received) < self._whole:
            return
        answer, self._received, self._whole = self._received, b"", 0
        _head, _, body = answer.partition(b"\r\n\r\n")
        self._run.answered(self, self._due, answer.startswith(b"HTTP/1.1 200") and b"<Encrypt>" in body, body)

    def connection_lost(self, fault: Exception | None) -> None:
        if not self._closing:
            self._run.lost()

    def close(self) -> None:
        self._closing = True
        self._transport.close()


async def _measure(load: Load) -> Measured:
    address = f"127.0.0.1:{load.port}"
    sealed = messages.requests(address, load.path, load.text, load.kind, load.accounts, load.warm_up + load.messages)
    await _Run(load, list(islice(sealed, load.warm_up))).run()
    run = _Run(load, list(sealed))
    gc.freeze()
    generator, server = time.process_time(), processor_seconds(load.pid)
    took = await run.run()
    generator, server = time.process_time() - generator, processor_seconds(load.pid) - server
    for body in run.replies:
        said = messages.opened(body)
        if load.expected not in said:
            raise ValueError(f"not the answer that was expected: {said!r}")
    ordered = [1000 * seconds for seconds in sorted(run.latencies)]
    return Measured(
        per_second=load.messages / took,
        p50=percentile(ordered, 0.50),
        p99=percentile(ordered, 0.99),
        longest=ordered[-1],
        failed=run.failed,
        opened=len(run.replies),
        processor=1e6 * server / load.messages,
        generator=generator / took,
    )


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(_measure(Load(**json.loads(sys.argv[1])))))))
