"""What is left of a message after its labels: place, name, people, counts, wherever they stand."""

import re

from bot.rules.attendance import choose_count
from bot.rules.kinds import find_audience
from bot.rules.numbers import GROUPS
from bot.rules.places import DONE, LONGEST, MEASURE, MOST_SEGMENTS, VERB, find_place, is_activity, is_place
from bot.rules.reading import is_emoji
from bot.rules.towns import find_town
from bot.rules.understanding.sheet import TAKEN, Sheet, is_filler
from bot.rules.understanding.types import Found
from bot.rules.understanding.values import Values, clean, groups_question

_CUT = re.compile(r"[ ,。;!?\n、|\x1f]")
_SEPARATORS = frozenset(" ,。;!?\n、|" + TAKEN)
_MEDIA = re.compile(
    r"(?P<no>不|没有?|未|无需)?(?:已|拟|将|会)?(?:邀请|联系|通知)(?:了)?[^,。;\n ]{0,12}(?:媒体"
    r"|记者|电视台|日报|晚报|阳光网|时报|电台)[^,。;\n ]{0,6}"
)
_LEAD = re.compile(
    rf"(?:(?:我们|我会|我单位|单位|协会|学校|本会|共同|联合|将|拟|要|想|会|打算|计划|准备"
    rf"|定于|并|来|去|里|内|上|的|,|:)?{VERB}{MEASURE}|{MEASURE}(?=[\"一-龥])"
    r"|活动(?:名称)?[是为:]?(?!室|中心|课)|主题(?:是|为|:)?|名为|题为|名称(?:是|为)?|叫做?|的|了|是|为|以|关于)"
)
# «我会与镇科协联合主办的…»: who holds it is no part of the name.
_HOSTS = re.compile(r"[一-龥]{2,24}?(?:主办|承办|举办|组织|开展|实施)的(?=[\"《一-龥])")
_QUOTED = re.compile(r"[\"《]([^\"《》\n]{2,30})[\"》]")
_NOT_NAME = re.compile(
    r"自备|大巴|购买|邀请|主办|承办|协办|单位|实施|谢谢|请|已经|参加|联系|负责|报名|免费"
    r"|备注|附件|如下|注意|由|需要?|提供|另|如遇|雨天|改期|通知"
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
    opened = sheet.open
    count = choose_count(opened)
    if count:
        found["attendance"] = Found(count.value, sheet.piece(count.begin, count.end), count.confidence)
        sheet.take(count.begin, count.end)
    elif groups := GROUPS.search(opened):
        found["attendance"] = groups_question(sheet.text, groups)
        sheet.set_aside(groups.start(), groups.end())


def take_audience_and_media(sheet: Sheet, found: Values) -> None:
    """audience (before the count is taken, since 学生120名 names it) and media_invited."""
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
            if alone and not re.match(r"[一-龥]{2}", sheet.open[span[1] :].lstrip("约共")):
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
    value = clean(sheet.piece(span.begin, span.end))
    found["place"] = Found(value, sheet.piece(span.begin, span.end), span.confidence)
    town = find_town(value)
    if town:
        found["town"] = Found(town.name, value, 0.9)
    lead = re.search(r"(?:地点(?:设|定)?在|集合地点|位于|假座|前往|走进|在|于|到)$", opened[: span.begin])
    sheet.take(lead.start() if lead else span.begin, span.end)


def take_name(sheet: Sheet, found: Values) -> None:
    """name: what is quoted, ends like an activity, or follows «we hold»."""
    if "name" in found:
        return
    opened = sheet.open
    best: tuple[float, int, int, int] | None = None
    for begin, end in segments_of(opened)[:MOST_SEGMENTS]:
        end = min(end, begin + 3 * LONGEST)
        start = begin
        if hosts := _HOSTS.match(opened[:end], begin):
            begin = start = hosts.end()
        while (lead := _LEAD.match(opened[:end], start)) and lead.end() > start:
            start = lead.end()
        stop = end
        if done := DONE.search(opened, start, end):
            stop = done.start()
        words = opened[start:stop].strip(" :-.")
        if len(clean(words)) < 2 or not re.search(r"[一-龥A-Za-z]", words) or is_filler(words):
            continue
        score = _score(words, start > begin)
        if best is None or score > best[0]:
            best = (score, begin, start, stop)
    if best is None or best[0] <= 0:
        take_only_words(sheet, found)
        return
    score, begin, start, end = best
    value = clean(sheet.piece(start, end))
    found["name"] = Found(value, sheet.piece(start, end), min(0.9, 0.5 + score / 10))
    sheet.take(begin, end)


def take_only_words(sheet: Sheet, found: Values) -> None:
    """The only words left beside a time and a place are the activity's name, however it is called."""
    if "place" not in found or not isinstance(found.get("start"), Found):
        return
    left = [(b, e) for b, e in segments_of(sheet.open) if not is_filler(sheet.open[b:e])]
    if len(left) != 1:
        return
    begin, end = left[0]
    value = clean(sheet.piece(begin, end))
    if 4 <= len(value) <= 30 and not _NOT_NAME.search(sheet.open[begin:end]):
        found["name"] = Found(value, sheet.piece(begin, end), 0.5)
        sheet.take(begin, end)


def _score(words: str, after_verb: bool) -> float:
    score = 0.0
    if _QUOTED.search(words):
        score += 4
    if is_activity(words.strip('"')):
        score += 3
    if after_verb:
        score += 1.5
    length = len(words)
    score += 1 if 3 <= length <= 30 else -2 if length > 45 else 0
    if _NOT_NAME.search(words):
        score -= 3
    if is_place(words):
        score -= 2
    return score + min(length, 20) / 100
