"""Each form of each family, inside every kind of message."""

import random
from typing import Any

import pytest

from bot.rules.understanding import understand
from tests.rules.cases import NOW, at
from tests.rules.families import MORE_TEMPLATES, TEMPLATES, USUAL
from tests.rules.families.counts import COUNT
from tests.rules.families.people import WHO
from tests.rules.families.places import NAME, PLACE
from tests.rules.families.times import WHEN

USUALLY = {
    "start": at("10-24 09:00"),
    "end": at("10-24 11:30"),
    "occurrences": 1,
    "place": "莞城文化广场",
    "town": "莞城街道",
    "name": "垃圾分类讲座",
    "kind": "讲座",
    "attendance": 120,
    "contact_name": "李敏",
    "contact_phone": "13800138000",
}
# Whom it is for, and whether it lasts all day, depend on the words of the form; other tests look at them.
OTHERS = ("audience", "all_day")


def check(part: str, form: str, **expected: Any) -> None:
    wanted = {k: v for k, v in (USUALLY | expected).items() if v is not None}
    got = {}
    for name, template in TEMPLATES.items():
        understood = understand(template.format(**{**USUAL, part: form}), NOW)
        values = {k: v.value for k, v in understood.found.items() if k not in OTHERS}
        values["occurrences"] = len(values.get("occurrences", (None,)))
        values |= {q.field: f"?{q.reason}" for q in understood.questions}
        got[name] = values
    assert got == dict.fromkeys(TEMPLATES, wanted)


@pytest.mark.parametrize("form", WHEN)
def test_days_and_hours(form: str) -> None:
    meant = WHEN[form]
    if isinstance(meant, str):
        check("when", form, start=f"?{meant}", end=None)
        return
    start, end, occurrences = meant
    check("when", form, start=at(start), end=at(end) if end else None, occurrences=occurrences)


@pytest.mark.parametrize("form", COUNT)
def test_head_counts(form: str) -> None:
    meant = COUNT[form]
    check("count", form, attendance=f"?{meant}" if isinstance(meant, str) else meant)


@pytest.mark.parametrize("form", WHO)
def test_people_and_numbers(form: str) -> None:
    name, phone = WHO[form]
    check("who", form, contact_name=name, contact_phone=phone)


@pytest.mark.parametrize("form", PLACE)
def test_places(form: str) -> None:
    check("place", form, place=form, town=PLACE[form])


@pytest.mark.parametrize("form", NAME)
def test_names(form: str) -> None:
    check("name", form, name=form.replace("“", "").replace("”", ""), kind=NAME[form])


def test_forms_of_all_families_together() -> None:
    chosen = random.Random(20201012)
    templates = TEMPLATES | MORE_TEMPLATES
    wrong, asked = [], 0
    for _ in range(1500):
        when, count, who = (chosen.choice(list(one)) for one in (WHEN, COUNT, WHO))
        place, name = chosen.choice(list(PLACE)), chosen.choice(list(NAME))
        text = templates[chosen.choice(list(templates))].format(when=when, count=count, who=who, place=place, name=name)
        understood = understand(text, NOW)
        got = {k: v.value for k, v in understood.found.items()} | {
            q.field: f"?{q.reason}" for q in understood.questions
        }
        meant = WHEN[when]
        wanted = {
            "start": f"?{meant}" if isinstance(meant, str) else at(meant[0]),
            "attendance": f"?{COUNT[count]}" if isinstance(COUNT[count], str) else COUNT[count],
            "contact_name": WHO[who][0],
            "contact_phone": WHO[who][1],
            "place": place,
            "town": PLACE[place] or got.get("town"),
            "name": name.replace("“", "").replace("”", ""),
        }
        asked += len(wanted)
        wrong += [(text, field, value, got.get(field)) for field, value in wanted.items() if got.get(field) != value]
    assert len(wrong) <= 0.002 * asked, wrong
