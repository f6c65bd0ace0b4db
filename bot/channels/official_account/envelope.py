"""The envelope of a callback: encryption, and the guards around it. What is not right in any way is refused as one.

wechatpy seals the replies. It does not open the messages: it compares signatures with ``!=``, takes any padding, and
lets short bodies escape as bare errors. The layout is the platform's: AES-256-CBC, key = base64(EncodingAESKey + "="),
IV = its first 16 bytes, plaintext = 16 random bytes + 4-byte length + message + appid, padded to 32.
"""

import base64
import binascii
import hmac
from collections.abc import Mapping

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from wechatpy.crypto import WeChatCrypto

from bot.channels.official_account.signature import Signature
from bot.clock import Clock
from bot.errors import RejectedCallback

CIPHER_BLOCK = 16
PADDED_TO = 32
RANDOM_BYTES = 16
LENGTH_BYTES = 4
ROOT = b"<xml>"
# Of what is said inside, nothing may stand beside the sealed part: that would be the «compatible» mode.
OPEN_PARTS = (b"<FromUserName", b"<MsgType", b"<CreateTime", b"<Content")
DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")


class Envelope:
    """Opens and seals the messages of one official account."""

    def __init__(self, app_id: str, token: str, encoding_aes_key: str, clock: Clock) -> None:
        self._app_id = app_id.encode()
        self._signature = Signature(token, clock)
        key = base64.b64decode(encoding_aes_key + "=")
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:CIPHER_BLOCK]))
        self._crypto = WeChatCrypto(token, encoding_aes_key, app_id)
        self._clock = clock

    def check_address(self, query: Mapping[str, str]) -> str:
        """The platform's address check: gives the text to echo."""
        self._signature.check(query, query.get("signature", ""))
        return query.get("echostr", "")

    def open(self, query: Mapping[str, str], body: bytes) -> bytes:
        """The message's XML out of a POST; raises `RejectedCallback`. Only safe mode is taken."""
        if query.get("encrypt_type") != "aes":
            raise RejectedCallback("not encrypted")
        sealed = _sealed_part(body)
        self._signature.check(query, query.get("msg_signature", ""), sealed)
        xml = self._decrypt(sealed)
        # A document type can only stand before the root, so this refuses it, and not a person who writes about one.
        if not xml.startswith(ROOT):
            raise RejectedCallback("inner root")
        return xml

    def seal(self, xml: str, nonce: str) -> str:
        """A reply, encrypted and signed."""
        sealed: str = self._crypto.encrypt_message(xml, nonce, str(int(self._clock.now().timestamp())))
        return sealed

    def _decrypt(self, sealed: str) -> bytes:
        try:
            raw = base64.b64decode(sealed, validate=True)
        except (binascii.Error, ValueError):
            raise RejectedCallback("base64") from None
        if len(raw) < PADDED_TO or len(raw) % CIPHER_BLOCK:
            raise RejectedCallback("length")
        decryptor = self._cipher.decryptor()
        plain = decryptor.update(raw) + decryptor.finalize()
        fill = plain[-1]
        if not 1 <= fill <= PADDED_TO or plain[-fill:] != bytes([fill]) * fill:
            raise RejectedCallback("padding")
        content = plain[RANDOM_BYTES:-fill]
        end = LENGTH_BYTES + int.from_bytes(content[:LENGTH_BYTES], "big")
        if len(content) < end or not hmac.compare_digest(content[end:], self._app_id):
            raise RejectedCallback("appid")
        return content[LENGTH_BYTES:end].strip()


def _sealed_part(body: bytes) -> str:
    """What stands between ``<Encrypt>`` and its end. Searched, not parsed: nobody has signed the body so far."""
    if not body.lstrip().startswith(ROOT) or any(mark in body for mark in DECLARATIONS):
        raise RejectedCallback("outer root")
    if any(part in body for part in OPEN_PARTS):
        raise RejectedCallback("open parts beside the sealed one")
    _head, found, rest = body.partition(b"<Encrypt>")
    inner, ended, tail = rest.partition(b"</Encrypt>")
    if not found or not ended or b"<Encrypt" in tail:
        raise RejectedCallback("no sealed part, or several")
    sealed = inner.strip().removeprefix(b"<![CDATA[").removesuffix(b"]]>")
    if not sealed.isascii():
        raise RejectedCallback("base64")
    return sealed.decode("ascii")
