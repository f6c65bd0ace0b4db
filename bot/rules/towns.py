"""The town, street or zone of an address; the list is data, so another city can use its own."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from bot.rules.reading import read

# A short name followed by one of these is another word: 南城 in 南城墙, 长安 in 长安街 …
_NOT_AFTER = ("大道", "路", "街", "大街", "西路", "东路", "北路", "南路", "中路")
_NOT_BEFORE = re.compile(r"(?:安徽|西安|北京|广州|深圳|惠州|佛山|中山|清远|陕西)市?$")


@dataclass(frozen=True)
class Town:
    """``kind``: town, street or zone."""

    name: str
    kind: str
    short: tuple[str, ...] = ()


@dataclass(frozen=True)
class Match:
    """A town and where it is named in a folded text."""

    town: Town
    begin: int
    end: int
    full: bool


class Gazetteer:
    """The towns of one city."""

    def __init__(self, city: str, towns: Iterable[Town]) -> None:
        self.city = city
        self.towns = tuple(towns)
        self._names = {t.name: t for t in self.towns}
        for town in self.towns:
            for short in town.short:
                self._names.setdefault(short, town)
                if town.kind == "street":
                    # 莞城街道办, 莞城区 are said too.
                    self._names.setdefault(short + "区", town)
        # Longest first, so that 大岭山 is not cut short and 莞城街道 wins over 莞城.
        words = sorted(self._names, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, words)))

    def matches(self, reading: str) -> list[Match]:
        """Every mention in a folded text, in order."""
        out = []
        for found in self._pattern.finditer(reading):
            town, word = self._names[found.group()], found.group()
            rest, before = reading[found.end() :], reading[max(0, found.start() - 4) : found.start()]
            full = word == town.name
            if not full and town.kind != "zone":
                elsewhere = _NOT_BEFORE.search(before)
                if elsewhere and not self.city.startswith(elsewhere.group().removesuffix("市")):
                    continue
                if any(rest.startswith(tail) for tail in _NOT_AFTER) and not rest.startswith("街道"):
                    continue
            out.append(Match(town, found.start(), found.end(), full))
        return out

    def find(self, address: str) -> Town | None:
        """The town of an address: one written in full wins, else the first one named; a road's name last."""
        reading = read(address).reading
        found = self.matches(reading)
        full = [m for m in found if m.full]
        if full:
            return full[0].town
        if found:
            return found[0].town
        return None

    @classmethod
    def parse(cls, body: str) -> "Gazetteer":
        """The gazetteer in a text of the shape of towns.json."""
        data = json.loads(body)
        return cls(data["city"], (Town(t["name"], t["kind"], tuple(t.get("short", ()))) for t in data["towns"]))


@lru_cache(maxsize=1)
def dongguan() -> Gazetteer:
    """The gazetteer that comes with the package."""
    return Gazetteer.parse(resources.files("bot.rules").joinpath("towns.json").read_text(encoding="utf-8"))


def find_town(address: str) -> Town | None:
    """The town of Dongguan in a free address; None where it names none."""
    return dongguan().find(address)
