"""A fault in the configuration is one sentence that names the key, says what it means and gives an example."""

import copy
import os
from datetime import time
from pathlib import Path
from typing import Any

import pytest

from bot.errors import ConfigError
from bot.settings import Settings, check, load

AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
HELD: dict[str, Any] = {
    "database": {"url": "sqlite:///kepu.db"},
    "server": {"host": "127.0.0.1", "port": 8090, "public_url": "https://bot.example.org"},
    "official_account": {"app_id": "wx1", "app_secret": "hidden-1", "token": "hidden2", "encoding_aes_key": AES_KEY},
    "work_group": {"bot_id": "aib1", "secret": "hidden-3", "groups": [{"name": "工作群", "chat_id": "wr1"}]},
    "group_webhooks": [{"name": "镇街联络群", "url": "https://example.org/send?key=hidden-4"}],
    "apprise": [{"name": "值班邮箱", "url": "mailto://user:hidden-5@example.org"}],
    "programme": {"name": "科普专项", "year": 2020},
}
MINIMAL = {"programme": {"year": 2020}}
Place = tuple[str | int, ...]


@pytest.fixture(autouse=True)
def quiet_environment(monkeypatch):
    """No setting of the machine that runs the tests."""
    for name in [name for name in os.environ if name.upper().startswith("KEPU_")]:
        monkeypatch.delenv(name)


def changed(place: Place, value: Any) -> dict[str, Any]:
    """The good configuration with one value changed; None takes the key away."""
    held = copy.deepcopy(HELD)
    inner: Any = held
    for part in place[:-1]:
        inner = inner[part]
    if value is None:
        del inner[place[-1]]
    else:
        inner[place[-1]] = value
    return held


def complaint(held: dict[str, Any]) -> str:
    with pytest.raises(ConfigError) as caught:
        check(held, "config.toml")
    return str(caught.value)


def fields(model: Any = Settings, place: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    """Every key with its field, sections included."""
    from bot.settings import _inner_model

    found = []
    for name, field in model.model_fields.items():
        found.append(((*place, name), field))
        inner = _inner_model(field.annotation)
        if inner is not None:
            found += fields(inner, (*place, name))
    return found


# Every key that must be there, and every key with a value that it refuses.
MISSING: list[Place] = [
    ("programme",),
    ("programme", "year"),
    ("official_account", "app_id"),
    ("official_account", "app_secret"),
    ("official_account", "token"),
    ("official_account", "encoding_aes_key"),
    ("work_group", "bot_id"),
    ("work_group", "secret"),
    ("work_group", "groups", 0, "name"),
    ("work_group", "groups", 0, "chat_id"),
    ("group_webhooks", 0, "name"),
    ("group_webhooks", 0, "url"),
    ("apprise", 0, "name"),
    ("apprise", 0, "url"),
]
WRONG: list[tuple[Place, Any]] = [
    (("database",), "sqlite:///kepu.db"),
    (("database", "url"), 7),
    (("server", "host"), 127),
    (("server", "port"), 70000),
    (("server", "port"), "eighty"),
    (("server", "public_url"), "bot.example.org"),
    (("official_account",), []),
    (("official_account", "app_id"), 1),
    (("official_account", "app_secret"), 1),
    (("official_account", "token"), 1),
    (("official_account", "encoding_aes_key"), "x" * 42),
    (("official_account", "encoding_aes_key"), "x" * 42 + "="),
    (("official_account", "kind"), "enterprise"),
    (("official_account", "api_base_url"), "ftp://example.org"),
    (("official_account", "template_id"), 5),
    (("official_account", "template_fields"), "title"),
    (("official_account", "template_fields"), {"keyword1": "headline"}),
    (("official_account", "template_fields"), {"keyword1": "= "}),
    (("official_account", "subscription_fields"), {"thing1": "Title"}),
    (("work_group", "bot_id"), 1),
    (("work_group", "secret"), 1),
    (("work_group", "gateway_url"), "https://example.org"),
    (("work_group", "groups"), "工作群"),
    (("work_group", "groups", 0, "chat_id"), 1),
    (("group_webhooks",), {"name": "镇街联络群"}),
    (("group_webhooks", 0, "name"), 1),
    (("group_webhooks", 0, "url"), 1),
    (("apprise", 0, "name"), 1),
    (("apprise", 0, "url"), 1),
    (("programme", "name"), 2020),
    (("programme", "year"), 20),
    (("programme", "year"), "二〇二〇"),
    (("programme", "filing_working_days"), -1),
    (("programme", "cut_off"), "25:00"),
    (("programme", "cut_off"), time(17, 30)),  # what TOML makes of 17:30:00 without quotes
    (("programme", "report_days"), 0),
    (("programme", "quiet_hours"), "night"),
]


@pytest.mark.parametrize(
    ("place", "value"),
    [(place, None) for place in MISSING] + WRONG,
    ids=lambda part: ".".join(map(str, part)) if isinstance(part, tuple) else None,
)
def test_one_sentence_names_the_key_its_meaning_and_an_example_when_it_is_missing_or_wrong(place, value):
    named = tuple(str(part) for part in place if isinstance(part, str))
    field = dict(fields())[named]

    said = complaint(changed(place, value))

    assert said.count("\n") == 0
    assert said.startswith(f"config.toml: 「{'.'.join(map(str, place))}」")
    assert ("缺少 (missing)" in said) == (value is None)
    assert f"含义：{field.description}" in said
    assert f"例：{field.examples[0]}" in said


def test_every_key_has_a_meaning_in_both_languages_and_an_example():
    for place, field in fields():
        assert field.description, place
        assert field.examples, place
        assert field.description.isascii() is False, place
        assert field.description[:3].strip("[").isascii(), place


def test_every_fault_gets_its_own_sentence_when_there_are_several():
    said = complaint({"server": {"port": -1}, "programme": {"year": 1}})

    assert ["server.port" in said.splitlines()[0], "programme.year" in said.splitlines()[1]] == [True, True]


@pytest.mark.parametrize(
    ("place", "meant"),
    [
        (("programm",), "programme"),
        (("server", "prot"), "server.port"),
        (("official_account", "appid"), "official_account.app_id"),
        (("work_group", "groups", 0, "chatid"), "work_group.groups.0.chat_id"),
    ],
)
def test_the_key_that_was_meant_is_told_when_one_is_misspelt(place, meant):
    said = complaint(changed(place, "x"))

    assert f"「{'.'.join(map(str, place))}」不是可用的配置项" in said
    assert f"是不是「{meant}」？含义：" in said
    assert "例：" in said


def test_the_known_keys_are_told_when_an_unknown_one_is_like_none():
    said = complaint(changed(("server", "zzz"), "x"))

    assert "「server.zzz」不是可用的配置项" in said
    assert "host, port, public_url" in said


def test_defaults_hold_when_only_the_year_is_given():
    settings = check(MINIMAL)

    assert settings.database.url == "sqlite:///kepu.db"
    assert (settings.server.host, settings.server.port) == ("127.0.0.1", 8090)
    assert (settings.official_account, settings.work_group, settings.group_webhooks, settings.apprise) == (
        None, None, [], [],
    )  # fmt: skip
    assert settings.programme.filing_working_days == 3
    assert settings.programme.cut_off_time is None


def test_the_cut_off_is_an_hour_when_one_is_set():
    assert check({"programme": {"year": 2020, "cut_off": "17:30"}}).programme.cut_off_time == time(17, 30)


def test_a_slash_at_the_end_of_an_address_does_no_harm():
    assert check(changed(("server", "public_url"), "https://x.example/")).server.public_url == "https://x.example"


def test_the_environment_wins_over_the_file(monkeypatch):
    monkeypatch.setenv("KEPU_DATABASE__URL", "postgresql+psycopg://somewhere/kepu")
    monkeypatch.setenv("KEPU_OFFICIAL_ACCOUNT__APP_SECRET", "from-outside")
    monkeypatch.setenv("KEPU_SERVER__PORT", "9000")

    settings = check(HELD)

    assert settings.database.url == "postgresql+psycopg://somewhere/kepu"
    assert settings.official_account.app_secret.get_secret_value() == "from-outside"
    assert (settings.server.host, settings.server.port) == ("127.0.0.1", 9000)


def test_a_required_key_may_stand_in_the_environment_alone(monkeypatch):
    monkeypatch.setenv("KEPU_PROGRAMME__YEAR", "2021")

    assert check({}).programme.year == 2021


def test_the_variable_is_named_when_its_value_is_wrong(monkeypatch):
    monkeypatch.setenv("KEPU_SERVER__PORT", "many")

    said = complaint(HELD)

    assert said.startswith("环境变量 KEPU_SERVER__PORT (environment): 「server.port」要填整数")
    assert "例：8090" in said


def test_the_variable_is_named_when_it_is_misspelt(monkeypatch):
    monkeypatch.setenv("KEPU_SERVER__PROT", "1")

    assert complaint(HELD).startswith("环境变量 KEPU_SERVER__PROT (environment): 「server.prot」不是可用的配置项")


@pytest.mark.parametrize(
    ("variable", "key"), [("KEPU_WORK_GROUP__GROUPS", "work_group.groups"), ("KEPU_APPRISE", "apprise"),
                          ("KEPU_SERVER", "server")],
)  # fmt: skip
def test_one_sentence_names_the_key_when_a_list_in_the_environment_is_no_json(monkeypatch, variable, key):
    monkeypatch.setenv(variable, "[{name: hidden-6")

    said = complaint(HELD)

    assert said.startswith(f"环境变量 {variable} ")
    assert f"「{key}」不是有效的 JSON" in said
    assert "含义：" in said
    assert "hidden" not in said


def test_a_list_may_stand_in_the_environment_as_json(monkeypatch):
    monkeypatch.setenv("KEPU_WORK_GROUP__GROUPS", '[{"name": "另一个群", "chat_id": "wr2"}]')

    assert [group.chat_id for group in check(HELD).work_group.groups] == ["wr2"]


def test_variables_that_are_no_settings_do_not_disturb(monkeypatch):
    for name in ("KEPU_CLOCK_FILE", "KEPU_CONFIG", "KEPU_REQUIRE_ALL", "KEPU_INIT_APP_SECRET", "KEPU_X__Y"):
        monkeypatch.setenv(name, "1")

    assert check(HELD) == check(copy.deepcopy(HELD))
    assert check(HELD).programme.year == 2020


def test_secrets_are_never_shown():
    held = changed(("database", "url"), "postgresql+psycopg://kepu:hidden-0@localhost/kepu")

    settings = check(held)

    for shown in (repr(settings), str(settings), settings.model_dump_json(exclude={"database"})):
        assert "hidden" not in shown
        assert AES_KEY not in shown


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("official_account", "encoding_aes_key"), "hidden-key"),
        (("official_account", "app_secret"), ["hidden"]),
        (("work_group", "secret"), {"hidden": 1}),
        (("group_webhooks", 0, "url"), ["hidden"]),
        (("database", "url"), ["postgresql://kepu:hidden@localhost/kepu"]),
        (("server", "prot"), "hidden"),
    ],
)
def test_a_complaint_never_shows_the_value(place, value):
    assert "hidden" not in complaint(changed(place, value))


def test_load_reads_the_file_that_the_environment_names(monkeypatch, tmp_path):
    path = tmp_path / "office.toml"
    path.write_text("[programme]\nyear = 2023\n", encoding="utf-8")
    monkeypatch.setenv("KEPU_CONFIG", str(path))

    assert load().programme.year == 2023


def test_load_reads_a_file_that_an_editor_on_windows_saved(tmp_path):
    path = tmp_path / "config.toml"
    path.write_bytes('\ufeff[programme]\r\nyear = 2023\r\nname = "科普"\r\n'.encode())

    assert load(path).programme.name == "科普"


def refusal(path: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load(path)
    return str(caught.value)


def test_load_says_what_to_run_when_there_is_no_file(tmp_path):
    said = refusal(tmp_path / "none.toml")

    assert "none.toml" in said
    assert "kepu-bot init" in said


def test_load_says_so_when_the_file_is_a_folder(tmp_path):
    assert refusal(tmp_path).startswith(f"读不了配置文件 {tmp_path}")


@pytest.mark.parametrize(
    "body", [b"[programme\nyear = 2020", b"[programme]\ncut_off = 24:00", "年度 = 1".encode("gbk")]
)
def test_load_says_so_when_the_file_is_no_toml(tmp_path, body):
    path = tmp_path / "config.toml"
    path.write_bytes(body)

    assert "不是有效的 TOML" in refusal(path)
