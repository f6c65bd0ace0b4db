"""wechatpy's API classes over httpx: its one `_request` is replaced, so its methods stay in use, but awaited.

wechatpy's own `_request` is synchronous, has no time-outs, retries without a bound and puts the token into its errors.
"""

import asyncio
import json
import random
from typing import Any

import httpx
from wechatpy.client import WeChatClient

from bot.channels.official_account import faults
from bot.channels.official_account.tokens import TokenStore
from bot.errors import PlatformError
from bot.settings import OfficialAccount

TIMEOUT = httpx.Timeout(10.0, connect=5.0)
BUSY_ATTEMPTS = 3
BUSY_PAUSE = 0.3


class ApiClient(WeChatClient):  # type: ignore[misc]
    """Every API method of wechatpy that returns what `_request` returns: ``await client.message.send_text(…)``."""

    def __init__(self, settings: OfficialAccount, transport: httpx.AsyncBaseTransport | None = None) -> None:
        # Not super().__init__(): it opens a `requests` session that is never used.
        self.appid = settings.app_id
        self._settings = settings
        self._base = f"{settings.api_base_url}/cgi-bin/"
        self._transport = transport
        self._http: httpx.AsyncClient | None = None
        self.tokens = TokenStore(self._fetch_token)

    def __repr__(self) -> str:
        return "<ApiClient>"

    async def close(self) -> None:
        if self._http is not None:
            await self._http.aclose()
            self._http = None

    async def _request(self, method: str, url_or_endpoint: str, **kwargs: Any) -> Any:
        kwargs.pop("api_base_url", None)
        processor = kwargs.pop("result_processor", None)
        token = await self.tokens.get()
        renewed = False
        for attempt in range(1, BUSY_ATTEMPTS + 3):
            try:
                answer = await self._call(method, self._base + url_or_endpoint, token, kwargs)
            except PlatformError as fault:
                if fault.code in faults.BAD_TOKEN and not renewed:  # once, never in a loop
                    renewed = True
                    token = await self.tokens.renew(token)
                elif fault.code == faults.BUSY and attempt < BUSY_ATTEMPTS:
                    await asyncio.sleep(BUSY_PAUSE * attempt * random.uniform(0.7, 1.3))  # noqa: S311
                else:
                    raise
            else:
                return processor(answer) if processor else answer
        raise faults.refusal(faults.BUSY, "")

    async def _call(self, method: str, url: str, token: str, kwargs: dict[str, Any]) -> dict[str, Any]:
        params = {**(kwargs.get("params") or {}), "access_token": token}
        data = kwargs.get("data")
        body = json.dumps(data, ensure_ascii=False).encode() if isinstance(data, dict) else data
        headers = {"Content-Type": "application/json"} if isinstance(data, dict) else {}
        answer = await self._send(method, url, params=params, content=body, headers=headers, files=kwargs.get("files"))
        return _decoded(answer)

    async def _fetch_token(self, force: bool) -> tuple[str, float]:
        wish = {
            "grant_type": "client_credential",
            "appid": self.appid,
            "secret": self._settings.app_secret.get_secret_value(),
            "force_refresh": force,
        }
        try:
            held = _decoded(await self._send("post", f"{self._base}stable_token", json=wish))
            return str(held["access_token"]), float(held.get("expires_in", 7200))
        except PlatformError as fault:
            if fault.ambiguous:  # asking for a token twice does no harm
                raise PlatformError("取访问令牌时没有得到公众平台的答复", retry=True) from None
            raise
        except KeyError:
            raise PlatformError("公众平台没有给出访问令牌", retry=True) from None

    async def _send(self, method: str, url: str, **kwargs: Any) -> httpx.Response:
        # `from None` everywhere: httpx's errors carry the URL, and the URL carries the token.
        kwargs = {name: value for name, value in kwargs.items() if value is not None}
        try:
            return await self._pool().request(method.upper(), url, **kwargs)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            raise faults.unreached() from None
        except httpx.HTTPError:
            raise faults.lost("发出请求") from None

    def _pool(self) -> httpx.AsyncClient:
        if self._http is None:
            if self._transport is None:
                from httpx_aiohttp import AiohttpTransport  # several times the speed of httpx's own

                self._transport = AiohttpTransport()
            self._http = httpx.AsyncClient(transport=self._transport, timeout=TIMEOUT)
        return self._http


def _decoded(answer: httpx.Response) -> dict[str, Any]:
    """The JSON of an answer; raises `PlatformError` for an error code, and for what is no JSON."""
    if answer.status_code >= 500:
        raise faults.lost("发出请求")
    try:
        held = json.loads(answer.content.decode("utf-8", "replace"), strict=False)
    except ValueError:
        raise faults.lost("发出请求") from None
    if not isinstance(held, dict):
        raise faults.lost("发出请求")
    code = int(held.get("errcode") or 0)
    if code == faults.ALREADY_SENT and held.get("msg_id"):
        return held
    if code:
        raise faults.refusal(code, str(held.get("errmsg", "")))
    return held
