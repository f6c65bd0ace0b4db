"""Files that somebody uploaded: temporary ones live three days, permanent ones for ever."""

import base64
import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.clock import Clock
from bot.sandbox.refusals import Refusal

THREE_DAYS = 3 * 86400
FIVE_MINUTES = 300
PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM")
CONTENT_TYPES = {b"\xff\xd8": "image/jpeg", b"\x89P": "image/png", b"GI": "image/gif", b"BM": "image/bmp"}


@dataclass(frozen=True)
class File:
    """What was uploaded; ``ends`` is None for a permanent one."""

    media_id: str
    kind: str
    name: str
    content: bytes
    created: int
    ends: float | None

    @property
    def content_type(self) -> str:
        """Guessed from the first bytes, as the platform does."""
        return CONTENT_TYPES.get(self.content[:2], "application/octet-stream")


class Media:
    """Keeps files by media id, by the platform's clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._files: dict[str, File] = {}

    def keep(self, kind: str, name: str, content: bytes, seconds: float | None = THREE_DAYS) -> File:
        """Store a file for ``seconds`` (None: for ever)."""
        now = self._clock.now().timestamp()
        ends = None if seconds is None else now + seconds
        file = File(secrets.token_urlsafe(48), kind, name, content, int(now), ends)
        self._files[file.media_id] = file
        return file

    def get(self, media_id: object, kind: str | None = None) -> File:
        """The file with this id; refuses (40007) an unknown or expired one, or one of another kind."""
        file = self._files.get(media_id) if isinstance(media_id, str) else None
        if file is None or (file.ends is not None and file.ends <= self._clock.now().timestamp()):
            raise Refusal(40007)
        if kind is not None and file.kind != kind:
            raise Refusal(40007, f"it is a {file.kind}, not a {kind}")
        return file

    def forget(self, media_id: str) -> None:
        """Delete a file."""
        self.get(media_id)
        del self._files[media_id]

    def offer_encrypted(self, content: bytes, name: str) -> tuple[File, str]:
        """Store ``content`` as robots get it: AES-256-CBC, five minutes; the file and its base64 key."""
        key = secrets.token_bytes(32)
        padding = 32 - len(content) % 32
        cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
        locked = cipher.update(content + bytes([padding]) * padding) + cipher.finalize()
        return self.keep("robot", name, locked, FIVE_MINUTES), base64.b64encode(key).decode()


def is_picture(content: bytes) -> bool:
    """Whether the first bytes are those of a JPG, PNG, GIF or BMP."""
    return content.startswith(PICTURES)


def parts_of(content_type: str, body: bytes) -> dict[str, tuple[str, bytes]]:
    """The parts of a multipart/form-data body: field name → (file name, content)."""
    _, marker, boundary = content_type.partition("boundary=")
    if not marker:
        raise Refusal(41005)
    parts = {}
    for piece in body.split(b"--" + boundary.split(";")[0].strip().strip('"').encode())[1:-1]:
        head, _, content = piece.partition(b"\r\n\r\n")
        fields = dict(
            item.strip().split("=", 1)
            for line in head.decode("utf-8", "replace").splitlines()
            if line.lower().startswith("content-disposition")
            for item in line.split(";")[1:]
            if "=" in item
        )
        name = fields.get("name", "").strip('"')
        parts[name] = (fields.get("filename", "").strip('"'), content.removesuffix(b"\r\n"))
    return parts
