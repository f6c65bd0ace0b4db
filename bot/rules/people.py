"""Who is named in a text: after a word such as 负责人, or beside a telephone number."""

import re
from dataclasses import dataclass

from bot.rules.names import LATIN, TITLED_ALONE, is_surname, looks_like_name, name_at, name_before_title

LABEL = re.compile(
    r"(?:活动|现场|项目|主要|总|本次)?(?:负责人员?|联系人员?|联络人员?|联络员|经办人员?|对接人员?|组织者|责任人"
    r"|填报人|申报人|报备人|带队老师|带队人|负责老师|联系老师|领队|有事找|联系|经办|对接|负责|找)"
    r"(?:姓名)?(?:及|和|与|/|、|&)?(?:联系电话|联系方式|手机号码?|电话号码?|电话|手机)?"
    r"(?:\([^()\n]{0,8}\))?[ ]{0,2}[:,为是]?[ ]{0,2}(?:我是|是|就是)?"
)
_BARE_LABELS = ("联系", "负责", "经办", "对接", "找", "有事找")
_NO_NAME = re.compile(
    r"电话|手机|联系|方式|微信|座机|固话|号码|报名|咨询|[年月日号点时人名次元场区镇村路楼室馆园]$|活动|讲座|展|会$|赛|课"
)
_HAN = "\u4e00-\u9fff"
_PHONE_WORD = (
    r"(?:\(?(?:的)?(?:联系电话|联系方式|联系手机|手机号码?|电话号码?|电话是?|手机是?|微信同号|手机微信|tel)"
    r"[:为是 ]{0,3})?"
)
_BEFORE = re.compile(
    rf"(?:([{_HAN}·]{{2,20}})|(?<![A-Za-z])({LATIN.pattern}))[ ]{{0,3}}[,:;/(、\-|]?[ ]{{0,2}}{_PHONE_WORD}[^\w\n]{{0,2}}$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"[ ]{{0,3}}[,:;/()、\-|]?[ ]{{0,2}}(?:联系人|负责人|找|我是|叫我|我叫|请找)?[:]?"
    rf"(?:([{_HAN}·]{{2,5}})(?![{_HAN}])|([{_HAN}]{{2,3}})(?=就行|即可|就可以|老师|收))"
)
# 我叫李敏, 我是协会的小周, 由李敏负责
_ME = re.compile(
    rf"(?:我叫|叫我|我[是系](?:[{_HAN}]{{2,20}}?的)?)([{_HAN}]{{2,4}}?)(?=就行|即可|就可以|[ ,。;\d\n(]|$|电话|手机)"
)
_NAMED = re.compile(rf"我姓([{_HAN}])(?=[ ,。;\d\n]|$)")
_BY = re.compile(rf"由([{_HAN}]{{2,4}}?)(?:老师|同志)?(?:全权)?负责")
_CHARGED = re.compile(rf"([{_HAN}]{{2,4}}?)(?:全权)?负责(?=[ ,。;\d\n(:]|$)")
_TAILS = (
    "的联系电话",
    "的手机号",
    "的电话",
    "手机号码",
    "手机号",
    "电话号码",
    "联系电话",
    "电话",
    "手机",
    "的",
    "负责",
)


@dataclass(frozen=True)
class Person:
    """A name and where in the text it stands; ``begin`` counts from the name, ``from_`` from its label.

    ``rank``: 3 for the person in charge (负责人), 2 for one who is called a contact, 1 for one beside a number, 0 for
    one who is only named.
    """

    begin: int
    end: int
    from_: int
    confidence: float
    rank: int = 1


def _labelled(reading: str) -> list[Person]:
    out = []
    for label in LABEL.finditer(reading):
        bare = label.group().strip(" :,") in _BARE_LABELS
        rank = 1 if bare else 3 if "负责" in label.group() else 2
        sure = 0.85 if bare else 0.95
        latin = LATIN.match(reading, label.end())
        span = name_at(reading, label.end()) if latin is None else None
        if span is None:
            if latin and (not bare or reading[latin.end() : latin.end() + 2].strip()[:1].isdigit()):
                out.append(Person(label.end(), latin.end(), label.start(), 0.7, rank))
            continue
        word = reading[span[0] : span[1]].replace(" ", "")
        if looks_like_name(word):
            out.append(Person(span[0], span[1], label.start(), sure, rank))
        elif (
            not bare
            and 2 <= len(word) <= 4
            and not _NO_NAME.search(word)
            and (":" in label.group() or reading[span[1] : span[1] + 1].isdigit())
        ):
            out.append(Person(span[0], span[1], label.start(), 0.6, rank))
    return out


def _said(reading: str) -> list[Person]:
    """«我叫李敏», «由李敏负责», «李敏负责»."""
    out: list[Person] = []
    for found in _NAMED.finditer(reading):
        out.append(Person(found.start(1), found.end(1), found.start(1), 0.5, 1))
    for pattern, sure in ((_BY, 0.95), (_CHARGED, 0.9), (_ME, 0.8)):
        for found in pattern.finditer(reading):
            for size in (len(found[1]), 3, 2):
                word = found[1][-size:]
                if looks_like_name(word):
                    begin = found.end(1) - len(word)
                    whole = size == len(found[1])
                    from_ = found.start() if whole and "的" not in found.group() else begin
                    out.append(Person(begin, found.end(1), from_, sure, 3 if pattern is not _ME else 2))
                    break
    return out


def _before(reading: str, phone: int) -> Person | None:
    window = max(0, phone - 40)
    found = _BEFORE.search(reading[window:phone])
    if found is None:
        return None
    if found[2]:
        begin = window + found.start(2)
        alone = begin == 0 or reading[begin - 1] in " ,;。、\n\x1f(:"
        return Person(begin, window + found.end(2), begin, 0.6) if alone and found[2].lower() != "tel" else None
    word, end = found[1], window + found.end(1)
    for tail in _TAILS:
        if word.endswith(tail):
            word, end = word.removesuffix(tail), end - len(tail)
    if titled := name_before_title(word):
        end -= len(word) - titled[1]
        return Person(end - len(titled[0]), end, end - len(titled[0]), 0.9)
    whole = looks_like_name(word)
    for size in (len(word),) if whole else (4, 3, 2):
        piece = word[-size:]
        if len(piece) == size and looks_like_name(piece):
            return Person(end - size, end, end - size, 0.9 if whole else 0.75)
    # A word of a name's length that stands alone before a number is one, however it is written.
    begin = end - len(word)
    alone = begin == 0 or reading[begin - 1] in " ,;。、\n\x1f(:"
    if alone and 2 <= len(word) <= 3 and not _NO_NAME.search(word) and word[0] not in "我请有":
        return Person(begin, end, begin, 0.5)
    return None


def find_people(reading: str, phones: list[tuple[int, int]]) -> list[Person]:
    """Names in a folded text: labelled ones, and those beside the numbers at ``phones``."""
    out = _labelled(reading) + _said(reading)
    for found in TITLED_ALONE.finditer(reading):
        if is_surname(found[1][0]):
            out.append(Person(found.start(1), found.end(1), found.start(1), 0.5, 0))
    for begin, end in phones:
        before, after = _before(reading, begin), _AFTER.match(reading, end)
        word = after and (after[1] or after[2])
        # The end of a longer word before the number (创客马拉松，电话…) is a name only where none follows.
        if after and word and looks_like_name(word) and (before is None or before.confidence < 0.85):
            at = after.start(1) if after[1] else after.start(2)
            out.append(Person(at, at + len(word), at, 0.85))
        elif before:
            out.append(before)
    return out


_WHOEVER_WRITES = re.compile(r"(?:就|就是|是|还是|由)?(?:我|本人|我本人|我自己)(?:自己|负责|来|就行|就好|吧|啊|本人)*")


def is_sender(text: str) -> bool:
    """Whether words say that the person in charge is whoever writes: «我», «就我», «我负责»."""
    return _WHOEVER_WRITES.fullmatch(text.strip(" 。.!！")) is not None
