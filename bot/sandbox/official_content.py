"""Drafts and free publishing: articles on their way to an address."""

import asyncio
import secrets
from dataclasses import dataclass
from typing import Any

from bot.sandbox.article_rules import check_article
from bot.sandbox.official_call import OK, Answer, Call, Endpoint
from bot.sandbox.official_callbacks import Callbacks
from bot.sandbox.refusals import Refusal
from bot.sandbox.state import Platform

ARTICLES = 8
ADMINISTRATOR = "o_account_administrator_000"  # publishing and mass sending are reported in this follower's name
AFTERWARDS = 0.05  # seconds, real time, until a job reports its end


@dataclass
class Publication:
    """A job of free publishing."""

    publish_id: str
    article_id: str
    urls: list[str]


class ContentCalls:
    """Drafts become publications here, or mass sends elsewhere."""

    def __init__(self, platform: Platform, callbacks: Callbacks) -> None:
        self._platform = platform
        self._callbacks = callbacks
        self._drafts: dict[str, list[dict[str, Any]]] = {}
        self._publications: dict[str, Publication] = {}
        platform.gauges["drafts"] = lambda: len(self._drafts)

    def endpoints(self) -> dict[str, Endpoint]:
        """The calls of this file."""
        return {
            "draft/add": Endpoint("POST", self._add, 1_000),
            "draft/get": Endpoint("POST", self._get, 500),
            "draft/update": Endpoint("POST", self._update, 1_000),
            "draft/delete": Endpoint("POST", self._delete, 1_000),
            "draft/count": Endpoint("GET", self._count, 1_000),
            "freepublish/submit": Endpoint("POST", self._publish, 100),
            "freepublish/get": Endpoint("POST", self._job, 100),
            "freepublish/getarticle": Endpoint("POST", self._article, 100),
            "freepublish/delete": Endpoint("POST", self._unpublish, 10),
        }

    def draft(self, media_id: object) -> list[dict[str, Any]]:
        """The articles of a draft; refuses (40007) an unknown one."""
        if not isinstance(media_id, str) or media_id not in self._drafts:
            raise Refusal(40007)
        return self._drafts[media_id]

    def take(self, media_id: str, base_url: str) -> list[dict[str, Any]]:
        """Give the draft's articles addresses and remove it from the box, as sending and publishing do."""
        articles = self.draft(media_id)
        del self._drafts[media_id]
        shown = []
        for article in articles:
            page_id = secrets.token_urlsafe(16)
            self._platform.articles[page_id] = article
            shown.append(
                {
                    "title": article["title"],
                    "description": article.get("digest") or "",
                    "url": f"{base_url}s/{page_id}",
                    "picurl": f"{base_url}_media/{article['thumb_media_id']}",
                }
            )
        return shown

    def published(self, article_id: object) -> list[dict[str, Any]] | None:
        """The articles under a publication's article id, as a card shows them."""
        for publication in self._publications.values():
            if publication.article_id == article_id:
                pages = [self._platform.articles.get(url.rsplit("/", 1)[1]) for url in publication.urls]
                return [
                    {"title": page["title"], "description": page.get("digest") or "", "url": url, "picurl": ""}
                    for url, page in zip(publication.urls, pages, strict=True)
                    if page
                ]
        return None

    def _add(self, call: Call) -> Answer:
        articles = call.body.get("articles")
        if not isinstance(articles, list) or not articles:
            raise Refusal(44003)
        if len(articles) > ARTICLES:
            raise Refusal(45008)
        for article in articles:
            self._check(article, call.base_url)
        media_id = secrets.token_urlsafe(48)
        self._drafts[media_id] = articles
        return {"media_id": media_id}

    def _check(self, article: Any, base_url: str) -> None:
        check_article(article, lambda address: self._is_own_picture(address, base_url))
        if self._platform.media.get(article.get("thumb_media_id")).ends is not None:
            raise Refusal(40007, "thumb_media_id is not a permanent one")

    def _is_own_picture(self, address: str, base_url: str) -> bool:
        here = f"{base_url}_media/"
        try:
            self._platform.media.get(address.removeprefix(here), "uploadimg")
        except Refusal:
            return False
        return address.startswith(here)

    def _get(self, call: Call) -> Answer:
        return {"news_item": self.draft(call.text("media_id"))}

    def _update(self, call: Call) -> Answer:
        articles, index = self.draft(call.text("media_id")), call.body.get("index", 0)
        if not isinstance(index, int) or not 0 <= index < len(articles):
            raise Refusal(40114, "invalid index value")
        self._check(call.part("articles"), call.base_url)
        articles[index] = call.part("articles")
        return OK

    def _delete(self, call: Call) -> Answer:
        self.draft(call.text("media_id"))
        del self._drafts[call.text("media_id")]
        return OK

    def _count(self, call: Call) -> Answer:
        del call
        return {"total_count": len(self._drafts)}

    def _publish(self, call: Call) -> Answer:
        urls = [row["url"] for row in self.take(call.text("media_id"), call.base_url)]
        publication = Publication(str(self._platform.number()), secrets.token_urlsafe(32), urls)
        self._publications[publication.publish_id] = publication
        self._platform.spawn(self._report(publication))
        return {**OK, "publish_id": publication.publish_id, "msg_data_id": self._platform.number()}

    async def _report(self, publication: Publication) -> None:
        await asyncio.sleep(AFTERWARDS)
        items = [{"idx": n, "article_url": url} for n, url in enumerate(publication.urls, 1)]
        info = {
            "publish_id": publication.publish_id,
            "publish_status": 0,
            "article_id": publication.article_id,
            "article_detail": {"count": len(items), "item": items},
        }
        await self._callbacks.report(ADMINISTRATOR, "PUBLISHJOBFINISH", PublishEventInfo=info)

    def _job(self, call: Call) -> Answer:
        publication = self._publications.get(str(call.body.get("publish_id")))
        if publication is None:
            raise Refusal(53601)
        items = [{"idx": n, "article_url": url} for n, url in enumerate(publication.urls, 1)]
        return {
            "publish_id": publication.publish_id,
            "publish_status": 0,
            "article_id": publication.article_id,
            "article_detail": {"count": len(items), "item": items},
            "fail_idx": [],
        }

    def _article(self, call: Call) -> Answer:
        rows = self.published(call.text("article_id"))
        if rows is None:
            raise Refusal(53600)
        return {"news_item": [{**self._platform.articles[row["url"].rsplit("/", 1)[1]], **row} for row in rows]}

    def _unpublish(self, call: Call) -> Answer:
        rows = self.published(call.text("article_id"))
        if rows is None:
            raise Refusal(53600)
        index = int(call.body.get("index", 0))
        for number, row in enumerate(rows, 1):
            if index in (0, number):
                del self._platform.articles[row["url"].rsplit("/", 1)[1]]
        return OK
