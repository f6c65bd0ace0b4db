"""Numbers as people write them: 120, 一百二十, 两百多, 1.2万, 100-150人.

Of a range the upper bound is taken (safety and room are planned for it); of 两百多 or 300余 the round number.
The wording stays with the value, so the reader sees what was written.
"""

import re
from dataclasses import dataclass, replace

MOST_PEOPLE = 9_999_999
_DIGITS = dict(zip("零一二三四五六七八九", range(10), strict=True)) | {"两": 2, "壹": 1, "贰": 2, "叁": 3}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10000, "拾": 10, "佰": 100, "仟": 1000, "k": 1000, "w": 10000}
CN = "零一二三四五六七八九十百千万两壹贰叁廿卅拾佰仟"
NUMBER = (
    rf"(?:(?<![\d:.])[1-9]\d{{0,2}}(?:,\d{{3}})+(?!\d)"
    rf"|\d{{1,7}}(?:\.\d{{1,2}})?(?:[十百千万]|[wWkK](?=[ ]?[多余]?[人名]))?|[{CN}]{{1,12}})"
)

_MORE = "(?:余|多|来|几|把)?"
_ABOUT = "(?:左右|上下|以上|以内|之间|出头)?"
COUNT_LEADS = (
    "预计|预估|预记|初步估计|估计|估摸|暂定|拟定|计划|大约|大概|大慨|约有|约|差不多|不少于|不超过|控制在|至少|最多|限额|上限|满额|限|近|逾|超过"
    "|人数|规模|拟邀请|邀请|组织|招收|招募|吸引|接待|服务|覆盖|惠及|受益|参加|参与|参会|参赛|参训|参展|到会|到场|实到|现场|线下|届时"
    "|将有|将|会有|会来|能来|有望|达到|有|来了|来个|来|总人数|合计|总计|累计|总共|一共|合共|共计|共|每场|每天|每次|每期|每批|每晚|每节课"
    "|每节|每班|单场|不到|少于|不多于|名额|好(?=几)|上(?=[百千万])"
)
COUNT = re.compile(
    rf"(?P<about>(?:{COUNT_LEADS}){{1,4}})?[:为是有在 ]{{0,3}}"
    r"(?P<near>(?:大约|大概|大慨|约|近|预计|每场|每天|每次|每期|每节|每班|单场|各|限|共){1,2})?[ :]?"
    rf"(?:[一二三四五六七八]、(?=[二三四五六七八九][十百]))?"
    rf"(?P<low>{NUMBER}){_MORE}\+?(?:人|名|位)?[ ]?(?:(?:-|至|到)[ ]?(?P<high>{NUMBER}){_MORE})?[ ]?"
    rf"(?P<unit>号人|人次|人左右|多人|学员|人|名|位|个(?!月|小时|小组|星期|钟|组|班|站|点|系|项|户|方|家庭|半))(?P<tail>{_ABOUT})"
)
# 人数120: a word says that it is a head count, so no unit is needed.
_NAMED = re.compile(
    r"(?:(?P<about>总?人数|人员规模|规模|名额|人次|人流量|客流量?)"
    r"(?:暂定|不超过|上限|合计|控制在|大概|大约|大慨|预计|约莫|约|为|是|有|在|达|每场|每天|[: ]){0,4}"
    r"|(?<=学生|中生|男生|女生|教师|老师|听众|朋友|孩子|村民|居民|老人|家长|市民|群众|师生|职工|员工|观众)[: ]?)"
    rf"(?P<low>{NUMBER}){_MORE}\+?[ ]?(?:(?:-|至|到)[ ]?(?P<high>{NUMBER}){_MORE})?(?P<unit>)"
    rf"(?![\d.%平场月:点米元天组户对家年级班{CN}]|个(?![ ,。;\n]|$)|[ ]?[人名位])(?P<near>)"
)
GROUPS = re.compile(
    rf"(?P<n>{NUMBER}){_MORE}[ ]?(?:(?:组|户|对|个)[^\d,。;\n ]{{0,4}}家庭|户|组家庭|对亲子"
    rf"|组亲子|个班级?|个团队|支(?:代表|参赛)?队伍?|个(?:村民|学习)?小组|桌)"
    rf"|(?:(?:亲子)?家庭|亲子)[ ]?(?P<n2>{NUMBER}){_MORE}[ ]?(?:组|户|对)"
    rf"|(?:参赛|代表)?队(?:伍)?(?:约|共|有)?[ ]?(?P<n3>{NUMBER}){_MORE}[ ]?支"
)
_PEOPLE = re.compile(
    r"[ ]?(?:[小中大]?学生|孩子|小朋友|小孩|成人|大人|儿童|青少年|长者|老年人|会员|学员|观众|工友|员工|职工|村民|居民|街坊"
    r"|家长|老人|市民|群众|人|名额|位|左右|的样子|以上)"
)
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
    text = text.replace(",", "").replace("廿", "二十").replace("卅", "三十")
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([十百千万wk]?)", text.lower())
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
    if value > MOST_PEOPLE:
        return None
    return Count(value, found.start(), found.end(), 0.85 if high is not None else 0.95)


def find_counts(reading: str) -> list[Count]:
    """Every head count in a folded text, those introduced by 预计, 人数 … with more confidence."""
    out = [count for found in COUNT.finditer(reading) if (count := _counted(found, reading))]
    for found in _NAMED.finditer(reading):
        count = _count(found)
        if count and not any(one.begin < found.end() and found.start() < one.end for one in out):
            out.append(count)
    return sorted(out, key=lambda one: one.begin)


def _counted(found: re.Match[str], reading: str) -> Count | None:
    """The head count of a match of ``COUNT``; None for 第三名, 三人组, 120人民币 and what else only looks like one."""
    before, after = reading[max(0, found.start() - 1) : found.start()], reading[found.end() :][:1]
    named = found["about"] or found["near"]
    if found["unit"] == "人" and after and after in "民工才物口形均体大类士们间组":
        return None
    if before and before in "第前每初高" and not named:
        return None
    if found["unit"] == "个" and not _PEOPLE.match(reading, found.end()):
        guessed = re.search("大概|大约|大慨|估计|预计|差不多|约", found.group())
        counted = re.search(
            r"(?:学生|孩子|小朋友|小孩|儿童|成人|大人|村民|居民|街坊|家长|老人家?|市民|群众|人)(?:大概|约|共|有|来了?)?$",
            reading[: found.start()][-8:],
        )
        if not counted and not (guessed and after in ("", ",", "。", ";", "\n", ")", " ")):
            return None
    if found["unit"] in "名位" and after == "称":
        return None
    small_word = len(found["low"]) == 1 and found["low"] in CN and not named
    if small_word and found["low"] not in "十百" and after and after.isalpha():
        return None  # 三人组, 一位老师
    count = _count(found)
    return count if count is None or named else replace(count, confidence=round(count.confidence - 0.1, 2))


def read_count(reading: str) -> Count | None:
    """The one number of an answer such as 一百二, 大概120吧, 100到150: a whole short text that is a count."""
    found = _BARE.fullmatch(reading) if len(reading) <= 60 else None
    count = _count(found) if found else None
    if found is None or count is None:
        return None
    begin, end = found.start("low"), found.end("high" if found["high"] else "low")
    unit = re.compile(r"[余多来几]?(?:人次|[人名位个])?").match(reading, end)
    return replace(count, begin=begin, end=unit.end() if unit else end)
