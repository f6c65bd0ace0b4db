"""wechatpy's API classes over httpx: its one `_request` is replaced, so its methods stay in use, but awaited.

wechatpy's own `_request` is synchronous, has no time-outs, retries without a bound and puts the token into its errors.
"""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any, NoReturn, TypeVar

import httpx
from wechatpy.client import WeChatClient

from bot.channels.base import LARGEST_FILE, Fetched
from bot.channels.downloads import Downloads, file_name
from bot.channels.http import Http
from bot.channels.official_account import faults
from bot.channels.official_account.tokens import TokenStore
from bot.clock import Clock
from bot.errors import PlatformError
from bot.settings import OfficialAccount

BUSY_ATTEMPTS = 3
BUSY_PAUSE = 0.3
PLATFORM_HOST = "https://api.weixin.qq.com/"  # wechatpy writes it into some of its calls
T = TypeVar("T")


class ApiClient(WeChatClient):  # type: ignore[misc]
    """Every API method of wechatpy that returns what `_request` returns: ``await client.message.send_text(…)``.

    Raises `PlatformError` only. Not for `iter_followers` and its like, which look at the answer themselves.
    """

    # A few API classes of wechatpy put the client's token into their parameters; `_request` sets the real one.
    access_token = ""

    def __init__(
        self,
        settings: OfficialAccount,
        transport: httpx.AsyncBaseTransport | None = None,
        *,
        clock: Clock,
    ) -> None:
        # Not super().__init__(): it opens a `requests` session that is never used.
        self.appid = settings.app_id
        self._settings = settings
        self._base = f"{settings.api_base_url}/"
        self._clock = clock
        self._http = Http("公众平台", transport)
        self._downloads = Downloads("公众平台", settings.api_base_url, transport)
        self.tokens = TokenStore(self._fetch_token)

    def __repr__(self) -> str:
        return "<ApiClient>"

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()
        await self._downloads.close()

    async def download(self, media_id: str) -> Fetched:
        """A file that a follower sent, at most `LARGEST_FILE` bytes. wechatpy's own call holds whatever comes."""
        url = f"{self._base}cgi-bin/media/get"
        found = await self._with_token(lambda token: self._media(url, token, media_id))
        # A video comes as the address to fetch it from.
        return found if isinstance(found, Fetched) else await self._downloads.get(str(found["video_url"]))

    async def quota(self, path: str) -> dict[str, int]:
        """Today's quota of one call: ``daily_limit``, ``used``, ``remain``. wechatpy has no method for it."""
        held: dict[str, Any] = await self.post("openapi/quota/get", data={"cgi_path": f"/cgi-bin/{path}"})
        return {name: int(value) for name, value in held["quota"].items()}

    async def _request(self, method: str, url_or_endpoint: str, **kwargs: Any) -> Any:
        url = self._address(url_or_endpoint, kwargs.pop("api_base_url", ""))
        processor = kwargs.pop("result_processor", None)
        answer = await self._with_token(lambda token: self._call(method, url, token, kwargs))
        return processor(answer) if processor else answer

    async def _with_token(self, call: Callable[[str], Awaitable[T]]) -> T:
        """Make a call; once more with a new token where the old one has died, and a few times where they are busy."""
        token = await self.tokens.get()
        renewed, busy = False, 0
        while True:
            try:
                return await call(token)
            except PlatformError as fault:
                if fault.code in faults.BAD_TOKEN and not renewed:  # once, never in a loop
                    renewed = True
                    token = await self.tokens.renew(token)
                elif fault.code == faults.BUSY and (busy := busy + 1) < BUSY_ATTEMPTS:
                    await asyncio.sleep(BUSY_PAUSE * busy * random.uniform(0.7, 1.3))  # noqa: S311
                else:
                    raise

    async def _media(self, url: str, token: str, media_id: str) -> Fetched | dict[str, Any]:
        """A file, or what the platform says instead of them."""
        wish = {"access_token": token, "media_id": media_id}
        headers, content = await self._http.download(url, LARGEST_FILE, params=wish)
        if "content-disposition" in headers:
            return Fetched(content, file_name(headers["content-disposition"]))
        held = self._judged(httpx.Response(200, content=content), repeatable=True)
        if not isinstance(held.get("video_url"), str):
            raise _unanswered()
        return held

    def _address(self, endpoint: str, base: str) -> str:
        """Where a call goes: what wechatpy would send to the platform's own host goes to the configured one."""
        if base or endpoint.startswith(PLATFORM_HOST):
            return self._base + f"{base}{endpoint}".removeprefix(PLATFORM_HOST)
        return f"{self._base}cgi-bin/{endpoint}"

    async def _call(self, method: str, url: str, token: str, kwargs: dict[str, Any]) -> dict[str, Any]:
        sent: dict[str, Any] = {}
        if kwargs.get("params"):
            sent["params"] = {**kwargs["params"], "access_token": token}
            address: str | httpx.URL = url
        else:
            address = _with_token(url, token)
        if "files" in kwargs:
            sent["files"] = kwargs["files"]
        elif isinstance(kwargs.get("data"), dict):
            # As real characters: the platform shows \\u escapes as they are.
            sent["content"] = json.dumps(kwargs["data"], ensure_ascii=False).encode(errors="replace")
            sent["headers"] = {"Content-Type": "application/json"}
        repeatable = _is_repeatable(url)
        try:
            return self._judged(await self._http.request(method.upper(), address, **sent), repeatable=repeatable)
        except PlatformError as fault:
            if fault.ambiguous and repeatable:
                raise _unanswered() from None
            raise

    async def _fetch_token(self, force: bool) -> tuple[str, float]:
        wish = {
            "grant_type": "client_credential",
            "appid": self.appid,
            "secret": self._settings.app_secret.get_secret_value(),
            "force_refresh": force,
        }
        try:
            answer = await self._http.request("POST", f"{self._base}cgi-bin/stable_token", json=wish)
            held = self._judged(answer, repeatable=True)
            return str(held["access_token"]), float(held.get("expires_in", 7200))
        except (KeyError, ValueError, TypeError):
            raise _unanswered() from None
        except PlatformError as fault:
            if fault.ambiguous:  # asking for a token twice does no harm
                raise _unanswered() from None
            if fault.code in faults.BAD_TOKEN:  # some versions of the platform say so of a wrong secret
                raise PlatformError(faults.ADVICE[40125], code=fault.code) from None
            raise

    def _judged(self, answer: httpx.Response, *, repeatable: bool) -> dict[str, Any]:
        """The JSON of a good answer; raises `PlatformError` for a refusal, and for what is no answer at all."""
        try:
            held = json.loads(answer.content.decode("utf-8", "replace"), strict=False)
            code = int(held.get("errcode", 0))
        except (ValueError, TypeError, AttributeError, RecursionError):
            self._no_answer(repeatable)
        if code == faults.ALREADY_SENT and held.get("msg_id"):
            return dict(held)
        if code:
            raise faults.refusal(code, str(held.get("errmsg", "")), self._clock.now())
        if not answer.is_success:
            self._no_answer(repeatable)
        return dict(held)

    def _no_answer(self, repeatable: bool) -> NoReturn:
        """A proxy's page, a gateway's error: somebody spoke, but not the platform."""
        raise _unanswered() if repeatable else self._http.lost()


def _unanswered() -> PlatformError:
    return PlatformError("公众平台没有给出完整的答复，稍后再试", retry=True)


@lru_cache(maxsize=32)
def _with_token(url: str, token: str) -> httpx.URL:
    """The address of a call, read once for all that go there: reading it cost more than writing the message."""
    try:
        return httpx.URL(url, params={"access_token": token})
    except httpx.InvalidURL:
        raise PlatformError("公众平台的地址写法不对，请检查配置") from None


def _is_repeatable(url: str) -> bool:
    """Whether the call may be made twice without anybody seeing it twice."""
    path = url.partition("/cgi-bin/")[2]
    harmless = ("message/mass/get", "message/mass/delete")
    return not path.startswith(("message/", "freepublish/submit")) or path in harmless
