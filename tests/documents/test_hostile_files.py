"""Whatever the bytes are, a file is either taken or refused: looking at it never raises."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.documents.inspecting import inspect
from bot.documents.signatures import Refusal
from tests.documents.test_signatures import office, packed, workbook
from tests.photos import encoded, photo, scene

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # of bytes that are spoiled on purpose

SMALL = scene(1, 60, 40)
SOUND = [
    photo(width=60, height=40, at=(23.0, 113.0)),
    encoded(SMALL, "PNG"),
    encoded(SMALL, "GIF"),
    encoded(SMALL, "WEBP"),
    encoded(SMALL, "WEBP", lossless=True),
    office("word/document.xml"),
    packed(a=b"1"),
    workbook(),
    b"%PDF-1.7\n",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100),
]


@st.composite
def spoiled(draw: st.DrawFn) -> bytes:
    """A sound file with some bytes changed, left out or put in."""
    content = bytearray(draw(st.sampled_from(SOUND)))
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, len(content)))
        content[at : at + draw(st.integers(0, 40))] = draw(st.binary(max_size=40))
    return bytes(content)


@settings(max_examples=60, deadline=None)
@given(content=spoiled() | st.binary(max_size=300), name=st.text(max_size=30))
@example(content=b"", name="")
def test_every_file_is_taken_or_refused(content: bytes, name: str) -> None:
    found = inspect(content, name)
    assert (found.form is None) == isinstance(found.refusal, Refusal)
    assert not set(found.name) & set('/\\:*?"<>|\u202e\x00\n')
    if found.picture is not None:
        assert inspect(found.picture.shown).refusal is None
