"""What a file is by its bytes, never by its name."""

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass
from enum import StrEnum


class Refusal(StrEnum):
    """Why a file is not taken."""

    EXECUTABLE = "executable"
    SCRIPT = "script"  # also a web page: it runs where it is opened
    ARCHIVE = "archive"
    MACROS = "macros"
    LOCKED = "locked"  # by a password
    HEIC = "heic"
    UNKNOWN = "unknown"
    EMPTY = "empty"
    MISMATCH = "mismatch"  # its name says something else
    BROKEN = "broken"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_LARGE = "too_large"


@dataclass(frozen=True, slots=True)
class Form:
    """A form of file that is taken. ``kind``: image · video · file. ``extensions``: the first is the usual one."""

    kind: str
    mime: str
    extensions: tuple[str, ...]


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"

JPEG = Form("image", "image/jpeg", ("jpg", "jpeg", "jpe", "jfif"))
PNG = Form("image", "image/png", ("png",))
GIF = Form("image", "image/gif", ("gif",))
WEBP = Form("image", "image/webp", ("webp",))
MP4 = Form("video", "video/mp4", ("mp4", "m4v"))
MOV = Form("video", "video/quicktime", ("mov",))
PDF = Form("file", "application/pdf", ("pdf",))
DOCX = Form("file", _WORD, ("docx",))
XLSX = Form("file", _SHEET, ("xlsx",))
PPTX = Form("file", _SLIDES, ("pptx",))
DOC = Form("file", "application/msword", ("doc", "wps"))
XLS = Form("file", "application/vnd.ms-excel", ("xls", "et"))
PPT = Form("file", "application/vnd.ms-powerpoint", ("ppt", "dps"))
TEXT = Form("file", "text/plain", ("txt",))

MIMES = {
    one.mime for one in (JPEG, PNG, GIF, WEBP, MP4, MOV, PDF, DOCX, XLSX, PPTX, DOC, XLS, PPT, TEXT)
}  # of all that is taken

_HEADS: tuple[tuple[bytes, Form | Refusal], ...] = (
    (b"MZ", Refusal.EXECUTABLE),
    (b"\x7fELF", Refusal.EXECUTABLE),
    (b"\xfe\xed\xfa", Refusal.EXECUTABLE),  # Mach-O
    (b"\xce\xfa\xed\xfe", Refusal.EXECUTABLE),
    (b"\xcf\xfa\xed\xfe", Refusal.EXECUTABLE),
    (b"\xca\xfe\xba\xbe", Refusal.EXECUTABLE),  # Java, and Mach-O for several processors
    (b"\x00asm", Refusal.EXECUTABLE),
    (b"dex\n", Refusal.EXECUTABLE),
    (b"L\x00\x00\x00\x01\x14\x02\x00", Refusal.EXECUTABLE),  # a Windows shortcut
    (b"#!", Refusal.SCRIPT),
    (b"Rar!\x1a\x07", Refusal.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", Refusal.ARCHIVE),
    (b"\x1f\x8b", Refusal.ARCHIVE),
    (b"BZh", Refusal.ARCHIVE),
    (b"\xfd7zXZ", Refusal.ARCHIVE),
    (b"\x28\xb5\x2f\xfd", Refusal.ARCHIVE),
    (b"MSCF", Refusal.ARCHIVE),
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
)
_HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PARTS = (("word/document.xml", DOCX), ("xl/workbook.xml", XLSX), ("ppt/presentation.xml", PPTX))
# Of the old kind of Office file: the name of a stream that is in it → what it is.
_STREAMS = (("WordDocument", DOC), ("Workbook", XLS), ("Book", XLS), ("PowerPoint Document", PPT))
_DIRECTORY_LIMIT = 1024 * 1024  # bytes of a zip's directory; each entry is an object in memory
_TYPES_LIMIT = 1024 * 1024
_BAD_ZIP = (
    zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, KeyError, zlib.error, struct.error,
)  # fmt: skip


def identify(content: bytes) -> Form | Refusal:
    """The form of a file, or why files such as this are not taken."""
    if not content:
        return Refusal.EMPTY
    for head, found in _HEADS:
        if content.startswith(head):
            return found
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return WEBP
    if content[4:8] == b"ftyp":
        return _by_brand(content[8:12])
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zipped(content)
    if content.startswith(_OLE):
        return _old_office(content)
    if content[257:262] == b"ustar" or content[0x8001:0x8006] == b"CD001":
        return Refusal.ARCHIVE
    if b"%PDF-" in content[:1024]:
        return PDF
    return _text(content)


def _by_brand(brand: bytes) -> Form | Refusal:
    if brand in _HEIC:
        return Refusal.HEIC
    if brand.startswith(b"M4A"):
        return Refusal.UNKNOWN
    return MOV if brand == b"qt  " else MP4


def _zipped(content: bytes) -> Form | Refusal:
    """Office's own files are zips; every other zip is an archive."""
    end = content.rfind(b"PK\x05\x06", max(0, len(content) - 66_000))
    if end < 0 or len(content) < end + 22:
        return Refusal.BROKEN
    directory = int.from_bytes(content[end + 12 : end + 16], "little")
    if directory > _DIRECTORY_LIMIT or content[end - 20 : end - 16] == b"PK\x06\x07":
        return Refusal.ARCHIVE
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = {name.lower() for name in packed.namelist()}
            form = next((form for part, form in _PARTS if part in names), None)
            if form is None or "[content_types].xml" not in names:
                return Refusal.ARCHIVE
            written = next(name for name in packed.namelist() if name.lower() == "[content_types].xml")
            with packed.open(written) as stream:
                types = stream.read(_TYPES_LIMIT)
    except _BAD_ZIP:
        return Refusal.BROKEN
    macros = any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names)
    return Refusal.MACROS if macros or b"macroEnabled" in types else form


def _old_office(content: bytes) -> Form | Refusal:
    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if has("EncryptedPackage"):
        return Refusal.LOCKED
    if has("_VBA_PROJECT"):
        return Refusal.MACROS
    return next((form for stream, form in _STREAMS if has(stream)), Refusal.EXECUTABLE)  # an installer, for one


def _text(content: bytes) -> Form | Refusal:
    if b"\x00" in content:
        return Refusal.UNKNOWN
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        head = text[:4096].lstrip().lower()
        runs = head.startswith("<") or any(mark in head for mark in ("<script", "<?php", "@echo off"))
        return Refusal.SCRIPT if runs else TEXT
    return Refusal.UNKNOWN
