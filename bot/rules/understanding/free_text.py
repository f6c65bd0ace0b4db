"""What is left of a message after its labels: place, name, people, counts, wherever they stand."""

import re
from dataclasses import replace
from itertools import islice

from bot.rules.attendance import VAGUE, choose_count, listed_public
from bot.rules.kinds import PUBLIC_LIST, find_audience
from bot.rules.numbers import GROUPS
from bot.rules.places import LONGEST, find_place, is_activity
from bot.rules.reading import is_emoji
from bot.rules.towns import find_town
from bot.rules.understanding.sheet import TAKEN, Sheet
from bot.rules.understanding.types import Found, Question
from bot.rules.understanding.values import Values, clean, groups_question, without_filing_numbers

_PART_AT_END = re.compile(
    r"(?<=.{2})(?:上午|下午|晚上|早上|中午|傍晚|当天|当晚|每天|每晚|拟|将|将在|将于|拟于|定于|计划|准备)$"
)
# A number alone between bars, commas, blanks or lines.
_ALONE = re.compile(r"(?:^|(?<=[ ,|\n\x1f]))([1-9]\d{1,4})(?=[ ,|\n\x1f]|$)")
_AFTER_PUBLIC = re.compile(r"^(?:约|共|左右|上下|等|参加|参与|前来|到场)+")
_SAID_BEFORE = re.compile(r"[^:\n]{1,16}:(?=.{2})")
_PUBLIC_AT_END = re.compile(rf"(?<=.{{4}}){PUBLIC_LIST}$")
_OURS = re.compile(r"(?:我们|咱们|我)(?:学校|单位|村|社区|协会|学会)?是?(?=[一-龥]{3})")
_CUT = re.compile(r"[ ,。;!?\n、|\x1f]")
_SEPARATORS = frozenset(" ,。;!?\n、|" + TAKEN)
_MEDIA = re.compile(
    r"(?P<no>不|没有?|未|无需)?(?:已|拟|将|会)?(?:邀请|联系|通知|请)(?:了)?[^,。;\n ]{0,12}(?:媒体"
    r"|记者|电视台|日报|晚报|阳光网|时报|电台|报社|杂志社?|新闻中心|采访)[^,。;\n ]{0,6}"
)


def segments_of(opened: str) -> list[tuple[int, int]]:
    """The pieces between separators; what stands in quotation marks or brackets is not cut."""
    out: list[tuple[int, int]] = []
    begin, closing = 0, ""
    for i, char in enumerate(opened + "\n"):
        if closing:
            if char in (closing, "\n", TAKEN):
                closing = ""
            else:
                continue
        elif char in '"《(':
            later = opened.find({'"': '"', "《": "》", "(": ")"}[char], i + 1, i + 32)
            if later > 0 and not any(c in opened[i:later] for c in ("\n", TAKEN)):
                closing = opened[later]
                continue
        if char in _SEPARATORS or is_emoji(char):
            if i > begin:
                out.append((begin, i))
            begin = i + 1
    return out


def take_counts(sheet: Sheet, found: Values) -> None:
    """attendance: the count that says it is one, else the largest."""
    if "attendance" in found:
        return
    opened = without_filing_numbers(sheet.open)
    count = choose_count(opened)
    if count:
        found["attendance"] = Found(count.value, sheet.piece(count.begin, count.end), count.confidence)
        sheet.take(count.begin, count.end)
        if (groups := GROUPS.search(opened)) and 0 <= count.begin - groups.end() <= 4:
            sheet.set_aside(groups.start(), groups.end())  # 30组家庭约90人
    elif groups := GROUPS.search(opened):
        found["attendance"] = groups_question(sheet.text, groups)
        sheet.set_aside(groups.start(), groups.end())
    elif vague := VAGUE.search(opened):
        found["attendance"] = Question("attendance", "no_number", (), sheet.piece(*vague.span()))
        sheet.set_aside(*vague.span())
    elif len(numbers := list(islice(_ALONE.finditer(opened), 2))) == 1:
        number = numbers[0]
        found["attendance"] = Found(int(number[1]), number[1], 0.6)
        sheet.take(number.start(1), number.end(1))


def take_audience_and_media(sheet: Sheet, found: Values) -> None:
    """audience (before the count is taken, since 学生120名 names it) and media_invited."""
    if "audience" not in found and (nouns := listed_public(sheet.reading)):
        begin, end = nouns[0][0], nouns[-1][1]
        words = tuple(dict.fromkeys(sheet.piece(*noun) for noun in nouns))
        found["audience"] = Found("、".join(words), sheet.piece(begin, end), 0.75)
        for noun in nouns:
            sheet.take(*noun)
    if "audience" not in found:
        # The count beside it may be taken already, so the whole text is looked at.
        span = find_audience(sheet.reading)
        if span and not any(sheet.taken[span[0] : span[1]]):
            found["audience"] = Found(sheet.piece(*span), sheet.piece(*span), 0.8)
            lead = re.search(
                r"(?:面向|针对|对象[是为:]?|适合|(?:预计|计划)?(?:参加|参与|组织|邀请)|预计)[: ]?$",
                sheet.open[: span[0]],
            )
            begins = lead.start() if lead else span[0]
            before = re.split(_CUT, sheet.open[max(0, begins - LONGEST) : begins])[-1]
            # Spoken without a pause: 垃圾分类讲座学生五十名.
            alone = lead is not None or not before or is_activity(before)
            if alone and not re.match(r"[一-龥]{2}", _AFTER_PUBLIC.sub("", sheet.open[span[1] : span[1] + 20])):
                sheet.take(lead.start() if lead else span[0], span[1])
    media = _MEDIA.search(sheet.open)
    if media and "media_invited" not in found:
        found["media_invited"] = Found(media["no"] is None, sheet.piece(media.start(), media.end()), 0.85)
        sheet.take(media.start(), media.end())


def take_place(sheet: Sheet, found: Values) -> None:
    """place and town."""
    if "place" in found:
        return
    opened = sheet.open
    span = find_place(opened, segments_of(opened))
    if span is None:
        return
    if part := _PART_AT_END.search(opened, span.begin, span.end):
        span = replace(span, end=part.start())
    if public := _PUBLIC_AT_END.search(opened, span.begin, span.end):
        span = replace(span, end=public.start())  # spoken without a pause: 济川中学初一学生
    if lead := _SAID_BEFORE.match(opened, span.begin, span.end):
        span = replace(span, begin=lead.end())
    if ours := _OURS.match(opened, span.begin, span.end):
        span = replace(span, begin=ours.end())
    value = clean(sheet.piece(span.begin, span.end))
    found["place"] = Found(value, sheet.piece(span.begin, span.end), span.confidence)
    town = find_town(value)
    if town:
        found["town"] = Found(town.name, value, 0.9)
    sheet.take(span.begin, span.end)
