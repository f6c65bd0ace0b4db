"""One call to the official-account API, as an endpoint sees it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from starlette.responses import Response

from bot.sandbox.refusals import Refusal

Answer = dict[str, Any] | Response


@dataclass(frozen=True)
class Call:
    """The query, the JSON body, the uploaded parts, and the address under which the sandbox was called."""

    query: Mapping[str, str]
    body: dict[str, Any]
    files: dict[str, tuple[str, bytes]]
    base_url: str

    def text(self, name: str) -> str:
        """A text field of the body that has to be there."""
        value = self.body.get(name)
        if not isinstance(value, str) or not value:
            raise Refusal(47001, f"{name} missing")
        return value

    def part(self, name: str) -> dict[str, Any]:
        """An object field of the body that has to be there."""
        value = self.body.get(name)
        if not isinstance(value, dict):
            raise Refusal(47001, f"{name} missing")
        return value

    def texts(self, name: str) -> list[str]:
        """A list of texts in the body."""
        value = self.body.get(name)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise Refusal(47001, f"{name} is not a list of texts")
        return value

    def upload(self) -> tuple[str, bytes]:
        """The uploaded file: its name and content."""
        if "media" not in self.files:
            raise Refusal(41005)
        return self.files["media"]


class Endpoint(NamedTuple):
    """How one call is made, and what it does."""

    method: str
    """GET (also takes a POST), POST (a JSON body) or FILE (a multipart body)"""
    run: Callable[[Call], Answer]
    daily_limit: int = 50_000
    needs_token: bool = True


OK: dict[str, Any] = {"errcode": 0, "errmsg": "ok"}
