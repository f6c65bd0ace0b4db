"""The pictures and files of a notice on the web: what a page or a feed says of them, and their bytes."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from bot.documents.inspecting import fit_name
from bot.documents.signatures import MIMES
from bot.model import Notice
from bot.rules.ids import read_id
from bot.store.files import FileStore
from bot.web.downloads import UNKNOWN_FORM, disposition
from bot.web.notice_feeds import is_held

BELOW = "/files/{at}/{name:path}"  # the address of the page that shows it


@dataclass(frozen=True, slots=True)
class Attached:
    """One of them. ``address``: without the server's. ``mime``: as its bytes were found to be when it came."""

    sha256: str
    name: str
    address: str
    mime: str
    size: int
    picture: bool

    @property
    def shown_size(self) -> str:
        return f"{self.size / 1024 / 1024:.1f} MB" if self.size >= 1024 * 1024 else f"{max(1, self.size // 1024)} KB"


def attached(notice: Notice, page: str) -> list[Attached]:
    """In their order, each at an address below that of the ``page`` which shows them."""
    return [_attached(one, page, at) for at, one in enumerate(notice.files or (), start=1)]


def named(found: Sequence[Attached], at: str, name: str) -> Attached | None:
    """The one at this place, counted from 1; only by its own name: no other may stand under the office's address."""
    place = read_id(at) or 0
    one = found[place - 1] if 0 < place <= len(found) else None
    return one if one is not None and one.name == name else None


async def answer(request: Request, files: FileStore, one: Attached, headers: dict[str, str]) -> Response | None:
    """The file, to be saved and never shown, or 304 where it is held already; None where its content is gone.

    It goes from the disk piece by piece: many may fetch it slowly.
    """
    try:
        path = files.path(one.sha256)
        stat = await asyncio.to_thread(path.stat)
    except FileNotFoundError:
        return None
    tag = f'"{one.sha256}"'
    if is_held(request, tag):
        return Response(None, 304, {**headers, "ETag": tag})
    held = {**headers, "ETag": tag, "Content-Disposition": disposition(one.name)}
    return FileResponse(path, 200, held, one.mime, stat_result=stat)


def _attached(held: dict[str, str | int], page: str, at: int) -> Attached:
    name = fit_name(str(held["name"])) or f"附件{at}"
    mime = str(held.get("mime", ""))
    return Attached(
        sha256=str(held["sha256"]),
        name=name,
        address=f"{page}/files/{at}/{quote(name, safe='')}",
        mime=mime if mime in MIMES else UNKNOWN_FORM,
        size=int(held.get("size", 0)),
        picture=held["kind"] == "image",
    )
