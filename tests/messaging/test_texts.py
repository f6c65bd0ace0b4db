"""Every text is there, is used, and gets the values it needs; nothing foreign gets through it unharmed."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.messaging import texts
from bot.messaging.examples import needs

ROOT = Path(texts.__file__).parents[3]
# Names put together at run time; what they need is checked where they are used.
BUILT = {"filing.ask_", "filing.doubt_", "delivery.", "media.refused_", "form.fault_", "template."}


def _calls() -> Iterator[tuple[str, set[str] | None, str]]:
    """(name of the text, the values given or None where they come from a dict, place) of every call of `say`."""
    for folder in ("handlers", "schedules", "bot"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
                    given = {one.arg for one in node.keywords if one.arg}
                    known = all(one.arg for one in node.keywords)
                    for name in _names(node.args[0]):
                        yield name, given if known else None, f"{path.name}:{node.lineno}"


def _names(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    if isinstance(node, ast.IfExp):
        return [*_names(node.body), *_names(node.orelse)]
    return []


NEEDS = needs()


@pytest.fixture(scope="module")
def calls() -> list[tuple[str, set[str] | None, str]]:
    return list(_calls())


def test_every_text_gets_what_it_needs(calls: list[tuple[str, set[str] | None, str]]) -> None:
    faults = [f"{place} says {name}, which does not exist" for name, _, place in calls if name not in NEEDS]
    faults += [
        f"{place} does not give {name} {NEEDS[name] - given}"
        for name, given, place in calls
        if name in NEEDS and given is not None and not NEEDS[name] <= given
    ]
    assert faults == []


def test_every_text_is_used(calls: list[tuple[str, set[str] | None, str]]) -> None:
    used = {name for name, _, _ in calls}
    sources = "\n".join(
        path.read_text(encoding="utf-8") for folder in ("handlers", "bot") for path in (ROOT / folder).rglob("*.py")
    )
    idle = {name for name in NEEDS if name not in used and f'"{name}"' not in sources}
    assert {name for name in idle if not any(name.startswith(built) for built in BUILT)} == set()


def test_every_fault_of_the_filing_page_has_its_sentence_and_no_other_is_left() -> None:
    reasons = set()
    for path in (ROOT / "bot" / "rules").glob("form*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Fault":
                second = node.args[1]
                parts = [second.body, second.orelse] if isinstance(second, ast.IfExp) else [second]
                reasons |= {str(one.value) for one in parts if isinstance(one, ast.Constant)}
    told = {name.removeprefix("form.fault_") for name in NEEDS if name.startswith("form.fault_")}
    assert reasons == {one for one in told if not one.startswith("photo_")}


@pytest.mark.parametrize("hostile", ["<@all>", "[x](http://y)", "`code`", "a\u202eb", "a\u200bb", "<font color=red>"])
def test_foreign_words_are_made_harmless(hostile: str) -> None:
    shown = texts.plain(hostile)
    for mark in ("<", "](", "`", "\u202e", "\u200b"):
        assert mark not in shown
