"""Every text of the bot filled in with a good example, as its receivers read it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, meta, nodes

from bot.messaging import texts
from bot.messaging.examples.receivers import RECEIVERS, receiver_of
from bot.messaging.examples.special import SPECIAL
from bot.messaging.examples.values import VALUES

__all__ = ["RECEIVERS", "Example", "examples", "needs", "receiver_of", "values_for"]


@dataclass(frozen=True, slots=True)
class Example:
    """One text, who receives it, and how it reads; several where it depends on the case."""

    name: str
    receiver: str
    shown: tuple[str, ...]


def examples() -> Iterator[Example]:
    """Every text there is, by who receives it, then in the order of the files."""
    order = {receiver: at for at, receiver in enumerate(RECEIVERS)}
    for name in sorted(needs(), key=lambda one: (order[receiver_of(one)], one.partition(".")[0])):
        yield Example(name, receiver_of(name), tuple(texts.say(name, **values) for values in values_for(name)))


def values_for(name: str) -> list[dict[str, Any]]:
    """The values of each example of a text; raises `KeyError` with what is missing."""
    special = SPECIAL.get(name, [{}])
    wanted = needs()[name]
    found = []
    for one in special:
        missing = wanted - VALUES.keys() - one.keys()
        if missing:
            raise KeyError(f"{name} has no example for {sorted(missing)}: put it into bot/messaging/examples")
        found.append({key: one[key] if key in one else VALUES[key] for key in wanted})
    return found


@cache
def needs() -> dict[str, frozenset[str]]:
    """The values that each text needs."""
    environment: Environment = texts.environment()
    found = {}
    for template in environment.list_templates(extensions=["j2"]):
        assert environment.loader is not None
        source = environment.loader.get_source(environment, template)[0]
        for block in environment.parse(source).find_all(nodes.Block):
            alone = nodes.Template(block.body)
            alone.set_environment(environment)
            name = f"{template.removesuffix('.j2')}.{block.name}"
            found[name] = frozenset(meta.find_undeclared_variables(alone))
    return found
