"""Numbers as people write them: 120, 一百二十, 两百多, 1.2万, 100-150人.

Of a range the upper bound is taken (safety and room are planned for it); of 两百多 or 300余 the round number.
The wording stays with the value, so the reader sees what was written.
"""

import re
from dataclasses import dataclass

_DIGITS = dict(zip("零一二三四五六七八九", range(10), strict=True)) | {"两": 2, "壹": 1, "贰": 2, "叁": 3}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10000}
CN = "零一二三四五六七八九十百千万两壹贰叁廿"
NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d{{1,7}}(?:\.\d{{1,2}})?[十百千万]?|[{CN}]{{1,12}})"

_MORE = "(?:余|多|来|几)?"
_ABOUT = "(?:左右|上下|以上|以内|之间|出头)?"
COUNT = re.compile(
    rf"(?P<about>预计人数|参加人数|参与人数|人数|规模|预计|预估|估计|大约|大概|约有|约|差不多"
    rf"|不少于|不超过|近|逾|超过|实到|共|合计|总计)?"
    rf"[:为是有在 ]{{0,3}}(?P<near>大约|大概|约|近|预计)?[ ]?"
    rf"(?P<low>{NUMBER}){_MORE}(?:人|名|位)?(?:(?:-|至|到)(?P<high>{NUMBER}){_MORE})?[ ]?"
    rf"(?P<unit>号人|人次|人左右|人|名|位|个(?!月|小时|小组|星期|钟|组|班|站|点|系|项|户|方)|多人|学员)(?P<tail>{_ABOUT})"
)
GROUPS = re.compile(
    rf"(?P<n>{NUMBER}){_MORE}[ ]?(?:(?:组|户|对|个)[^\d,。;\n ]{{0,4}}家庭|户|组家庭|对亲子"
    rf"|组亲子|个班级?|个团队|支队伍|支队)"
)
_PEOPLE = re.compile(r"(?:[小中大]?学生|孩子|小朋友|村民|居民|家长|老人|市民|人)")
_BARE = re.compile(
    rf"[^\d{CN}]*?(?P<low>{NUMBER}){_MORE}[ 人名位个]{{0,2}}(?:(?:-|至|到|或)[ ]?(?P<high>{NUMBER}){_MORE})?"
    rf"[ ]?(?:人次|人|名|位|个)?{_ABOUT}[^\d{CN}]*"
)


@dataclass(frozen=True)
class Count:
    """A head count and where in the text it stands."""

    value: int
    begin: int
    end: int
    confidence: float


def read_number(text: str) -> int | None:
    """The whole number written in ``text`` (digits, Chinese numerals, or both), or None."""
    text = text.replace(",", "").replace("廿", "二十")
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([十百千万]?)", text)
    if found:
        return round(float(found[1]) * _UNITS.get(found[2], 1))
    if not text or any(c not in _DIGITS and c not in _UNITS for c in text):
        return None
    if not any(c in _UNITS for c in text):
        # 二零二零 digit by digit; 五六 alone is «five or six».
        digits = "".join(str(_DIGITS[c]) for c in text)
        return int(digits) if len(digits) != 2 or "零" in text else _DIGITS[text[1]]
    total = section = digit = 0
    last_unit = 1
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
            if char == "零":
                last_unit = 10
        elif char == "万":
            total, section, digit, last_unit = (total + section + digit) * 10000 or 10000, 0, 0, 10000
        else:
            section += (digit or 1) * _UNITS[char]
            digit, last_unit = 0, _UNITS[char]
    # 一百二 is 120, 三千五 is 3500; 一百零二 is 102.
    rest = digit * (last_unit // 10) if digit and last_unit > 10 else digit
    return total + section + rest


def _count(found: re.Match[str]) -> Count | None:
    low, high = read_number(found["low"]), read_number(found["high"]) if found["high"] else None
    if low is None:
        return None
    if high is not None and high < low and found["high"]:
        # 一到两百 borrows the hundred.
        high = max(high, low)
    value = high if high is not None else low
    return Count(value, found.start(), found.end(), 0.85 if high is not None else 0.95)


def find_counts(reading: str) -> list[Count]:
    """Every head count in a folded text, those introduced by 预计, 人数 … with more confidence."""
    out = []
    for found in COUNT.finditer(reading):
        before, after = reading[max(0, found.start() - 1) : found.start()], reading[found.end() :][:1]
        named = found["about"] or found["near"]
        if found["unit"] == "人" and after and after in "民工才物口形均体大类士们间组":
            continue
        if before and before in "第前每初高" and not named:
            continue
        if found["unit"] == "个" and not named and not _PEOPLE.match(reading, found.end()):
            continue
        if found["unit"] in "名位" and after == "称":
            continue
        small_word = len(found["low"]) == 1 and found["low"] in CN and not named
        if small_word and found["low"] not in "十百" and after and (after.isalpha()):
            continue  # 三人组, 一位老师
        count = _count(found)
        if count is None:
            continue
        confidence = count.confidence if named else count.confidence - 0.1
        out.append(Count(count.value, count.begin, count.end, round(confidence, 2)))
    return out


def read_count(reading: str) -> Count | None:
    """The one number of an answer such as 一百二, 大概120吧, 100到150: a whole short text that is a count."""
    reading = reading.strip()
    found = _BARE.fullmatch(reading) if len(reading) <= 40 else None
    return _count(found) if found else None
