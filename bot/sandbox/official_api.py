"""The official-account API under ``/cgi-bin`` and ``/wxaapi``: the checks that every call goes through."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.sandbox.bodies import parse_json
from bot.sandbox.customer_service import Openings
from bot.sandbox.media import parts_of
from bot.sandbox.official_account import AccountCalls
from bot.sandbox.official_call import OK, Answer, Call, Endpoint
from bot.sandbox.official_callbacks import Callbacks
from bot.sandbox.official_content import ContentCalls
from bot.sandbox.official_mass import MassCalls
from bot.sandbox.official_media import MediaCalls
from bot.sandbox.official_messages import MessageCalls
from bot.sandbox.official_people import PeopleCalls
from bot.sandbox.quotas import DayCounter
from bot.sandbox.refusals import Refusal
from bot.sandbox.state import Platform

CLEARINGS_A_MONTH = 10


class OfficialApi:
    """Finds the endpoint, checks method, address, token, quota and body, and answers with HTTP 200 whatever happens."""

    def __init__(self, platform: Platform, callbacks: Callbacks, openings: Openings) -> None:
        self._platform = platform
        self._used = DayCounter()
        self._clearings: dict[str, int] = {}
        content = ContentCalls(platform, callbacks)
        self._endpoints: dict[str, Endpoint] = {
            **AccountCalls(platform).endpoints(),
            **PeopleCalls(platform).endpoints(),
            **MessageCalls(platform, callbacks, openings, content).endpoints(),
            **MassCalls(platform, callbacks, content).endpoints(),
            **MediaCalls(platform).endpoints(),
            **content.endpoints(),
            "clear_quota": Endpoint("POST", self._clear_quota),
            "openapi/quota/get": Endpoint("POST", self._show_quota),
        }
        platform.gauges["calls_today"] = lambda: self._used.all(platform.clock.now())

    async def handle(self, request: Request) -> Response:
        """Serve one call."""
        name = request.url.path.removeprefix("/cgi-bin/").lstrip("/")
        try:
            answer = self._answer(request, name, await request.body())
        except Refusal as refusal:
            self._platform.calls.count(name, refusal.code)
            return JSONResponse(refusal.body())
        self._platform.calls.count(name, 0)
        return JSONResponse(answer) if isinstance(answer, dict) else answer

    def _answer(self, request: Request, name: str, raw: bytes) -> Answer:
        endpoint = self._endpoints.get(name)
        if endpoint is None:
            raise Refusal(40066, "invalid url")
        if endpoint.method != "GET" and request.method != "POST":
            raise Refusal(43002)
        token = request.query_params.get("access_token")
        scripted: Refusal | None = request.scope.get("sandbox.refusal")
        if scripted:
            if scripted.code == 42001:
                self._platform.tokens.kill(token)
            raise scripted
        self._check_address(request)
        if endpoint.needs_token:
            self._platform.tokens.check(token)
        self._check_quota(name, endpoint)
        return endpoint.run(_call(request, endpoint, raw))

    def _check_address(self, request: Request) -> None:
        allowed = self._platform.world.official_account.ip_whitelist
        address = request.client.host if request.client else ""
        if allowed is not None and address not in allowed:
            raise Refusal(40164, f"invalid ip {address} ipv6 ::ffff:{address}, not in whitelist")

    def _check_quota(self, name: str, endpoint: Endpoint) -> None:
        now = self._platform.clock.now()
        if name != "clear_quota" and self._used.used(name, now) >= self._limit(name, endpoint):
            raise Refusal(45009)
        self._used.add(name, now)

    def _clear_quota(self, call: Call) -> Answer:
        if call.text("appid") != self._platform.world.official_account.app_id:
            raise Refusal(40013)
        month = f"{self._platform.clock.now():%Y-%m}"
        if self._clearings.get(month, 0) >= CLEARINGS_A_MONTH:
            raise Refusal(48006)
        self._clearings[month] = self._clearings.get(month, 0) + 1
        self._used.clear()
        return OK

    def _show_quota(self, call: Call) -> Answer:
        name = call.text("cgi_path").removeprefix("/cgi-bin/")
        endpoint = self._endpoints.get(name)
        if endpoint is None:
            raise Refusal(76021, "cgi_path not found")
        used, limit = self._used.used(name, self._platform.clock.now()), self._limit(name, endpoint)
        return {**OK, "quota": {"daily_limit": limit, "used": used, "remain": max(0, limit - used)}}

    def _limit(self, name: str, endpoint: Endpoint) -> int:
        return self._platform.daily_limits.get(name, endpoint.daily_limit)


def _call(request: Request, endpoint: Endpoint, raw: bytes) -> Call:
    body: Any = {}
    files: dict[str, tuple[str, bytes]] = {}
    if endpoint.method == "FILE":
        files = parts_of(request.headers.get("content-type", ""), raw)
    elif endpoint.method == "POST":
        if not raw.strip():
            raise Refusal(44002)
        try:
            body = parse_json(raw)
        except ValueError as error:
            raise Refusal(47001) from error
        if not isinstance(body, dict):
            raise Refusal(47001)
    return Call(request.query_params, body, files, str(request.base_url))
