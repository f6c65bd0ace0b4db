"""Callbacks that are not from the platform, or not whole: refused, one line in the log, nothing stored."""

import base64
from collections.abc import Callable

import pytest

from tests.logs import Logged
from tests.web.conftest import APP_ID, KEY, OPENID, OWN_ID, SAID, TOKEN, Platform, Sealed, Site

Make = Callable[[Platform], Sealed]
DTD = '<!DOCTYPE xml [<!ENTITY lol "lol">]>'


def _with(sealed: Sealed, **query: str | None) -> Sealed:
    """Another query; None leaves a part of it out."""
    sealed.query = {name: value for name, value in (sealed.query | query).items() if value is not None}
    return sealed


def _plain(platform: Platform, encrypt_type: str | None) -> Sealed:
    return _with(Sealed(platform.text().encode(), platform.now), encrypt_type=encrypt_type)


def _compatible(platform: Platform) -> Sealed:
    """The platform's «compatible» mode: the message in the open beside the sealed one."""
    inside = platform.text().removeprefix("<xml>").removesuffix("</xml>")
    return _changed(platform, b"<Encrypt>", inside.encode() + b"<Encrypt>")


def _changed(platform: Platform, old: bytes, new: bytes) -> Sealed:
    """A good callback with another envelope around the sealed part."""
    sealed = platform.sealed(platform.text())
    assert old in sealed.body
    sealed.body = sealed.body.replace(old, new)
    return sealed


def _framed(xml: bytes, *, length: int | None = None, fill: bytes | None = None) -> bytes:
    """The plaintext of a message, as the platform lays it out or a little off."""
    head = b"r" * 16 + (len(xml) if length is None else length).to_bytes(4, "big") + xml + APP_ID.encode()
    room = 32 - len(head) % 32
    return head + (bytes([room]) * room if fill is None else (fill * 32)[:room])


FORGED: dict[str, Make] = {
    "signature of nobody": lambda it: _with(it.sealed(it.text()), msg_signature="0" * 40),
    "signature without the sealed part": lambda it: _with(
        it.sealed(it.text()), msg_signature=it.sealed(it.text()).query["signature"]
    ),
    "no signature": lambda it: _with(it.sealed(it.text()), msg_signature=None),
    "signature in Chinese": lambda it: _with(it.sealed(it.text()), msg_signature="签名"),
    "another token": lambda it: it.sealed(it.text(), token="guessed"),
    "another key": lambda it: it.sealed(it.text(), key=KEY[::-1]),
    "another appid": lambda it: it.sealed(it.text(), app_id="wxfedcba9876543210"),
    "appid cut short": lambda it: it.sealed(it.text(), app_id=APP_ID[:-1]),
    "eleven minutes old": lambda it: it.sealed(it.text(), timestamp=it.now - 660),
    "eleven minutes ahead": lambda it: it.sealed(it.text(), timestamp=it.now + 660),
    "no timestamp": lambda it: _with(it.sealed(it.text()), timestamp=None),
    "no nonce": lambda it: _with(it.sealed(it.text()), nonce=None),
    "no query at all": lambda it: _with(it.sealed(it.text()), **dict.fromkeys(it.sealed(it.text()).query)),
}
OPEN: dict[str, Make] = {
    "plain body": lambda it: _plain(it, None),
    "plain body that says raw": lambda it: _plain(it, "raw"),
    "plain body that says it is sealed": lambda it: _plain(it, "aes"),
    "compatible mode": _compatible,
    "sealed body that says it is not": lambda it: _with(it.sealed(it.text()), encrypt_type=None),
}
ENVELOPE: dict[str, Make] = {
    "document type outside": lambda it: _changed(it, b"<xml>", DTD.encode() + b"<xml>"),
    "document type inside the root": lambda it: _changed(it, b"<xml>", b"<xml>" + DTD.encode()),
    "declaration before the root": lambda it: _changed(it, b"<xml>", b'<?xml version="1.0"?><xml>'),
    "no end": lambda it: _changed(it, b"]]></Encrypt></xml>", b""),
    "another root": lambda it: _changed(it, b"<xml>", b"<html>"),
    "two sealed parts": lambda it: _changed(it, b"</xml>", b"<Encrypt><![CDATA[x]]></Encrypt></xml>"),
    "nothing": lambda it: Sealed(b"", it.now),
    "JSON": lambda it: Sealed(b'{"Encrypt": "x"}', it.now),
    "bytes that are no text": lambda it: it.enveloped("\xff\xfe"),
    "base64 cut": lambda it: it.enveloped(base64.b64encode(b"x" * 64).decode()[:-3]),
    "not base64": lambda it: it.enveloped("****"),
    "empty part": lambda it: it.enveloped(""),
    "half a block": lambda it: it.enveloped("AAAAAAAAAAA="),
    "one block": lambda it: it.raw(b"x" * 16),
}
PLAINTEXT: dict[str, Make] = {
    "padding of zeros": lambda it: it.raw(_framed(it.text().encode(), fill=b"\0")),
    "padding over the block": lambda it: it.raw(_framed(it.text().encode(), fill=b"\x21")),
    "padding that disagrees": lambda it: it.raw(_framed(it.text().encode(), fill=b"\x01\x02")),
    "length beyond the end": lambda it: it.raw(_framed(it.text().encode(), length=2**32 - 1)),
    "length too short": lambda it: it.raw(_framed(it.text().encode(), length=10)),
    "nothing but padding": lambda it: it.raw(b"\x20" * 32),
    "document type": lambda it: it.sealed(DTD + it.text()),
    "document type after a space": lambda it: it.sealed(f" \n{DTD}{it.text()}"),
    "entity that nobody declared": lambda it: it.sealed(it.xml(MsgType="text", Content="&lol;", MsgId="1")),
    "broken XML": lambda it: it.sealed(it.text().replace("</MsgId>", "")),
    "only a root": lambda it: it.sealed("<xml></xml>"),
    "no sender": lambda it: it.sealed(it.text(FromUserName="")),
    "sender that is no openid": lambda it: it.sealed(it.text(FromUserName="<![CDATA[o]]]]><![CDATA[>x]]>")),
    "sender with children": lambda it: it.sealed(it.text(FromUserName="<a>1</a>")),
    "two senders": lambda it: it.sealed(it.text(FromUserName=f"{OPENID}</FromUserName><FromUserName>{OPENID}")),
    "no number": lambda it: it.sealed(it.text(MsgId="")),
    "number that is none": lambda it: it.sealed(it.text(MsgId="abc")),
    "number of 300 digits": lambda it: it.sealed(it.text(MsgId="9" * 300)),
    "number of 9000 digits": lambda it: it.sealed(it.text(MsgId="9" * 9000)),
    "no hour": lambda it: it.sealed(it.text(CreateTime="noon")),
    "an hour beyond all time": lambda it: it.sealed(it.text(CreateTime="9" * 30)),
    "no type": lambda it: it.sealed(it.xml(MsgId="1", Content="x")),
    "event without a name": lambda it: it.sealed(it.xml(MsgType="event")),
    "event whose name has children": lambda it: it.sealed(it.event("<a>1</a>")),
    "key with children": lambda it: it.sealed(it.event("CLICK", EventKey="<a>1</a>")),
    "words with children": lambda it: it.sealed(it.xml(MsgType="text", MsgId="1", Content="<a>1</a>")),
    "Latin-1": lambda it: it.raw(_framed(it.text("café").encode("latin-1"))),
}


@pytest.mark.parametrize("kind", [*FORGED, *OPEN, *ENVELOPE, *PLAINTEXT])
async def test_callback_that_is_not_right_is_refused_without_a_word(
    site: Site, platform: Platform, logged: Logged, kind: str
) -> None:
    sealed = {**FORGED, **OPEN, **ENVELOPE, **PLAINTEXT}[kind](platform)
    answer = await site.post(sealed)
    assert (answer.status_code, answer.content) == (403, b"")
    [line] = logged.lines
    assert (line["event"], line["level"]) == ("callback_refused", "warning")
    marks = [value for value in sealed.query.values() if len(value) > 4]
    for secret in (OPENID, OWN_ID, TOKEN, KEY, SAID, "13800138000", "138****8000", *marks):
        assert secret not in logged.text
    assert site.stored() == {}


def test_the_good_neighbour_of_every_bad_callback_is_taken(platform: Platform) -> None:
    """The frame that the bad ones are made of is right: wechatpy opens it."""
    sealed = platform.raw(_framed(platform.text().encode()))
    marks = (sealed.query["msg_signature"], sealed.query["timestamp"], sealed.query["nonce"])
    assert platform.crypto.decrypt_message(sealed.body, *marks) == platform.text()
