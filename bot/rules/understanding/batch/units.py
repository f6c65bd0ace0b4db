"""Whose a row is: the words that it begins with, held against the names of the units that are known."""

import re
from collections.abc import Callable, Iterable

from bot.rules.reading import read

LONGEST_NAME = 40
_SEPARATOR = re.compile(r"[ ,;:、|/\-\n—]")
_UNIT = re.compile(
    r"(?:[一-龥A-Za-z\d()·]{1,38})(?:图书馆|科技馆|科学馆|博物馆|文化馆|展览馆|纪念馆|美术馆|天文馆|档案馆|少年宫|青少年宫"
    r"|[协学商]会|研究会|促进会|基金会|联合会|中心|小学|中学|高中|学校|大学|学院|幼儿园|医院|卫生院|公司|集团|科协|妇联|团委|[一-龥]局"
    r"|[一-龥]办|工作站|服务站|气象站|合作社|服务队|志愿队|研究所|研究院|俱乐部|工作室|村委会|居委会|街道办|镇政府|基地)"
)
_PLACES = re.compile(r"东莞市?|广东省|(?<=[一-龥]{2})(?:镇|街道|区)(?=[一-龥]{2})|有限责任公司|有限公司")
_SHORTEST = 3


def unit_words(line: str) -> str:
    """The words at the begin of a line that read as an organisation's name; "" where none do."""
    page = read(line)
    begin = len(page.reading) - len(page.reading.lstrip(" "))
    cut = _SEPARATOR.search(page.reading, begin)
    end = min(cut.start() if cut else len(page.reading), begin + LONGEST_NAME)
    found = _UNIT.fullmatch(page.reading, begin, end)
    return page.text[begin:end].strip() if found else ""


def match_unit(words: str, names: Iterable[str]) -> str | None:
    """The one of ``names`` that ``words`` mean: exactly, in short (长安图书馆 for 东莞市长安图书馆), or as a part of it.

    None where none is meant, or more than one could be.
    """
    wanted = _plain(words)
    known = {name: _plain(name) for name in dict.fromkeys(names)}
    if len(wanted) < 2:
        return None
    short = _short(wanted)
    ways: tuple[Callable[[str], bool], ...] = (
        lambda name: name == wanted,
        lambda name: _short(name) == short,
        lambda name: len(wanted) >= _SHORTEST and wanted in name,
        lambda name: len(short) >= _SHORTEST and short in _short(name),
        lambda name: len(_short(name)) > _SHORTEST and _short(name) in short,
    )
    for fits in ways:
        fitting = [name for name, plain in known.items() if fits(plain)]
        if fitting:
            return fitting[0] if len(fitting) == 1 else None
    return None


def _plain(name: str) -> str:
    return re.sub(r"[^\w]", "", read(name[: LONGEST_NAME * 2]).reading).lower()


def _short(plain: str) -> str:
    """A name without city, kind of town and kind of company; the whole where nothing else is left."""
    short = _PLACES.sub("", plain)
    return short if len(short) > 1 else plain
