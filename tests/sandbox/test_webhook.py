"""The one-way group robot."""

import base64
import hashlib

import pytest

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


def text(content, **more):
    return {"msgtype": "text", "text": {"content": content, **more}}


def test_text_appears_in_the_group_with_mentions_when_sent(sandbox):
    body = text("请报送", mentioned_list=["zhang"], mentioned_mobile_list=["13800138000", "@all"])
    assert sandbox.hook(body) == {"errcode": 0, "errmsg": "ok"}
    (message,) = sandbox.messages("group:G1")
    assert (message["from"], message["name"], message["via"]) == ("webhook:通知机器人", "通知机器人", "webhook")
    assert message["mentions"] == ["zhang", "limin", "@all"]


def test_twenty_first_in_a_minute_is_refused(sandbox):
    codes = [sandbox.hook(text(str(number)))["errcode"] for number in range(21)]
    assert codes == [0] * 20 + [45009]
    sandbox.advance(seconds=60)
    assert sandbox.hook(text("21"))["errcode"] == 0


def test_refused_messages_do_not_count_against_the_limit(sandbox):
    for _ in range(25):
        assert sandbox.hook(text(""))["errcode"] == 44004
    assert sandbox.hook(text("a"))["errcode"] == 0


def test_key_is_refused_when_unknown(sandbox):
    answer = sandbox.hook(text("a"), key="other")
    assert (answer["errcode"], "invalid webhook url" in answer["errmsg"]) == (93000, True)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (text("长" * 682), 0),
        (text("长" * 683), 45002),
        ({"msgtype": "markdown", "markdown": {"content": "x" * 4096}}, 0),
        ({"msgtype": "markdown", "markdown": {"content": "x" * 4097}}, 45002),
        ({"msgtype": "markdown_v2", "markdown_v2": {"content": "x" * 4097}}, 45002),
        ({"msgtype": "poem", "poem": {}}, 40008),
        ({"msgtype": "text"}, 40058),
        ([], 40008),
        ({"msgtype": "news", "news": {"articles": [{"title": "t", "url": "u"}] * 8}}, 0),
        ({"msgtype": "news", "news": {"articles": [{"title": "t", "url": "u"}] * 9}}, 45008),
        ({"msgtype": "news", "news": {"articles": []}}, 44003),
        ({"msgtype": "news", "news": {"articles": [{"url": "u"}]}}, 41016),
        ({"msgtype": "file", "file": {"media_id": "made-up"}}, 40007),
    ],
)
def test_message_is_taken_or_refused_by_its_size_and_form(sandbox, body, code):
    assert sandbox.hook(body)["errcode"] == code


def test_body_is_refused_when_not_json(sandbox):
    answer = sandbox.http.post("/cgi-bin/webhook/send", params={"key": "hook-key"}, content=b"hello")
    assert (answer.status_code, answer.json()["errcode"]) == (200, 47001)


def test_mentions_in_markdown_are_found_when_written_as_tags(sandbox):
    sandbox.hook({"msgtype": "markdown", "markdown": {"content": "请 <@limin> 报送"}})
    assert sandbox.messages("group:G1")[0]["mentions"] == ["limin"]


@pytest.mark.parametrize(
    ("content", "md5", "code"),
    [
        (PNG, None, 0),
        (PNG, "0" * 32, 301019),
        (b"GIF89a" + bytes(10), None, 40005),
        (b"\x89PNG" + bytes(2 * 1024 * 1024), None, 40009),
    ],
)
def test_picture_is_checked_when_sent(sandbox, content, md5, code):
    digest = md5 or hashlib.md5(content).hexdigest()
    image = {"base64": base64.b64encode(content).decode(), "md5": digest}
    assert sandbox.hook({"msgtype": "image", "image": image})["errcode"] == code


def test_file_is_sent_when_uploaded_first(sandbox):
    ask = {"params": {"key": "hook-key", "type": "file"}}
    answer = sandbox.http.post("/cgi-bin/webhook/upload_media", files={"media": ("名单.xlsx", b"123456")}, **ask).json()
    assert answer["errcode"] == 0
    assert sandbox.hook({"msgtype": "file", "file": {"media_id": answer["media_id"]}})["errcode"] == 0
    assert sandbox.messages("group:G1")[0]["text"] == "名单.xlsx"
    small = sandbox.http.post("/cgi-bin/webhook/upload_media", files={"media": ("a", b"12345")}, **ask).json()
    assert small["errcode"] == 40006


def test_card_needs_its_jump_and_has_no_buttons_when_sent_one_way(sandbox):
    card = {"card_type": "text_notice", "main_title": {"title": "通知"}}
    body = {"msgtype": "template_card", "template_card": card}
    assert sandbox.hook(body)["errcode"] == 40058
    card["card_action"] = {"type": 1, "url": "http://example.org"}
    assert sandbox.hook(body)["errcode"] == 0
    assert sandbox.messages("group:G1")[0]["card"]["title"] == "通知"
    card["card_type"] = "button_interaction"
    assert sandbox.hook(body)["errcode"] == 40058
