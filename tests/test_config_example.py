"""config.example.toml is complete, true and explains every key in Chinese and English."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from bot.settings import Settings, _inner_model, check

EXAMPLE = Path(__file__).parent.parent / "config.example.toml"
TEXT = EXAMPLE.read_text(encoding="utf-8")


def keys_of(model: Any, place: str = "") -> set[str]:
    """Every key that can be set, with the path of its section."""
    found: set[str] = set()
    for name, field in model.model_fields.items():
        inner = _inner_model(field.annotation)
        found |= keys_of(inner, f"{place}{name}.") if inner else {place + name}
    return found


def keys_in(held: Any, place: str = "") -> set[str]:
    """Every key that a document sets."""
    if isinstance(held, list):
        return set().union(*(keys_in(one, place) for one in held))
    if isinstance(held, dict) and not place.endswith("_fields"):  # whose keys are the office's own
        return set().union(*(keys_in(value, f"{place}.{name}".lstrip(".")) for name, value in held.items()))
    return {place}


def explanations() -> dict[str, str]:
    """Each key with the comment lines right above it."""
    section, comment, found = "", [], {}
    for line in TEXT.splitlines():
        if header := re.fullmatch(r"\[+([a-z_.]+)\]+", line):
            section, comment = header[1], []
        elif line.startswith("#"):
            comment.append(line.lstrip("# "))
        elif setting := re.match(r"([a-z_]+) = ", line):
            found[f"{section}.{setting[1]}"] = "\n".join(comment)
            comment = []
        else:
            comment = []
    return found


@pytest.fixture(autouse=True)
def quiet_environment(monkeypatch):
    """No setting of the machine that runs the tests."""
    import os

    for name in [name for name in os.environ if name.upper().startswith("KEPU_")]:
        monkeypatch.delenv(name)


def test_the_example_sets_every_key_and_no_other():
    assert keys_in(tomllib.loads(TEXT)) == keys_of(Settings)


def test_the_example_is_accepted():
    assert check(tomllib.loads(TEXT), "config.example.toml").programme.year == 2020


def test_every_key_is_explained_in_chinese_and_english():
    told = explanations()

    assert set(told) == keys_of(Settings)
    for key, comment in told.items():
        assert re.search(r"[\u4e00-\u9fff]{4}", comment), key
        assert re.search(r"[A-Za-z]{2,}( [A-Za-z'-]+[,.:]?){2}", comment), key


def test_the_example_shows_the_defaults_where_there_are_any():
    held = tomllib.loads(TEXT)
    account = {name: held["official_account"].pop(name) for name in ("kind", "api_base_url", "template_id")}
    gateway = held["work_group"].pop("gateway_url")
    programme = {name: held["programme"].pop(name) for name in ("filing_working_days", "cut_off", "report_days")}
    quiet = held["programme"].pop("quiet_hours")
    database, server = held.pop("database"), held.pop("server")

    settings = check(held)

    assert account == {name: getattr(settings.official_account, name) for name in account}
    assert gateway == settings.work_group.gateway_url
    assert programme == {name: getattr(settings.programme, name) for name in programme}
    assert quiet == settings.programme.quiet_hours
    assert database["url"] == settings.database.url
    assert (server["host"], server["port"]) == (settings.server.host, settings.server.port)


def test_lines_fit_the_page():
    assert max(map(len, TEXT.splitlines())) <= 120
