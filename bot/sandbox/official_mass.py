"""Mass sends: to everybody, to a tag, to a list; scarce, slow, and reported afterwards."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.official_call import OK, Answer, Call, Endpoint
from bot.sandbox.official_callbacks import Callbacks
from bot.sandbox.official_content import ADMINISTRATOR, AFTERWARDS, ContentCalls
from bot.sandbox.quotas import SlidingWindow
from bot.sandbox.refusals import Refusal, text_within
from bot.sandbox.state import Platform
from bot.sandbox.world import Follower

TEXT_LIMIT = 2048  # bytes
A_MONTH = 4  # to a follower, from a service account
A_DAY = 1  # from a subscription account
REMEMBERED = 24 * 3600  # seconds for which a clientmsgid counts
AT_ONCE = 500  # messages between two breaths of the server


@dataclass
class Job:
    """One mass send."""

    msg_id: int
    total: int
    receivers: list[Follower]
    content: dict[str, Any]
    status: str = "SENDING"
    messages: list[int] = field(default_factory=list)


class MassCalls:
    """Takes jobs, spends quotas, sends and reports."""

    def __init__(self, platform: Platform, callbacks: Callbacks, content: ContentCalls) -> None:
        self._platform = platform
        self._callbacks = callbacks
        self._content = content
        self._a_minute = SlidingWindow(60, 60)
        self._received: Counter[tuple[str, str]] = Counter()  # (month, openid)
        self._sent: Counter[str] = Counter()  # day
        self._known: dict[str, tuple[float, Job]] = {}
        self._jobs: dict[int, Job] = {}
        platform.gauges["mass_sends"] = lambda: {"jobs": len(self._jobs), "by_day": dict(self._sent)}

    def endpoints(self) -> dict[str, Endpoint]:
        """The calls of this file."""
        return {
            "message/mass/sendall": Endpoint("POST", self._to_tag, 100),
            "message/mass/send": Endpoint("POST", self._to_list, 100),
            "message/mass/preview": Endpoint("POST", self._preview, 100),
            "message/mass/get": Endpoint("POST", self._status, 100_000),
            "message/mass/delete": Endpoint("POST", self._delete, 10),
        }

    def _to_tag(self, call: Call) -> Answer:
        chosen = call.part("filter")
        followers = [row for row in self._followers().values() if row.following]
        if not chosen.get("is_to_all"):
            followers = [row for row in followers if chosen.get("tag_id") in row.tags]
        return self._send(call, followers, len(followers))

    def _to_list(self, call: Call) -> Answer:
        openids = list(dict.fromkeys(call.texts("touser")))
        if not 2 <= len(openids) <= 10_000:
            raise Refusal(40130)
        found = [self._followers().get(openid) for openid in openids]
        if not any(found):
            raise Refusal(40003)
        return self._send(call, [row for row in found if row and row.following], len(openids))

    def _send(self, call: Call, followers: list[Follower], total: int) -> Answer:
        now = self._platform.clock.now()
        moment = now.timestamp()
        if self._a_minute.full("mass", moment):
            raise Refusal(45009, "api minute-quota reach limit")
        self._a_minute.count("mass", moment)
        client_id = str(call.body.get("clientmsgid") or "")
        if len(client_id.encode()) > 64:
            raise Refusal(45067)
        if client_id and (known := self._known.get(client_id)) and 0 <= moment - known[0] < REMEMBERED:
            raise Refusal(45065, msg_id=known[1].msg_id)
        content = self._checked(call)
        receivers = self._within_quota(followers, f"{now:%Y-%m}", f"{now:%Y-%m-%d}")
        if call.text("msgtype") == "mpnews":
            content["articles"] = self._content.take(call.part("mpnews")["media_id"], call.base_url)
        job = Job(self._platform.number(), total, receivers, content)
        self._jobs[job.msg_id] = job
        if client_id:
            self._known[client_id] = (moment, job)
        self._platform.spawn(self._run(job))
        answer = {"errcode": 0, "errmsg": "send job submission success", "msg_id": job.msg_id}
        return answer | ({"msg_data_id": self._platform.number()} if content["articles"] else {})

    def _within_quota(self, followers: list[Follower], month: str, day: str) -> list[Follower]:
        """Who may still receive one; spends it. 45028 when nobody may."""
        if self._platform.world.official_account.kind == "subscription":
            if self._sent[day] >= A_DAY:
                raise Refusal(45028)
            receivers = followers
        else:
            receivers = [row for row in followers if self._received[month, row.openid] < A_MONTH]
            if followers and not receivers:
                raise Refusal(45028)
            for follower in receivers:
                self._received[month, follower.openid] += 1
        self._sent[day] += 1
        return receivers

    def _checked(self, call: Call) -> dict[str, Any]:
        kind = call.text("msgtype")
        if kind not in ("text", "mpnews", "image", "voice"):
            raise Refusal(40008, kind)
        part = call.part(kind)
        shown: dict[str, Any] = {"kind": "text", "text": "", "articles": [], "media": None}
        if kind == "text":
            shown["text"] = text_within(part.get("content"), TEXT_LIMIT)
        elif kind == "mpnews":
            rows = self._content.draft(part.get("media_id"))
            shown["kind"] = "news"
            shown["articles"] = [{"title": row["title"], "description": row.get("digest") or ""} for row in rows]
        else:
            file = self._platform.media.get(part.get("media_id"), kind)
            shown["kind"] = "image" if kind == "image" else "file"
            shown["media"] = {"media_id": file.media_id, "filename": file.name, "url": f"/_media/{file.media_id}"}
        return shown

    def _preview(self, call: Call) -> Answer:
        follower = self._followers().get(str(call.body.get("touser") or call.body.get("towxname")))
        if follower is None:
            raise Refusal(40003)
        if not follower.following:
            raise Refusal(43004)
        self._show(follower, self._checked(call))
        return {"errcode": 0, "errmsg": "preview success"}

    async def _run(self, job: Job) -> None:
        for number, follower in enumerate(job.receivers, 1):
            job.messages.append(self._show(follower, job.content))
            if number % AT_ONCE == 0:
                await asyncio.sleep(0)
        await asyncio.sleep(AFTERWARDS)
        if job.status == "SENDING":
            job.status = "SEND_SUCCESS"
        counts = {"FilterCount": len(job.receivers), "SentCount": len(job.receivers), "ErrorCount": 0}
        fields: dict[str, Any] = {"MsgID": job.msg_id, "Status": "send success", "TotalCount": job.total, **counts}
        if articles := job.content["articles"]:
            items = [{"ArticleIdx": at, "ArticleUrl": one["url"]} for at, one in enumerate(articles, 1)]
            fields["ArticleUrlResult"] = {"Count": len(items), "ResultList": {"item": items}}
        await self._callbacks.report(ADMINISTRATOR, "MASSSENDJOBFINISH", **fields)

    def _show(self, follower: Follower, content: dict[str, Any]) -> int:
        name = self._platform.world.official_account.name
        shown = {key: value for key, value in content.items() if key in ("articles", "media")}
        message = self._platform.messages.add(
            f"official:{follower.openid}", "bot", name, content["kind"], content["text"], "mass", **shown
        )
        return message.id

    def _status(self, call: Call) -> Answer:
        job = self._find(call)
        return {"msg_id": job.msg_id, "msg_status": job.status}

    def _delete(self, call: Call) -> Answer:
        """Takes the articles away; the bubbles stay, as on the real platform."""
        job = self._find(call)
        if not job.content["articles"]:
            raise Refusal(40008, "only articles and videos can be deleted")
        job.status = "DELETE"
        for article in job.content["articles"]:
            self._platform.articles.pop(article["url"].rsplit("/", 1)[1], None)
            article["deleted"] = True
        for number in job.messages:
            if message := self._platform.messages.get(number):
                self._platform.messages.change(message)
        return OK

    def _find(self, call: Call) -> Job:
        job = self._jobs.get(int(call.body.get("msg_id") or 0))
        if job is None:
            raise Refusal(40059, "invalid msg_id")
        return job

    def _followers(self) -> dict[str, Follower]:
        return self._platform.world.official_account.followers
