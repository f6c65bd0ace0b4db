"""Misbehaviour of the HTTP calls, on order."""

import time

import httpx
import pytest
from wechatpy.exceptions import WeChatClientException

from .conftest import AMY


def hook(sandbox):
    return sandbox.hook({"msgtype": "text", "text": {"content": "a"}})


def test_calls_go_wrong_only_as_often_and_as_late_as_scripted(sandbox):
    sandbox.fault("webhook/send", "busy", times=2, after=1)
    assert [hook(sandbox)["errcode"] for _ in range(4)] == [0, -1, -1, 0]
    assert len(sandbox.messages("group:G1")) == 2


@pytest.mark.parametrize(("outcome", "code"), [("rate_limit", 45009), ("error:48001", 48001)])
def test_call_is_refused_with_the_scripted_code(sandbox, outcome, code):
    sandbox.fault("webhook/send", outcome)
    assert hook(sandbox)["errcode"] == code
    assert sandbox.messages("group:G1") == []


def test_token_really_dies_when_its_end_is_scripted(sandbox):
    token = sandbox.stable_token()["access_token"]
    sandbox.fault("user/get", "expired_token")
    ask = {"params": {"access_token": token}}
    assert sandbox.http.get("/cgi-bin/user/get", **ask).json()["errcode"] == 42001
    assert sandbox.http.get("/cgi-bin/user/info", **ask).json()["errcode"] == 42001
    assert sandbox.stable_token()["access_token"] != token


def test_clients_own_retry_recovers_when_the_token_died(sandbox, client):
    client.user.get(AMY)
    sandbox.fault("user/info", "expired_token")
    assert client.user.get(AMY)["subscribe"] == 1


def test_token_call_itself_can_be_busy(sandbox):
    sandbox.fault("stable_token", "busy")
    assert sandbox.stable_token()["errcode"] == -1
    assert "access_token" in sandbox.stable_token()


def test_message_is_sent_but_never_answered_when_timeout_after_accept_is_scripted(sandbox):
    sandbox.fault("webhook/send", "timeout_after_accept")
    body = {"msgtype": "text", "text": {"content": "到了"}}
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(f"{sandbox.url}/cgi-bin/webhook/send", params={"key": "hook-key"}, json=body, timeout=0.2)
    assert sandbox.texts("group:G1") == ["到了"]


def test_connection_closes_without_an_answer_when_drop_is_scripted(sandbox):
    sandbox.fault("webhook/send", "drop")
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        hook(sandbox)
    assert sandbox.messages("group:G1") == []
    assert hook(sandbox)["errcode"] == 0


def test_answer_is_a_page_when_html_is_scripted(sandbox, client):
    sandbox.fault("webhook/send", "html")
    body = {"msgtype": "text", "text": {"content": "a"}}
    answer = sandbox.http.post("/cgi-bin/webhook/send", params={"key": "hook-key"}, json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert sandbox.messages("group:G1") == []


def test_answer_comes_late_when_a_delay_is_scripted(sandbox):
    sandbox.fault("webhook/send", "delay:0.2")
    began = time.monotonic()
    assert hook(sandbox)["errcode"] == 0
    assert time.monotonic() - began >= 0.2


def test_callback_is_lost_when_drop_is_scripted_for_callbacks(sandbox):
    sandbox.fault("callbacks", "drop")
    assert sandbox.control(f"official/{AMY}/say", {"text": "a"})["tries"] == 0
    assert sandbox.bot.received == []


def test_scripts_are_forgotten_when_deleted(sandbox):
    sandbox.fault("webhook/send", "busy", times=9)
    assert len(sandbox.http.get("/_sandbox/faults").json()["faults"]) == 1
    sandbox.http.delete("/_sandbox/faults")
    assert hook(sandbox)["errcode"] == 0


def test_script_is_refused_when_the_outcome_is_unknown(sandbox):
    sandbox.control("faults", {"target": "webhook/send", "outcome": "explode"}, status=400)
    sandbox.control("faults", {"target": "webhook/send", "outcome": "delay:soon"}, status=400)
    sandbox.control("faults", {"outcome": "busy"}, status=400)


def test_wechatpy_reports_the_code_when_a_fault_meets_its_call(sandbox, client):
    sandbox.fault("menu/create", "busy")
    with pytest.raises(WeChatClientException, match="system error"):
        client.menu.create({"button": [{"type": "click", "name": "a", "key": "k"}]})
