"""How long something lasts, in a folded text: 大约两个小时, 时长90分钟, 一个半小时, 为期半天."""

import re

from bot.rules.numbers import read_number

_N = r"(?:\d{1,3}(?:\.5)?|[一二两三四五六七八九十]{1,3}|半)"
_LEAD = "大约|大概|大致|约|差不多|为期|历时|历经|时长|为时|持续|全程|共|总共|预计|需时|需要|活动|讲|每场|每节|每次"
LENGTH = re.compile(
    rf"(?:{_LEAD}){{0,3}}[:是为约 ]{{0,2}}(?P<n>{_N})(?:来|多)?个?(?P<half>半)?"
    r"(?P<unit>小时|钟头|钟(?=[ ,。;\n]|左右|$)|分钟|[hH](?![a-zA-Z]))(?P<more>半)?(?:左右|上下)?"
)
_OTHERWISE = re.compile(r"(?:提前|提早|推迟|延后|车程|路程|步行|每隔|每|开车|休息|第|前|后|超过|志愿服务)[ ]?$")


def find_length(reading: str) -> tuple[int, int, int] | None:
    """The first length in a folded text: minutes, and where it stands; None where none does."""
    for found in LENGTH.finditer(reading):
        if _OTHERWISE.search(reading[max(0, found.start() - 4) : found.start()]):
            continue
        if re.match(r"[ ]?(?:之?[前后内]|以[前后内]|一[次场班]|/)", reading[found.end() :][:4]):
            continue
        size = 0.5 if found["n"] == "半" else _size(found["n"])
        size += 0.5 if found["half"] or found["more"] else 0
        minutes = round(size * (1 if found["unit"] == "分钟" else 60))
        if 10 <= minutes <= 12 * 60:
            return minutes, found.start(), found.end()
    return None


def _size(written: str) -> float:
    return float(written) if written[0].isdigit() else float(read_number(written) or 0)
