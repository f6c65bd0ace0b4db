"""How the platforms say no: a number and a phrase, in an HTTP 200 or in an acknowledgement frame."""

import secrets
from typing import Any

PHRASES = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest, could get access_token by getStableAccessToken",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40004: "invalid media type",
    40005: "invalid file type",
    40006: "invalid meida size",
    40007: "invalid media_id",
    40008: "invalid message type",
    40009: "invalid image size",
    40013: "invalid appid",
    40014: "invalid access_token",
    40016: "invalid button size",
    40017: "invalid button type",
    40018: "invalid button name size",
    40019: "invalid button key size",
    40020: "invalid button url size",
    40023: "invalid sub button size",
    40024: "invalid sub button type",
    40025: "invalid sub button name size",
    40032: "invalid openid list size",
    40037: "invalid template_id",
    40048: "invalid url domain",
    40058: "invalid Request Parameter",
    40125: "invalid appsecret",
    40130: "invalid openid list size, at least two openid",
    41001: "access_token missing",
    41002: "appid missing",
    41004: "appsecret missing",
    41005: "media data missing",
    41016: "missing title",
    42001: "access_token expired",
    43002: "require POST method",
    43004: "require subscribe",
    43101: "user refuse to accept the msg",
    44002: "empty post data",
    44003: "empty news data",
    44004: "empty content",
    45001: "media size out of limit",
    45002: "content size out of limit",
    45003: "title size out of limit",
    45004: "description size out of limit",
    45008: "article size out of limit",
    45009: "reach max api daily quota limit",
    45015: "response out of time limit or subscription is canceled",
    45028: "has no masssend quota",
    45047: "out of response count limit",
    45056: "too many tag now, no need to add new",
    45059: "can't add more tag for a user",
    45065: "clientmsgid exist",
    45067: "clientmsgid size out of limit",
    45110: "author size out of limit",
    45157: "invalid tag name",
    45158: "tag name too long",
    45159: "invalid tag id",
    45166: "invalid content",
    46003: "menu no exist",
    47001: "data format error",
    47003: "argument invalid!",
    48006: "forbid to clear quota because of reaching the limit",
    49003: "not match openid with appid",
    53600: "Article ID 无效",
    53601: "Publish ID 无效",
    93000: "invalid webhook url",
    93006: "invalid chatid",
    93019: "invalid bot_id",
    301019: "file md5 not match",
    846605: "invalid req_id",
    846608: "stream message update expired",
    846609: "aibot websocket not subscribed",
    853000: "signature is incorrect, please check if the bot secret is correct",
}


class Refusal(Exception):
    """The platform refuses a call with ``code``; ``more`` goes into the answer beside it."""

    def __init__(self, code: int, detail: str = "", **more: Any) -> None:
        self.code = code
        self.phrase = f"{PHRASES.get(code, 'refused')}{': ' if detail else ''}{detail}"
        self.more = more
        super().__init__(f"{code} {self.phrase}")

    def body(self) -> dict[str, Any]:
        """The answer's JSON, with a request id in the phrase as the real one has."""
        return {"errcode": self.code, "errmsg": f"{self.phrase} rid: {secrets.token_hex(8)}", **self.more}


def text_within(content: Any, limit: int) -> str:
    """A non-empty text of at most ``limit`` bytes, else 44004 or 45002."""
    if not isinstance(content, str) or not content.strip():
        raise Refusal(44004)
    if len(content.encode()) > limit:
        raise Refusal(45002, f"at most {limit} bytes")
    return content
