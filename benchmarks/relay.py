"""What nginx does in front of several web processes: every connection to the next of them."""

import asyncio
import contextlib
import itertools
import threading
from collections import Counter
from collections.abc import Iterator, Sequence


@contextlib.contextmanager
def relay(port: int, upstreams: Sequence[int]) -> Iterator[Counter[int]]:
    """Listen on ``port``; gives how many connections each upstream port has had."""
    loop, seen, following = asyncio.new_event_loop(), Counter[int](), itertools.cycle(upstreams)

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.CancelledError):
            upstream = next(following)
            seen[upstream] += 1
            back, forth = await asyncio.open_connection("127.0.0.1", upstream)
            await asyncio.wait(
                [asyncio.create_task(_pump(reader, forth)), asyncio.create_task(_pump(back, writer))],
                return_when=asyncio.FIRST_COMPLETED,
            )
            forth.close()
        writer.close()

    server = loop.run_until_complete(asyncio.start_server(pass_on, "127.0.0.1", port))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(server: asyncio.Server) -> None:
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
