"""Putting what was looked at into the file store, and what was found out about it into its row."""

from dataclasses import dataclass

from bot.documents.inspecting import Inspected
from bot.model import Attachment, AttachmentState
from bot.store.files import FileStore


@dataclass(frozen=True, slots=True)
class Kept:
    """Names of contents in the file store; empty where there is none."""

    original: str = ""
    shown: str = ""
    thumb: str = ""


def put(files: FileStore, found: Inspected) -> Kept:
    """Keep a file that was not refused, with the copies of a picture. Writes to the disk: not for the event loop."""
    if found.form is None:
        return Kept()
    if found.picture is None:
        return Kept(files.put(found.content))
    return Kept(files.put(found.content), files.put(found.picture.shown), files.put(found.picture.thumb))


def put_back(files: FileStore, found: Inspected, kept: Kept) -> None:
    """After the commit: the same content of another row may have been removed since it was put here."""
    if kept.original and not all(files.has(name) for name in (kept.original, kept.shown, kept.thumb) if name):
        put(files, found)


def describe(row: Attachment, found: Inspected, kept: Kept) -> None:
    """Write into the row what was found in the file."""
    row.state = AttachmentState.REFUSED if found.refusal else AttachmentState.KEPT
    row.name = found.name
    if found.form is None:
        return
    row.kind, row.mime, row.size = found.form.kind, found.form.mime, len(found.content)
    row.sha256, row.shown_sha256, row.thumb_sha256 = kept.original, kept.shown, kept.thumb
    if found.picture is not None:
        picture, hidden = found.picture, found.picture.hidden
        row.width, row.height, row.fingerprint = picture.width, picture.height, picture.fingerprint
        row.taken_at, row.latitude, row.longitude = hidden.taken_at, hidden.latitude, hidden.longitude
