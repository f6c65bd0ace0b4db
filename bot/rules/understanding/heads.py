"""What stands before a filing: mentions, «报备», marks of a forwarded or relayed message, the head of a 接龙."""

import re
from itertools import islice

from bot.rules.names import looks_like_name
from bot.rules.understanding.labels import find_label
from bot.rules.understanding.sheet import Sheet

MOST_LINES = 6
_RELAY = re.compile(r"\s*#?接龙(?=[ :\n#])[ :]*")
# Words that carry no news.
_MARKERS = (
    re.compile(r"\s*(?:@[^\s@]{1,24}(?:[ \u2005\n]|(?=报备)))+"),
    re.compile(r"\s*[【\[]?(?:转发|fwd?)[】\]]?[: ]{0,3}(?=\n)|\s*[【\[]?(?:转发|fwd?)[】\]]?[: ]{1,3}", re.IGNORECASE),
    re.compile(r"\s*[1-9]\d?[.、)](?:[ ](?=\w)|(?=[^\W\d]|[\"《(【]))(?![^\n]{0,12}[:】])"),
    re.compile(r"[ \n]*(?:嗯+|呃+|额+|啊|喂|那个|就是|然后|[您你]好|[,!。、 ]){1,6}"),
    re.compile(
        r"\s*[^\w\n\"《(]{0,6}(?:请问)?(?:我们?|现)?(?:想|需?要|来|在)?(?:活动|科普活动)?(?:补报备?|报备|备案)(?:一下|如下|表"
        r"|活动|一个|一场)?(?:就是|是这样的?)?[^\w\n\"《(]{0,6}"
    ),
)
_NUMBERED = re.compile(r"(?:^|\n)[ ]{0,4}1[ ]?[.、)]")
# Lines that are not of the filing itself, kept in the remarks: who sent it when, the example of a 接龙.
_SENT = re.compile(
    r"[ ]*(?P<name>[^\n:,。\d]{1,12}?)[ (]{1,3}(?:(?:20\d\d[-/.年])?\d{1,2}[-/.月]\d{1,2}日?|昨天|今天|星期.|周.)?[ ]{0,2}"
    r"(?:上午|下午|晚上)?[ ]?\d{1,2}:\d\d(?::\d\d)?[):]{0,2}[ ]*(?=\n)"
)
_MAY_I = re.compile(r"(?:可以|能否|能不能|可不可以)报备(?:吗|么|呢)?[?!]?")
_EXAMPLE = re.compile(r"(?:^|\n)[ ]{0,4}(?:例子?|例如|示例|格式|样例|模板)(?:如下?)?[ ]{0,2}[:.][^\n]{0,200}")


def set_heads_aside(sheet: Sheet) -> None:
    """Mark what comes before the filing: markers as understood, other people's lines as remarks."""
    for example in islice(_EXAMPLE.finditer(sheet.reading), MOST_LINES):
        sheet.set_aside(example.start(), example.end())
    for asked in islice(_MAY_I.finditer(sheet.reading), MOST_LINES):
        sheet.take(asked.start(), asked.end())
    at = 0
    for _ in range(MOST_LINES):
        begin = at
        for marker in _MARKERS:
            if found := marker.match(sheet.open, at):
                sheet.take(at, found.end())
                at = found.end()
        if relay := _RELAY.match(sheet.reading, at):
            sheet.take(at, relay.end())
            at = _past_title(sheet, relay.end())
        sent = _SENT.match(sheet.reading, at)
        if sent and looks_like_name(sent["name"].strip()) and not find_label(sent["name"]):
            sheet.set_aside(at, sent.end())
            at = sent.end()
        if at == begin:
            break


def _past_title(sheet: Sheet, at: int) -> int:
    """The title of a 接龙 runs on to its first entry, or to the line's end where nothing is numbered."""
    first = _NUMBERED.search(sheet.reading, max(0, at - 1))
    line = sheet.reading.find("\n", at)
    end = first.start() if first else line
    if end > at:
        sheet.set_aside(at, end)
    return max(at, end)
