"""A correction in words: «时间改成下午两点到四点，人数150» changes two fields and keeps the rest."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.clock import CHINA
from bot.rules.moments import Finding, find_in
from bot.rules.numbers import NUMBER, read_number
from bot.rules.places import is_place
from bot.rules.reading import Reading, read
from bot.rules.understanding.labels import CONTACT, END, WHEN, find_label
from bot.rules.understanding.likeness import looks_like_filing
from bot.rules.understanding.types import Found, Question
from bot.rules.understanding.values import READERS, Values, choose_moment, read_contact, when_values

LONGEST = 600
_MOVED = re.compile(r"(?:改|延期|推迟|提前|调整|变更|换|挪)(?:到|至|成|为)[ ]?")
_TO = (
    r"(?:改了,?(?:更?改|换)(?:成|到|为|在)|更?改(?:成|为|到|在|至|期到|期至|期|作)|更正(?:为|成)?|修改(?:为|成|到)?|变更(?:为"
    r"|成|到)?|变(?:成|为)|换(?:成|到|为|作)|调整?(?:为|到|成|至)|挪到|移到|延期?(?:到"
    r"|至)|推迟(?:到|至)|提前(?:到|至)|应该?(?:为|是)|应|定(?:为|在|于)|写错了?,?(?:应该?)?(?:是"
    r"|为)|不对,?(?:应该?)?(?:是|为)|增加到|减少到|增至|减至|加到|减到|是|为|:|改)"
)
_CHANGE = re.compile(
    r"改|换|更正|修改|变更|调整|调到|挪|移到|延期|推迟|延后|提前|应为|应该|写错|增加到"
    r"|减少到|增至|减至|加到|减到|不对"
)
_TARGET = re.compile(
    rf"(?:^|(?<=[,。;、 \n])|(?<=把)|(?<=将))(?:请|麻烦)?(?:帮忙)?(?:把|将)?(?:那个|这个|活动的)?[ ]?"
    rf"(?P<label>[一-龥A-Za-z/]{{2,8}}?)[ ]?(?:从[^,。;\n]{{1,20}}?)?(?P<to>{_TO})[ ]?"
)
_PLAIN = re.compile(
    r"(?:^|(?<=[,。;、 \n]))(?P<label>[一-龥]{2,6}?)[ ]?(?=\d|[一二两三四五六七八九十百]+(?:人"
    r"|名|$)|(?:1[3-9]\d{9}))"
)
_BARE = re.compile(rf"^[ ]*(?:请|麻烦|帮我|帮忙)?(?P<to>{_TO})[ ]?")
_SHIFT = re.compile(
    rf"(?P<way>推迟|延后|延迟|顺延|往后推|提前|提早|往前提)了?(?P<n>{NUMBER}|半)个?(?P<unit>半?小时"
    rf"|钟头|分钟|天|日|周|星期)"
)
# «人数加十个», «多20人»; but not «加到20».
_MORE_OR_LESS = re.compile(
    rf"(?:^|(?<=[,。;、 \n]))(?P<said>(?:预计|参加|活动)?(?:人数|规模)|预计)?[ ]?(?:可能|会|要|得|再|又|还){{0,3}}"
    rf"(?P<way>增加|追加|加|多|减少|缩减|减|少)(?:来|报|出)?了?[ ]?(?P<n>{NUMBER})[ ]?"
    rf"(?P<unit>个?人|[名位](?!嘉宾|老师|讲师|专家)|个)?(?:左右)?(?=$|[,。;!、 \n]|吧|了|就|谢)"
)
_NO_VALUE = re.compile(r"[??]|吗|什么|怎么|多少|哪")


def understand_correction(text: str, now: datetime, current: Mapping[str, Any]) -> dict[str, Found]:
    """Only the fields that the text changes; {} where it is no correction.

    A new day keeps the hours of ``current``, new hours keep its day; a new beginning alone keeps the length.
    """
    return {k: v for k, v in _values(text, now, current).items() if isinstance(v, Found)}


def correction_questions(text: str, now: datetime, current: Mapping[str, Any]) -> tuple[Question, ...]:
    """What a correction leaves open: a weekday that contradicts its date, a month's end, a short number."""
    return tuple(v for v in _values(text, now, current).values() if isinstance(v, Question))


def _values(text: str, now: datetime, current: Mapping[str, Any]) -> Values:
    page = read(text)
    if _NO_VALUE.search(page.reading) or len(page.reading) > LONGEST:
        return {}
    if not _CHANGE.search(page.reading) and looks_like_filing(page.text):
        return {}  # a filing of its own, not a word on the one that is open
    out: Values = {}
    heads = _heads(page.reading)
    for i, (field, begin, _) in enumerate(heads):
        end = heads[i + 1][2] if i + 1 < len(heads) else len(page.reading)
        part = _core(page, begin, end)
        if part.reading and not part.reading.startswith(("一下", "下 ", "了")):
            out.update(_value(field, part, now, current))
    if "attendance" not in out:
        out.update(_counted_anew(page, current))
    if not out:
        out.update(_shifted(page, current))
    if not out:
        bare = _BARE.match(page.reading)
        if bare and bare["to"] not in ("是", "为", ":", "应", "改"):
            out.update(_guess(_core(page, bare.end(), len(page.reading)), now, current))
    if not out and (moved := _MOVED.search(page.reading)):
        # «原定10月24日的讲座改到10月31日上午9点，地点不变»
        out.update(_when(_core(page, moved.end(), len(page.reading)), now, current))
    return out


_TAIL = re.compile(
    r"(?:[ ,。;!、\n]|谢谢|多谢|[把将吧了哈啊哦]|就好|即可|就行|(?:其[他它余]|时间|地点|人数)?(?:都|均)?不变){1,12}$"
)


def _core(page: Reading, begin: int, end: int) -> Reading:
    """The value itself: without marks, thanks and particles behind it."""
    tail = _TAIL.search(page.reading[begin:end])
    end = begin + tail.start() if tail else end
    return Reading(page.text[begin:end], page.reading[begin:end])


def _heads(reading: str) -> list[tuple[str, int, int]]:
    """(field, where its value begins, where its label begins) for each thing the text sets."""
    heads: list[tuple[str, int, int]] = []
    for found in _TARGET.finditer(reading):
        field = find_label(found["label"])
        if field and (found["to"] not in ("是", "为") or _CHANGE.search(reading)):
            heads.append((field, found.end(), found.start()))
    if heads and (_CHANGE.search(reading) or len(reading) < 60):
        for found in _PLAIN.finditer(reading):
            field = find_label(found["label"])
            if field and all(abs(found.start() - b) > 1 and found.start() != a for _, a, b in heads):
                heads.append((field, found.end(), found.start()))
    elif not heads:
        found_plain = _PLAIN.match(reading)
        field = find_label(found_plain["label"]) if found_plain else None
        if field and found_plain and len(reading) < 40:
            heads.append((field, found_plain.end(), 0))
    return sorted(heads, key=lambda h: h[1])


def _value(field: str, part: Reading, now: datetime, current: Mapping[str, Any]) -> Values:
    if field == WHEN:
        return _when(part, now, current)
    if field == END:
        return _end(part, now, current)
    if field == CONTACT:
        return read_contact(part)
    return READERS[field](part)


def _when(part: Reading, now: datetime, current: Mapping[str, Any]) -> Values:
    start: datetime | None = current.get("start")
    findings = find_in(part.text, part.reading, now, start.astimezone(CHINA).date() if start else None)
    if not findings:
        return {}
    best = choose_moment(findings)
    if start is not None and best.reason == "no_time" and _day_alone(best):
        return _other_day(best, start, current)
    values = when_values(best)
    new = values.get("start")
    old_end: datetime | None = current.get("end")
    if isinstance(new, Found) and "end" not in values and start is not None and old_end is not None:
        # The length is kept, so that a filing never ends before it begins.
        values["end"] = Found(new.value + (old_end - start), best.text, 0.6)
    if isinstance(new, Found) and current.get("all_day") and "all_day" not in values:
        values["all_day"] = Found(False, best.text)
    return values


def _day_alone(finding: Finding) -> bool:
    return re.search(r"午|早|晚|中|夜|晨", finding.text) is None


def _other_day(finding: Finding, start: datetime, current: Mapping[str, Any]) -> Values:
    local, day = start.astimezone(CHINA), finding.moments[0].start.date()
    new = datetime.combine(day, local.time(), CHINA)
    out: Values = {"start": Found(new, finding.text)}
    end: datetime | None = current.get("end")
    if end is not None:
        out["end"] = Found(new + (end - start), finding.text)
    return out


def _end(part: Reading, now: datetime, current: Mapping[str, Any]) -> Values:
    start: datetime | None = current.get("start")
    local = start.astimezone(CHINA) if start else None
    for finding in find_in(part.text, part.reading, now, local.date() if local else None):
        if finding.reason in (None, "morning_or_evening") and finding.moments:
            end = next((m.start for m in finding.moments if local is None or m.start > local), None)
            if end is not None:
                return {"end": Found(end, finding.text, 0.9)}
    return {}


def changes_count(text: str) -> bool:
    """Whether a text says by how many more or fewer come: «人数加十个», «多20人»."""
    found = _MORE_OR_LESS.search(read(text).reading)
    # «少十个», «加10»: of what, nobody said.
    return found is not None and bool(found["said"] or (found["unit"] and found["unit"] != "个"))


def _counted_anew(page: Reading, current: Mapping[str, Any]) -> Values:
    held: int | None = current.get("attendance")
    found = _MORE_OR_LESS.search(page.reading)
    by = read_number(found["n"]) if found and changes_count(page.text) else None
    if found is None or by is None or held is None:
        return {}
    count = held + by if found["way"] in ("增加", "追加", "加", "多") else held - by
    return {"attendance": Found(count, page.text[found.start() : found.end()], 0.9)} if count > 0 else {}


def _shifted(page: Reading, current: Mapping[str, Any]) -> Values:
    """«推迟半小时», «提前一周»."""
    found = _SHIFT.search(page.reading)
    start: datetime | None = current.get("start")
    if found is None or start is None:
        return {}
    size = 0.5 if found["n"] == "半" else float(read_number(found["n"]) or 0)
    unit = found["unit"]
    hours = size if "小时" in unit or unit == "钟头" else 0.0
    by = timedelta(
        hours=0.5 if unit == "半小时" else hours,
        minutes=size if unit == "分钟" else 0,
        days=size if unit in "天日" else size * 7 if unit in ("周", "星期") else 0,
    )
    by = -by if found["way"][:1] == "提" or found["way"] == "往前提" else by
    out: Values = {"start": Found(start + by, found.group())}
    end: datetime | None = current.get("end")
    if end is not None:
        out["end"] = Found(end + by, found.group())
    return out


def _guess(part: Reading, now: datetime, current: Mapping[str, Any]) -> Values:
    """«改到10月25日», «改成150人», «换到莞城图书馆»: the value itself says which field it is."""
    when = _when(part, now, current)
    if when:
        return when
    for field in ("attendance", "contact_phone"):
        got = READERS[field](part)
        if isinstance(got.get(field), Found) and re.search(r"\d|人|名", part.reading):
            return got
    return READERS["place"](part) if is_place(part.reading.strip(" ,。;!了吧")) else {}
