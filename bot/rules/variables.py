"""What differs from unit to unit in one notice: ``{{单位}}`` in its text, filled in for each.

Own and tiny on purpose: staff write these texts, and a template language would let a text do more than say something.
"""

import re
from collections.abc import Mapping

# name → what stands for it where one text goes to everybody, as in a group.
GENERAL = {
    "单位": "各单位",
    "项目": "各自的项目",
    "项目编号": "各自的项目编号",
    "金额": "各自的资助金额",
    "镇街": "所在镇街",
    "截止": "规定时间",
    "年度": "本年度",
    "专项": "本专项",
}
_VARIABLE = re.compile(r"[{｛]{2}\s*([^{}｛｝\n]{1,20}?)\s*[}｝]{2}")
_LOOSE = re.compile(r"[{｛]{2}|[}｝]{2}")


def used(text: str) -> list[str]:
    """The variables of a text, each once, in their order."""
    return list(dict.fromkeys(found[1] for found in _VARIABLE.finditer(text)))


def unknown(text: str) -> list[str]:
    """Those that do not exist; a brace without its partner counts as one."""
    loose = _LOOSE.search(_VARIABLE.sub("", text))
    return [name for name in used(text) if name not in GENERAL] + ([loose[0]] if loose else [])


def without_value(text: str, values: Mapping[str, str]) -> list[str]:
    """Those that a unit has no value for."""
    return [name for name in used(text) if not values.get(name)]


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with every variable replaced; what a value contains is not looked at again."""
    return _VARIABLE.sub(lambda found: values.get(found[1]) or found[0], text)
