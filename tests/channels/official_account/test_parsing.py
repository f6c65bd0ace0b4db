"""Every kind of message and event of the platform, in the bot's words; and whatever else may come."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.official_account.parsing import EVENTS, KINDS, parse
from bot.clock import CHINA
from bot.errors import RejectedCallback
from bot.messaging.types import OFFICIAL_ACCOUNT, Incoming

OPENID, OWN_ID = "oAmyAmyAmyAmyAmyAmyAmyAmyAmy", "gh_0123456789ab"
AT = 1602468000


def _xml(**fields: Any) -> bytes:
    held = {"ToUserName": OWN_ID, "FromUserName": OPENID, "CreateTime": AT} | fields
    return f"<xml>{''.join(f'<{name}>{value}</{name}>' for name, value in held.items())}</xml>".encode()


def _message(kind: str, **fields: Any) -> Incoming:
    return parse(_xml(MsgType=kind, MsgId=24567, **fields)).message


def _event(name: str, **fields: Any) -> Incoming:
    return parse(_xml(MsgType="event", Event=name, **fields)).message


def test_message_knows_who_when_and_by_which_number() -> None:
    callback = parse(_xml(MsgType="text", MsgId=24567, Content="<![CDATA[报备 <b>]]>"))
    message = callback.message
    assert callback.own_id == OWN_ID
    assert (message.channel, message.account, message.message_id) == (OFFICIAL_ACCOUNT, OPENID, "24567")
    assert message.at == datetime(2020, 10, 12, 10, 0, tzinfo=CHINA)
    assert (message.kind, message.text, message.chat, message.in_group) == ("text", "报备 <b>", "", False)


@pytest.mark.parametrize(
    ("kind", "fields", "expected"),
    [
        ("text", {"Content": "你好"}, {"kind": "text", "text": "你好"}),
        ("text", {"Content": ""}, {"kind": "text", "text": ""}),
        ("voice", {"MediaId": "M", "Format": "amr", "Recognition": "报备"}, {"kind": "voice", "text": "报备"}),
        ("voice", {"MediaId": "M", "Format": "amr"}, {"kind": "voice", "text": "", "detail": {"media_id": "M"}}),
        ("image", {"PicUrl": "http://p/1", "MediaId": "M"}, {"kind": "image"}),
        ("video", {"MediaId": "M", "ThumbMediaId": "T"}, {"kind": "video", "detail": {"media_id": "M"}}),
        ("shortvideo", {"MediaId": "M", "ThumbMediaId": "T"}, {"kind": "video"}),
        (
            "location",
            {"Location_X": "23.02", "Location_Y": "113.75", "Scale": "20", "Label": "莞城文化广场"},
            {"kind": "location", "text": "莞城文化广场", "detail": {"latitude": "23.02", "longitude": "113.75"}},
        ),
        ("link", {"Title": "报道", "Description": "d", "Url": "http://n/1"}, {"kind": "link", "text": "报道"}),
        ("file", {"Title": "方案.docx", "Description": "d"}, {"kind": "file", "detail": {"description": "d"}}),
    ],
)
def test_message_of_each_kind(kind: str, fields: dict[str, str], expected: dict[str, Any]) -> None:
    message = _message(kind, **fields)
    for name, value in expected.items():
        held = getattr(message, name)
        assert value.items() <= held.items() if isinstance(value, dict) else held == value, name


def test_every_kind_of_message_is_tried_above() -> None:
    assert set(KINDS) == {"text", "voice", "image", "video", "shortvideo", "location", "link", "file"}


PUBLISH = "<publish_id>100</publish_id><publish_status>0</publish_status><article_id>A</article_id>"
PAGE = "https://mp.weixin.qq.com/s/abc?x=1"
IN_DETAIL = (
    f"<article_detail><count>1</count><item><idx>1</idx><article_url>{PAGE}</article_url></item></article_detail>"
)
SENT = f"<Count>2</Count><ResultList><item><ArticleUrl>{PAGE}</ArticleUrl></item><item/></ResultList>"
ONE_ANSWER = "<List><TemplateId>T</TemplateId><SubscribeStatusString>accept</SubscribeStatusString></List>"


@pytest.mark.parametrize(
    ("name", "fields", "event", "key", "detail"),
    [
        ("subscribe", {}, "subscribe", "", {}),
        ("subscribe", {"EventKey": "qrscene_unit-3", "Ticket": "K"}, "subscribe", "unit-3", {}),
        ("SCAN", {"EventKey": "unit-3", "Ticket": "K"}, "scan", "unit-3", {}),
        ("unsubscribe", {}, "unsubscribe", "", {}),
        ("CLICK", {"EventKey": "menu:file"}, "menu", "menu:file", {}),
        ("VIEW", {"EventKey": "https://example.org"}, "view", "https://example.org", {}),
        ("LOCATION", {"Latitude": "23.1", "Longitude": "113.7"}, "location_report", "", {}),
        (
            "MASSSENDJOBFINISH",
            {"MsgID": "34182", "Status": "send success", "TotalCount": 9, "SentCount": 8, "ErrorCount": 1},
            "mass_finished", "", {"msg_id": "34182", "status": "send success", "sent_count": "8", "error_count": "1"},
        ),
        (
            "TEMPLATESENDJOBFINISH", {"MsgID": "2002", "Status": "failed:user block"},
            "template_finished", "", {"msg_id": "2002", "status": "failed:user block"},
        ),
        (
            "PUBLISHJOBFINISH", {"PublishEventInfo": PUBLISH},
            "publish_finished", "", {"publish_id": "100", "status": "0", "article_id": "A"},
        ),
        ("PUBLISHJOBFINISH", {"PublishEventInfo": PUBLISH + IN_DETAIL}, "publish_finished", "", {"article_url": PAGE}),
        ("MASSSENDJOBFINISH", {"MsgID": "1", "ArticleUrlResult": SENT}, "mass_finished", "", {"article_url": PAGE}),
        (
            "subscribe_msg_popup_event", {"SubscribeMsgPopupEvent": ONE_ANSWER},
            "subscription_answered", "", {"answers": "T:accept"},
        ),
        (
            "subscribe_msg_popup_event", {"SubscribeMsgPopupEvent": ONE_ANSWER + ONE_ANSWER.replace("accept", "reject")},
            "subscription_answered", "", {"answers": "T:accept T:reject"},
        ),
        (
            "subscribe_msg_change_event", {"SubscribeMsgChangeEvent": ONE_ANSWER},
            "subscription_changed", "", {"answers": "T:accept"},
        ),
        (
            "subscribe_msg_sent_event",
            {"SubscribeMsgSentEvent": "<List><TemplateId>T</TemplateId><MsgID>7</MsgID><ErrorStatus>s</ErrorStatus></List>"},
            "subscription_sent", "", {"template_id": "T", "msg_id": "7", "status": "s"},
        ),
    ],
)  # fmt: skip
def test_event_of_each_kind(name: str, fields: dict[str, Any], event: str, key: str, detail: dict[str, str]) -> None:
    message = _event(name, **fields)
    assert (message.kind, message.event, message.key) == ("event", event, key)
    assert detail.items() <= message.detail.items()
    assert event in EVENTS.values()


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://a b", "", "https://x/" + "a" * 600])
def test_address_of_an_article_that_is_none_of_the_web_is_dropped(url: str) -> None:
    detail = _event("PUBLISHJOBFINISH", PublishEventInfo=PUBLISH + IN_DETAIL.replace(PAGE, url)).detail
    assert "article_url" not in detail
    assert detail["article_id"] == "A"


@pytest.mark.parametrize(
    "detail", ["<item/>", "<item>x</item>", "", "<item/><item><article_url>x</article_url></item>"]
)
def test_odd_detail_of_a_publication_loses_nothing_else(detail: str) -> None:
    message = _event("PUBLISHJOBFINISH", PublishEventInfo=f"{PUBLISH}<article_detail>{detail}</article_detail>")
    assert message.detail["article_id"] == "A"
    assert "article_url" not in message.detail


@pytest.mark.parametrize("name", ["", "card_pass_check", "poi_check_notify", "user_authorize_cancellation"])
def test_event_without_a_word_of_ours_is_unknown(name: str) -> None:
    if name:
        assert (_event(name).kind, _event(name).event) == ("unknown", "")
    else:
        with pytest.raises(RejectedCallback):
            _event(name)


def test_same_event_has_the_same_number_and_any_other_has_another() -> None:
    same = [_event("CLICK", EventKey="a").message_id for _ in range(3)]
    assert len(set(same)) == 1
    job = [_event("MASSSENDJOBFINISH", MsgID=number, Status="send success").message_id for number in (1, 2)]
    others = [
        _event("CLICK", EventKey="b"), _event("VIEW", EventKey="a"), _event("CLICK", EventKey="a", CreateTime=AT + 1),
        _event("CLICK", EventKey="a", FromUserName="oBob"),
    ]  # fmt: skip
    assert len({same[0], *job, *(one.message_id for one in others)}) == 7
    assert all(OPENID not in number and len(number) <= 200 for number in (*same, *job))


TAGS = st.sampled_from(
    ["ToUserName", "FromUserName", "CreateTime", "MsgType", "MsgId", "Event", "EventKey", "Content", "MediaId", "List",
     "SubscribeMsgPopupEvent", "PublishEventInfo", "SubscribeMsgSentEvent", "SendLocationInfo", "Recognition", "a"]
)  # fmt: skip
WORDS = st.sampled_from(
    [OPENID, OWN_ID, str(AT), "text", "event", "location", "subscribe", "SCAN", "-1", "0", "", "1e5"]
)


@st.composite
def trees(draw: st.DrawFn, depth: int = 2) -> str:
    """XML that looks like the platform's."""
    parts = []
    for tag in draw(st.lists(TAGS, max_size=8)):
        text = draw(WORDS | st.text(st.characters(codec="utf-8"), max_size=8).map(lambda t: f"<![CDATA[{t}]]>"))
        inner = draw(trees(depth - 1)) if depth and draw(st.integers(0, 3)) == 0 else text
        parts.append(f"<{tag}>{inner}</{tag}>")
    return "".join(parts)


@settings(max_examples=100, deadline=None)
@given(tree=trees(), whole=st.booleans(), raw=st.binary(max_size=40))
def test_whatever_comes_is_a_message_or_a_refusal(tree: str, whole: bool, raw: bytes) -> None:
    head = f"<ToUserName>{OWN_ID}</ToUserName><FromUserName>{OPENID}</FromUserName><CreateTime>{AT}</CreateTime>"
    for xml in (raw, f"<xml>{head if whole else ''}{tree}</xml>".encode()):
        try:
            message = parse(xml).message
        except RejectedCallback:
            continue
        assert 0 < len(message.account) <= 128
        assert 0 < len(message.message_id) <= 200
        assert isinstance(message.text, str)
        assert isinstance(message.key, str)
        assert all(isinstance(value, str) for value in message.detail.values())
