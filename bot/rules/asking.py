"""What a notice asks units to hand in, read out of its text: «请于10月15日前报送三季度进度表» asks for 三季度进度表."""

import re

from bot.rules.reading import read

LONGEST = 60  # characters; what is longer is a sentence, not the name of a paper
_VERB = (
    r"(?:报送|上报|提交|上交|递交|报来|交来|交回|送交|填报|提供"
    r"|(?<![申填汇通简警海年日月周季专晚画电墙板壁喜捷补])报(?![备告名道考社纸刊到销审批送])|(?<![提上递送社外成])交(?![通流付接待易往叉换警由给来回]))"
)
# «需报送：…», «报送材料：1.… 2.…»: what follows the colon, to the end of the line.
_LABELLED = re.compile(rf"(?:{_VERB}|需交|应交)(?:以下|下列|如下)?(?:的?(?:材料|资料|内容|文件))?:(?P<what>[^。\n]+)")
# «…前将三季度进度表报送市科协»: what stands between 将 or 把 and the verb.
_MOVED = re.compile(rf"(?:将|把)(?P<what>[^,。;:\n]{{2,60}}?)(?:统一|及时|一并|书面|盖章后|加盖公章后|扫描后)?{_VERB}")
# «…报送三季度进度表»: what follows the verb, to the next mark.
_PLAIN = re.compile(rf"{_VERB}(?P<what>[^,。;:\n]+)")
_BIDDEN = re.compile(r"请|务必|必须|须|需|应|要求|前|以内|之内|截止")
_DENIED = re.compile(r"(?:无需|无须|不需要?|不用|不必|不得|暂不|已经?|未|没有?|是否|如何|不再|逾期)[^,。;:\n]{0,6}$")
# Where it goes and what happens then is no part of its name.
_ELSEWHERE = re.compile(
    r"(?:发送|报送|寄送|发|寄|送|交|报)?(?:至|(?<!签)到|给|往)(?![今期])|并(?!附)|以便|收到|市科协|邮箱|的单位"
)
_BRACKETED = re.compile(r"[ ]*[(][^()]{0,80}[)]?")
_ITEM = re.compile(r"(?:^|[;、, ])[ ]*(?:\d{1,2}[.、) ]|[一二三四五六七八九十][、.]|[①-⑨])[ ]*")
_FILLER = re.compile(r"^(?:(?:各|本|贵|你)单位(?:的)?|各自的?|一份|以下|下列|如下|完整的?|好|了|的|:|、| )+")
_ENDING = re.compile(r"(?:电子版|纸质版|扫描件|各?一式[一二两三四五六]份|各?一份|等)*$")
# Done in another way than by handing something in, or no thing at all.
_OTHERWISE = re.compile(
    r"材料|资料|文件|内容|报备|异议|申请|意见|建议|问题|答复|回执|后|时|人|名单?"
    r"|(?:时间|地点|方式|方法|期限|截止|对象|要求|范围|渠道|途径).*"
)
# What differs from unit to unit is no name either.
_VARIABLE = re.compile(r"[“\"]?[{｛]{2}[^{}｛｝\n]{1,20}[}｝]{2}[”\"]?的?")
_TALK = re.compile(r"是否|如何|怎么|怎样|何时|哪里|什么|[?]")


def deliverable_in(text: str) -> str:
    """The name of what is to be handed in, in the text's own words; empty where it asks for nothing with a name."""
    page = read(_VARIABLE.sub("", text))
    for pattern in (_LABELLED, _MOVED, _PLAIN):
        for found in pattern.finditer(page.reading):
            begin, end = found.span("what")
            start = max(page.reading.rfind(mark, 0, found.start()) for mark in "。;\n") + 1
            before = page.reading[start : found.start()]
            bidden = pattern is _LABELLED or _BIDDEN.search(page.reading, start, end)
            if not bidden or _DENIED.search(before) or _TALK.search(before):
                continue
            if name := _name(page.text[begin:end], page.reading[begin:end]):
                return name
    return ""


def _name(text: str, reading: str) -> str:
    """The paper's name out of what stands where it should; empty where that is none."""
    if _TALK.search(reading):
        return ""
    parts = [_clean(text[a:b], reading[a:b]) for a, b in _items(reading)]
    name = "、".join(one for one in parts if one)
    return name if 2 <= len(name) <= LONGEST and not _OTHERWISE.fullmatch(name) else ""


def _items(reading: str) -> list[tuple[int, int]]:
    """The spans of a list's items; of what is no list, the whole up to its first comma."""
    marks = list(_ITEM.finditer(reading))
    if not marks or marks[0].start() != 0:
        return [(0, len(reading.partition(",")[0]))]
    ends = [one.start() for one in marks[1:]] + [len(reading)]
    return [(one.end(), end) for one, end in zip(marks, ends, strict=True)]


def _clean(text: str, reading: str) -> str:
    stop = min((found.start() for one in (_ELSEWHERE, _BRACKETED) if (found := one.search(reading))), default=len(text))
    name = text[:stop].strip(" \t,，。；;、")
    name = _ENDING.sub("", _FILLER.sub("", name)).strip(" \t,，。；;、")
    return name[1:-1] if re.fullmatch(r"《[^《》]+》", name) else name
