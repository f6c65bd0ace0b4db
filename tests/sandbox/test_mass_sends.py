"""Mass sends with wechatpy's client: quotas, repeats, reports."""

import pytest
from wechatpy.exceptions import APILimitedException, WeChatClientException

from .conftest import AMY, BOB, CAT
from .test_messages_to_one import refused


def test_everybody_receives_and_the_result_is_reported_when_sent_to_all(sandbox, client):
    sandbox.control(f"official/{CAT}/unfollow")
    answer = client.message.send_mass_text("通知", is_to_all=True)
    event = sandbox.bot.wait_for("masssendjobfinish")
    assert (event.total_count, event.filter_count, event.sent_count, event.error_count) == (2, 2, 2, 0)
    assert event.id == answer["msg_id"]
    for openid in (AMY, BOB):
        (message,) = sandbox.messages(f"official:{openid}")
        assert (message["text"], message["via"]) == ("通知", "mass")
    assert client.message.get_mass(answer["msg_id"])["msg_status"] == "SEND_SUCCESS"


def test_only_the_tagged_receive_when_sent_to_a_tag(sandbox, client):
    tag = client.tag.create("实施单位")["id"]
    client.tag.tag_user(tag, [BOB])
    client.message.send_mass_text("通知", tag)
    sandbox.bot.wait_for("masssendjobfinish")
    assert [len(sandbox.messages(f"official:{openid}")) for openid in (AMY, BOB)] == [0, 1]


def test_fifth_in_a_month_is_refused_for_the_same_followers(sandbox, client):
    for number in range(4):
        client.message.send_mass_text(f"第{number}次", [AMY, BOB])
    with refused(45028):
        client.message.send_mass_text("第5次", [AMY, BOB])
    client.message.send_mass_text("第5次", [AMY, CAT])
    sandbox.advance(days=31)
    client.message.send_mass_text("下月", [AMY, BOB])
    sandbox.bot.wait_for("masssendjobfinish")


def test_result_counts_those_over_their_quota_as_filtered_when_sent(sandbox, client):
    for number in range(4):
        client.message.send_mass_text(f"第{number}次", [AMY, BOB])
    number = client.message.send_mass_text("第5次", [AMY, BOB, CAT])["msg_id"]
    event = sandbox.bot.wait_for("masssendjobfinish", number)
    assert (event.total_count, event.filter_count, event.sent_count) == (3, 1, 1)


def test_repeat_is_refused_with_the_first_number_when_clientmsgid_is_the_same(sandbox, client):
    first = client.message.send_mass_text("通知", [AMY, BOB], client_msg_id="notice-1")
    answer = sandbox.call(
        "message/mass/send",
        {"touser": [AMY, BOB], "msgtype": "text", "text": {"content": "通知"}, "clientmsgid": "notice-1"},
    )
    assert (answer["errcode"], answer["msg_id"]) == (45065, first["msg_id"])
    with refused(45067):
        client.message.send_mass_text("通知", [AMY, BOB], client_msg_id="x" * 65)
    sandbox.advance(hours=25)
    client.message.send_mass_text("通知", [AMY, BOB], client_msg_id="notice-1")


def test_list_is_refused_when_shorter_than_two_or_longer_than_ten_thousand(sandbox, client):
    for openids in ([AMY], [AMY, AMY], [AMY, *(f"o{n}" for n in range(10_000))]):
        with refused(40130):
            client.message.send_mass_text("通知", openids)


def test_text_is_refused_when_empty_or_too_long(sandbox, client):
    with refused(44004):
        client.message.send_mass_text("", [AMY, BOB])
    with refused(45002):
        client.message.send_mass_text("长" * 683, [AMY, BOB])


def test_calls_are_refused_when_more_than_sixty_come_in_a_minute(sandbox, client):
    client.message.send_mass_text("通知", [AMY, BOB], client_msg_id="same")
    for _ in range(59):
        with refused(45065):
            client.message.send_mass_text("通知", [AMY, BOB], client_msg_id="same")
    with pytest.raises(APILimitedException):
        client.message.send_mass_text("通知", [AMY, BOB], client_msg_id="same")
    sandbox.advance(seconds=61)
    with refused(45065):
        client.message.send_mass_text("通知", [AMY, BOB], client_msg_id="same")


def test_preview_reaches_one_follower_and_costs_nothing_when_made(sandbox, client):
    for _ in range(6):
        client.message.send_mass_text("预览", AMY, preview=True)
    assert len(sandbox.messages(f"official:{AMY}")) == 6
    client.message.send_mass_text("通知", is_to_all=True)


class TestSubscriptionAccount:
    """A subscription account has one mass send a day."""

    @pytest.fixture
    def world(self, world):
        world["official_account"]["kind"] = "subscription"
        return world

    def test_second_of_the_day_is_refused(self, sandbox, client):
        client.message.send_mass_text("通知", is_to_all=True)
        with pytest.raises(WeChatClientException, check=lambda error: error.errcode == 45028):
            client.message.send_mass_text("通知", is_to_all=True)
        sandbox.advance(days=1)
        client.message.send_mass_text("通知", is_to_all=True)
