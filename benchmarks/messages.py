"""Followers' messages as the platform sends them: encrypted and signed, whole HTTP requests ready for the wire."""

import hashlib
import time
from collections.abc import Iterator

from wechatpy.crypto import WeChatCrypto

from bot.demo.world import AES_KEY, APP_ID, TOKEN

ORIGINAL_ID = "gh_benchmark0000"
FIRST_ID = 23_000_000_000_000_000  # as long as the platform's


def openid(kind: str, number: int) -> str:
    """An openid, as long as the platform's. ``kind``: contact or follower."""
    return f"o-{kind:_<9}-{number:016d}"


def crypto() -> WeChatCrypto:
    """The official account's keys, in wechatpy's own hands."""
    return WeChatCrypto(TOKEN, AES_KEY, APP_ID)


def requests(address: str, path: str, text: str, kind: str, accounts: int, count: int) -> Iterator[bytes]:
    """``count`` POSTs of this text with a MsgId each; the accounts take turns."""
    seal, now = crypto(), str(int(time.time()))
    for number in range(count):
        sender = openid(kind, number % accounts)
        xml = (
            f"<xml><ToUserName><![CDATA[{ORIGINAL_ID}]]></ToUserName><FromUserName><![CDATA[{sender}]]></FromUserName>"
            f"<CreateTime>{now}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
            f"<Content><![CDATA[{text}]]></Content><MsgId>{FIRST_ID + number}</MsgId></xml>"
        )
        nonce = str(1_000_000_000 + number)
        sealed = seal.encrypt_message(xml, nonce, now)
        encrypted, signature = between(sealed, "Encrypt"), between(sealed, "MsgSignature")
        plain_signature = hashlib.sha1("".join(sorted((TOKEN, now, nonce))).encode()).hexdigest()
        query = (
            f"signature={plain_signature}&timestamp={now}&nonce={nonce}&openid={sender}"
            f"&encrypt_type=aes&msg_signature={signature}"
        )
        body = (
            f"<xml>\n    <ToUserName><![CDATA[{ORIGINAL_ID}]]></ToUserName>\n"
            f"    <Encrypt><![CDATA[{encrypted}]]></Encrypt>\n</xml>\n"
        )
        yield (
            f"POST {path}?{query} HTTP/1.1\r\nHost: {address}\r\nUser-Agent: Mozilla/4.0\r\nAccept: */*\r\n"
            f"Content-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        ).encode()


def opened(body: bytes) -> str:
    """What a reply says, once its signature is checked and it is decrypted by wechatpy; raises where it is not right."""
    sealed = body.decode()
    stamp, nonce = between(sealed, "TimeStamp"), between(sealed, "Nonce")
    xml = crypto().decrypt_message(sealed, between(sealed, "MsgSignature"), stamp, nonce)
    return between(xml if isinstance(xml, str) else xml.decode(), "Content")


def between(xml: str, name: str) -> str:
    """The words of one element."""
    inner = xml.partition(f"<{name}>")[2].partition(f"</{name}>")[0]
    return inner.removeprefix("<![CDATA[").removesuffix("]]>")
