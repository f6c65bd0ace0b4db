"""Rows out of a list: numbered lines (接龙), labels that come again and again, blocks between empty lines, lines alike."""

import re
from collections.abc import Iterator
from itertools import islice, pairwise

from bot.rules.moments import find_moments
from bot.rules.phones import find_phones
from bot.rules.reading import Reading, read
from bot.rules.understanding.batch.rows import LONGEST_ROW, MOST_ROWS, Batch, Row
from bot.rules.understanding.batch.standing import ANY_NOW, stands_alone
from bot.rules.understanding.batch.units import unit_words
from bot.rules.understanding.labels import bare, find_label

CHAIN = re.compile(r"接龙")
_CN = "一二三四五六七八九十"
_CIRCLED = (
    {chr(0x2460 + i): i + 1 for i in range(20)}
    | {chr(0x2474 + i): i + 1 for i in range(20)}
    | {chr(0x2776 + i): i + 1 for i in range(10)}
)
# 1. 1、 （1） ① 1️⃣ 一、 活动一： 第1场：
_ITEM = re.compile(
    rf"(?:^|(?<=\n))[ ]{{0,6}}(?:[*\-•>][ ]?)?(?:(?:活动|第|项目)?[ ]?[(\[【]?(?P<n>\d{{1,5}}|[{_CN}]{{1,3}})"
    rf"(?:[ ]?(?:场|项|个活动|个|期)?[ ]?(?:[.,:](?!\d)|、|[)\]】][.、:]?)|\u20e3)|(?P<round>[①-⑳⑴-⒇❶-❿]))[ ]*"
)
_PLAIN_ITEM = re.compile(r"(?:^|(?<=\n))[ ]{0,4}(?P<n>\d{1,5})[ ]+(?=[一-龥])(?P<round>(?!))?")
_INLINE = re.compile(r"(?:^|(?<=[ ;。\n]))(?P<n>\d{1,2})[.、)](?!\d)[ ]*(?P<round>(?!))?")
_LABEL = re.compile(
    r"(?:^|(?<=\n))[^\w\n]{0,6}(?:\d{1,2}[.、)])?[^\w\n]{0,4}(?P<word>[一-龥()/ ]{2,16}?)[ ]?(?:[:】\]]|(?=\n))"
)
_BLANK = re.compile(r"\n[ ]*(?:[-=—_*]{3,}[ ]*)?\n\s*")
_SHARED = re.compile(r"以上|上述|统一|均|都由|所有|总联系|总负责|各场")
_EXAMPLE = re.compile(r"(?:例|示例|格式|模板)")


def numbered(page: Reading) -> Batch | None:
    """Lines that are counted: «1. … 2. …», ① ②, also with further lines below each."""
    chain = CHAIN.search(page.reading) is not None
    patterns = [_ITEM, _PLAIN_ITEM] if chain else [_ITEM]
    if "\n" not in page.reading.strip():
        patterns = [_INLINE]
    for pattern in patterns:
        marks = _rising(pattern, page.reading)
        if len(marks) < 2:
            continue
        blocks = [
            (number, begin, following)
            for (number, _, begin), (_, following, _) in pairwise([*marks, (0, len(page.text), 0)])
        ]
        got = _batch(page, marks[0][1], [one for one in blocks if page.text[one[1] : one[2]].strip()], chain)
        if got:
            return got
    return None


def _rising(pattern: re.Pattern[str], reading: str) -> list[tuple[int, int, int]]:
    """(number, where its mark begins, where its words begin) for marks that count upwards."""
    out: list[tuple[int, int, int]] = []
    for found in pattern.finditer(reading):
        number = _figure(found)
        if number and (not out or number > out[-1][0]):
            out.append((number, found.start(), found.end()))
    return out


def _figure(found: re.Match[str]) -> int:
    if found["round"]:
        return _CIRCLED.get(found["round"], 0)
    written = found["n"]
    if written.isdigit():
        return int(written)
    tens, _, ones = written.partition("十") if "十" in written else ("", "", written)
    base = (_CN.index(tens[0]) + 1 if tens else 1) * 10 if "十" in written else 0
    return base + (_CN.index(ones[0]) + 1 if ones else 0)


def _batch(page: Reading, first: int, blocks: list[tuple[int, int, int]], chain: bool) -> Batch | None:
    """The rows of numbered blocks, where they are activities and not the lines of one form or a programme."""
    taken = blocks[:MOST_ROWS]
    texts = [page.text[begin:end].strip() for _, begin, end in taken]
    head = page.text[:first].strip()
    texts, shared = _shared_tail(texts)
    day = _only_day(head)
    rows = []
    for (number, _, _), text in zip(taken, texts, strict=True):
        words = _completed(text, day, shared)
        rows.append(Row(number, words[:LONGEST_ROW], unit_words(text), chain))
    standing = sum(stands_alone(text, day_given=bool(day)) for text in texts)
    if standing < 2 and not (chain and standing and len(rows) > 1):
        return None
    if not chain and standing * 5 < len(rows) * 3:
        return None
    kept = [one for one in rows if not _EXAMPLE.match(one.text)]
    return Batch(tuple(kept), len(blocks) - len(taken), head)


def _shared_tail(texts: list[str]) -> tuple[list[str], str]:
    """What stands below the last line of a list of single lines and is meant for all of them, such as a telephone."""
    if any("\n" in one for one in texts[:-1]) or "\n" not in texts[-1]:
        return texts, ""
    line, tail = texts[-1].split("\n", 1)
    reading = read(tail).reading
    apart = tail[:1] in ("\n", " ") or _SHARED.search(reading) or re.match(r"\s*(?:联系|负责|备注|报备人)", reading)
    return ([*texts[:-1], line], tail.strip()) if apart else (texts, "")


def _only_day(head: str) -> str:
    """The day that a title gives to every line: «10月24日科普日接龙»."""
    findings = [one for one in find_moments(head[:200], ANY_NOW) if one.reason != "no_date" and one.moments]
    return findings[0].text if len(findings) == 1 else ""


def _completed(text: str, day: str, shared: str) -> str:
    reading = read(text).reading
    dateless = day and not any(one.reason != "no_date" for one in find_moments(text[:400], ANY_NOW))
    words = f"{day} {text}" if dateless else text
    if shared and not find_phones(reading):
        words = f"{words}\n\n{shared}"
    return words


def repeated(page: Reading) -> Batch | None:
    """Forms one below the other: the label that the first begins with comes again."""
    marks = [(found.start(), bare(found["word"])) for found in islice(_LABEL.finditer(page.reading), 20_000)]
    first = next((word for _, word in marks if find_label(word)), None)
    begins = [begin for begin, word in marks if word == first]
    if first is None or len(begins) < 2:
        return None
    pieces = list(pairwise([*begins, len(page.text)]))
    return _of_pieces(page, pieces, least=2)


def blocks(page: Reading) -> Batch | None:
    """Filings between empty lines."""
    edges = [(found.start(), found.end()) for found in _BLANK.finditer(page.reading)]
    pieces = list(zip([0, *(end for _, end in edges)], [*(begin for begin, _ in edges), len(page.text)], strict=True))
    return _of_pieces(page, pieces, least=3)


def lines(page: Reading) -> Batch | None:
    """Lines of which each says everything, although nothing counts them."""
    return _of_pieces(page, list(_lines(page.reading)), least=3, every=True)


def _lines(reading: str) -> Iterator[tuple[int, int]]:
    at = 0
    for line in reading.split("\n"):
        if line.strip():
            yield at, at + len(line)
        at += len(line) + 1


def _of_pieces(page: Reading, pieces: list[tuple[int, int]], *, least: int, every: bool = False) -> Batch | None:
    """The pieces that could be filed by themselves; the words before them are the head, those behind are the last one's."""
    if len(pieces) < 2:
        return None
    looked_at = pieces[: MOST_ROWS + 2]
    standing = [stands_alone(page.text[begin:end], least) for begin, end in looked_at]
    if sum(standing) < 2:
        return None
    first = standing.index(True)
    if every and (first > 1 or not all(standing[first:])):
        return None
    starts = [pieces[i][0] for i in range(first, len(looked_at)) if standing[i]][:MOST_ROWS]
    ends = [*starts[1:], pieces[min(len(pieces), len(looked_at)) - 1][1]]
    rows = []
    for i, (begin, end) in enumerate(zip(starts, ends, strict=True), 1):
        text = page.text[begin:end].strip()
        rows.append(Row(i, text[:LONGEST_ROW], unit_words(text)))
    return Batch(tuple(rows), max(0, len(pieces) - len(looked_at)), page.text[: starts[0]].strip())
