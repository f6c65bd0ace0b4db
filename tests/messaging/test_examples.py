"""Every text has an example, is given to somebody, and reads as a person would write it."""

import re

import pytest

from bot.messaging import texts
from bot.messaging.examples import RECEIVERS, examples, needs, receiver_of, values_for
from bot.messaging.examples.special import SPECIAL

NAMES = sorted(needs())
_VARIABLE = re.compile(r"\{\{[一-龥]+\}\}")  # what staff may write into a notice


@pytest.mark.parametrize("name", NAMES)
def test_every_text_has_an_example(name: str) -> None:
    assert receiver_of(name) in RECEIVERS
    for values in values_for(name):
        shown = texts.say(name, **values)
        assert shown
        assert "None" not in shown
        assert not re.search(
            r"\{\{|\}\}|<[A-Za-z_]", _VARIABLE.sub("", shown)
        )  # nothing of the template or of a Python object
        assert not re.search(r"\n{3,}|[ \t]+$|，，|。。|（）|“”|《》", shown, re.MULTILINE)


def test_examples_are_of_texts_that_are_there() -> None:
    assert set(SPECIAL) - set(NAMES) == set()


def test_examples_give_only_what_their_texts_use() -> None:
    idle = {
        f"{name}: {key}"
        for name, cases in SPECIAL.items()
        for case in cases
        for key in case
        if key not in needs()[name]
    }
    assert idle == set()


def test_page_holds_every_text_once_by_receiver() -> None:
    found = list(examples())
    assert sorted(one.name for one in found) == NAMES
    order = [RECEIVERS.index(one.receiver) for one in found]
    assert order == sorted(order)


def test_no_example_shows_a_whole_telephone_to_others_than_staff() -> None:
    whole = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
    for one in examples():
        for shown in one.shown:
            # «例如：李敏 13800138000» shows how to write one.
            told = re.sub(r"例如：.*|可以直接发一段话.*", "", shown)
            assert one.receiver == "科协工作人员" or not whole.search(told), one.name
