"""Articles on their way to the platform: pictures and cover uploaded once, then a draft that can be sent or published."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

from bot.channels.base import ReadFile, Uploads
from bot.channels.official_account.article import PICTURE
from bot.channels.official_account.client import ApiClient
from bot.documents.drawing import LARGEST_COVER, fitted
from bot.errors import PlatformError
from bot.messaging.types import Article

LARGEST_PICTURE = 1024 * 1024 - 1  # bytes; the platform wants less than a megabyte
UNKNOWN_ID = 40007  # what was uploaded is gone: deleted on the platform, or a draft that has been sent


class Articles:
    """The articles of one official account."""

    def __init__(self, client: ApiClient, read_file: ReadFile, uploads: Uploads) -> None:
        self._client = client
        self._read_file = read_file
        self._uploads = uploads

    async def send(self, article: Article, send: Callable[[str], Awaitable[dict[str, Any]]]) -> dict[str, Any]:
        """Make a draft, or take the one made before, and hand its id to ``send``; raises `PlatformError`."""
        key = self._key("draft", _digest(article))
        draft = await self._uploads.find(key)
        for kept in (bool(draft), False):
            draft = draft or await self._draft(article, key)
            try:
                answer = await send(draft)
            except PlatformError as fault:
                if fault.code != UNKNOWN_ID or not kept:
                    raise
                draft = ""
                continue
            await self._uploads.forget(key)  # a draft that was sent is no draft any more
            return answer
        raise AssertionError("the second draft was made just now")

    async def preview(self, article: Article, openid: str) -> None:
        """Show an article to one follower alone; its draft stays for whoever sends it then."""
        key = self._key("draft", _digest(article))
        draft = await self._uploads.find(key) or await self._draft(article, key)
        try:
            await self._client.message.send_mass_article(draft, openid, preview=True)
        except PlatformError as fault:
            if fault.code == UNKNOWN_ID:
                await self._uploads.forget(key)
                raise PlatformError(str(fault), code=fault.code, retry=True) from None
            raise

    async def _draft(self, article: Article, key: str) -> str:
        html = article.html
        for sha256 in article.pictures:
            html = html.replace(f"{PICTURE}{sha256}", await self._picture(sha256))
        kept = await self._uploads.find(self._key("cover", article.cover))
        try:
            made = await self._add(article, html, kept or await self._cover(article.cover))
        except PlatformError as fault:
            if fault.code != UNKNOWN_ID or not kept:
                raise
            made = await self._add(article, html, await self._cover(article.cover))
        await self._uploads.keep(key, made)
        return made

    async def _add(self, article: Article, html: str, cover: str) -> str:
        held = {
            "title": article.title, "digest": article.digest, "content": html, "thumb_media_id": cover,
            "content_source_url": article.source_url,
        }  # fmt: skip
        answer = await self._client.draft.add([held])
        return str(answer["media_id"])

    async def _picture(self, sha256: str) -> str:
        """The platform's address of a picture inside articles."""
        key = self._key("picture", sha256)
        known = await self._uploads.find(key)
        if known:
            return known
        content = await self._read(sha256, LARGEST_PICTURE)
        address = str(await self._client.media.upload_image(_upload(content)))
        await self._uploads.keep(key, address)
        return address

    async def _cover(self, sha256: str) -> str:
        content = await self._read(sha256, LARGEST_COVER)
        answer = await self._client.material.add("thumb", _upload(content))
        await self._uploads.keep(self._key("cover", sha256), str(answer["media_id"]))
        return str(answer["media_id"])

    async def _read(self, sha256: str, limit: int) -> bytes:
        try:
            return await asyncio.to_thread(lambda: fitted(self._read_file(sha256), limit))
        except (FileNotFoundError, ValueError):
            raise PlatformError("文章的图片已不在服务器上，请重新起草通知") from None

    def _key(self, kind: str, content: str) -> str:
        return f"{self._client.appid}:{kind}:{content}"


def _digest(article: Article) -> str:
    marks = "\0".join((article.title, article.digest, article.html, article.cover, article.source_url))
    return hashlib.sha256(marks.encode(errors="replace")).hexdigest()


def _upload(content: bytes) -> tuple[str, bytes, str]:
    """A picture as the client sends it; the platform goes by the ending of its name."""
    if content.startswith(b"\x89PNG"):
        return ("picture.png", content, "image/png")
    return ("picture.jpg", content, "image/jpeg")
