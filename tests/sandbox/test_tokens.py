"""Access tokens: the stable call, the old call, and what a bad token is answered."""

import pytest

from .conftest import AMY, WORLD, Client


def test_same_token_comes_back_until_five_minutes_before_its_end(sandbox):
    first = sandbox.stable_token()
    assert first["expires_in"] == 7200
    sandbox.advance(seconds=6800)
    again = sandbox.stable_token()
    assert again["access_token"] == first["access_token"]
    assert again["expires_in"] <= 400
    sandbox.advance(seconds=150)
    assert sandbox.stable_token()["access_token"] != first["access_token"]


def test_old_token_works_until_its_end_when_renewed(sandbox):
    old = sandbox.stable_token()["access_token"]
    sandbox.advance(seconds=7000)
    sandbox.stable_token()
    ask = {"params": {"access_token": old}}
    assert "ip_list" in sandbox.http.get("/cgi-bin/getcallbackip", **ask).json()
    sandbox.advance(seconds=299)
    assert sandbox.http.get("/cgi-bin/getcallbackip", **ask).json()["errcode"] == 40001


def test_token_is_expired_when_two_hours_are_over_and_nobody_renewed(sandbox):
    old = sandbox.stable_token()["access_token"]
    sandbox.advance(seconds=7201)
    answer = sandbox.http.get("/cgi-bin/getcallbackip", params={"access_token": old}).json()
    assert answer["errcode"] == 42001
    assert "rid:" in answer["errmsg"]


def test_forced_renewal_replaces_the_token_only_every_thirty_seconds(sandbox):
    first = sandbox.stable_token()["access_token"]
    second = sandbox.stable_token(force_refresh=True)["access_token"]
    assert second != first
    assert sandbox.stable_token(force_refresh=True)["access_token"] == second
    answer = sandbox.http.get("/cgi-bin/getcallbackip", params={"access_token": first}).json()
    assert answer["errcode"] == 40001


def test_forced_renewal_is_refused_when_twenty_were_made_today(sandbox):
    sandbox.stable_token()
    for _ in range(20):
        assert "access_token" in sandbox.stable_token(force_refresh=True)
        sandbox.advance(seconds=31)
    assert sandbox.stable_token(force_refresh=True)["errcode"] == 45009
    sandbox.advance(days=1)
    assert "access_token" in sandbox.stable_token(force_refresh=True)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"secret": "wrong"}, 40125),
        ({"appid": "wx000"}, 40013),
        ({"grant_type": "other"}, 40002),
        ({"appid": ""}, 41002),
        ({"secret": ""}, 41004),
    ],
)
def test_token_is_refused_when_credentials_are_wrong(sandbox, change, code):
    assert sandbox.stable_token(**change)["errcode"] == code


@pytest.mark.parametrize(
    ("query", "code"), [({}, 41001), ({"access_token": "x"}, 40014), ({"access_token": "x" * 80}, 40001)]
)
def test_call_is_refused_when_token_is_missing_malformed_or_unknown(sandbox, query, code):
    assert sandbox.http.get("/cgi-bin/user/get", params=query).json()["errcode"] == code


def test_old_call_gives_a_new_token_every_time_and_leaves_the_stable_one_alone(sandbox):
    stable = sandbox.stable_token()["access_token"]
    one, two = Client(sandbox.url), Client(sandbox.url)
    one.fetch_access_token()
    two.fetch_access_token()
    assert one.access_token != two.access_token
    assert sandbox.stable_token()["access_token"] == stable
    assert one.misc.get_wechat_ips() == ["127.0.0.1"]


def test_call_is_refused_when_body_or_method_is_wrong(sandbox):
    query = {"access_token": sandbox.stable_token()["access_token"]}
    assert sandbox.http.get("/cgi-bin/message/custom/send", params=query).json()["errcode"] == 43002
    for raw, code in [(b"not json", 47001), (b"[]", 47001), (b"", 44002)]:
        answer = sandbox.http.post("/cgi-bin/message/custom/send", params=query, content=raw)
        assert (answer.status_code, answer.json()["errcode"]) == (200, code)


def test_daily_quota_runs_out_and_can_be_cleared_when_a_call_is_repeated(sandbox):
    shown = sandbox.call("openapi/quota/get", {"cgi_path": "/cgi-bin/freepublish/delete"})
    assert shown["quota"] == {"daily_limit": 10, "used": 0, "remain": 10}
    codes = [sandbox.call("freepublish/delete", {"article_id": "x"})["errcode"] for _ in range(11)]
    assert codes == [53600] * 10 + [45009]
    assert sandbox.call("clear_quota", {"appid": WORLD["official_account"]["app_id"]})["errcode"] == 0
    assert sandbox.call("freepublish/delete", {"article_id": "x"})["errcode"] == 53600


class TestAllowedAddresses:
    """With a list of allowed addresses that ours is not on."""

    @pytest.fixture
    def world(self, world):
        world["official_account"]["ip_whitelist"] = ["10.0.0.1"]
        return world

    def test_call_is_refused_with_our_address_when_it_is_not_on_the_list(self, sandbox):
        answer = sandbox.stable_token()
        assert answer["errcode"] == 40164
        assert "127.0.0.1" in answer["errmsg"]


def test_tokens_are_masked_when_the_state_is_shown(sandbox):
    token = sandbox.stable_token()["access_token"]
    sandbox.call("user/info", None, openid=AMY)
    shown = sandbox.http.get("/_sandbox/state").text
    assert token not in shown
    assert '"user/info":{"count":1' in shown
