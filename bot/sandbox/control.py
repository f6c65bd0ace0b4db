"""The control API under ``/_sandbox``: the pages and the tests play people and turn knobs here. JSON in and out.

People in WeCom (``delivered`` says whether the robot was on line and was told)::

    POST /_sandbox/groups/{chat_id}/say   {"userid", "text", "mention": true, "quote": message id | null,
                                           "media"?: {"type": "image|file|video", "filename", "base64"} or a list of
                                           pictures (beside words only pictures), "voice"?: str, "robot"?: bot_id}
                                          → {"message", "delivered"}; "@name" in the text counts as a mention
    POST /_sandbox/direct/{userid}/say    {"text", "quote", "media"?, "voice"?, "robot"?} → {"message", "delivered"}
                                          (the first act of a day in the direct chat also sends enter_chat)
    POST /_sandbox/direct/{userid}/open   → {"delivered"}: enter_chat, the first time in a day
    POST /_sandbox/click                  {"userid", "message_id", "key", "selected"?: {question_key: [option id]}}
                                          → {"message", "delivered"}

Followers of the official account; each answers after the callback is over, or at once with ``"wait": false``::

    POST /_sandbox/official/{openid}/say        {"text", "menu_id"?, "voice"?: str,
                                                 "media"?: {"type": "image|video", "filename", "base64"},
                                                 "location"?: {"latitude", "longitude", "label"}}
    POST /_sandbox/official/{openid}/follow     {"scene": null | str, "name"?}; following again with a scene is a SCAN
    POST /_sandbox/official/{openid}/unfollow   · /menu {"key"} (a view item's URL is its key)
    POST /_sandbox/official/{openid}/subscribe  {"template_id", "accept": true}: the subscription window
                                                → {"message", "tries", "reply": message | null}
    POST /_sandbox/official/address-check       → {"ok"}

What can be seen::

    GET /_sandbox/messages?since=REV&chat=CHAT&wait=SECONDS → {"messages", "last"}; waits until there is something
    GET /_sandbox/events?since=REV                          the same messages as server-sent events
    GET /_sandbox/world · /_sandbox/state · /_sandbox/clock · /_sandbox/faults

A message is {"id", "rev", "chat": "group:ID"|"direct:USERID"|"official:OPENID", "from", "name", "type", "text",
"card", "articles", "mentions", "at", "quote", "via", "media", "streaming"}. Every change gives it a new ``rev`` from
one counter; ``since`` compares revs and ``last`` is the newest.

Knobs::

    POST   /_sandbox/clock      {"now": iso} or {"advance_seconds": n} → {"now"}
    POST   /_sandbox/faults     {"target", "outcome", "times": 1, "after": 0}
    DELETE /_sandbox/faults     forget the scripts
    POST   /_sandbox/users      {"userid", "name", "groups": [chat_id]}
    POST   /_sandbox/followers  {"openid", "name"}: a WeChat user who does not follow yet
    POST   /_sandbox/windows    {"openids"?}: as if these followers, or all, had just written: they may be written to

Fault targets are paths without ``/cgi-bin/`` (``message/custom/send``, ``webhook/send``, ``stable_token``), robot
commands (``aibot_send_msg``, …), ``media`` (downloads of what people sent), ``callbacks`` (to the bot),
``aibot_msg_callback``, ``aibot_event_callback`` and ``gateway``. Outcomes: busy, expired_token, rate_limit,
timeout_after_accept, drop, html, error:CODE, delay:SECONDS; repeat (callbacks only); disconnect (robot commands; on
``gateway`` without ``after`` it cuts all robots at once); flat (target ``template_card_event``: the event in the form of
the SDK's types instead of the document's).

Who or what does not exist is answered with 404 {"error"}, a malformed request with 400 {"error"}.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute

from bot.sandbox.control_routes import Handler, control_routes, json_body
from bot.sandbox.customer_service import Openings
from bot.sandbox.gateway import Gateway
from bot.sandbox.knobs import Knobs
from bot.sandbox.messages import Message
from bot.sandbox.official_callbacks import Callbacks
from bot.sandbox.official_chats import Deliver, OfficialChats
from bot.sandbox.state import Platform
from bot.sandbox.work_chats import Unknown, WorkChats

LONGEST_WAIT = 60.0
HEARTBEAT = 15.0


class Control:
    """The routes described above."""

    def __init__(
        self,
        platform: Platform,
        callbacks: Callbacks,
        gateway: Gateway,
        openings: Openings,
        followers: OfficialChats,
        workers: WorkChats,
    ) -> None:
        self._platform = platform
        self._callbacks = callbacks
        self._gateway = gateway
        self._openings = openings
        self._official = followers
        self._work = workers

    def routes(self) -> list[BaseRoute]:
        """Everything under ``/_sandbox``."""
        table: list[tuple[str, str, Handler]] = [
            ("POST", "/groups/{chat_id}/say", self._say_in_group),
            ("POST", "/direct/{userid}/say", self._say_direct),
            ("POST", "/direct/{userid}/open", self._open_direct),
            ("POST", "/click", self._click),
            ("POST", "/official/address-check", self._check_address),
            ("POST", "/official/{openid}/{act}", self._follower_acts),
            ("GET", "/messages", self._messages),
            ("GET", "/events", self._events),
        ]
        return [*control_routes(table), *Knobs(self._platform, self._gateway, self._openings).routes()]

    async def _say_in_group(self, request: Request) -> Response:
        row = await json_body(request)
        return _told(*await self._work.say_in_group(request.path_params["chat_id"], row, str(request.base_url)))

    async def _say_direct(self, request: Request) -> Response:
        row = await json_body(request)
        return _told(*await self._work.say_direct(request.path_params["userid"], row, str(request.base_url)))

    async def _open_direct(self, request: Request) -> Response:
        return JSONResponse({"delivered": await self._work.open_direct(request.path_params["userid"])})

    async def _click(self, request: Request) -> Response:
        return _told(*await self._work.click(await json_body(request)))

    async def _follower_acts(self, request: Request) -> Response:
        row = await json_body(request)
        openid, act = request.path_params["openid"], request.path_params["act"]
        if act == "say":
            message, deliver = self._official.say(openid, row, str(request.base_url))
        elif act == "follow":
            message, deliver = self._official.follow(openid, row.get("scene"), row.get("name"))
        elif act == "unfollow":
            message, deliver = self._official.unfollow(openid)
        elif act == "menu":
            message, deliver = self._official.press_menu(openid, str(row.get("key")), self._platform.menu)
        elif act == "subscribe":
            accept = bool(row.get("accept", True))
            message, deliver = self._official.answer_subscription(openid, str(row.get("template_id")), accept)
        elif act == "unsubscribe":
            message, deliver = self._official.end_subscription(openid, str(row.get("template_id")))
        else:
            raise Unknown(f"no act {act}")
        return await self._deliver(message, deliver, bool(row.get("wait", True)))

    async def _deliver(self, message: Message, deliver: Deliver, wait: bool) -> Response:
        if not wait:
            self._platform.spawn(_run(deliver))
            return JSONResponse({"message": message.shown(), "tries": 0, "reply": None})
        # Shielded: a page that stops waiting must not take the callback back.
        outcome = await asyncio.shield(self._platform.spawn(_run(deliver)))
        reply = outcome.reply.shown() if outcome.reply else None
        return JSONResponse({"message": message.shown(), "tries": outcome.tries, "reply": reply})

    async def _check_address(self, request: Request) -> Response:
        del request
        return JSONResponse({"ok": await self._callbacks.check_address()})

    async def _messages(self, request: Request) -> Response:
        query = request.query_params
        since, chat = int(query.get("since", 0)), query.get("chat")
        wait = min(float(query.get("wait", 0)), LONGEST_WAIT)
        found = self._platform.messages.since(since, chat)
        if not found and wait > 0:
            found = await self._platform.messages.wait_since(since, chat, wait)
        shown = [message.shown() for message in found]
        return JSONResponse({"messages": shown, "last": self._platform.messages.last})

    async def _events(self, request: Request) -> Response:
        since = int(request.headers.get("last-event-id") or request.query_params.get("since") or 0)
        return StreamingResponse(self._event_lines(since), media_type="text/event-stream")

    async def _event_lines(self, since: int) -> AsyncIterator[str]:
        yield ": hello\n\n"
        while True:
            for message in await self._platform.messages.wait_since(since, None, HEARTBEAT):
                since = message.rev
                yield f"id: {message.rev}\ndata: {json.dumps(message.shown(), ensure_ascii=False)}\n\n"
            yield ": still here\n\n"


async def _run(deliver: Deliver) -> Any:
    return await deliver()


def _told(message: Message, delivered: bool) -> Response:
    return JSONResponse({"message": message.shown(), "delivered": delivered})
