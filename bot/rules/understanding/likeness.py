"""Whether a message in the group is plainly a filing, although nobody addressed the bot."""

import re
from datetime import UTC, datetime

from bot.rules.moments import find_in
from bot.rules.numbers import GROUPS, find_counts
from bot.rules.phones import find_phones
from bot.rules.places import is_place
from bot.rules.reading import read
from bot.rules.understanding.batch.splitting import split
from bot.rules.understanding.free_text import segments_of, take_place
from bot.rules.understanding.labels import WHEN
from bot.rules.understanding.sections import find_sections
from bot.rules.understanding.sheet import Sheet
from bot.rules.understanding.values import Values

_FILES = re.compile(
    r"^\s*(?:@\S{1,24}\s+)?[^\w\n]{0,6}(?:我要|我们要|现)?(?:活动|科普活动)?(?:补报|报备)(?!了|吗"
    r"|呢|过|的|截止|时间|制度|流程|要求|通知|率|情况|表?(?:在哪|怎么|发)|工作|系统|需要"
    r"|后|前|时|成功|是否|完|好)"
)
_ASKS = re.compile(
    r"[??]|吗|呢[。!]?$|怎么|怎样|如何|什么|哪(?:里|个|天|位)|谁|能不能|可不可以|是否可以"
    r"|有没有|还办不办"
)
_NOTICE = re.compile(
    r"请各|各单位|请大家|请于|务必|准时参加|准时出席|收到请|请回复|会议通知|关于.{0,40}的通知"
    r"|请.{0,8}参加|请.{0,8}出席|开会|会议(?!室)|召开|通知如下|请及时|请尽快|请按"
)
_PAST = re.compile(r"昨天|前天|上周|来了|圆满|顺利|很成功")
_CORE = {"name", WHEN, "place", "attendance", "contact", "contact_phone"}
_ANY_NOW = datetime(2020, 1, 1, tzinfo=UTC)


def looks_like_filing(text: str) -> bool:
    """True for a text that starts with 报备 and says something, a filled form, date + place + attendance, or a list."""
    page = read(text)
    reading = page.reading.strip()
    if len(reading) < 8:
        return False
    opens = _FILES.match(reading)
    labelled = {s.field for s in find_sections(page.reading)} & _CORE
    if len(labelled) >= 3:
        return True
    asks = _ASKS.search(reading) is not None
    if opens and not asks and len(re.sub(r"\W", "", reading[opens.end() :])) >= 4:
        return True
    batch = split(text)
    if batch is not None and batch[0].chain:
        return True
    if asks or _NOTICE.search(reading) or _PAST.search(reading):
        return False
    if batch is not None:
        return True
    times = [f for f in find_in(page.text, page.reading, _ANY_NOW) if f.reason != "no_date"]
    if not times:
        return False
    heads = bool(find_counts(reading) or GROUPS.search(reading))
    if not heads:
        return False
    sheet = Sheet(page)
    for time in times:
        sheet.take(time.begin, time.end)
    found: Values = {}
    take_place(sheet, found)
    placed = "place" in found or any(is_place(sheet.open[b:e]) for b, e in segments_of(sheet.open))
    return placed and (bool(find_phones(reading)) or len(reading) < 200)
