"""A public notice to followers of every sort on the strict platform, whose quota ends midway: each gets it, once."""

from bot.demo import world
from tests.e2e.platform import Platform
from tests.waiting import wait_until

GUIDE = "广播 申报指南：《2020年度科普专项申报指南》现已发布，申报时间10月20日至11月20日。"
GRANTED = 3  # customer-service messages a day, from the moment at which the notice is approved
ASKING = [openid for openid, _ in world.followers()[-6:]]
AGREEING = [openid for openid, _ in world.followers()[-10:-6]]


def test_each_follower_gets_it_once_though_a_window_closes_and_the_quota_ends(platform: Platform) -> None:
    for openid in ASKING:
        platform.follower(openid, "2020")
    for openid in (*AGREEING, ASKING[0]):
        platform.call(f"/official/{openid}/subscribe", {"template_id": world.SUBSCRIPTION})
    since = platform.last()
    preview = platform.direct("wangfang", GUIDE)["text"]
    assert "客服消息 6 人" in preview
    assert "订阅通知 4 人，各用掉一次订阅" in preview
    assert "群发 30 人，分 1 次发出" in preview
    assert "/ 剩" not in preview
    platform.direct("wangfang", "提交审核")

    # Somebody else spends the account's quota, and one follower's window is not what we think.
    platform.call("/quota", {"path": "message/custom/send", "daily_limit": GRANTED})
    platform.call("/faults", {"target": "message/custom/send", "outcome": "error:45015"})
    assert "已批准" in platform.direct("chenzhiming", "批准 1")["text"]
    told = platform.wait("direct:chenzhiming", since, text="客服消息额度已用完")
    assert "通知 1 还有 2 条" in told["text"]
    wait_until(lambda: len(_arrived(platform, since)) == 38)
    first = _arrived(platform, since)
    assert first[f"official:{ASKING[0]}"] == ["subscription"]  # the next best way, which takes the consent

    platform.set_clock("2020-10-13T08:00:02")
    wait_until(lambda: len(_arrived(platform, since)) == 40)
    arrived = _arrived(platform, since)
    assert len(arrived) == 40
    assert {openid: ways for openid, ways in arrived.items() if len(ways) != 1} == {}
    calls = platform.call("/state")["calls"]
    assert calls["message/subscribe/bizsend"]["codes"] == {"0": 5}
    assert calls["message/mass/send"]["codes"] == {"0": 1}
    assert calls["message/custom/send"]["codes"]["0"] == 5
    wait_until(lambda: "群发：平台报告送达 30 人" in platform.direct("wangfang", "进度 1")["text"])


def _arrived(platform: Platform, since: int) -> dict[str, list[str]]:
    """Chat → by which way the notice came there, once for each time."""
    found: dict[str, list[str]] = {}
    for one in platform.messages(since):
        if one["chat"].startswith("official:") and one["from"] == "bot" and "申报指南" in str(one):
            card = one["card"] or {}
            way = "subscription" if card.get("template_id") == world.SUBSCRIPTION else one["via"]
            found.setdefault(one["chat"], []).append(way)
    return found
