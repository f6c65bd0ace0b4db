"""What a file is, by its bytes; and what is never taken, whatever its name says."""

import io
import zipfile

import openpyxl
import pytest

from bot.documents.inspecting import fit_name, inspect
from bot.documents.signatures import DOC, DOCX, JPEG, MOV, MP4, PDF, PNG, PPTX, TEXT, XLS, XLSX, Form, Refusal, identify
from tests.photos import encoded, photo, scene

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def packed(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def office(main: str, *more: str, types: bytes = b"<Types/>") -> bytes:
    return packed(**{"[Content_Types].xml": types, main: b"<x/>", **dict.fromkeys(more, b"x")})


def workbook() -> bytes:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()


def stream(*names: str) -> bytes:
    return OLE + b"".join(name.encode("utf-16-le") + b"\x00\x00" for name in names)


TAKEN = {
    "photo": (photo(), JPEG),
    "png": (encoded(scene(1), "PNG"), PNG),
    "mp4": (b"\x00\x00\x00\x18ftypmp42" + bytes(40), MP4),
    "mov": (b"\x00\x00\x00\x14ftypqt  " + bytes(40), MOV),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", PDF),
    "pdf with a mark in front": (b"\xef\xbb\xbf%PDF-1.4\n", PDF),
    "docx": (office("word/document.xml"), DOCX),
    "xlsx": (workbook(), XLSX),
    "pptx": (office("ppt/presentation.xml"), PPTX),
    "doc": (stream("WordDocument"), DOC),
    "xls": (stream("Workbook"), XLS),
    "text": ("活动方案\n第一条".encode(), TEXT),
    "text of an old Windows": ("活动方案\r\n第一条".encode("gb18030"), TEXT),
}
REFUSED = {
    "nothing": (b"", Refusal.EMPTY),
    "Windows program": (b"MZ\x90\x00" + bytes(200), Refusal.EXECUTABLE),
    "Linux program": (b"\x7fELF" + bytes(60), Refusal.EXECUTABLE),
    "Mac program": (b"\xcf\xfa\xed\xfe" + bytes(60), Refusal.EXECUTABLE),
    "Java class": (b"\xca\xfe\xba\xbe" + bytes(60), Refusal.EXECUTABLE),
    "shortcut": (b"L\x00\x00\x00\x01\x14\x02\x00" + bytes(60), Refusal.EXECUTABLE),
    "installer": (OLE + b"x" * 100, Refusal.EXECUTABLE),
    "shell script": (b"#!/bin/sh\necho", Refusal.SCRIPT),
    "batch file": (b"@echo off\r\ndel *.*", Refusal.SCRIPT),
    "web page": (b"<!DOCTYPE html><p>", Refusal.SCRIPT),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Refusal.SCRIPT),
    "script in a text": (b"hello <script>alert(1)</script>", Refusal.SCRIPT),
    "zip": (packed(a=b"1"), Refusal.ARCHIVE),
    "program library": (packed(**{"META-INF/MANIFEST.MF": b""}), Refusal.ARCHIVE),
    "rar": (b"Rar!\x1a\x07\x01\x00", Refusal.ARCHIVE),
    "7z": (b"7z\xbc\xaf\x27\x1c", Refusal.ARCHIVE),
    "gzip": (b"\x1f\x8b\x08", Refusal.ARCHIVE),
    "tar": (bytes(257) + b"ustar\x00", Refusal.ARCHIVE),
    "zip cut short": (packed(a=b"1" * 100)[:60], Refusal.BROKEN),
    "zip of nothing but its mark": (b"PK\x05\x06", Refusal.BROKEN),
    "xlsx with macros": (office("xl/workbook.xml", "xl/vbaProject.bin"), Refusal.MACROS),
    "xlsx with old macros": (office("xl/workbook.xml", "xl/macrosheets/sheet1.xml"), Refusal.MACROS),
    "docx that says it has macros": (
        office("word/document.xml", types=b"ms-word.document.macroEnabled"),
        Refusal.MACROS,
    ),
    "doc with macros": (stream("WordDocument", "_VBA_PROJECT"), Refusal.MACROS),
    "xlsx with a password": (stream("EncryptedPackage"), Refusal.LOCKED),
    "heic": (b"\x00\x00\x00\x18ftypheic" + bytes(40), Refusal.HEIC),
    "sound": (b"\x00\x00\x00\x18ftypM4A " + bytes(40), Refusal.UNKNOWN),
    "bytes": (bytes(range(256)), Refusal.UNKNOWN),
}


@pytest.mark.parametrize(("content", "form"), TAKEN.values(), ids=TAKEN)
def test_form_is_known_by_the_bytes(content: bytes, form: Form) -> None:
    assert identify(content) == form


@pytest.mark.parametrize(("content", "why"), REFUSED.values(), ids=REFUSED)
def test_what_may_do_harm_is_refused_whatever_its_name(content: bytes, why: Refusal) -> None:
    assert identify(content) == why
    for name in ("", "报名表.xlsx", "照片.jpg", "方案.pdf"):
        assert inspect(content, name).refusal == why


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (photo(), "方案.pdf"),
        (b"%PDF-1.7\n", "方案.pdf.exe"),
        (b"%PDF-1.7\n", "方案.jpg"),
        (workbook(), "报名表.xls"),
        (b"x", "a.js"),
        (photo(), "a\u202egpj.exe"),
    ],
)
def test_name_that_says_something_else_is_refused(content: bytes, name: str) -> None:
    assert inspect(content, name).refusal == Refusal.MISMATCH


def test_directory_larger_than_any_document_needs_is_not_read() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "")
        archive.writestr("xl/workbook.xml", "")
        for number in range(12_000):
            archive.writestr(f"{number:080d}", "")
    assert identify(out.getvalue()) == Refusal.ARCHIVE


@pytest.mark.parametrize(
    ("name", "form", "shown"),
    [
        ("现场.jpg", JPEG, "现场.jpg"),
        ("现场.JPEG", JPEG, "现场.jpeg"),
        ("现场", JPEG, "现场.jpg"),
        ("", PDF, "未命名.pdf"),
        ("总结10.24", DOCX, "总结10.24.docx"),
        ("../../etc/passwd", TEXT, "....etcpasswd.txt".lstrip(".")),
        ("C:\\a\\b.txt", TEXT, "Cab.txt"),
        ("a\u202egpj\u200b.txt", TEXT, "agpj.txt"),
        ("长" * 300 + ".pdf", PDF, "长" * 120 + ".pdf"),
        ('=HYPERLINK("x").pdf', PDF, "=HYPERLINK(x).pdf"),
    ],
)
def test_name_is_fit_to_be_shown_and_saved(name: str, form: Form, shown: str) -> None:
    assert fit_name(name, form) == shown
