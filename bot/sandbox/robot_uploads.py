"""Files that a robot uploads in pieces over its connection."""

import base64
import binascii
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.media import Media
from bot.sandbox.refusals import Refusal

CHUNK_LIMIT = 512 * 1024  # bytes before base64
CHUNKS = 100
KINDS = ("file", "image", "voice", "video")
SMALLEST = 5  # bytes


@dataclass
class Upload:
    """A file of which some pieces may have come."""

    kind: str
    name: str
    size: int
    chunks: int
    md5: str | None
    pieces: dict[int, bytes] = field(default_factory=dict)


class Uploads:
    """The three steps: begin, pieces in any order, finish."""

    def __init__(self, media: Media) -> None:
        self._media = media
        self._open: dict[str, Upload] = {}

    def begin(self, body: dict[str, Any]) -> dict[str, Any]:
        """Open an upload; its id."""
        kind, size, chunks = body.get("type"), body.get("total_size"), body.get("total_chunks")
        if kind not in KINDS:
            raise Refusal(40004)
        if not isinstance(size, int) or size < SMALLEST:
            raise Refusal(40006)
        if not isinstance(chunks, int) or not 1 <= chunks <= CHUNKS:
            raise Refusal(40058, f"total_chunks: 1 to {CHUNKS}")
        if not body.get("filename"):
            raise Refusal(40058, "filename missing")
        upload_id = secrets.token_urlsafe(24)
        self._open[upload_id] = Upload(kind, str(body["filename"]), size, chunks, body.get("md5"))
        return {"upload_id": upload_id}

    def chunk(self, body: dict[str, Any]) -> None:
        """Take one piece; the same piece twice is harmless."""
        upload, number = self._find(body), body.get("chunk_index")
        if not isinstance(number, int) or not 0 <= number < upload.chunks:
            raise Refusal(40058, "chunk_index")
        try:
            piece = base64.b64decode(str(body.get("base64_data", "")), validate=True)
        except binascii.Error as error:
            raise Refusal(40058, "base64_data") from error
        if not 0 < len(piece) <= CHUNK_LIMIT:
            raise Refusal(45001)
        upload.pieces[number] = piece

    def finish(self, body: dict[str, Any]) -> dict[str, Any]:
        """Put the pieces together; the media id."""
        upload = self._find(body)
        content = b"".join(upload.pieces[number] for number in sorted(upload.pieces))
        if len(upload.pieces) != upload.chunks or len(content) != upload.size:
            raise Refusal(40058, "pieces missing")
        if upload.md5 and hashlib.md5(content, usedforsecurity=False).hexdigest() != upload.md5.lower():
            raise Refusal(301019)
        del self._open[str(body["upload_id"])]
        file = self._media.keep(upload.kind, upload.name, content)
        return {"type": file.kind, "media_id": file.media_id, "created_at": str(file.created)}

    def _find(self, body: dict[str, Any]) -> Upload:
        upload = self._open.get(str(body.get("upload_id")))
        if upload is None:
            raise Refusal(40058, "upload_id")
        return upload
