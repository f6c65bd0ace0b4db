"""Names of people: after a word such as 负责人, or beside a telephone number."""

import re
from dataclasses import dataclass

_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤方俞任袁柳"
    "鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于傅皮卞齐康伍余元卜顾孟平黄穆萧尹姚邵湛汪祁毛禹狄米贝明臧伏成戴谈宋茅"
    "庞熊纪舒屈祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫房裘缪解应宗丁"
    "宣邓郁单杭洪包诸左石崔吉钮龚程嵇邢裴陆荣翁荀惠甄曲封芮储靳邴松井段富巫乌焦巴弓牧隗山谷车侯宓蓬班仰秋仲伊宫宁仇栾甘"
    "厉祖武符刘景詹束龙叶幸司黎溥印宿白怀蒲邰鄂索咸赖卓蔺屠蒙池乔阴胥苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍却璩桑桂濮牛"
    "寿边扈燕冀浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡耿满弘匡文寇广禄阙东欧殳沃利蔚越夔隆师"
    "巩厍聂晁勾敖融冷訾辛阚简饶空曾毋沙乜养鞠丰巢关蒯查荆红游竺权逯盖益桓公麦萧岳帅缑亢况郈琴商牟佘佴伯赏墨哈谯"
    "肖闫付邝冼利植官覃代苟区揭练凡"
)
_DOUBLE = ("欧阳", "司徒", "上官", "诸葛", "司马", "东方", "夏侯", "皇甫", "尉迟", "公孙", "慕容", "令狐", "端木")
TITLES = (
    "秘书长|副主任|副校长|副会长|副院长|副书记|主任|老师|医生|医师|护士长|护士|药师|警官|教练|村长|老板|工程师|先生|小姐|女士|校长|会长"
    "|站长|书记|主席|经理|教授|博士|部长|院长"
    "|馆长|园长|科长|所长|局长|处长|主管|干事|队长|秘书|总监|同志|阿姨|叔叔|社工|姑娘"
    "|师傅|总|工|姐|哥|叔|生|姨|导|科|董"
)
# Words that may follow or precede a name without a gap.
_STOP = re.compile(
    r"电话|手机|联系|号码|方式|负责|微信|座机|固话|及其|以及|预计|人数|地点|时间|活动|备注"
    r"|报备|约|共|参加|举办|我是|兼|等人|的|说|在|办|搞|找|请|主讲|tel",
    re.IGNORECASE,
)
LABEL = re.compile(
    r"(?:活动|现场|项目|主要|总|本次)?(?:负责人员?|联系人员?|联络人员?|联络员|经办人员?|对接人员?|组织者|责任人"
    r"|填报人|申报人|报备人|带队老师|带队人|负责老师|联系老师|领队|有事找|联系|经办|对接|负责|找)"
    r"(?:姓名)?(?:及|和|与|/|、|&)?(?:联系电话|联系方式|手机号码?|电话号码?|电话|手机)?"
    r"(?:\([^()\n]{0,8}\))?[ ]{0,2}[:,为是]?[ ]{0,2}(?:我是|是|就是)?"
)
_LONG_TITLES = "|".join(title for title in TITLES.split("|") if len(title) > 1)
_TITLED = re.compile(rf"([\u4e00-\u9fff]{{2,4}}?)(?:{_LONG_TITLES})")
_TITLED_AT_END = re.compile(rf"([\u4e00-\u9fff]{{2,3}})(?:{_LONG_TITLES})$")
_OFFICE = re.compile(
    r"[\u4e00-\u9fff]{1,9}(?:处|科|部|室|局|办|所|站|队|院|校|会|馆|中心|公司|集团|村委|社区|小学|中学|大学)(?=[\u4e00-\u9fff]{2,5}$)"
)
_POST = re.compile(
    r"(?:社工|村医|老师|班主任|教导主任|护士长?|副?(?:校长|主任|站长|会长|科长|馆长|园长|书记|院长|主席)|干事|村委|教练|工程师)"
)
_BARE_LABELS = ("联系", "负责", "经办", "对接", "找", "有事找")
_NO_NAME = re.compile(
    r"电话|手机|联系|方式|微信|座机|固话|号码|报名|咨询|[年月日号点时人名次元场区镇村路楼室馆园]$|活动|讲座|展|会$|赛|课"
)
_LABELS = re.compile(r"电话|手机|联系|号码|方式|负责|微信|人数|地点|时间|活动|备注|报备|参加|举办")
_HAN = "\u4e00-\u9fff"
_NAME = re.compile(rf"[{_HAN}]{{1,14}}(?:·[{_HAN}]{{1,8}})?")
_LATIN = re.compile(rf"(?:[{_HAN}][sS]ir|[A-Za-z][A-Za-z.]{{1,14}}(?: [A-Z][A-Za-z]{{1,14}})?)(?![A-Za-z])")
_PHONE_WORD = (
    r"(?:\(?(?:的)?(?:联系电话|联系方式|联系手机|手机号码?|电话号码?|电话是?|手机是?|微信同号|手机微信|tel)"
    r"[:为是 ]{0,3})?"
)
_BEFORE = re.compile(
    rf"(?:([{_HAN}·]{{2,20}})|(?<![A-Za-z])({_LATIN.pattern}))[ ]{{0,3}}[,:;/(、\-|]?[ ]{{0,2}}{_PHONE_WORD}[^\w\n]{{0,2}}$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"[ ]{{0,3}}[,:;/()、\-|]?[ ]{{0,2}}(?:联系人|负责人|找|我是|叫我|我叫|请找)?[:]?"
    rf"(?:([{_HAN}·]{{2,5}})(?![{_HAN}])|([{_HAN}]{{2,3}})(?=就行|即可|就可以|老师|收))"
)
# 张老师 between two commas, with neither label nor number.
_ALONE = re.compile(rf"(?:^|(?<=[ ,。;、\n|]))([{_HAN}](?:{_LONG_TITLES}))(?=[ ,。;、\n|]|$)")
# 我叫李敏, 我是协会的小周, 由李敏负责
_ME = re.compile(
    rf"(?:我叫|叫我|我是(?:[{_HAN}]{{2,20}}?的)?)([{_HAN}]{{2,4}}?)(?=就行|即可|就可以|[ ,。;\d\n(]|$|电话|手机)"
)
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


def looks_like_name(word: str) -> bool:
    """Whether a folded word has the shape of a Chinese name, or of a family name with a title."""
    if not 2 <= len(word) <= 4 or not all("\u4e00" <= c <= "\u9fff" for c in word) or _LABELS.search(word):
        return False
    if re.fullmatch(rf".{{1,2}}(?:{TITLES})", word) and word[0] in _SURNAMES:
        return True
    if len(word) == 2 and word[0] in "小老阿" and word not in ("老师", "小学", "老人", "小区"):
        return word[1] in _SURNAMES or word[0] == "阿"
    if word[:2] in _DOUBLE:
        return len(word) in (3, 4)
    return word[0] in _SURNAMES and len(word) <= 3


def name_at(reading: str, begin: int) -> tuple[int, int] | None:
    """The span of the name that starts at ``begin`` of a folded text (spaces inside a two-letter name too).

    A title is part of it only where nothing else of the name is said: 李老师, but 李敏 of 李敏老师 and 社工李敏.
    """
    spread = re.compile(rf"[{_HAN}] [{_HAN}](?![{_HAN}])").match(reading, begin)
    if spread and reading[begin] in _SURNAMES:
        return begin, spread.end()
    found = _NAME.match(reading, begin)
    if found is None:
        return None
    word = found.group()
    stop = _STOP.search(word, 1)
    if stop:
        word = word[: stop.start()]
    for lead in (_OFFICE, _POST):
        found = lead.match(word)
        if found and looks_like_name(word[found.end() :]) and not looks_like_name(word):
            begin, word = begin + found.end(), word[found.end() :]
    if titled := _TITLED.match(word):
        word = titled[1] if looks_like_name(titled[1]) and titled[1][-1] not in "副总正" else word
    if "·" not in word and len(word) > 4:
        title = re.match(rf".{{1,3}}(?:{TITLES})", word)
        word = title.group() if title else word[:3]
    if not word or _STOP.match(word):
        return None
    return begin, begin + len(word)


def _labelled(reading: str) -> list[Person]:
    out = []
    for label in LABEL.finditer(reading):
        bare = label.group().strip(" :,") in _BARE_LABELS
        rank = 3 if "负责" in label.group() and not bare else 2
        sure = 0.85 if bare else 0.95
        latin = _LATIN.match(reading, label.end())
        span = name_at(reading, label.end()) if latin is None else None
        if span is None:
            if latin and not bare:
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
    out = []
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
    titled = _TITLED_AT_END.search(word)
    if titled and looks_like_name(titled[1]) and titled[1][-1] not in "副总正":
        end -= len(word) - titled.end(1)
        return Person(end - len(titled[1]), end, end - len(titled[1]), 0.9)
    whole = looks_like_name(word)
    for size in (len(word),) if whole else (4, 3, 2):
        piece = word[-size:]
        if len(piece) == size and looks_like_name(piece):
            return Person(end - size, end, end - size, 0.9 if whole else 0.75)
    # A word of a name's length that stands alone before a number is one, however it is written.
    begin = end - len(word)
    alone = begin == 0 or reading[begin - 1] in " ,;。、\n\x1f(:"
    if alone and 2 <= len(word) <= 3 and not _NO_NAME.search(word):
        return Person(begin, end, begin, 0.5)
    return None


def find_people(reading: str, phones: list[tuple[int, int]]) -> list[Person]:
    """Names in a folded text: labelled ones, and those beside the numbers at ``phones``."""
    out = _labelled(reading) + _said(reading)
    for found in _ALONE.finditer(reading):
        if found[1][0] in _SURNAMES:
            out.append(Person(found.start(1), found.end(1), found.start(1), 0.5, 0))
    for begin, end in phones:
        before = _before(reading, begin)
        if before:
            out.append(before)
            continue
        after = _AFTER.match(reading, end)
        word = after and (after[1] or after[2])
        if after and word and looks_like_name(word):
            at = after.start(1) if after[1] else after.start(2)
            out.append(Person(at, at + len(word), at, 0.85))
    return out
