"""What each kind of send puts on the wire, and what the doctor says."""

import re

import pytest

from bot.channels.base import EVERY_FOLLOWER, Check, Outgoing
from bot.channels.official_account.channel import OfficialAccountChannel
from bot.errors import PlatformError
from bot.messaging.types import Button, Card, Content
from tests.channels.official_account.conftest import OPENID, Platform, ok, refused, to_many, to_one

LINK = "https://bot.example.org/notices/12"
CARD = Card("通知 12 回执", "notice-12", (Button("收到", "acknowledge:12"),))
TEMPLATES = {"template_list": [{"template_id": "TM1", "content": "事项：{{keyword1.DATA}}\n时间：{{keyword2.DATA}}"}]}
QUOTA = ok(quota={"daily_limit": 500_000, "used": 3, "remain": 499_997})
SUBSCRIPTIONS = {"data": [{"priTmplId": "SM1", "content": "内容：{{thing1.DATA}}\n时间：{{time2.DATA}}", "type": 2}]}


async def test_customer_message_names_in_words_what_its_buttons_do(
    channel: OfficialAccountChannel, platform: Platform
) -> None:
    await channel.send(to_one("## 请报送**进度表**，详见[通知](https://example.org/a)", card=CARD))
    text = platform.body()["text"]["content"]
    assert text == "通知 12 回执\n请报送进度表，详见通知 https://example.org/a\n回复“收到”。"


@pytest.mark.parametrize("make", [to_one, to_many])
async def test_long_text_is_cut_at_the_platforms_bytes_with_the_whole_link(
    channel: OfficialAccountChannel, platform: Platform, make: object
) -> None:
    await channel.send(make("通知正文。" * 500, link=LINK))  # type: ignore[operator]
    text = platform.body()["text"]["content"]
    assert len(text.encode()) <= 2048
    assert text.endswith(f"。\n…（详见 {LINK}）")


async def test_mass_send_names_everybody_once_and_carries_its_key(
    channel: OfficialAccountChannel, platform: Platform
) -> None:
    platform.otherwise = ok(msg_id=34182, msg_data_id=206227730)
    assert await channel.send(to_many("申报指南已发布")) == "34182"
    assert platform.calls[0].url.path == "/cgi-bin/message/mass/send"
    body = platform.body()
    assert body["touser"] == [OPENID, "oBob"]
    assert (body["msgtype"], body["text"], body["clientmsgid"]) == ("text", {"content": "申报指南已发布"}, "kepu-2")


async def test_mass_sends_are_paced_and_others_are_not(channel: OfficialAccountChannel) -> None:
    pace = channel.pace(to_many())
    assert pace is not None
    assert (pace.limit, pace.seconds) == (60, 60)
    assert channel.pace(to_one()) is None


async def test_template_message_fills_the_keywords_of_the_settings_and_carries_the_link(
    channel: OfficialAccountChannel, platform: Platform
) -> None:
    platform.otherwise = ok(msgid=200228332)
    content = Content("活动提醒\n**《垃圾分类》**明天举办。\n地点：莞城", title="提醒", link=LINK)
    assert await channel.send(Outgoing(OPENID, content, method="template")) == "200228332"
    body = platform.body()
    assert (body["touser"], body["template_id"], body["url"]) == (OPENID, "TM1", LINK)
    assert body["data"] == {
        "keyword1": {"value": "提醒：活动提醒 《垃圾分类》明天举办。…"},
        "keyword2": {"value": "2020年10月12日 10:00"},
    }


async def test_subscription_notice_fills_its_own_keywords_and_opens_the_link(
    channel: OfficialAccountChannel, platform: Platform
) -> None:
    content = Content("请报送进度表", title="监督管理要求", link=LINK)
    assert await channel.send(Outgoing(OPENID, content, method="subscription")) is None
    assert platform.calls[0].url.path == "/cgi-bin/message/subscribe/bizsend"
    body = platform.body()
    assert (body["touser"], body["template_id"], body["page"]) == (OPENID, "SM1", LINK)
    assert body["data"]["thing1"] == {"value": "监督管理要求：请报送进度表"}


async def test_menu_fits_the_platforms_limits(channel: OfficialAccountChannel, platform: Platform) -> None:
    await channel.publish_menu()
    [request] = platform.calls
    assert request.url.path == "/cgi-bin/menu/create"
    buttons = platform.body()["button"]
    assert len(buttons) <= 3
    for top in buttons:
        assert len(top["name"].encode()) <= 16
        assert 0 < len(top.get("sub_button", [top])) <= 5
        assert all(len(one["name"].encode()) <= 60 for one in top.get("sub_button", []))


def _shown(checks: list[Check]) -> str:
    return "\n".join(f"{'✔' if one.ok else '✘'} {one.name}：{one.detail}" for one in checks)


async def test_doctor_finds_everything_well(channel: OfficialAccountChannel, platform: Platform) -> None:
    platform.answers = [{"menu": {"button": []}}, TEMPLATES, SUBSCRIPTIONS, QUOTA]
    shown = _shown(await channel.check())
    assert "✘" not in shown
    for part in (
        "公众号：已取得访问令牌",
        "公众号菜单：已发布",
        "模板消息：模板可用",
        "订阅通知：模板可用",
        "公众号回调",
    ):
        assert part in shown


@pytest.mark.parametrize(
    ("code", "message", "sentence"),
    [
        (40013, "invalid appid", "AppID 不正确，请核对「official_account.app_id」"),
        (40125, "invalid appsecret", "AppSecret 不正确，请核对「official_account.app_secret」"),
        (40001, "invalid credential", "AppSecret 不正确，请核对「official_account.app_secret」"),
        (
            40164,
            "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist",
            "本机地址 203.0.113.7 不在",
        ),
        (89503, "此IP调用需要管理员确认", "此次调用要管理员确认，请留意管理员微信"),
        (50002, "user limited", "公众号被限制使用，请到公众平台查看通知"),
        (-1, "system error", "公众平台繁忙，稍后再试"),
    ],
)
async def test_doctor_says_why_there_is_no_token(
    channel: OfficialAccountChannel, platform: Platform, code: int, message: str, sentence: str
) -> None:
    platform.tokens = [refused(code, message)]
    [check] = await channel.check()
    assert (check.name, check.ok) == ("公众号", False)
    assert check.detail.startswith(sentence)


async def test_doctor_says_what_is_wrong_with_menu_and_template(
    channel: OfficialAccountChannel, platform: Platform
) -> None:
    platform.answers = [refused(46003), {"template_list": [{"template_id": "another"}]}, SUBSCRIPTIONS]
    shown = _shown(await channel.check())
    assert "✘ 公众号菜单：还没有菜单，请运行 kepu-bot doctor --publish-menu" in shown
    assert re.search(r"✘ 模板消息：.*official_account.template_id.*模板库", shown)
    platform.answers = [refused(48001), refused(48001), refused(48001)]
    shown = _shown(await channel.check())
    assert shown.count("公众号没有这个接口的权限") == 3


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{{thing1.DATA}} {{thing5.DATA}} {{time2.DATA}}", "模板要的关键词 thing5 没有填"),
        ("{{thing1.DATA}}", "模板里没有关键词 time2"),
    ],
)
async def test_doctor_says_which_keywords_do_not_match(
    channel: OfficialAccountChannel, platform: Platform, content: str, sentence: str
) -> None:
    template = {"priTmplId": "SM1", "content": content}
    platform.answers = [{"menu": {"button": []}}, TEMPLATES, {"data": [template]}]
    assert f"✘ 订阅通知：{sentence}" in _shown(await channel.check())
    assert "/wxaapi/newtmpl/gettemplate" in [call.url.path for call in platform.calls]


async def test_doctor_says_that_the_bot_counts_for_itself_where_the_platform_tells_no_quota(
    channel: OfficialAccountChannel, platform: Platform
) -> None:
    platform.answers = [{"menu": {"button": []}}, TEMPLATES, SUBSCRIPTIONS, refused(48001)]
    assert "✔ 接口额度：平台不给查（公众号没有这个接口的权限" in _shown(await channel.check())


async def test_mass_send_whose_followers_all_left_does_not_go_to_everybody(
    channel: OfficialAccountChannel, platform: Platform
) -> None:
    for left in ((), (OPENID,)):
        with pytest.raises(PlatformError) as caught:
            await channel.send(Outgoing("2 followers", Content("指南"), method="mass", recipients=left, key="k"))
        assert caught.value.unreachable
    assert platform.calls == []
    platform.otherwise = ok(msg_id=1)
    await channel.send(Outgoing(EVERY_FOLLOWER, Content("指南"), method="mass", key="k"))
    assert platform.body()["filter"]["is_to_all"] is True
