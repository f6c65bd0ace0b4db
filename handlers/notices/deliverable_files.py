"""The files that units handed in, as archives that can be sent."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import PurePath

from bot.model import Deliverable
from bot.store.files import FileStore

LARGEST = 18_000_000  # bytes of files in one archive: 20 MB is the most that WeCom takes as one file


def pack(files: FileStore, rows: Sequence[Deliverable], names: Mapping[int, str]) -> list[bytes]:
    """Archives with every file under its unit's name; words and links stand in the list, not here."""
    parts: list[list[tuple[str, str]]] = []
    size, counted = 0, dict.fromkeys(names, 0)
    for row in rows:
        held = row.attachment
        if held is None or not files.has(held.sha256):
            continue
        counted[row.unit_id] += 1
        ending = PurePath(held.name).suffix
        tail = f" {counted[row.unit_id]}" if counted[row.unit_id] > 1 else ""
        name = names[row.unit_id].replace("/", "_").replace("\\", "_") + tail + ending
        if not parts or size + held.size > LARGEST:
            parts.append([])
            size = 0
        parts[-1].append((name, held.sha256))
        size += held.size
    return [_archive(files, part) for part in parts]


def _archive(files: FileStore, part: Sequence[tuple[str, str]]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, digest in part:
            archive.writestr(name, files.get(digest))
    return made.getvalue()
