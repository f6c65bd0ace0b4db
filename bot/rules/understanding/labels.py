"""Labelled values: «活动名称：…», «【时间】…», «3. 会场 …», several on one line, in any order."""

import re
from dataclasses import dataclass
from itertools import islice

MOST_LABELS = 60
WHEN, CONTACT, END = "when", "contact", "end"

_SYNONYMS: dict[str, str] = {
    "name": "活动名称|活动主题|活动题目|活动标题|讲座主题|讲座题目|讲座名称|课程名称|培训主题"
    "|展览名称|活动名|名称|主题|题目|标题|活动",
    WHEN: "活动时间及地点|活动时间地点|活动时间和地点|时间及地点|时间和地点|时间、地点|时间地点"
    "|活动开展时间|活动举办时间|活动时间及日期|活动日期及时间|活动日期时间|活动时间|活动日期"
    "|举办时间|开展时间|实施时间|开始时间|活动时段|时间安排|时间段|拟办时间|时间|日期"
    "|何时",
    END: "活动结束时间|结束时间",
    "place": "活动举办地点|活动地点|活动地址|活动场所|活动场地|活动位置|举办地点|举办地址|开展地点"
    "|实施地点|详细地址|集合地点|地点|地址|会场|场地|场所|位置|地方",
    "attendance": "预计参加活动人数|预计参加人数|预计参与人数|预计到场人数|预计受众人数|预计活动人数"
    "|计划参加人数|预计人数|预估人数|参加人数|参与人数|参会人数|活动人数|活动规模|预计规模"
    "|受益人数|受众人数|覆盖人数|计划人数|规模|人数",
    CONTACT: "活动负责人|现场负责人|项目负责人|负责人姓名|联系人姓名|活动联系人|负责人|联系人|联络人"
    "|经办人|对接人|填报人|申报人|报备人",
    "contact_phone": "负责人联系电话|负责人电话|负责人手机|联系人电话|联系人手机|联系电话|联系手机|联系方式"
    "|联系号码|手机号码|电话号码|手机号|手机|电话|固话|座机|tel",
    "kind": "活动形式|活动类型|活动类别|开展形式|举办形式|形式|类型|类别",
    "audience": "面向对象|面向人群|参加对象|参与对象|服务对象|活动对象|受众对象|目标人群|受众群体"
    "|参加人群|参与人群|参加人员|参与人员|参加者|参与者|对象|受众|人群",
    "summary": "活动内容简介|活动内容|内容简介|活动简介|主要内容|活动概况|内容概要|内容摘要|内容|简介",
    "budget": "活动经费预算|活动经费|活动预算|经费预算|预计经费|预算经费|预计费用|经费|预算|费用",
    "media_invited": "是否邀请媒体|是否有媒体|邀请媒体|媒体邀请|媒体情况|媒体",
    "project": "所属项目名称|所属项目|对应项目|资助项目|科普项目|项目名称|项目",
    "remarks": "备注说明|其他说明|补充说明|备注|说明|其他|其它|补充",
}
_FIELD = {word: field for field, words in _SYNONYMS.items() for word in words.split("|")}
_WORD = "|".join(sorted(map(re.escape, _FIELD), key=len, reverse=True))
_AND_PHONE = (
    r"(?:姓名)?[ ]?(?:(?:及|和|与|/|、|&|\+)?[ ]?(?:其)?(?:联系电话|联系方式|手机号码|手机号"
    r"|电话号码|电话|手机|方式))?"
)
_NOTE = r"(?:[ ]?\([^()\n]{0,16}\))?"
_NUMBERING = r"(?:(?:\(?(?:\d{1,2}|[一二三四五六七八九十]{1,2})[.、)]|[①-⑳]|[*\-•·◆■●▪✅✔])[ ]{0,4})?"

_HEAD = rf"(?P<word>{_WORD})(?P<pair>{_AND_PHONE}){_NOTE}"
_HEAD2 = _HEAD.replace("<word>", "<word2>").replace("<pair>", "<pair2>")

_AT_LINE = re.compile(
    rf"(?:^|(?<=\n))[ ]{{0,8}}{_NUMBERING}(?:【[ ]{{0,4}}|\[[ ]{{0,4}}|\*\*)?"
    rf"{_HEAD}[ ]{{0,4}}(?:\*\*)?(?:】[ ]{{0,4}}:?|\][ ]{{0,4}}:?|:(?:[ ]?\*\*)?|\||[ ]{{1,8}}(?=[^\s]))",
    re.IGNORECASE,
)
_INSIDE = re.compile(
    rf"(?<![一-龥A-Za-z]){_HEAD}[ ]{{0,2}}[:=]|【[ ]{{0,4}}{_HEAD2}[ ]{{0,4}}】[ ]{{0,4}}:?",
    re.IGNORECASE,
)
_RUN_ON = re.compile(rf"{_HEAD}[ ]{{0,2}}:", re.IGNORECASE)
# «主题是科学实验», «时间定在周六»: a value of one clause.
_SAID = re.compile(
    rf"(?<![一-龥A-Za-z])(?P<word>{_WORD})(?P<pair>)(?<!活动)(?:是|为|定在|定于|设在)(?=[\"\d一-龥])(?!否|了)",
    re.IGNORECASE,
)
# «人数90 联系人 谭俊杰»: no colon, so only words that nothing else begins with, and a value of one clause.
_LOOSE_WORDS = (
    "活动名称|活动时间|活动日期|活动地点|活动地址|预计参加人数|预计人数|参加人数|参与人数"
    "|活动人数|活动负责人|联系人|经办人|对接人|负责人|联系电话|联系方式|地点|地址|会场"
    "|人数|规模|电话|手机号?|面向对象|活动经费|经费预算|经费|预算|备注"
)
_LOOSE = re.compile(
    rf"(?:^|(?<=[ ,。;\n]))(?P<word>{_LOOSE_WORDS}|(?:时间|日期)(?=[ ]?[\d十下本这明后周星])|名称|活动主题)"
    rf"(?P<pair>{_AND_PHONE})(?:[ ]?(?:在|是|为))?[ ]?(?=[\dA-Za-z一-龥\"])(?!没|未|不|待|都|还|已|另|如)"
)
# 预计参观人数, 现场联系电话: the words before belong to the label.
_QUALIFIED = re.compile(
    r"(?:预计|计划|预估|参观|参加|参与|现场|每场|活动|项目|具体|开展|举办|服务|观看|线上|线下|拟|本次){0,3}\Z"
)
_UNKNOWN = re.compile(
    rf"(?:^|(?<=\n))[ ]{{0,8}}{_NUMBERING}(?:【[ ]{{0,4}})?[一-龥A-Za-z/()]{{2,14}}(?:[ ]{{0,4}}】[ ]{{0,4}}:?"
    rf"|[ ]?:)"
)
_LONG = ("summary", "remarks")


@dataclass(frozen=True)
class Section:
    """A label and the span of its value; ``field`` None for a label that is not one of the form's."""

    field: str | None
    label: int
    begin: int
    end: int
    pair: bool = False
    loose: bool = False


def find_sections(reading: str) -> list[Section]:
    """The labelled values of a folded text, in order; a value runs on until the next label."""
    heads: dict[int, tuple[int, str | None, bool, bool]] = {}
    for pattern in (_AT_LINE, _INSIDE, _RUN_ON, _SAID, _LOOSE):
        for found in islice(pattern.finditer(reading), MOST_LABELS):
            groups = found.groupdict()
            word = groups.get("word") or groups.get("word2") or ""
            pair = bool(groups.get("pair") or groups.get("pair2"))
            if any(b < found.end() and found.start() < e for b, (e, *_) in heads.items()):
                continue
            before = _QUALIFIED.search(reading[max(0, found.start() - 8) : found.start()])
            start = found.start() - (len(before.group()) if before else 0)
            heads[start] = (found.end(), _FIELD[word.lower()], pair, pattern in (_SAID, _LOOSE))
    for found in islice(_UNKNOWN.finditer(reading), MOST_LABELS):
        if not any(b < found.end() and found.start() < e for b, (e, *_) in heads.items()):
            heads[found.start()] = (found.end(), None, False, False)
    order = sorted(heads.items())
    out: list[Section] = []
    for i, (at, (begin, field, pair, loose)) in enumerate(order):
        end = order[i + 1][0] if i + 1 < len(order) else len(reading)
        if field is None and out and out[-1].field in _LONG:
            out[-1] = Section(out[-1].field, out[-1].label, out[-1].begin, end)
            continue
        out.append(Section(field, at, begin, end, pair, loose))
    return out


def find_label(word: str) -> str | None:
    """The field that a folded word names, or None."""
    return _FIELD.get(word.lower())
