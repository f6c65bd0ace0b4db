"""The envelope of a callback: signature, time window, encryption. What is not right in any way is refused as one.

wechatpy compares signatures with ``!=`` and lets bad padding and short bodies escape as bare errors, so the checks are
made here, in constant time, and every fault becomes `RejectedCallback`. The layout is the platform's: AES-256-CBC, key
= base64(EncodingAESKey + "="), IV = its first 16 bytes, plaintext = 16 random bytes + 4-byte length + message + appid.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import struct
from collections.abc import Mapping

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.clock import Clock
from bot.errors import RejectedCallback

# How far a callback's time may be from ours: wide enough for a wrong clock, too narrow for a replay next day.
WINDOW_SECONDS = 600
BLOCK = 32
_ENCRYPT = re.compile(rb"<Encrypt>\s*(?:<!\[CDATA\[)?([A-Za-z0-9+/=\s]+?)(?:\]\]>)?\s*</Encrypt>")


class Envelope:
    """Opens and seals the messages of one official account."""

    def __init__(self, app_id: str, token: str, encoding_aes_key: str, clock: Clock) -> None:
        self._app_id = app_id.encode()
        self._token = token
        key = base64.b64decode(encoding_aes_key + "=")
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16]))
        self._clock = clock

    def check_address(self, query: Mapping[str, str]) -> str:
        """The platform's address check: gives the text to echo."""
        self._check(query, query.get("signature", ""))
        return query.get("echostr", "")

    def open(self, query: Mapping[str, str], body: bytes) -> bytes:
        """The message's XML out of a POST. Only safe mode is taken: plain and «compatible» bodies are refused."""
        if query.get("encrypt_type") != "aes":
            raise RejectedCallback("not encrypted")
        if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
            raise RejectedCallback("document type or entities")
        found = _ENCRYPT.findall(body)
        if len(found) != 1 or b"<FromUserName>" in body or b"<Content>" in body:
            raise RejectedCallback("no sealed part, or an open one beside it")
        sealed = found[0].decode("ascii")
        self._check(query, query.get("msg_signature", ""), sealed)
        xml = self._decrypt(sealed)
        if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
            raise RejectedCallback("document type or entities inside")
        return xml

    def seal(self, xml: str, nonce: str) -> str:
        """A reply, encrypted and signed."""
        raw = xml.encode()
        plain = secrets.token_bytes(16) + struct.pack(">I", len(raw)) + raw + self._app_id
        fill = BLOCK - len(plain) % BLOCK
        encryptor = self._cipher.encryptor()
        sealed = base64.b64encode(encryptor.update(plain + bytes([fill]) * fill) + encryptor.finalize()).decode()
        timestamp = str(int(self._clock.now().timestamp()))
        signature = self._sign(timestamp, nonce, sealed)
        return (
            f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt><MsgSignature><![CDATA[{signature}]]></MsgSignature>"
            f"<TimeStamp>{timestamp}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>"
        )

    def _check(self, query: Mapping[str, str], signature: str, *signed: str) -> None:
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        expected = self._sign(timestamp, nonce, *signed)
        if not hmac.compare_digest(expected.encode(), signature.encode()):
            raise RejectedCallback("signature")
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
            raise RejectedCallback("timestamp")
        if abs(self._clock.now().timestamp() - int(timestamp)) > WINDOW_SECONDS:
            raise RejectedCallback("stale")

    def _sign(self, *parts: str) -> str:
        joined = "".join(sorted((self._token, *parts)))
        return hashlib.sha1(joined.encode(errors="surrogatepass")).hexdigest()  # noqa: S324 - the platform's choice

    def _decrypt(self, sealed: str) -> bytes:
        try:
            raw = base64.b64decode(sealed, validate=True)
        except (binascii.Error, ValueError):
            raise RejectedCallback("base64") from None
        if len(raw) < BLOCK or len(raw) % 16:
            raise RejectedCallback("length")
        decryptor = self._cipher.decryptor()
        plain = decryptor.update(raw) + decryptor.finalize()
        fill = plain[-1]
        if not 1 <= fill <= BLOCK or plain[-fill:] != bytes([fill]) * fill:
            raise RejectedCallback("padding")
        content = plain[16:-fill]
        if len(content) < 4:
            raise RejectedCallback("short")
        (length,) = struct.unpack(">I", content[:4])
        xml, app_id = content[4 : 4 + length], content[4 + length :]
        if len(xml) != length or not hmac.compare_digest(app_id, self._app_id):
            raise RejectedCallback("appid")
        return xml
