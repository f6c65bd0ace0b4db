"""Customer-service messages, template messages and subscription notices, sent with wechatpy's client."""

import pytest
from wechatpy.exceptions import WeChatClientException

from .conftest import AMY, BOB


def refused(code):
    return pytest.raises(WeChatClientException, check=lambda error: error.errcode == code)


def test_message_is_shown_when_the_follower_wrote_within_48_hours(sandbox, client):
    sandbox.control(f"official/{AMY}/say", {"text": "在吗"})
    sandbox.advance(hours=47)
    client.message.send_text(AMY, "您好")
    assert (sandbox.messages(f"official:{AMY}")[-1]["text"], sandbox.messages(f"official:{AMY}")[-1]["via"]) == (
        "您好",
        "custom",
    )


def test_message_is_refused_when_48_hours_are_over_or_never_began(sandbox, client):
    with refused(45015):
        client.message.send_text(BOB, "您好")
    sandbox.control(f"official/{AMY}/say", {"text": "在吗"})
    sandbox.advance(hours=48)
    with refused(45015):
        client.message.send_text(AMY, "您好")


def test_sixth_message_is_refused_until_the_follower_writes_again(sandbox, client):
    sandbox.control(f"official/{AMY}/say", {"text": "在吗"})
    for number in range(5):
        client.message.send_text(AMY, str(number))
    with refused(45047):
        client.message.send_text(AMY, "5")
    sandbox.control(f"official/{AMY}/say", {"text": "还在"})
    client.message.send_text(AMY, "5")


def test_three_messages_within_a_minute_are_allowed_when_somebody_follows(sandbox, client):
    new = "o" + "n" * 27
    sandbox.control(f"official/{new}/follow")
    for number in range(3):
        client.message.send_text(new, str(number))
    with refused(45047):
        client.message.send_text(new, "3")
    sandbox.advance(seconds=61)
    with refused(45015):
        client.message.send_text(new, "4")


def test_message_is_refused_when_receiver_left_or_never_was(sandbox, client):
    sandbox.control(f"official/{AMY}/unfollow")
    with refused(43004):
        client.message.send_text(AMY, "您好")
    with refused(40003):
        client.message.send_text("o" + "x" * 27, "您好")


def test_text_is_refused_when_empty_or_over_2048_bytes(sandbox, client):
    sandbox.control(f"official/{AMY}/say", {"text": "在吗"})
    client.message.send_text(AMY, "长" * 682)
    with refused(45002):
        client.message.send_text(AMY, "长" * 683)
    with refused(44004):
        client.message.send_text(AMY, "")
    with refused(40008):
        client.post("message/custom/send", data={"touser": AMY, "msgtype": "poem", "poem": {}})
    assert sandbox.http.get("/_sandbox/state").json()["calls"]["message/custom/send"]["codes"]["45002"] == 1


def test_news_menu_and_picture_are_shown_when_sent(sandbox, client):
    sandbox.control(f"official/{AMY}/say", {"text": "在吗"})
    article = {"title": "指南", "description": "d", "url": "http://example.org", "picurl": ""}
    client.message.send_articles(AMY, [article])
    with refused(45008):
        client.message.send_articles(AMY, [article, article])
    client.message.send_msg_menu(
        AMY, {"head_content": "满意吗", "list": [{"id": "1", "content": "满意"}], "tail_content": "谢谢"}
    )
    media = client.media.upload("image", ("a.png", b"\x89PNG\r\n\x1a\nxx"))
    client.message.send_image(AMY, media["media_id"])
    with refused(40007):
        client.message.send_image(AMY, "made-up")
    news, menu, picture = sandbox.messages(f"official:{AMY}")[1:]
    assert news["articles"] == [article]
    assert (menu["text"], menu["card"]["buttons"][0]["key"]) == ("满意吗\n满意\n谢谢", "1")
    assert sandbox.http.get(picture["media"]["url"]).content == b"\x89PNG\r\n\x1a\nxx"


def test_media_is_gone_when_three_days_are_over(sandbox, client):
    media = client.media.upload("image", ("a.png", b"\x89PNG\r\n\x1a\nxx"))
    assert client.media.download(media["media_id"]).content == b"\x89PNG\r\n\x1a\nxx"
    sandbox.advance(days=3)
    with refused(40007):
        client.media.download(media["media_id"])


TEMPLATE = {"keyword1": {"value": "垃圾分类进社区"}, "keyword2": {"value": "10月24日"}}
NOTICE = {"thing1": {"value": "垃圾分类进社区"}, "time2": {"value": "2020年10月24日 09:00"}}


def test_template_message_is_shown_without_its_ends_and_reported_when_sent(sandbox, client):
    data = {"first": {"value": "您好"}, **TEMPLATE, "remark": {"value": "再见"}}
    number = client.message.send_template(AMY, "T1", data, url="http://example.org")["msgid"]
    (message,) = sandbox.messages(f"official:{AMY}")
    assert (message["text"], message["via"]) == ("事项：垃圾分类进社区\n时间：10月24日", "template")
    assert message["card"]["lines"] == [
        {"key": "事项", "value": "垃圾分类进社区"},
        {"key": "时间", "value": "10月24日"},
    ]
    event = sandbox.bot.wait_for("templatesendjobfinish")
    assert (event.id, event.status, event.source) == (number, "success", AMY)


def test_template_message_shows_twenty_characters_of_a_field_when_it_is_longer(sandbox, client):
    client.message.send_template(AMY, "T1", TEMPLATE | {"keyword1": {"value": "一二三四五\n" * 5}})
    assert (
        sandbox.messages(f"official:{AMY}")[0]["card"]["lines"][0]["value"]
        == "一二三四五 一二三四五 一二三四五 一二..."
    )


def test_template_message_is_refused_when_template_data_or_receiver_is_wrong(sandbox, client):
    for unknown in ("T9", "S1"):
        with refused(40037):
            client.message.send_template(AMY, unknown, TEMPLATE)
    with refused(47003):
        client.message.send_template(AMY, "T1", {"keyword1": {"value": "您好"}})
    sandbox.control(f"official/{BOB}/unfollow")
    with refused(43004):
        client.message.send_template(BOB, "T1", TEMPLATE)
    [listed] = client.template.get_all_private_template()["template_list"]
    assert listed["template_id"] == "T1"


def test_template_message_is_sent_once_when_client_msg_id_repeats(sandbox):
    body = {"touser": AMY, "template_id": "T1", "data": TEMPLATE, "client_msg_id": "same"}
    first, second = sandbox.call("message/template/send", body), sandbox.call("message/template/send", body)
    assert first["msgid"] == second["msgid"]
    assert len(sandbox.messages(f"official:{AMY}")) == 1


def test_notice_needs_one_consent_each_when_sent(sandbox, client):
    with refused(43101):
        client.message.send_subscribe_message(AMY, "S1", NOTICE)
    sandbox.control(f"official/{AMY}/subscribe", {"template_id": "S1"})
    assert sandbox.bot.wait_for("subscribe_msg_popup_event").subscribes[0]["SubscribeStatusString"] == "accept"
    client.message.send_subscribe_message(AMY, "S1", NOTICE)
    with refused(43101):
        client.message.send_subscribe_message(AMY, "S1", NOTICE)
    assert sandbox.bot.wait_for("subscribe_msg_sent_event").subscribes[0]["ErrorStatus"] == "success"


def test_notice_is_refused_when_the_follower_took_the_consents_back(sandbox, client):
    for _ in range(2):
        sandbox.control(f"official/{AMY}/subscribe", {"template_id": "S1"})
    sandbox.control(f"official/{AMY}/unsubscribe", {"template_id": "S1"})
    assert sandbox.bot.wait_for("subscribe_msg_change_event").subscribes[0]["SubscribeStatusString"] == "reject"
    with refused(43101):
        client.message.send_subscribe_message(AMY, "S1", NOTICE)
    sandbox.control(f"official/{AMY}/subscribe", {"template_id": "T1"}, status=404)


@pytest.mark.parametrize(
    ("keyword", "value"), [("thing1", "长" * 21), ("thing1", "两\n行"), ("time2", "明早九点"), ("time2", "")]
)
def test_notice_is_refused_when_a_field_is_not_what_its_keyword_takes(sandbox, client, keyword, value):
    sandbox.control(f"official/{AMY}/subscribe", {"template_id": "S1"})
    with refused(47003):
        client.message.send_subscribe_message(AMY, "S1", NOTICE | {keyword: {"value": value}})
    client.message.send_subscribe_message(AMY, "S1", NOTICE)


def test_templates_of_subscription_notices_are_listed_elsewhere(sandbox):
    token = sandbox.stable_token()["access_token"]
    held = sandbox.http.get("/wxaapi/newtmpl/gettemplate", params={"access_token": token}).json()
    assert [(one["priTmplId"], one["type"]) for one in held["data"]] == [("S1", 2)]
