"""Whether a message holds several activities, and its rows."""

import re
from dataclasses import replace

from bot.rules.reading import read
from bot.rules.understanding.batch.lists import CHAIN, blocks, lines, numbered, repeated
from bot.rules.understanding.batch.rows import Batch
from bot.rules.understanding.batch.sentences import sentences
from bot.rules.understanding.batch.tables import table

SHORTEST = 20
READ_AT_MOST = 60_000  # characters of a message that may hold many rows
# Of the words beside a list: its title, a greeting, totals, and the word by which one files.
_OF_NO_WEIGHT = re.compile(
    r"[\W_]*(?:接龙.*|(?:我要|活动)?报备|(?:大家|各位|老师|领导|同志|[您你])+们?好|(?:合计|总计|小计|例|示例).*|谢谢.{0,4}"
    r"|[^\d:]{0,30}(?:20\d\d年)?[^:]{0,20}(?:活动|安排|计划|汇总|一览|清单|统计|登记|报备|表)(?:表|安排|计划|如下)?)[\W_]*"
)


def split(text: str) -> Batch | None:
    """The rows of a message with several activities, at most ``MOST_ROWS``; None for a single filing or no filing.

    The same for any text: it depends on no day and no unit.
    """
    page = read(text, limit=READ_AT_MOST)
    if len(page.reading.strip()) < SHORTEST:
        return None
    got = numbered(page) if CHAIN.search(page.reading) else None
    got = got or table(page.text) or numbered(page) or repeated(page) or blocks(page) or lines(page) or sentences(page)
    if got and len(text) > READ_AT_MOST:
        return replace(got, left_off=got.left_off + text.count("\n", READ_AT_MOST))
    return got


def said_beside(around: str) -> str:
    """What of the words around a list somebody should see: all but its title, greetings and totals."""
    lines = [one.strip() for one in around.split("\n")]
    return "；".join(one for one in lines if one and not _OF_NO_WEIGHT.fullmatch(read(one).reading))
