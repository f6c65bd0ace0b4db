"""The passive reply: the answer that goes back in the callback's own response.

Made here, not by wechatpy's `TextReply`, which lets a text that holds ``]]>`` break out of its element.
"""

import re
from datetime import datetime

from bot.channels.rendering import cut, with_choices
from bot.messaging.types import Content, Incoming

TEXT_LIMIT = 2048  # bytes
_NOT_IN_XML = re.compile("[^\\t\\n\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


def reply_xml(message: Incoming, to: str, content: Content, now: datetime) -> str:
    """The reply as the platform's XML. ``to``: the account's own id, which the message was sent to; both are checked."""
    text = cut(_safe(with_choices(content)), TEXT_LIMIT, _safe(content.link))
    return (
        f"<xml><ToUserName><![CDATA[{message.account}]]></ToUserName>"
        f"<FromUserName><![CDATA[{to}]]></FromUserName><CreateTime>{int(now.timestamp())}</CreateTime>"
        f"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{text}]]></Content></xml>"
    )


def _safe(text: str) -> str:
    """Nothing that ends the section early, and no character that XML forbids."""
    return _NOT_IN_XML.sub("", text).replace("]]>", "]] >")
