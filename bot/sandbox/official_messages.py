"""Messages to one follower: customer service, template messages, subscription notices."""

import asyncio
from typing import Any

from bot.sandbox import template_texts
from bot.sandbox.customer_service import Openings
from bot.sandbox.official_call import OK, Answer, Call, Endpoint
from bot.sandbox.official_callbacks import Callbacks
from bot.sandbox.official_content import AFTERWARDS, ContentCalls
from bot.sandbox.refusals import Refusal, text_within
from bot.sandbox.state import Platform
from bot.sandbox.world import Template

TEXT_LIMIT = 2048  # bytes
SAME_TEMPLATE_MESSAGE = 600  # seconds in which a client_msg_id counts once


class MessageCalls:
    """Sends to one follower at a time."""

    def __init__(self, platform: Platform, callbacks: Callbacks, openings: Openings, content: ContentCalls) -> None:
        self._platform = platform
        self._callbacks = callbacks
        self._openings = openings
        self._content = content
        self._template_sent: dict[tuple[str, str], tuple[float, int]] = {}

    def endpoints(self) -> dict[str, Endpoint]:
        """The calls of this file."""
        return {
            "message/custom/send": Endpoint("POST", self._custom, 500_000),
            "message/custom/typing": Endpoint("POST", self._typing, 500_000),
            "message/template/send": Endpoint("POST", self._template, 100_000),
            "template/get_all_private_template": Endpoint("GET", self._templates, 100_000),
            "message/subscribe/bizsend": Endpoint("POST", self._notice, 100_000),
            "wxaapi/newtmpl/gettemplate": Endpoint("GET", self._subscription_templates, 100_000),
        }

    def _custom(self, call: Call) -> Answer:
        openid = self._receiver(call)
        shown = self._shown(call)  # refuses a bad message before it costs anything
        self._openings.spend(openid)
        self._add(openid, via="custom", **shown)
        return OK

    def _typing(self, call: Call) -> Answer:
        self._receiver(call)
        return OK

    def _shown(self, call: Call) -> dict[str, Any]:
        """How a customer-service message looks; refuses one that the platform would refuse."""
        kind = call.text("msgtype")
        part = call.part(kind) if kind in KINDS else {}
        if kind == "text":
            return {"kind": "text", "text": text_within(part.get("content"), TEXT_LIMIT)}
        if kind in ("image", "voice", "video"):
            file = self._platform.media.get(part.get("media_id"), kind)
            media = {"media_id": file.media_id, "filename": file.name, "url": f"/_media/{file.media_id}"}
            return {"kind": "image" if kind == "image" else "file", "text": str(part.get("title", "")), "media": media}
        if kind == "news":
            return {"kind": "news", "text": "", "articles": _one_article(part)}
        if kind == "mpnews":
            rows = self._content.draft(part.get("media_id"))
            articles = [{"title": row["title"], "description": "", "url": "", "picurl": ""} for row in rows]
            return {"kind": "news", "text": "", "articles": articles}
        if kind == "mpnewsarticle":
            published = self._content.published(part.get("article_id"))
            if not published:
                raise Refusal(53600)
            return {"kind": "news", "text": "", "articles": published}
        if kind == "msgmenu":
            return _menu(part)
        raise Refusal(40008, kind)

    def _template(self, call: Call) -> Answer:
        openid = self._receiver(call)
        template = self._find_template(call, "template")
        content = template_texts.without_ends(template.content)
        data = template_texts.cut(call.part("data"))
        text = template_texts.filled(content, data)
        now = self._platform.clock.now().timestamp()
        same = (openid, str(call.body.get("client_msg_id") or ""))
        if same[1] and (before := self._template_sent.get(same)) and 0 <= now - before[0] < SAME_TEMPLATE_MESSAGE:
            return {**OK, "msgid": before[1]}
        number = self._platform.number()
        self._template_sent[same] = (now, number)
        self._add(openid, kind="card", text=text, via="template", card=_card(template, content, data, call.body))
        self._platform.spawn(self._report(openid, "TEMPLATESENDJOBFINISH", {"MsgID": number, "Status": "success"}))
        return {**OK, "msgid": number}

    def _notice(self, call: Call) -> Answer:
        openid = self._receiver(call)
        template = self._find_template(call, "subscription")
        content, data = template.content, call.part("data")
        text = template_texts.filled(content, data)
        template_texts.check_kinds(content, data)
        consent = (openid, template.template_id)
        if self._platform.consents[consent] <= 0:
            raise Refusal(43101)
        self._platform.consents[consent] -= 1
        self._add(openid, kind="card", text=text, via="template", card=_card(template, content, data, call.body))
        item = {
            "TemplateId": template.template_id,
            "MsgID": str(self._platform.number()),
            "ErrorCode": 0,
            "ErrorStatus": "success",
        }
        sent = {"SubscribeMsgSentEvent": {"List": item}}
        self._platform.spawn(self._report(openid, "subscribe_msg_sent_event", sent))
        return OK

    def _templates(self, call: Call) -> Answer:
        del call
        return {
            "template_list": [
                {
                    "template_id": row.template_id,
                    "title": row.title,
                    "primary_industry": "",
                    "deputy_industry": "",
                    "content": row.content,
                    "example": "",
                }
                for row in self._of_kind("template")
            ]
        }

    def _subscription_templates(self, call: Call) -> Answer:
        del call
        rows = self._of_kind("subscription")
        return {
            **OK,
            "data": [
                {"priTmplId": row.template_id, "title": row.title, "content": row.content, "example": "", "type": 2}
                for row in rows
            ],
        }

    def _of_kind(self, kind: str) -> list[Template]:
        return [row for row in self._platform.world.official_account.templates.values() if row.kind == kind]

    async def _report(self, openid: str, event: str, fields: dict[str, Any]) -> None:
        await asyncio.sleep(AFTERWARDS)
        await self._callbacks.report(openid, event, **fields)

    def _receiver(self, call: Call) -> str:
        openid = call.text("touser")
        follower = self._platform.world.official_account.followers.get(openid)
        if follower is None:
            raise Refusal(40003)
        if not follower.following:
            raise Refusal(43004)
        return openid

    def _find_template(self, call: Call, kind: str) -> Template:
        template = self._platform.world.official_account.templates.get(str(call.body.get("template_id")))
        if template is None or template.kind != kind:
            raise Refusal(40037)
        return template

    def _add(self, openid: str, *, kind: str, text: str, via: str, **more: Any) -> None:
        name = self._platform.world.official_account.name
        self._platform.messages.add(f"official:{openid}", "bot", name, kind, text, via, **more)


KINDS = {"text", "image", "voice", "video", "news", "mpnews", "mpnewsarticle", "msgmenu"}


def _one_article(part: dict[str, Any]) -> list[dict[str, Any]]:
    rows = part.get("articles")
    if not isinstance(rows, list) or not rows:
        raise Refusal(44003)
    if len(rows) > 1:  # since 2018 only one
        raise Refusal(45008)
    row = rows[0]
    return [{name: str(row.get(name) or "") for name in ("title", "description", "url", "picurl")}]


def _menu(part: dict[str, Any]) -> dict[str, Any]:
    rows = part.get("list")
    if not isinstance(rows, list) or not rows:
        raise Refusal(47001, "list missing")
    head, tail = str(part.get("head_content") or ""), str(part.get("tail_content") or "")
    buttons = [{"text": str(row["content"]), "key": str(row["id"]), "style": 1} for row in rows]
    text = "\n".join(line for line in (head, *(str(button["text"]) for button in buttons), tail) if line)
    card = {
        "card_type": "msgmenu",
        "task_id": None,
        "title": head,
        "desc": tail,
        "lines": [],
        "buttons": buttons,
        "updated": False,
    }
    return {"kind": "card", "text": text_within(text, TEXT_LIMIT), "card": card}


def _card(template: Template, content: str, data: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    return {
        "card_type": "template",
        "task_id": None,
        "title": template.title,
        "desc": "",
        "lines": template_texts.lines(content, data),
        "buttons": [],
        "updated": False,
        "template_id": template.template_id,
        "url": body.get("url") or body.get("page") or "",
    }
