"""Activities told one after the other in a sentence: «两个活动，10月30日上午9点在A办…，10月31日上午9点在B办…».

Each must have a day of its own and say where it is or what it is called; else it is one activity of several days.
"""

import re
from itertools import pairwise

from bot.rules.moments import Finding, find_in
from bot.rules.phones import find_phones
from bot.rules.places import is_activity
from bot.rules.reading import Reading, read
from bot.rules.understanding.batch.rows import LONGEST_ROW, Batch, Row
from bot.rules.understanding.batch.standing import ANY_NOW
from bot.rules.understanding.batch.units import unit_words
from bot.rules.understanding.free_text import segments_of
from bot.rules.understanding.labels import WHEN
from bot.rules.understanding.sections import find_sections
from bot.rules.understanding.when import is_of_something_else
from bot.rules.understanding.whole import understand

LONGEST = 800  # characters; what is longer has been put into lines
MOST = 10
_OF_A_FORM = ("name", WHEN, "place")
_CLAUSE = re.compile(r"[,。;\n]")
# Parts of one activity, or words that take up the one before.
_PART_OF_ONE = re.compile(
    r"初赛|复赛|半决赛|决赛|开幕|闭幕|首场|尾场|末场|第[一二三四五六七八九十\d]+[场期天次阶站批]|布展|撤展|彩排|签到|报名|集合|颁奖"
    r"|同样|相同|同上|同一|如遇|雨天|改期|改到|改为|延期|推迟|原定|备选|取消|照常|不变|不办|改成|提前|调整|变更"
)
# «两个活动：», «您好，我们报备两场活动»: no words of the first.
_LEAD = re.compile(
    r"(?:^|(?<=[,，]))[ ]*(?:您好|你好|(?:我们?|本?单位|协会|学校|现|拟|将|要|想|会|有|办|搞|申报|报备?|一下|[:： ]){0,6}"
    r"(?:[两二三四五六七八九十]|[2-9]|10)[ ]?(?:个|场|项)[^,，。;；\n]{0,8}?(?:活动|讲座|展览|比赛|培训|课)?)[,，:： ]*"
)
# What stands behind the last and is meant for each: who is in charge, how many come to every one.
_FOR_ALL = re.compile(
    r"[ ,。;\n](?=(?:以上)?(?:(?:都|均|两场|两个|各场)?(?:由|是)?(?:负责人|联系人|联系电话|联系方式|对接人|经办人)"
    r"|每场|各场|每个|各(?=\d)|都是|均为))"
)
_DAY_WORD = re.compile(r"[\d一二三四五六七八九十][月号日.]|周|星期|[今明后]天")


def sentences(page: Reading) -> Batch | None:
    """The activities of a text without lists; None where it tells of one."""
    if len(page.reading) > LONGEST or len(_DAY_WORD.findall(page.reading)) < 2 or _PART_OF_ONE.search(page.reading):
        return None
    if any(one.field in _OF_A_FORM and not one.loose for one in find_sections(page.reading)):
        return None
    days = [one for one in find_in(page.text, page.reading, ANY_NOW) if _own_day(page.reading, one)]
    if not 2 <= len(days) <= MOST:
        return None
    starts = _starts(page.reading, days)
    if len(starts) != len(days):
        return None  # two days in one clause are days of one activity
    tail = _FOR_ALL.search(page.reading, days[-1].end)
    end = tail.start() if tail else len(page.text)
    pieces = [page.text[begin:to].strip(" ,，。;；、\n") for begin, to in pairwise([*starts, end])]
    lead = _LEAD.sub("", page.text[: starts[0]].strip(" ,，。:：;；\n"))
    shared = page.text[end:].strip(" ,，。;；\n")
    told = [understand(one, ANY_NOW).found for one in pieces]
    named = [_is_named(one["name"].value) if "name" in one else False for one in told]
    if not all(name or "place" in one for name, one in zip(named, told, strict=True)):
        return None
    if not any(named) and not _is_named(lead) and not _is_named(shared):
        return None
    rows = [_row(at, piece, lead if not named[at - 1] else "", shared) for at, piece in enumerate(pieces, 1)]
    return Batch(tuple(rows), 0, "" if not all(named) else lead)


def _own_day(reading: str, one: Finding) -> bool:
    return one.reason != "no_date" and bool(one.moments or one.days) and not is_of_something_else(reading, one)


def _starts(reading: str, days: list[Finding]) -> list[int]:
    """Where the clause of each day begins; the words before the first day belong to it."""
    out: list[int] = []
    for one in days:
        before = [mark.end() for mark in _CLAUSE.finditer(reading, 0, one.begin)]
        begin = before[-1] if before else 0
        if not out or begin > out[-1]:
            out.append(begin)
    return out


def _is_named(words: str) -> bool:
    """Whether words hold what an activity is called."""
    reading = read(words).reading
    return any(is_activity(reading[begin:end]) for begin, end in segments_of(reading))


def _row(number: int, piece: str, lead: str, shared: str) -> Row:
    words = f"{lead}，{piece}" if lead else piece
    if shared and not find_phones(read(piece).reading):
        words = f"{words}\n\n{shared}"
    return Row(number, words[:LONGEST_ROW], unit_words(piece))
