"""Callbacks to the bot: encryption, five seconds (shortened here), three tries, passive replies."""

from datetime import datetime

from starlette.responses import PlainTextResponse
from wechatpy.replies import ArticlesReply, TextReply

from bot.clock import CHINA
from bot.sandbox.messages import OUTAGE

from .conftest import AMY


def test_follower_sees_passive_reply_when_bot_answers_text(sandbox):
    sandbox.bot.answer = lambda message: f"收到：{message.content}"
    result = sandbox.control(f"official/{AMY}/say", {"text": "申报指南"})
    assert (result["tries"], result["reply"]["text"], result["reply"]["via"]) == (1, "收到：申报指南", "passive")
    assert sandbox.texts(f"official:{AMY}") == ["申报指南", "收到：申报指南"]


def test_callback_is_signed_and_names_the_follower_when_sent(sandbox):
    sandbox.control(f"official/{AMY}/say", {"text": "在吗 ]]> <b>"})
    (query,) = sandbox.bot.queries
    assert (query["openid"], query["encrypt_type"]) == (AMY, "aes")
    (message,) = sandbox.bot.received
    assert (message.source, message.content) == (AMY, "在吗 ]]> <b>")
    assert message.id.bit_length() <= 63


def test_create_time_follows_the_shared_clock_when_it_is_moved(sandbox):
    moment = datetime(2020, 12, 5, 8, 0, tzinfo=CHINA)
    sandbox.control("clock", {"now": moment.isoformat()})
    sandbox.control(f"official/{AMY}/say", {"text": "a"})
    assert 0 <= sandbox.bot.received[0].time - moment.timestamp() < 5


def test_news_reply_becomes_articles_when_bot_sends_it(sandbox):
    def answer(message):
        reply = ArticlesReply(message=message)
        reply.add_article({"title": "指南", "description": "d", "image": "i", "url": "http://example.org"})
        return PlainTextResponse(sandbox.bot.sealed(reply))

    sandbox.bot.answer = answer
    reply = sandbox.control(f"official/{AMY}/say", {"text": "a"})["reply"]
    assert (reply["type"], reply["articles"][0]["title"]) == ("news", "指南")


def test_callback_is_repeated_with_the_same_id_when_bot_is_slow(sandbox):
    sandbox.bot.delays = [0.5]
    sandbox.bot.answer = lambda message: "好"
    result = sandbox.control(f"official/{AMY}/say", {"text": "a"})
    assert (result["tries"], result["reply"]["text"]) == (2, "好")
    assert len({message.id for message in sandbox.bot.received}) == 1


def test_follower_sees_the_outage_line_when_three_tries_fail(sandbox):
    sandbox.bot.delays = [0.5, 0.5, 0.5]
    result = sandbox.control(f"official/{AMY}/say", {"text": "a"})
    assert result["tries"] == 3
    assert (result["reply"]["type"], result["reply"]["text"]) == ("system", OUTAGE)


def test_bot_is_asked_three_times_when_it_answers_500(sandbox):
    sandbox.bot.answer = lambda message: PlainTextResponse("oops", 500)
    assert sandbox.control(f"official/{AMY}/say", {"text": "a"})["tries"] == 3


def test_follower_sees_the_outage_line_when_reply_is_plain_or_forged(sandbox):
    def plain(message):
        return PlainTextResponse(TextReply(message=message, content="x").render())

    def forged(message):
        sealed = sandbox.bot.sealed(TextReply(message=message, content="x"))
        return PlainTextResponse(sealed.replace("<TimeStamp>1", "<TimeStamp>2"))

    for answer in (plain, forged, lambda message: PlainTextResponse("{}"), lambda message: PlainTextResponse("", 403)):
        sandbox.bot.answer = answer
        result = sandbox.control(f"official/{AMY}/say", {"text": "a"})
        assert (result["tries"], result["reply"]["text"]) == (1, OUTAGE)


def test_follower_sees_nothing_when_reply_is_empty_or_success(sandbox):
    for nothing in ("", "success"):
        sandbox.bot.answer = lambda message, nothing=nothing: nothing
        assert sandbox.control(f"official/{AMY}/say", {"text": "a"})["reply"] is None


def test_reply_counts_as_invalid_when_text_is_over_2048_bytes(sandbox):
    sandbox.bot.answer = lambda message: "长" * 683
    assert sandbox.control(f"official/{AMY}/say", {"text": "a"})["reply"]["text"] == OUTAGE


def test_same_callback_comes_three_times_when_repeat_is_scripted(sandbox):
    sandbox.fault("callbacks", "repeat")
    sandbox.bot.delays = [0.1, 0.1]
    sandbox.bot.answer = lambda message: "好"
    result = sandbox.control(f"official/{AMY}/say", {"text": "a"})
    assert result["tries"] == 3
    assert len(sandbox.bot.received) == 3
    assert len({message.id for message in sandbox.bot.received}) == 1
    assert sandbox.texts(f"official:{AMY}") == ["a", "好"]


def test_follow_scan_and_unfollow_become_events_when_played(sandbox):
    new = "o" + "n" * 27
    sandbox.control(f"official/{new}/follow", {"scene": "unit-7", "name": "新人"})
    sandbox.control(f"official/{new}/follow", {"scene": "unit-8"})
    sandbox.control(f"official/{new}/unfollow")
    first, second, third = sandbox.bot.received
    assert (first.event, first.scene_id, bool(first.ticket)) == ("subscribe_scan", "unit-7", True)
    assert (second.event, second.scene_id) == ("scan", "unit-8")
    assert third.event == "unsubscribe"


def test_menu_click_is_an_event_when_the_item_exists(sandbox, client):
    client.menu.create({"button": [{"type": "click", "name": "指南", "key": "GUIDE"}]})
    sandbox.control(f"official/{AMY}/menu", {"key": "GUIDE"})
    assert sandbox.bot.wait_for("click").key == "GUIDE"
    sandbox.control(f"official/{AMY}/menu", {"key": "OTHER"}, status=404)


def test_picture_voice_and_place_arrive_as_such_when_a_follower_sends_them(sandbox):
    sandbox.control(f"official/{AMY}/say", {"media": {"filename": "a.png", "base64": "iVBORw0KGgo="}})
    sandbox.control(f"official/{AMY}/say", {"voice": "报备"})
    sandbox.control(f"official/{AMY}/say", {"location": {"latitude": 23.02, "longitude": 113.75, "label": "莞城"}})
    picture, voice, place = sandbox.bot.received
    assert sandbox.http.get(picture.image).content == b"\x89PNG\r\n\x1a\n"
    assert voice.recognition == "报备"
    assert (place.label, place.location) == ("莞城", ("23.02", "113.75"))


def test_follower_sees_no_outage_line_when_nobody_answers_a_report(sandbox):
    sandbox.bot.answer = lambda message: PlainTextResponse("no", 403)
    assert sandbox.control(f"official/{AMY}/unfollow")["reply"] is None
    assert sandbox.texts(f"official:{AMY}") == ["amy 取消了关注"]


def test_text_is_cleaned_when_it_holds_what_xml_or_utf8_cannot(sandbox):
    raw = b'{"text": "a\\ud800b\\u0000c\\u202ed"}'
    assert sandbox.http.post(f"/_sandbox/official/{AMY}/say", content=raw).status_code == 200
    assert sandbox.bot.received[0].content == "a?bc\u202ed"
    assert sandbox.http.get("/_sandbox/messages").status_code == 200


def test_address_check_succeeds_only_when_bot_echoes(sandbox):
    assert sandbox.control("official/address-check") == {"ok": True}
    sandbox.bot.token = "other"
    assert sandbox.control("official/address-check") == {"ok": False}


def test_call_returns_at_once_when_wait_is_false(sandbox):
    sandbox.bot.delays = [0.2]
    assert sandbox.control(f"official/{AMY}/say", {"text": "a", "wait": False})["tries"] == 0
    sandbox.bot.wait_for("text")
