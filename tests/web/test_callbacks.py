"""Good callbacks, through the web application: answered, kept once, and the odd ones met with «success»."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.model import InboxMessage
from tests.logs import Logged
from tests.web.conftest import OPENID, OWN_ID, Platform, Site


async def test_message_is_answered_sealed_and_kept(site: Site, platform: Platform, logged: Logged) -> None:
    answer = await site.post(platform.sealed(platform.text()))
    assert answer.status_code == 200
    xml = platform.opened(answer)
    assert f"<ToUserName><![CDATA[{OPENID}]]>" in xml
    assert f"<FromUserName><![CDATA[{OWN_ID}]]>" in xml
    assert "<MsgType><![CDATA[text]]>" in xml
    assert site.stored()["inbox_message"] == 1
    assert logged.text == ""


async def test_message_that_the_platform_repeats_is_kept_once_and_answered_alike(
    site: Site, platform: Platform
) -> None:
    sealed = platform.sealed(platform.text("最新通知"))
    again = platform.sealed(platform.text("最新通知"))  # sealed anew, as the platform does
    answers = [*await asyncio.gather(site.post(sealed), site.post(again)), await site.post(again)]
    contents = [platform.opened(one).partition("<Content>")[2] for one in answers]
    assert contents[0] == contents[1] == contents[2] != ""
    assert site.stored()["inbox_message"] == 1


async def test_event_that_the_platform_repeats_is_kept_once(site: Site, platform: Platform) -> None:
    for _ in range(3):
        answer = await site.post(platform.sealed(platform.event("subscribe")))
        assert platform.opened(answer)
    assert site.stored()["inbox_message"] == 1


async def test_same_event_a_second_later_is_another_one(site: Site, platform: Platform) -> None:
    for later in (0, 1):
        click = platform.event("CLICK", EventKey="menu:help", CreateTime=str(platform.now + later))
        await site.post(platform.sealed(click))
    assert site.stored()["inbox_message"] == 2


async def test_openid_is_not_kept_with_an_event(site: Site, platform: Platform) -> None:
    await site.post(platform.sealed(platform.event("subscribe")))
    with site.bot.database.read() as session:
        assert OPENID not in session.query(InboxMessage).one().message_id


async def test_nothing_to_say_is_the_word_success(site: Site, platform: Platform) -> None:
    answer = await site.post(platform.sealed(platform.event("unsubscribe")))
    assert (answer.status_code, answer.content) == (200, b"success")


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE html> 是什么意思",
        '<!ENTITY lol "lol">',
        "</Content></xml>",
        "🏮 ]] > & &amp; %s {{7*7}}",
        "\u202e反\u200b向",
        "长" * 6000,
    ],
)
async def test_whatever_a_person_writes_is_answered(site: Site, platform: Platform, text: str) -> None:
    assert platform.opened(await site.post(platform.sealed(platform.text(text))))


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("hardware", {}),
        ("merged_message", {"MsgId": "1"}),
        ("event", {"Event": "card_pass_check"}),
        ("event", {"Event": "user_info_modified"}),
        ("device_text", {"DeviceID": "1"}),
    ],
)
async def test_message_of_unknown_type_is_ignored_with_one_line(
    site: Site, platform: Platform, logged: Logged, kind: str, fields: dict[str, str]
) -> None:
    answer = await site.post(platform.sealed(platform.xml(MsgType=kind, **fields)))
    assert (answer.status_code, answer.content) == (200, b"success")
    [line] = logged.lines
    assert (line["event"], line["level"]) == ("callback_ignored", "info")
    assert OPENID not in logged.text
    assert site.stored() == {}


@pytest.mark.parametrize(
    ("event", "fields"),
    [
        ("VIEW", {"EventKey": "https://example.org/?openid=x"}),
        ("LOCATION", {"Latitude": "23.1", "Longitude": "113.7", "Precision": "119"}),
    ],
)
async def test_what_phones_report_by_themselves_is_not_kept(
    site: Site, platform: Platform, logged: Logged, event: str, fields: dict[str, str]
) -> None:
    answer = await site.post(platform.sealed(platform.event(event, **fields)))
    assert (answer.status_code, answer.content) == (200, b"success")
    assert "23.1" not in logged.text
    assert "example.org" not in logged.text
    assert site.stored() == {}


async def test_platform_is_asked_to_repeat_what_could_not_be_kept(
    site: Site, platform: Platform, logged: Logged
) -> None:
    site.do(lambda work: work.session.connection().exec_driver_sql("ALTER TABLE inbox_message RENAME TO away"))
    sealed = platform.sealed(platform.text())
    assert (await site.post(sealed)).status_code == 503
    assert "13800138000" not in logged.text
    site.do(lambda work: work.session.connection().exec_driver_sql("ALTER TABLE away RENAME TO inbox_message"))
    assert platform.opened(await site.post(sealed))
    assert site.stored()["inbox_message"] == 1


async def test_answer_that_came_too_late_is_there_for_the_next_try(
    make_site: Callable[..., Site], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.web.callbacks.ANSWER_WITHIN", 0.2)
    site = make_site()
    platform = Platform(site.clock)
    sealed = platform.sealed(platform.text())
    hanging = sqlite3.connect(tmp_path / "site0.db", isolation_level=None)
    hanging.execute("BEGIN IMMEDIATE")
    assert (await site.post(sealed)).status_code == 503
    hanging.execute("ROLLBACK")
    hanging.close()
    monkeypatch.undo()
    assert platform.opened(await site.post(sealed))
    assert site.stored()["inbox_message"] == 1
