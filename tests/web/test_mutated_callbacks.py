"""A good callback with a few bytes changed: never a fault, and never kept unless what was signed is untouched."""

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.web.conftest import Platform, Sealed, Site

Bytes = st.binary(min_size=1, max_size=6) | st.sampled_from(
    [b"<", b">", b"&", b"]]>", b"<Encrypt>", b"</Encrypt>", b"<!DOCTYPE", b"\x00", b"=", b" ", b"\n", b"A", b"\xff"]
)


@st.composite
def changes(draw: st.DrawFn) -> list[tuple[str, float, float, bytes]]:
    """Kinds of change, where (as parts of the length) and with what."""
    kind = st.sampled_from(["replace", "insert", "remove", "repeat", "query", "drop", "case"])
    part = st.floats(0, 1, exclude_max=True)
    return draw(st.lists(st.tuples(kind, part, part, Bytes), min_size=1, max_size=3))


def _changed(sealed: Sealed, kind: str, where: float, until: float, what: bytes) -> None:
    start, end = sorted((int(where * len(sealed.body)), int(until * len(sealed.body))))
    head, middle, tail = sealed.body[:start], sealed.body[start:end], sealed.body[end:]
    names = list(sealed.query)
    name = names[int(where * len(names))] if names else ""
    if kind == "replace":
        sealed.body = head + what + (middle + tail)[len(what) :]
    elif kind == "insert":
        sealed.body = head + what + middle + tail
    elif kind == "remove":
        sealed.body = head + tail
    elif kind == "repeat":
        sealed.body = head + middle + middle + tail
    elif kind == "case":
        sealed.body = head + middle.swapcase() + tail
    elif kind == "drop":
        sealed.query.pop(name, None)
    elif name:
        at = int(until * len(sealed.query[name]))
        sealed.query[name] = sealed.query[name][:at] + what.decode("latin-1") + sealed.query[name][at + 1 :]


def _signed(sealed: Sealed) -> tuple[bytes, tuple[str | None, ...]]:
    """What the signature covers; the rest of the envelope is nobody's word."""
    part = sealed.body.partition(b"<Encrypt>")[2].partition(b"</Encrypt>")[0]
    return part, tuple(sealed.query.get(name) for name in ("msg_signature", "timestamp", "nonce"))


@settings(max_examples=150, deadline=None)
@given(changes=changes(), number=st.integers(1, 10**9), event=st.booleans())
def test_changed_callback_is_never_a_fault_and_never_kept_unless_the_signed_part_is_whole(
    long_lived: Site, changes: list[tuple[str, float, float, bytes]], number: int, event: bool
) -> None:
    platform = Platform(long_lived.clock)
    xml = platform.event("CLICK", EventKey=f"k{number}") if event else platform.text("帮助", MsgId=str(number))
    sealed = platform.sealed(xml)
    signed, before = _signed(sealed), long_lived.stored()
    for one in changes:
        _changed(sealed, *one)
    answer = asyncio.run(long_lived.post(sealed))
    if _signed(sealed) == signed:
        assert answer.status_code in (200, 403)
    else:
        assert (answer.status_code, answer.content) in ((403, b""), (413, b""))
        assert long_lived.stored() == before
