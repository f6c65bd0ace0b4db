"""Where the labelled values of a message stand: «活动名称：…», «【时间】…», «3. 会场 …», several on one line, in any order."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bot.rules.understanding.labels import LONGEST_LABEL, find_label, label_within

MOST_LABELS = 60
_LONG = ("summary", "remarks")
_NUMBERING = (
    r"(?:(?:\(?(?:\d{1,2}|[一二三四五六七八九十]{1,2})[.、)](?!\d)|[①-⑳⑴-⒇]|\d\ufe0f?\u20e3|[*\-•·◆◇■□●○▪▶►※#>✅✔☑★☆]"
    r"|[\u2300-\u23ff\u2600-\u27bf\U0001f300-\U0001faff])[ ]{0,4}){0,3}"
)
_LINE = rf"(?:^|(?<=\n))[ ]{{0,12}}{_NUMBERING}"
_WORD = r"(?P<word>[一-龥A-Za-z](?:[一-龥A-Za-z/&+、 ]|\([^()\n\d]{0,8}\)){0,23}?)"
# Behind a colon at a line's begin: any label, ours or not; its letters may be spread (时    间：).
_AT_LINE = re.compile(
    rf"{_LINE}(?:[【\[][ ]{{0,4}}|\*\*)?{_WORD}[ ]{{0,4}}(?:\*\*)?(?P<sep>[】\]][ ]{{0,4}}:?|:(?:[ ]?\*\*)?)"
)
LITERAL_MARKS = {"〖": "〗", "⟦": "⟧", "⦅": "⦆"}
_LITERAL = re.compile(rf"(?:^|(?<=\n)){_WORD}:(?P<mark>[{''.join(LITERAL_MARKS)}])")
# Without one, or with what was typed for one: only a whole label that we know.
_AT_LINE_PLAIN = re.compile(
    rf"{_LINE}(?P<word>[一-龥A-Za-z](?:[一-龥A-Za-z/&+、]|\([^()\n\d]{{0,8}}\)){{0,15}})[ ]?"
    rf"(?P<sep>[;=|,]|-{{1,3}}>?|→|\.{{2,6}}|…{{1,2}}|[ ]{{1,8}}(?=[^\s])|(?=[ ]*\n))"
)
_COLON = re.compile(r"[ ]{0,4}(?<!\d)[:=](?!//)")
_RUN = re.compile(r"[一-龥A-Za-z](?:[一-龥A-Za-z/&+、]|\([^()\n\d]{0,8}\)){0,23}$")
_NUMBER_BEFORE = re.compile(r"(?:^|[ ,。;\n\x1f])(\(?\d{1,2}[.、)][ ]?)$")
_SPREAD = re.compile(r"(?<![一-龥])[一-龥](?:[ ]{1,8}[一-龥]){1,4}$")
_BRACKETED = re.compile(
    rf"[【\[][ ]{{0,4}}(?P<word>[一-龥A-Za-z/&+、 ()]{{2,{LONGEST_LABEL}}})[ ]{{0,4}}[】\]][ ]{{0,4}}:?"
)
# «人数90 联系人 谭俊杰»: no colon, so only words that nothing else begins with, and a value of one clause.
_LOOSE_WORDS = (
    "活动名称|活动主题|活动时间|活动日期|活动地点|活动地址|活动形式|预计参加人数|预计参与人数|预计人数|参加人数|参与人数"
    "|活动人数|活动规模|活动负责人|联系人|联络人|经办人|对接人|负责人|联系电话|联系方式|手机号码|电话号码|地点|地址|会场"
    "|人数|规模"
    "|(?:电话|手机号?)(?=[ ]?[\\d(+一幺零])"
    "|面向对象|参加对象|活动对象|活动经费|经费预算|经费|预算|费用|备注|是否邀请媒体|邀请媒体"
)
_LOOSE = re.compile(
    rf"(?:^|(?<=[ ,。;、|\n:\x1f]))(?P<word>{_LOOSE_WORDS}|(?:时间|日期)(?=[ ]?[\d十下本这明后周星今大一二])|名称"
    r"|(?:形式|类型)(?=[ ]?(?:讲座|展览|竞赛|比赛|培训|参观|直播|其他|现场|线上|线下))"
    r"|(?:主题|题目|课题|活动|内容)(?=[ ]?[\"《])|主题(?=[ ]))"
    r"(?P<pair>(?:及|和|与|/)?(?:联系电话|联系方式|手机号?|电话)?)(?:[ ]?(?:在|是|为))?[ ]?"
    r"(?=[\dA-Za-z一-龥\"《])(?!没|未|不(?!邀|需|用|少|超|限)|待|都|还|已|另|如|有|太|较)"
)
# «主题是科学实验», «时间定在周六»: a value of one clause, even in the midst of a sentence that was spoken.
_SAID = re.compile(
    rf"(?:(?<![一-龥A-Za-z])(?P<word>[一-龥]{{2,8}}?)|(?P<inside>{_LOOSE_WORDS}|时间|日期|主题|名称|活动名))"
    r"(?:就是|就叫|叫做?|定在|定于|设在|安排在|选在|就在|是|为)(?=[\"《\d一-龥A-Za-z])(?!否|了)"
)


@dataclass(frozen=True)
class Section:
    """A label and the span of its value; ``field`` None for a label that is not one of the form's."""

    field: str | None
    label: int
    begin: int
    end: int
    word: str = ""
    loose: bool = False  # no colon: a value of one clause
    literal: bool = False  # the value stands between literal marks, and is taken as it is


def find_sections(reading: str) -> list[Section]:
    """The labelled values of a folded text, in order; a value runs on until the next label."""
    heads = _literals(reading)
    taken = bytearray(len(reading) + 1)
    for head in heads:
        taken[head.label : head.end] = b"\x01" * (head.end - head.label)
    for source in (_at_lines, _bracketed, _before_colons, _at_lines_plain, _said, _loose):
        for head in islice(source(reading), MOST_LABELS):
            if not any(taken[head.label : head.begin + 1]):
                taken[head.label : head.begin] = b"\x01" * (head.begin - head.label)
                heads.append(head)
    heads.sort(key=lambda h: h.label)
    out: list[Section] = []
    for i, head in enumerate(heads):
        if head.literal:
            out.append(head)
            continue
        end = heads[i + 1].label if i + 1 < len(heads) else len(reading)
        if head.field is None and out and out[-1].field in _LONG and head.label == _line_begin(reading, head.label):
            # A line of its own kind inside a long text belongs to that text.
            out[-1] = Section(out[-1].field, out[-1].label, out[-1].begin, end, out[-1].word)
            continue
        out.append(Section(head.field, head.label, head.begin, end, head.word, head.loose))
    return out


def _literals(reading: str) -> list[Section]:
    """Values between literal marks, as ``rendering`` writes them: nothing inside is read as a label or anything else."""
    out: list[Section] = []
    for found in islice(_LITERAL.finditer(reading), MOST_LABELS):
        closing = reading.find(LITERAL_MARKS[found["mark"]], found.end())
        field = find_label(found["word"])
        if field and closing > 0 and (not out or found.start() >= out[-1].end):
            out.append(Section(field, found.start(), found.end() - 1, closing + 1, found["word"], literal=True))
    return out


def _line_begin(reading: str, at: int) -> int:
    return reading.rfind("\n", 0, at) + 1


def _at_lines(reading: str) -> Iterator[Section]:
    """Labels of ours at the begin of a line that end in a colon or a bracket."""
    for found in _AT_LINE.finditer(reading):
        if field := find_label(found["word"]):
            yield Section(field, found.start(), found.end(), 0, found["word"])


def _at_lines_plain(reading: str) -> Iterator[Section]:
    """Labels at the begin of a line with another mark, a blank or nothing behind them."""
    alone = []
    for found in _AT_LINE_PLAIN.finditer(reading):
        word, sep = found["word"], found["sep"].strip()
        field = find_label(word)
        if field is None or len(word) < 2:
            continue
        head = Section(field, found.start(), found.end(), 0, word)
        if not sep and reading[found.end() :].lstrip(" ")[:1] == "\n":
            alone.append(head)
        else:
            yield head
    if len(alone) > 1:
        # A label alone on its line has its value on the next; one such line may be a word of its own.
        yield from alone


def _bracketed(reading: str) -> Iterator[Section]:
    for found in _BRACKETED.finditer(reading):
        field = find_label(found["word"])
        if field or _unknown(found["word"]):
            yield Section(field, found.start(), found.end(), 0, found["word"])


def _before_colons(reading: str) -> Iterator[Section]:
    """Labels inside a line: the words before a colon, or the last of them."""
    for colon in _COLON.finditer(reading):
        begin = max(_line_begin(reading, colon.start()), colon.start() - 24)
        spread = _SPREAD.search(reading[begin : colon.start()])
        if spread and (field := find_label(spread.group())):
            yield Section(field, begin + spread.start(), colon.end(), 0, spread.group())
            continue
        run = _RUN.search(reading[begin : colon.start()])
        if run is None:
            continue
        words, at = run.group(), begin + run.start()
        for cut in ("、", "/"):
            if cut in words and find_label(words) is None:
                at += words.rindex(cut) + 1
                words = words[words.rindex(cut) + 1 :]
        field = find_label(words)
        if field:
            yield Section(field, _with_number(reading, at), colon.end(), 0, words)
        elif within := label_within(words):
            yield Section(within[1], at + within[0], colon.end(), 0, words[within[0] :])
        elif _unknown(words) and (at == 0 or not reading[at - 1].isalnum()):
            yield Section(None, at, colon.end(), 0, words)


def _with_number(reading: str, at: int) -> int:
    """«…；2、时间：»: the number before a label inside a line is the label's."""
    number = _NUMBER_BEFORE.search(reading[max(0, at - 6) : at])
    return at - len(number[1]) if number else at


def _said(reading: str) -> Iterator[Section]:
    for found in _SAID.finditer(reading):
        word, at = found["word"] or found["inside"], found.start()
        if found["inside"] and word.startswith("活动") and at and reading[at - 1 : at].isalpha():
            word, at = word[2:], at + 2  # 自然教育活动人数为…: the word is the name's
        within = label_within(word)
        if within:
            yield Section(within[1], at + within[0], found.end(), 0, word[within[0] :], loose=True)


def _loose(reading: str) -> Iterator[Section]:
    for found in _LOOSE.finditer(reading):
        word = found["word"] + found["pair"]
        yield Section(find_label(word) or find_label(found["word"]), found.start(), found.end(), 0, word, loose=True)


def _unknown(word: str) -> bool:
    """Whether words before a colon read as the label of something else: 主办单位, 报名时间, 主讲人."""
    return 2 <= len(word) <= 12 and not word.startswith(("报备", "现报备", "转发", "您好", "大家好"))
