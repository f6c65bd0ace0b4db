"""Which of the head counts of a text is the activity's: the total, the sum of those who come, or the one that is named."""

import re
from dataclasses import replace

from bot.rules.kinds import PUBLIC
from bot.rules.numbers import CN, MOST_PEOPLE, NUMBER, Count, find_counts, read_number

_TOTAL = re.compile(r"共|合计|总计|总数|总人数|总共|全部")
_STAFF = re.compile(
    r"(?:工作人员|志愿者|义工|主办方|讲师|讲解员|专家|嘉宾|医生|医护|评委|裁判|保安|安保|社工|科普员|辅导员|摄影师|主持人?)[约共有:]{0,2}$"
)
_STAFF_AFTER = re.compile(
    r"(?:工作人员|志愿者|义工|讲师|讲解员|专家|嘉宾|医生|评委|裁判|保安|安保|社工|科普员|摄影师|主持人?)"
)
_SUBSET = re.compile(r"(?:其中|包括|含|包含|内含)[^,。;\n]{0,8}$")
# «4个班,每班45人», «20支队伍每队5人», «15组家庭,每组1大1小»: so many groups of so many.
_GROUPS_OF = re.compile(
    rf"(?P<n>{NUMBER})(?:个班级?|支(?:代表|参赛)?队伍?|个队伍?|组(?:亲子)?(?:家庭)?|个家庭|户(?:家庭)?|对(?:亲子)?)[ ,、(]{{0,2}}"
    rf"(?:每|各)(?:个?班|支?队伍?|组|户|家|对)?(?:限|来|有|约|派|出|共)?[ ]?"
    rf"(?:(?P<m>{NUMBER})[ ]?(?:人|名|位)|(?P<big>[1-9一两二三])大(?P<small>[1-9一两二三])小)"
)
_EACH_OF = re.compile(
    rf"每(?:个)?(?:班|组|队|户|家庭)(?:约|限)?[ ]?(?P<m>{NUMBER})[ ]?[人名位][ ,、(]{{0,2}}(?:共|一共|总共)[ ]?"
    rf"(?P<n>{NUMBER})(?:个?班|组|支|队|户|个家庭)"
    r"(?P<big>)(?P<small>)"
)
# How many the hall holds, how many came another time, how many we send: none of them is who will come.
_NOT_COMING = re.compile(r"(?:容纳|可坐|能坐|座位|满|去年|上次|上届|往年|我们|我会|本会)[^\d,。;\n]{0,6}$")
_CHANGED = re.compile(
    rf"(?:由|从)[ ]?{NUMBER}[ ]?人?[ ]?(?:改为|改成|变为|调整为|增加到|增至|减至)[ ]?(?P<now>{NUMBER})"
)
# «几十人», «好几百号»: as good as no number.
VAGUE = re.compile(
    r"若干[名人]?|数[十百千](?:来|多)?(?:号|个|名|位)?人|好?几[十百千万](?:来|多)?(?:号|个|名|位)?人?|(?<![一二三四五六七八九两])百八十(?:来|多)?(?:号|个)?人?"
)
# A number that only its neighbours make a head count: «200左右», «学生约800», «限额50». Taken where nothing better stands.
_NOT_A_SIZE = rf"(?![\d.%:]|,\d|[ ]?(?:[点时元块分米天岁月号楼届期套本台万个年]|小时|分钟|平方|公里|人民币|[{CN}]))"
_AROUND = re.compile(rf"(?<![\d.:点第])(?P<n>{NUMBER})[来多余]?(?:左右|上下)(?!点|的距离)")
_SAID_OF_PEOPLE = re.compile(
    rf"(?:{PUBLIC}|观众|人)(?:的话|大概|大约|估计|预计|差不多|约莫|约|有|共|也就|[ :]){{1,3}}(?P<n>{NUMBER}){_NOT_A_SIZE}"
)
_ESTIMATED = re.compile(rf"(?:预计|预估|估计|大概|大约|约)[ ]?(?P<n>{NUMBER})(?=[ ,。;\n\x1f|)]|$){_NOT_A_SIZE}")
_PLACES = re.compile(rf"(?:限额|名额|限报|限)[ :]?(?P<n>{NUMBER})个?{_NOT_A_SIZE}")
_WHO_BEFORE = re.compile(
    rf"(?P<who>{PUBLIC}|初[一二三](?:年级)?|高[一二三](?:年级)?(?:\(\d{{1,2}}\)班?)?|[一二三四五六]年级(?:\(?\d{{1,2}}\)?班)?"
    rf"|[一-龥]{{2}}组|男生|女生|观众|选手|参赛选手|会员|老师|教师|代表|家属|学员|队员|团员|党员)(?:也|都|来了?|有|约|共|大约|大概|差不多|预计|各|:){{0,3}}$"
)
_PUBLIC = re.compile(PUBLIC + "|老师|教师|家属")
_WHO_AFTER = re.compile(rf"(?:{PUBLIC}|观众|选手|会员|老师|教师|代表|家属|学员|队员)")
_LISTED = re.compile(r"[ ,、;和及与+一-龥]{0,10}")


def choose_count(reading: str) -> Count | None:
    """The expected attendance that a folded text gives; None where it counts nobody."""
    told = _GROUPS_OF.search(reading) or _EACH_OF.search(reading)
    if told:
        return _product(told)
    changed = _CHANGED.search(reading)
    if changed and (value := read_number(changed["now"])):
        return Count(value, changed.start(), changed.end(), 0.85)
    counts = [one for one in find_counts(reading) if one.value > 0]
    counts = [one for one in counts if not _NOT_COMING.search(reading[max(0, one.begin - 12) : one.begin])] or counts
    if not counts:
        return _bare(reading)
    counts = [one for one in counts if not VAGUE.search(reading, max(0, one.begin - 3), one.end)]
    coming = [one for one in counts if not _is_staff(reading, one)] or counts
    if not coming:
        return None
    total = [one for one in coming if _TOTAL.search(reading[max(0, one.begin - 3) : one.begin + 6].split("人")[0])]
    if total:
        return max(total, key=lambda one: one.value)
    whole = [one for one in coming if not _is_subset(reading, one, coming)] or coming
    listed = _listed(reading, whole)
    if len(listed) > 1:
        value = sum(one.value for one in listed)
        return Count(value, listed[0].begin, listed[-1].end, 0.8)
    best = max(whole, key=lambda one: (one.confidence, one.value))
    sure = best.confidence if len(counts) == 1 else best.confidence - 0.15
    return replace(best, confidence=round(sure, 2))


def _bare(reading: str) -> Count | None:
    for pattern in (_SAID_OF_PEOPLE, _PLACES, _AROUND, _ESTIMATED):
        found = pattern.search(reading)
        value = read_number(found["n"]) if found else None
        if found and value and value <= MOST_PEOPLE:
            return Count(value, found.start("n"), found.end("n"), 0.7)
    return None


def _product(told: re.Match[str]) -> Count | None:
    groups = read_number(told["n"]) or 0
    each = (
        (read_number(told["m"]) or 0) if told["m"] else sum(read_number(told[part]) or 0 for part in ("big", "small"))
    )
    return Count(groups * each, told.start(), told.end(), 0.8) if 0 < groups * each <= MOST_PEOPLE else None


def listed_public(reading: str) -> tuple[tuple[int, int], ...]:
    """Where the nouns of such a list stand, if there is one: 学生 and 家长 of «学生30人，家长20人»."""
    listed = _listed(reading, [one for one in find_counts(reading) if one.value > 0 and not _is_staff(reading, one)])
    if len(listed) < 2:
        return ()
    out = []
    for one in listed:
        left = max(0, one.begin - 10)
        before, after = _WHO_BEFORE.search(reading[left : one.begin]), _WHO_AFTER.match(reading, one.end)
        if before and _PUBLIC.fullmatch(before["who"]):
            out.append((left + before.start(), left + before.end("who")))
        elif after and _PUBLIC.fullmatch(after.group()):
            out.append(after.span())
        else:
            return ()
    return tuple(out)


def _is_staff(reading: str, one: Count) -> bool:
    before = reading[max(0, one.begin - 8) : one.begin]
    return _STAFF.search(before) is not None or _STAFF_AFTER.match(reading, one.end) is not None


def _is_subset(reading: str, one: Count, counts: list[Count]) -> bool:
    """«120人（学生100人）», «120人，其中学生100人»."""
    if _SUBSET.search(reading[max(0, one.begin - 14) : one.begin]):
        return True
    opened = reading.rfind("(", 0, one.begin)
    inside = opened >= 0 and reading.find(")", opened, one.begin) < 0
    return inside and any(other.end <= opened + 1 and opened - other.end <= 6 for other in counts)


def _listed(reading: str, counts: list[Count]) -> list[Count]:
    """The counts of one list of people who come, each with its noun: «学生30人，家长20人»."""
    out: list[Count] = []
    for one in counts:
        named = _WHO_BEFORE.search(reading[max(0, one.begin - 10) : one.begin]) or _WHO_AFTER.match(reading, one.end)
        beside = not out or _LISTED.fullmatch(reading, out[-1].end, one.begin)
        if named and beside:
            out.append(one)
        elif len(out) > 1:
            break
        else:
            out = [one] if named else []
    return out
