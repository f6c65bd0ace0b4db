"""The activity's name in what is left of a message: what is quoted, ends like an activity, or follows «we hold»."""

import re

from bot.rules.kinds import PUBLIC_LIST, kind_of
from bot.rules.numbers import COUNT_LEADS
from bot.rules.places import DONE, LONGEST, MEASURE, MOST_SEGMENTS, VERB, is_activity, is_place
from bot.rules.understanding.free_text import segments_of
from bot.rules.understanding.sheet import TAKEN, Sheet, is_filler
from bot.rules.understanding.types import Found
from bot.rules.understanding.values import Values, clean

_LEAD = re.compile(
    rf"(?:(?:我们|我会|我单位|单位|协会|学校|本会|共同|联合|将|拟|要|想|会|打算|计划|准备"
    rf"|定于|并|来|去|里|内|上|的|,|:)?{VERB}{MEASURE}"
    r"|(?:特?邀|特?请|邀请)[^,。;\"《\n]{2,20}?(?:来校|到校|前来|来村|现场)?(?:作|做|主讲|讲授|开展|举办|进行)(?=[\"《一-龥])"
    r"|[一-龥]{0,12}(?:报备|备案):|[一-龥]{2,12}:(?=[\"《])|[)\]】]"
    r"|有(?:一?[个场次]|一些)(?=[\"《一-龥]{3})|就是|那个|这个|(?:上午|下午|晚上|早上)(?=[一-龥]{3})"
    r"|活动(?:名称)?[是为:]?(?!室|中心|课)|主题(?:是|为|:)?|名为|题为|名称(?:是|为)?|叫做?|的|了|是|为|以|关于"
    rf"|{MEASURE}(?=[\"一-龥]))"
)
# «我会与镇科协联合主办的…»: who holds it is no part of the name.
_HOSTS = re.compile(r"[一-龥]{2,24}?(?:主办|承办|举办|组织|开展|实施)的(?=[\"《一-龥])|[^\"《,。\n]{6,40}的(?=[\"《])")
_QUOTED = re.compile(r"[\"《]([^\"《》\n]{2,30})[\"》]")
_BEFORE_COUNT = re.compile(
    rf"(?<=.{{3}})(?:{PUBLIC_LIST}(?:代表)?|观众|听众|受众|选手|学员|志愿者|大人|男生|女生|全校|[初高][一二三](?:\(\d{{1,2}}\)班?)?"
    rf"|[两二三四五六]个年级|{COUNT_LEADS})+$"
)
_ORGANISATION = re.compile(
    r"(?:[学协商]会|研究会|促进会|基金会|联合会|公司|集团|局|科协|妇联|团委|办公室|服务队|志愿队|工作站|研究[所院]|大队|中队|支队)$"
)
_NOT_NAME = re.compile(
    r"自备|大巴|购买|邀请|主办|承办|协办|单位|实施|谢谢|请|已经|参加|联系|负责|报名|免费"
    r"|各位|同事|领导|大家|备注|附件|报备|备案|格式|如下|注意|由|需要?|提供|另|如遇|雨天|改期|通知"
    r"|主讲|嘉宾|讲师|主持|教授$|^[一两二三四五六七八九十\d]+[场次期节]$|\d+[余多]?[人名位]$|\d{7}|电话|^第[一二三四五六七八九十\d]{1,2}节|[年级\d一二三四五六]班$"
)


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
        if opened[end : end + 1] == TAKEN and (tail := _BEFORE_COUNT.search(opened, start, stop)):
            stop = tail.start()  # spoken without a pause: 垃圾分类讲座观众 120人
        words = opened[start:stop].strip(" :-.")
        if len(clean(words)) < 2 or not re.search(r"[一-龥A-Za-z]", words) or is_filler(words):
            continue
        score = _score(words, start > begin)
        if best is None or score > best[0]:
            best = (score, begin, start, stop)
    if best is None or best[0] <= 0:
        _take_only_words(sheet, found)
        return
    score, begin, start, end = best
    value = clean(sheet.piece(start, end))
    found["name"] = Found(value, sheet.piece(start, end), min(0.9, 0.5 + score / 10))
    sheet.take(start, end)


def _take_only_words(sheet: Sheet, found: Values) -> None:
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
    if kind_of(words):
        score += 1
    if _ORGANISATION.search(words):
        score -= 3
    return score + min(length, 20) / 100
