"""The part of the control API that shows the platform's insides and turns its knobs (see control.py)."""

from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from bot.clock import CHINA, FileClock
from bot.sandbox.control_routes import control_routes, json_body
from bot.sandbox.customer_service import Openings
from bot.sandbox.gateway import Gateway
from bot.sandbox.state import Platform
from bot.sandbox.world import Follower, User


class Knobs:
    """World, state, clock, faults, newcomers."""

    def __init__(self, platform: Platform, gateway: Gateway, openings: Openings) -> None:
        self._platform = platform
        self._gateway = gateway
        self._openings = openings

    def routes(self) -> list[BaseRoute]:
        """The routes of this file."""
        return control_routes(
            [
                ("GET", "/world", self._world),
                ("GET", "/state", self._state),
                ("GET", "/clock", self._show_clock),
                ("POST", "/clock", self._set_clock),
                ("GET", "/faults", self._show_faults),
                ("POST", "/faults", self._add_fault),
                ("DELETE", "/faults", self._clear_faults),
                ("POST", "/users", self._add_user),
                ("POST", "/followers", self._add_follower),
                ("POST", "/windows", self._open_windows),
                ("POST", "/quota", self._limit_calls),
            ]
        )

    async def _world(self, request: Request) -> Response:
        del request
        world = self._platform.world
        account = world.official_account
        hooks = world.webhooks.values()
        return JSONResponse(
            {
                "users": [
                    {"userid": user.userid, "name": user.name, "role": user.role, "unit": user.unit}
                    for user in world.users.values()
                ],
                "tour": world.tour,
                "groups": [
                    {
                        "chat_id": group.chat_id,
                        "name": group.name,
                        "members": group.members,
                        "robots": group.robots,
                        "webhooks": [hook.name for hook in hooks if hook.chat_id == group.chat_id],
                    }
                    for group in world.groups.values()
                ],
                "robots": [
                    {"bot_id": robot.bot_id, "name": robot.name, "connected": self._gateway.connected(robot.bot_id)}
                    for robot in world.robots.values()
                ],
                "official_account": {
                    "name": account.name,
                    "kind": account.kind,
                    "menu": self._platform.menu,
                    "templates": [
                        {"template_id": item.template_id, "title": item.title, "kind": item.kind}
                        for item in account.templates.values()
                    ],
                },
                "followers": [
                    {"openid": item.openid, "name": item.name, "following": item.following}
                    for item in account.followers.values()
                ],
            }
        )

    async def _state(self, request: Request) -> Response:
        del request
        platform = self._platform
        return JSONResponse(
            {
                "now": platform.clock.now().isoformat(),
                "calls": platform.calls.shown(),
                "tokens": platform.tokens.masked(),
                "quotas": platform.quotas(),
                "messages": platform.messages.last,
            }
        )

    async def _show_clock(self, request: Request) -> Response:
        del request
        return JSONResponse({"now": self._platform.clock.now().isoformat()})

    async def _set_clock(self, request: Request) -> Response:
        clock = self._platform.clock
        if not isinstance(clock, FileClock):
            return JSONResponse({"error": "the sandbox runs on the machine's clock: give it --clock-file"}, 409)
        row = await json_body(request)
        if "now" in row:
            moment = datetime.fromisoformat(row["now"])
            clock.set(moment if moment.tzinfo else moment.replace(tzinfo=CHINA))
        else:
            clock.set(clock.now() + timedelta(seconds=float(row["advance_seconds"])))
        return JSONResponse({"now": clock.now().isoformat()})

    async def _show_faults(self, request: Request) -> Response:
        del request
        return JSONResponse({"faults": [vars(fault) for fault in self._platform.faults.pending]})

    async def _add_fault(self, request: Request) -> Response:
        row = await json_body(request)
        if row.get("target") == "gateway" and row.get("outcome") == "disconnect" and not row.get("after"):
            await self._gateway.disconnect_all()
        else:
            self._platform.faults.script(row)
        return await self._show_faults(request)

    async def _clear_faults(self, request: Request) -> Response:
        self._platform.faults.pending.clear()
        return await self._show_faults(request)

    async def _add_user(self, request: Request) -> Response:
        row = await json_body(request)
        world = self._platform.world
        groups = [world.groups[chat_id] for chat_id in row.get("groups", [])]
        user = world.users[row["userid"]] = User(row["userid"], row["name"], row.get("mobile", ""))
        for group in groups:
            if user.userid not in group.members:
                group.members.append(user.userid)
        return JSONResponse({"userid": user.userid, "name": user.name})

    async def _add_follower(self, request: Request) -> Response:
        row = await json_body(request)
        followers = self._platform.world.official_account.followers
        follower = followers.setdefault(row["openid"], Follower(row["openid"], row["name"], following=False))
        return JSONResponse({"openid": follower.openid, "name": follower.name, "following": follower.following})

    async def _limit_calls(self, request: Request) -> Response:
        """Grant a call (``path``) only ``daily_limit`` times a day."""
        row = await json_body(request)
        self._platform.daily_limits[str(row["path"])] = int(row["daily_limit"])
        return JSONResponse({"daily_limits": self._platform.daily_limits})

    async def _open_windows(self, request: Request) -> Response:
        """As if these followers (``openids``; without it all) had just written, with no callback: before a large run."""
        known = self._platform.world.official_account.followers
        named = (await json_body(request)).get("openids", list(known))
        found = [known[openid] for openid in named if openid in known and known[openid].following]
        for follower in found:
            self._openings.open(follower.openid, "message")
        return JSONResponse({"opened": len(found)})
