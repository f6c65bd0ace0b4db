"""The robot gateway, met with wecom-aibot-sdk and with a bare WebSocket."""

import asyncio
import base64

import pytest
from wecom_aibot_sdk.crypto import decrypt_file

from .robots import Robot, control, robot, wire

CARD = {
    "card_type": "button_interaction",
    "task_id": "filing-1",
    "main_title": {"title": "请核对", "desc": "草稿 2020-0001"},
    "horizontal_content_list": [{"keyname": "时间", "value": "10月24日"}],
    "button_list": [{"text": "提交", "key": "submit"}, {"text": "取消", "key": "cancel", "style": 2}],
}


async def test_robot_hears_a_group_message_only_when_mentioned(sandbox):
    async with robot(sandbox) as one:
        quiet = await control(sandbox, "groups/G1/say", {"userid": "limin", "text": "大家好"})
        assert quiet["delivered"] is False
        said = await control(sandbox, "groups/G1/say", {"userid": "limin", "text": "报备", "mention": True})
        assert said["delivered"] is True
        body = (await one.heard())["body"]
        assert body["text"]["content"] == "@科普助手 报备"
        assert (body["chatid"], body["chattype"], body["from"]) == ("G1", "group", {"userid": "limin"})
        assert one.frames.empty()


async def test_mention_in_the_text_counts_when_typed_by_hand(sandbox):
    async with robot(sandbox) as one:
        said = await control(sandbox, "groups/G1/say", {"userid": "limin", "text": "@科普助手 你好"})
        assert said["delivered"] is True
        assert (await one.heard())["body"]["text"]["content"] == "@科普助手 你好"


async def test_nothing_is_delivered_when_robot_is_off_line(sandbox):
    said = await control(sandbox, "direct/limin/say", {"text": "在吗"})
    assert said["delivered"] is False


async def test_stream_reply_shows_and_grows_when_robot_answers(sandbox):
    async with robot(sandbox) as one:
        await control(sandbox, "groups/G1/say", {"userid": "limin", "text": "报备", "mention": True})
        frame = await one.heard()
        await one.client.reply_stream(frame, "s1", "正在", False)
        await one.client.reply_stream(frame, "s1", "正在处理 <@limin>", True)
        _, reply = sandbox.messages("group:G1")
        assert (reply["text"], reply["via"], reply["streaming"]) == ("正在处理 <@limin>", "respond", False)
        assert reply["mentions"] == ["limin"]
        with pytest.raises(Exception, match="846608"):
            await one.client.reply_stream(frame, "s1", "又", True)


async def test_answer_is_refused_when_req_id_is_unknown(sandbox):
    async with wire(sandbox) as line:
        body = {"msgtype": "stream", "stream": {"id": "x", "finish": True, "content": "a"}}
        assert await line.code("aibot_respond_msg", body, "made-up") == 846605


async def test_commands_are_refused_when_not_subscribed(sandbox):
    async with wire(sandbox, subscribe=False) as line:
        assert await line.code("aibot_send_msg", {"chatid": "G1"}) == 846609
        assert await line.code("aibot_subscribe", {"bot_id": "robot-1", "secret": "no"}) == 853000
        assert await line.code("aibot_subscribe", {"bot_id": "robot-2", "secret": "no"}) == 93019
        assert await line.code("ping", None) == 0


async def test_sdk_reports_an_error_when_secret_is_wrong(sandbox):
    one = Robot(sandbox.ws_url, secret="wrong")
    await one.client.connect()
    assert "853000" in await one.noticed("error")
    await one.client.disconnect()


async def test_old_connection_is_told_and_closed_when_a_new_one_subscribes(sandbox):
    async with robot(sandbox) as first:
        async with robot(sandbox) as second:
            event = await first.heard()
            assert event["body"]["event"]["eventtype"] == "disconnected_event"
            await first.noticed("disconnected")
            await control(sandbox, "direct/limin/say", {"text": "在吗"})
            assert (await second.heard())["body"]["event"]["eventtype"] == "enter_chat"
            assert (await second.heard())["body"]["text"]["content"] == "在吗"
        assert not first.client.is_connected


async def test_push_is_refused_when_nobody_there_has_talked_to_the_robot(sandbox):
    async with robot(sandbox) as one:
        with pytest.raises(Exception, match="93006"):
            await one.send("G1", "通知")
        await control(sandbox, "groups/G1/say", {"userid": "limin", "text": "你好", "mention": True})
        await one.send("G1", "通知")
        assert sandbox.messages("group:G1")[-1]["via"] == "push"
        with pytest.raises(Exception, match="93006"):
            await one.send("zhang", "通知")


async def test_push_is_refused_when_over_30_a_minute(sandbox):
    async with wire(sandbox) as line:
        await control(sandbox, "direct/limin/say", {"text": "你好"})
        body = {"chatid": "limin", "msgtype": "markdown", "markdown": {"content": "x"}}
        codes = [await line.code("aibot_send_msg", body) for _ in range(31)]
        assert codes == [0] * 30 + [45009]
        await asyncio.to_thread(sandbox.advance, seconds=61)
        assert await line.code("aibot_send_msg", body) == 0


async def test_message_is_refused_when_too_long_empty_or_of_unknown_type(sandbox):
    async with wire(sandbox) as line:
        await control(sandbox, "direct/limin/say", {"text": "你好"})
        for body, code in [
            ({"msgtype": "markdown", "markdown": {"content": "x" * 20481}}, 45002),
            ({"msgtype": "markdown", "markdown": {"content": " "}}, 44004),
            ({"msgtype": "text", "text": {"content": "x"}}, 40008),
            ({"msgtype": "image", "image": {"media_id": "made-up"}}, 40007),
        ]:
            assert await line.code("aibot_send_msg", {"chatid": "limin", **body}) == code


async def test_enter_chat_comes_once_a_day_when_the_chat_is_opened(sandbox):
    async with robot(sandbox) as one:
        assert (await control(sandbox, "direct/limin/open"))["delivered"] is True
        assert (await control(sandbox, "direct/limin/open"))["delivered"] is False
        frame = await one.heard()
        await one.client.reply_welcome(frame, {"msgtype": "text", "text": {"content": "您好"}})
        assert sandbox.texts("direct:limin") == ["您好"]
        with pytest.raises(Exception, match="846605"):
            await one.client.reply_welcome(frame, {"msgtype": "text", "text": {"content": "您好"}})
        sandbox.advance(days=1)
        assert (await control(sandbox, "direct/limin/open"))["delivered"] is True


async def test_welcome_is_refused_when_five_seconds_are_over(sandbox, monkeypatch):
    monkeypatch.setattr("bot.sandbox.robot_commands.EVENT_LIFE", 0.05)
    async with robot(sandbox) as one:
        await control(sandbox, "direct/limin/open")
        frame = await one.heard()
        await asyncio.sleep(0.1)
        with pytest.raises(Exception, match="846605"):
            await one.client.reply_welcome(frame, {"msgtype": "text", "text": {"content": "您好"}})


async def test_card_is_updated_in_place_when_robot_answers_a_click(sandbox):
    async with robot(sandbox) as one:
        await control(sandbox, "groups/G1/say", {"userid": "limin", "text": "报备", "mention": True})
        await one.client.reply_template_card(await one.heard(), CARD)
        sent = sandbox.messages("group:G1")[-1]
        assert sent["card"]["lines"] == [{"key": "时间", "value": "10月24日"}]
        assert sent["card"]["buttons"][1] == {"text": "取消", "key": "cancel", "style": 2}
        click = {"userid": "zhang", "message_id": sent["id"], "key": "submit"}
        assert (await control(sandbox, "click", click))["delivered"] is True
        frame = await one.heard()
        event = frame["body"]["event"]
        assert event == {
            "eventtype": "template_card_event",
            "template_card_event": {
                "card_type": "button_interaction",
                "event_key": "submit",
                "task_id": "filing-1",
            },
        }
        assert frame["body"]["from"] == {"userid": "zhang"}
        done = {
            "card_type": "text_notice",
            "task_id": "filing-1",
            "main_title": {"title": "已提交"},
            "card_action": {"type": 1, "url": "http://example.org"},
        }
        await one.client.update_template_card(frame, done)
        after = sandbox.messages("group:G1")[-1]
        assert (after["id"], after["card"]["title"], after["card"]["updated"]) == (sent["id"], "已提交", True)
        assert after["rev"] > sent["rev"]
        await control(sandbox, "click", click, status=404)


async def test_update_is_refused_when_task_id_is_another(sandbox):
    async with robot(sandbox) as one:
        await control(sandbox, "direct/limin/say", {"text": "报备"})
        await one.heard()
        await one.client.reply_template_card(await one.heard(), CARD)
        sent = sandbox.messages("direct:limin")[-1]
        await control(sandbox, "click", {"userid": "limin", "message_id": sent["id"], "key": "submit"})
        with pytest.raises(Exception, match="40058"):
            await one.client.update_template_card(await one.heard(), {**CARD, "task_id": "other"})


async def test_quote_travels_with_the_message_when_somebody_quotes(sandbox):
    async with robot(sandbox) as one:
        first = await control(sandbox, "groups/G1/say", {"userid": "zhang", "text": "请各单位报送"})
        row = {"userid": "limin", "text": "收到", "mention": True, "quote": first["message"]["id"]}
        said = await control(sandbox, "groups/G1/say", row)
        assert said["message"]["quote"] == first["message"]["id"]
        assert (await one.heard())["body"]["quote"] == {"msgtype": "text", "text": {"content": "请各单位报送"}}


async def test_uploaded_file_is_sent_whole_when_it_needs_several_chunks(sandbox):
    content = bytes(range(256)) * 4096 + b"end"
    async with robot(sandbox) as one:
        await control(sandbox, "direct/limin/say", {"text": "模板"})
        uploaded = await one.client.upload_media(content, type="file", filename="模板.xlsx")
        await one.client.send_media_message("limin", "file", uploaded["media_id"])
        sent = sandbox.messages("direct:limin")[-1]
        assert (sent["type"], sent["text"]) == ("file", "模板.xlsx")
        assert sandbox.http.get(sent["media"]["url"]).content == content


async def test_upload_is_refused_when_pieces_are_missing_or_wrong(sandbox):
    async with wire(sandbox) as line:
        begin = {"type": "file", "filename": "a", "total_size": 10, "total_chunks": 2, "md5": "0" * 32}
        assert await line.code("aibot_upload_media_init", {**begin, "total_chunks": 101}) == 40058
        upload_id = (await line.ask("aibot_upload_media_init", begin))["body"]["upload_id"]
        piece = {"upload_id": upload_id, "base64_data": base64.b64encode(b"12345").decode()}
        assert await line.code("aibot_upload_media_chunk", {**piece, "chunk_index": 0}) == 0
        assert await line.code("aibot_upload_media_finish", {"upload_id": upload_id}) == 40058
        assert await line.code("aibot_upload_media_chunk", {**piece, "chunk_index": 1}) == 0
        assert await line.code("aibot_upload_media_finish", {"upload_id": upload_id}) == 301019


async def test_picture_from_a_member_arrives_encrypted_when_sent_directly(sandbox):
    picture = b"\x89PNG\r\n\x1a\n" + b"x" * 100
    media = {"type": "image", "filename": "现场.png", "base64": base64.b64encode(picture).decode()}
    async with robot(sandbox) as one:
        await control(sandbox, "direct/limin/say", {"media": media})
        await one.heard()
        image = (await one.heard())["body"]["image"]
        got = await one.client.download_file(image["url"], image["aeskey"])
        assert (got["buffer"], got["filename"]) == (picture, "现场.png")
        raw = (await one.client.download_file(image["url"]))["buffer"]
        assert raw != picture
        assert decrypt_file(raw, image["aeskey"]) == picture


async def test_socket_drops_and_sdk_returns_when_disconnect_is_scripted(sandbox):
    async with robot(sandbox) as one:
        await control(sandbox, "faults", {"target": "gateway", "outcome": "disconnect"})
        await one.noticed("disconnected")
        await one.noticed("authenticated")


async def test_push_outcomes_follow_the_script_when_one_is_set(sandbox):
    async with wire(sandbox) as line:
        await control(sandbox, "direct/limin/say", {"text": "你好"})
        body = {"chatid": "limin", "msgtype": "markdown", "markdown": {"content": "x"}}
        await control(sandbox, "faults", {"target": "aibot_send_msg", "outcome": "busy"})
        await control(sandbox, "faults", {"target": "aibot_send_msg", "outcome": "error:846609", "after": 1})
        assert [await line.code("aibot_send_msg", body) for _ in range(3)] == [-1, 0, 846609]


async def test_push_is_done_but_not_acknowledged_when_timeout_after_accept_is_scripted(sandbox):
    async with wire(sandbox) as line:
        await control(sandbox, "direct/limin/say", {"text": "你好"})
        await control(sandbox, "faults", {"target": "aibot_send_msg", "outcome": "timeout_after_accept"})
        body = {"chatid": "limin", "msgtype": "markdown", "markdown": {"content": "到了"}}
        asking = asyncio.create_task(line.ask("aibot_send_msg", body))
        await asyncio.sleep(0.1)
        assert not asking.done()
        asking.cancel()
        assert sandbox.texts("direct:limin") == ["你好", "到了"]


async def test_message_comes_three_times_when_repeat_is_scripted(sandbox):
    async with robot(sandbox) as one:
        await control(sandbox, "faults", {"target": "aibot_msg_callback", "outcome": "repeat"})
        await control(sandbox, "groups/G1/say", {"userid": "limin", "text": "报备", "mention": True})
        frames = [await one.heard() for _ in range(3)]
        assert len({frame["body"]["msgid"] for frame in frames}) == 1


async def test_click_has_the_flat_form_when_scripted(sandbox):
    async with robot(sandbox) as one:
        await control(sandbox, "groups/G1/say", {"userid": "limin", "text": "报备", "mention": True})
        await one.client.reply_template_card(await one.heard(), CARD)
        sent = sandbox.messages("group:G1")[-1]
        await control(sandbox, "faults", {"target": "template_card_event", "outcome": "flat"})
        await control(sandbox, "click", {"userid": "limin", "message_id": sent["id"], "key": "cancel"})
        event = (await one.heard())["body"]["event"]
        assert (event["event_key"], event["task_id"]) == ("cancel", "filing-1")
