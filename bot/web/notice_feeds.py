"""The public notices for programs: Atom, RSS and JSON Feed, and their validators for whoever asks again."""

import hashlib
import json
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from fastapi import Request, Response

from bot.clock import CHINA
from bot.rules.wording import visible

if TYPE_CHECKING:
    from bot.web.attached import Attached


def rfc_822(moment: datetime) -> str:
    """A moment as RSS wants it."""
    return format_datetime(moment.astimezone(CHINA))


def json_feed(items: list[dict[str, Any]], base: str, title: str) -> bytes:
    """JSON Feed 1.1; addresses only where the server has a public one."""
    feed: dict[str, Any] = {"version": "https://jsonfeed.org/version/1.1", "title": title, "language": "zh-CN"}
    if base:
        feed |= {"home_page_url": f"{base}/notices", "feed_url": f"{base}/notices.json"}
    return json.dumps(feed | {"items": [_item(one, base) for one in items]}, ensure_ascii=False).encode()


def answer(
    request: Request, body: bytes, media_type: str, headers: dict[str, str], newest: datetime | None
) -> Response:
    """The body with its ETag and date, or 304 where the reader holds it already."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    held = {**headers, "ETag": tag, "Cache-Control": "no-cache"}
    if newest is not None:
        held["Last-Modified"] = format_datetime(newest.astimezone(UTC), usegmt=True)
    if is_held(request, tag):
        return Response(None, 304, held)
    return Response(body, 200, held, media_type)


def is_held(request: Request, tag: str) -> bool:
    """Whether the reader says that it holds what has this ETag."""
    known = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    return tag in known or "*" in known


def _item(one: dict[str, Any], base: str) -> dict[str, Any]:
    notice, number = one["notice"], one["corrected_by"]
    item = {
        "id": f"{base or 'urn:kepu-bot'}/notices/{notice.id}",
        "title": visible(one["title"]),
        "content_text": visible(one["text"]),
        "date_published": notice.sent_at.isoformat(),
        "tags": [notice.kind],
    }
    if base:
        item["url"] = f"{base}/notices/{notice.id}"
        if one["files"]:
            item["attachments"] = [_attachment(file, base) for file in one["files"]]
    return item | ({"_corrected_by": number} if number else {})


def _attachment(file: "Attached", base: str) -> dict[str, Any]:
    address = f"{base}{file.address}"
    return {"url": address, "mime_type": file.mime, "title": visible(file.name), "size_in_bytes": file.size}
