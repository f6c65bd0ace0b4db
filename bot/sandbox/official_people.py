"""Calls about followers and their tags."""

from typing import Any

from bot.sandbox.official_call import OK, Answer, Call, Endpoint
from bot.sandbox.refusals import Refusal
from bot.sandbox.state import Platform
from bot.sandbox.world import Follower

PAGE = 10_000
TAGS = 100
TAGS_A_FOLLOWER = 20


class PeopleCalls:
    """Lists, details and tags of followers."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._tags: dict[int, str] = {}
        self._next_tag = 100

    def endpoints(self) -> dict[str, Endpoint]:
        """The calls of this file."""
        return {
            "user/get": Endpoint("GET", self._list, 500),
            "user/info": Endpoint("GET", self._info, 5_000_000),
            "user/info/batchget": Endpoint("POST", self._infos, 500_000),
            "user/info/updateremark": Endpoint("POST", self._remark, 10_000),
            "tags/create": Endpoint("POST", self._create_tag),
            "tags/get": Endpoint("GET", self._list_tags),
            "tags/update": Endpoint("POST", self._rename_tag),
            "tags/delete": Endpoint("POST", self._delete_tag),
            "tags/members/batchtagging": Endpoint("POST", self._tag),
            "tags/members/batchuntagging": Endpoint("POST", self._untag),
            "tags/getidlist": Endpoint("POST", self._tags_of),
            "user/tag/get": Endpoint("POST", self._members),
        }

    def _list(self, call: Call) -> Answer:
        following = [item.openid for item in self._followers().values() if item.following]
        return _page(following, call.query.get("next_openid", ""))

    def _info(self, call: Call) -> Answer:
        return self._shown(call.query.get("openid", ""))

    def _infos(self, call: Call) -> Answer:
        rows = call.body.get("user_list")
        if not isinstance(rows, list) or not 1 <= len(rows) <= 100:
            raise Refusal(40032)
        return {"user_info_list": [self._shown(str(row.get("openid"))) for row in rows]}

    def _remark(self, call: Call) -> Answer:
        self._following(call.text("openid")).remark = str(call.body.get("remark", ""))
        return OK

    def _shown(self, openid: str) -> dict[str, Any]:
        follower = self._followers().get(openid)
        if follower is None:
            raise Refusal(40003)
        if not follower.following:
            return {"subscribe": 0, "openid": openid}
        return {
            "subscribe": 1,
            "openid": openid,
            "language": "zh_CN",
            "subscribe_time": follower.followed_at,
            "remark": follower.remark,
            "groupid": follower.tags[0] if follower.tags else 0,
            "tagid_list": follower.tags,
            "subscribe_scene": "ADD_SCENE_QR_CODE",
            "qr_scene": 0,
            "qr_scene_str": "",
        }

    def _create_tag(self, call: Call) -> Answer:
        name = self._tag_name(call)
        if len(self._tags) >= TAGS:
            raise Refusal(45056)
        number = self._next_tag
        self._next_tag += 1
        self._tags[number] = name
        return {"tag": {"id": number, "name": name}}

    def _list_tags(self, call: Call) -> Answer:
        del call
        counts = dict.fromkeys(self._tags, 0)
        for follower in self._followers().values():
            for number in follower.tags:
                counts[number] += 1
        return {"tags": [{"id": number, "name": name, "count": counts[number]} for number, name in self._tags.items()]}

    def _rename_tag(self, call: Call) -> Answer:
        number = self._tag_id(call.part("tag").get("id"))
        self._tags[number] = self._tag_name(call)
        return OK

    def _delete_tag(self, call: Call) -> Answer:
        number = self._tag_id(call.part("tag").get("id"))
        del self._tags[number]
        for follower in self._followers().values():
            if number in follower.tags:
                follower.tags.remove(number)
        return OK

    def _tag(self, call: Call) -> Answer:
        number, followers = self._tag_id(call.body.get("tagid")), self._batch(call)
        if any(len(item.tags) >= TAGS_A_FOLLOWER and number not in item.tags for item in followers):
            raise Refusal(45059)
        for follower in followers:
            if number not in follower.tags:
                follower.tags.append(number)
        return OK

    def _untag(self, call: Call) -> Answer:
        number = self._tag_id(call.body.get("tagid"))
        for follower in self._batch(call):
            if number in follower.tags:
                follower.tags.remove(number)
        return OK

    def _tags_of(self, call: Call) -> Answer:
        return {"tagid_list": self._following(call.text("openid")).tags}

    def _members(self, call: Call) -> Answer:
        number = self._tag_id(call.body.get("tagid"))
        tagged = [item.openid for item in self._followers().values() if number in item.tags]
        page = _page(tagged, str(call.body.get("next_openid", "")))
        del page["total"]
        return page

    def _batch(self, call: Call) -> list[Follower]:
        openids = call.texts("openid_list")
        if not 1 <= len(openids) <= 50:
            raise Refusal(40032)
        return [self._following(openid) for openid in openids]

    def _tag_name(self, call: Call) -> str:
        name = call.part("tag").get("name")
        if not isinstance(name, str) or not name or name in self._tags.values():
            raise Refusal(45157)
        if len(name.encode()) > 30:
            raise Refusal(45158)
        return name

    def _tag_id(self, number: Any) -> int:
        if not isinstance(number, int) or number not in self._tags:
            raise Refusal(45159)
        return number

    def _following(self, openid: str) -> Follower:
        follower = self._followers().get(openid)
        if follower is None:
            raise Refusal(40003)
        if not follower.following:
            raise Refusal(49003)
        return follower

    def _followers(self) -> dict[str, Follower]:
        return self._platform.world.official_account.followers


def _page(openids: list[str], after: str) -> dict[str, Any]:
    """A page of openids in the platform's form: no ``data`` when there is nothing left."""
    start = 0
    if after:
        if after not in openids:
            raise Refusal(40003)
        start = openids.index(after) + 1
    page = openids[start : start + PAGE]
    data = {"data": {"openid": page}} if page else {}
    return {"total": len(openids), "count": len(page), **data, "next_openid": page[-1] if page else ""}
