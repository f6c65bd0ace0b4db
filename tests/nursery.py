"""Processes of the bot and of the simulated platform that need not import everything anew: forked from one that has.

Real processes with pids of their own, to be killed like any other; only the second or two of importing is spared. How
the programs start by themselves, other tests and `.ci/run` look at.
"""

import contextlib
import gc
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import IO

# What the programs import first and on their way.
IMPORTED = (
    "bot.app",
    "bot.cli.main",
    "bot.cli.running",
    "bot.sandbox.app",
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.httptools_impl",
    "aiohttp",
    "httpx",
    "sqlalchemy.dialects.sqlite",
    "sqlalchemy.dialects.postgresql.psycopg",
)
LONGEST = 1_000_000  # bytes of one order: arguments and environment


class Child:
    """A forked process, with as much of `subprocess.Popen` as a `Stack` uses."""

    def __init__(self, pid: int, ask: Callable[[dict[str, object]], int]) -> None:
        self.pid = pid
        self._ask = ask
        self._held = os.pidfd_open(pid)
        self._code: int | None = None

    def __del__(self) -> None:
        if hasattr(self, "_held"):
            os.close(self._held)

    def poll(self) -> int | None:
        if self._code is None and self._ended(0):
            self._code = self._ask({"ended": self.pid})
        return self._code

    def wait(self, timeout: float | None = None) -> int:
        if not self._ended(timeout):
            raise subprocess.TimeoutExpired([str(self.pid)], timeout or 0)
        code = self.poll()
        assert code is not None
        return code

    def send_signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._held, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _ended(self, timeout: float | None) -> bool:
        return bool(select.select([self._held], [], [], timeout)[0])


class Nursery:
    """The process from which the others are forked. It, and what is left of them, ends with whoever started it."""

    def __init__(self) -> None:
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-m", __name__, str(theirs.fileno())]
        self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()])
        theirs.close()

    def launch(self, command: Sequence[str], out: IO[bytes], environment: Mapping[str, str]) -> Child:
        """Start ``python -m module …`` with both its outputs in ``out``."""
        python, flag, module, *arguments = command
        assert (python, flag) == (sys.executable, "-m")
        order = {"module": module, "arguments": arguments, "environment": dict(environment), "folder": os.getcwd()}
        return Child(self._ask(order, out.fileno()), self._ask)

    def _ask(self, order: dict[str, object], *files: int) -> int:
        socket.send_fds(self._line, [json.dumps(order).encode()], files)
        said = self._line.recv(100)
        assert said, "the nursery has ended"
        return int(said)

    def close(self) -> None:
        self._line.close()
        self._process.wait(20)


def main(line: socket.socket) -> None:
    """Fork a process for every order, until nobody can give any."""
    for name in IMPORTED:
        __import__(name)
    gc.freeze()  # shared with the children as long as nobody touches it
    children: set[int] = set()
    while True:
        said, held, _, _ = socket.recv_fds(line, LONGEST, 1)
        if not said:
            break
        order = json.loads(said)
        if "ended" in order:
            children.remove(order["ended"])
            line.send(str(os.waitstatus_to_exitcode(os.waitpid(order["ended"], 0)[1])).encode())
            continue
        pid = os.fork()
        if pid == 0:
            line.close()
            _become(order, held[0])
        os.close(held[0])
        children.add(pid)
        line.send(str(pid).encode())
    for one in children:
        os.kill(one, signal.SIGKILL)  # of ours and not waited for: its pid is nobody else's


def _become(order: dict[str, object], out: int) -> None:
    """The program of the order, in this process."""
    code = 1
    try:
        for stream in (1, 2):
            os.dup2(out, stream)
        os.close(out)
        os.environ.clear()
        os.environ.update(order["environment"])  # type: ignore[arg-type]
        os.chdir(str(order["folder"]))
        sys.argv = [str(order["module"]), *order["arguments"]]  # type: ignore[misc]
        runpy.run_module(str(order["module"]), run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
