"""What a browser posts: texts and pictures, read within bounds of size and time."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

from python_multipart.exceptions import ParseError
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from bot.channels.base import LARGEST_FILE

MEGABYTE = 1024 * 1024
# With texts and several pictures in it. A larger file than one may be is read to its end, so that what was typed beside
# it is not lost; a larger body than this is not.
LARGEST_BODY = 64 * MEGABYTE
LARGEST_TEXT = 64 * 1024
MOST_TEXTS, MOST_FILES = 60, 12
WITHIN = 180.0  # seconds: ten megabytes over a poor mobile network


class BadPost(Exception):
    """Not to be read. ``status``: of the answer."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as the browser names it; ``content`` is None where it is too large."""

    name: str
    content: bytes | None = field(repr=False)


async def read_posted(request: Request, largest: int = LARGEST_BODY) -> tuple[dict[str, str], list[Sent]]:
    """The texts and the files of a body of at most ``largest`` bytes; of several texts with one name the last.

    Raises `BadPost`.
    """
    try:
        async with asyncio.timeout(WITHIN):
            form = await _parse(request, largest)
    except (TimeoutError, ClientDisconnect):
        raise BadPost(408) from None
    except (MultiPartException, ParseError, UnicodeDecodeError, KeyError, LookupError):
        raise BadPost(400) from None
    try:
        texts = {name: value for name, value in form.multi_items() if isinstance(value, str)}
        files = [await _read(one) for _, one in form.multi_items() if isinstance(one, UploadFile) and one.filename]
    finally:
        await form.close()
    return texts, files


async def _parse(request: Request, largest: int) -> FormData:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:20]) > largest:
        raise BadPost(413)
    if kind == "multipart/form-data":
        body = _bounded(request, largest)
        parser = MultiPartParser(
            request.headers, body, max_files=MOST_FILES, max_fields=MOST_TEXTS, max_part_size=LARGEST_TEXT
        )
        return await parser.parse()
    if kind == "application/x-www-form-urlencoded":
        body = _bounded(request, min(largest, LARGEST_TEXT * 4))
        return await FormParser(request.headers, body, max_fields=MOST_TEXTS, max_part_size=LARGEST_TEXT).parse()
    raise BadPost(415)


async def _bounded(request: Request, limit: int) -> AsyncGenerator[bytes, None]:
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise BadPost(413)
        yield part


async def _read(file: UploadFile) -> Sent:
    name = (file.filename or "")[:200]
    return Sent(name, None if (file.size or 0) > LARGEST_FILE else await file.read())
