"""The file store: bytes by their SHA-256, each content once, on the disk beside the database."""

import hashlib
import os
import secrets
from collections.abc import Container
from datetime import datetime
from pathlib import Path


class FileStore:
    """A folder of files named by their content. Safe for several processes: a file appears whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        """Keep ``content``; gives its SHA-256 in hex. It is on the disk when this returns."""
        digest = hashlib.sha256(content).hexdigest()
        path = self.path(digest)
        if path.exists():
            os.utime(path)  # its age counts from the last time it was wanted
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f"{digest}.{secrets.token_hex(4)}.tmp")
        # Only the office's own account may read what people sent.
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        beside.replace(path)
        return digest

    def get(self, digest: str) -> bytes:
        """The content; raises `FileNotFoundError` where there is none."""
        return self.path(digest).read_bytes()

    def has(self, digest: str) -> bool:
        """Whether the content is here."""
        return bool(digest) and self.path(digest).exists()

    def forget(self, digest: str) -> None:
        """Remove a content that nothing refers to any more."""
        self.path(digest).unlink(missing_ok=True)

    def sweep(self, before: datetime, wanted: Container[str]) -> int:
        """Remove what nobody put here since ``before`` and nobody wants; gives how many. Also what was left half written."""
        limit, removed = before.timestamp(), 0
        for path in self.folder.glob("??/*"):
            if path.name not in wanted and path.stat().st_mtime < limit:
                path.unlink(missing_ok=True)
                removed += 1
        return removed

    def path(self, digest: str) -> Path:
        """Where the content lies if it is here; raises `FileNotFoundError` for what is no digest."""
        if len(digest) != 64 or not all(c in "0123456789abcdef" for c in digest):
            raise FileNotFoundError("not the name of a content")
        return self.folder / digest[:2] / digest
