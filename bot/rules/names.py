"""What a person's name looks like: Chinese names, a family name with a title, names in Latin letters."""

import re

_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤方俞任袁柳"
    "鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于傅皮卞齐康伍余元卜顾孟平黄穆萧尹姚邵湛汪祁毛禹狄米贝明臧伏成戴谈宋茅"
    "庞熊纪舒屈祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫房裘缪解应宗丁"
    "宣邓郁单杭洪包诸左石崔吉钮龚程嵇邢裴陆荣翁荀惠甄曲封芮储靳邴松井段富巫乌焦巴弓牧隗山谷车侯宓蓬班仰秋仲伊宫宁仇栾甘"
    "厉祖武符刘景詹束龙叶幸司黎溥印宿白怀蒲邰鄂索咸赖卓蔺屠蒙池乔阴胥苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍却璩桑桂濮牛"
    "寿边扈燕冀浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡耿满弘匡文寇广禄阙东欧殳沃利蔚越夔隆"
    "巩厍聂晁勾敖融冷訾辛阚简饶空曾毋沙乜养鞠丰巢关蒯查荆红游竺权逯盖益桓公麦萧岳帅缑亢况郈琴商牟佘佴伯赏墨哈谯"
    "肖闫付邝冼利植官覃代苟区揭练凡"
)
_DOUBLE = ("欧阳", "司徒", "上官", "诸葛", "司马", "东方", "夏侯", "皇甫", "尉迟", "公孙", "慕容", "令狐", "端木")
TITLES = (
    "秘书长|副主任|副校长|副会长|副院长|副书记|主任|老师|医生|医师|护士长|护士|药师|警官|教练|村长|老板|工程师|先生|小姐|女士|校长|会长"
    "|站长|书记|主席|经理|教授|博士|部长|院长|馆长|园长|科长|所长|局长|处长|主管|干事|队长|秘书|总监|同志|阿姨|叔叔|社工|姑娘|师傅"
    "|农技员|网格员|讲解员|辅导员|管理员|技术员|宣传员|总|工|姐|哥|叔|伯|婶|嫂|生|姨|导|科|董"
)
_LONG_TITLES = "|".join(title for title in TITLES.split("|") if len(title) > 1)
_HAN = "\u4e00-\u9fff"
# 教务处, 妇联主席, 社工: where somebody works and what they are, written before the name.
_PREFIX = re.compile(
    rf"(?:[{_HAN}]{{1,9}}(?:处|科|部|室|局|办|所|站|队|院|校|会|馆|中心|公司|集团|村委|社区|小学|中学|大学)"
    rf"|[{_HAN}]{{0,9}}(?:妇联|科协|团委|工会|党委|教务处|办公室))?"
    r"(?:社工|村医|老师|班主任|教导主任|护士长?|副?(?:校长|主任|站长|会长|科长|馆长|园长|书记|院长|主席|部长|秘书长|理事长|经理|队长|局长|所长|处长)|村长|校医|专干|干事|村委|教练|工程师)?"
)
_TITLED = re.compile(rf"([{_HAN}]{{2,4}}?)(?:{_LONG_TITLES})")
_TITLED_AT_END = re.compile(rf"([{_HAN}]{{2,3}})(?:{_LONG_TITLES})$")
# Words that may follow a name without a gap.
_STOP = re.compile(
    r"电话|手机|联系|号码|方式|负责|微信|座机|固话|及其|以及|预计|人数|地点|时间|活动|备注"
    r"|报备|约|共|参加|举办|我是|兼|等人|的|说|在|办|搞|找|请|主讲|tel",
    re.IGNORECASE,
)
_ORGANISATION = re.compile(r"(?:队|会|部|组|中心|公司|校|学|院|馆|站|局|办|科|室|社|团|厂|店|村|区)$")
_OFFICES = "队部组院馆站局办科室厂店"  # 应急办 is no name, although 应 is a family's
_LABELS = re.compile(
    r"电话|手机|联系|号码|方式|负责|微信|人数|地点|时间|活动|备注|报备|参加|举办|左右|人次|余人|多人|单场"
)
_WORD = re.compile(rf"[{_HAN}]{{1,14}}(?:·[{_HAN}]{{1,8}})?")
_SPREAD = re.compile(rf"[{_HAN}] [{_HAN}](?![{_HAN}])")
LATIN = re.compile(
    rf"(?:[{_HAN}][sS]ir|[阿小老]?[A-Za-z][A-Za-z.]{{1,14}}(?: [A-Z][A-Za-z]{{1,14}})?(?:老师|教练|姐|哥)?)"
    "(?![A-Za-z])"
)
# A surname and a title between two commas.
TITLED_ALONE = re.compile(rf"(?:^|(?<=[ ,。;、\n|]))([{_HAN}](?:{_LONG_TITLES}))(?=[ ,。;、\n|]|$)")


def is_surname(char: str) -> bool:
    """Whether a character is one of the usual family names."""
    return char in _SURNAMES


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
    return word[0] in _SURNAMES and len(word) <= 3 and not (len(word) == 3 and word[2] in _OFFICES)


def without_title(word: str) -> str:
    """李敏 of 李敏老师; a title stays where nothing else of the name is said (李老师)."""
    titled = _TITLED.match(word)
    if titled and looks_like_name(titled[1]) and titled[1][-1] not in "副总正":
        return titled[1]
    return word


def name_before_title(words: str) -> tuple[str, int] | None:
    """The full name before a title that ends ``words``, and where in them the name ends."""
    found = _TITLED_AT_END.search(words)
    if found and looks_like_name(found[1]) and found[1][-1] not in "副总正":
        return found[1], found.end(1)
    return None


def name_at(reading: str, begin: int) -> tuple[int, int] | None:
    """The span of the name that starts at ``begin`` of a folded text (spaces inside a two-letter name too).

    What stands before it without a gap is skipped: 社工李敏, 教务处李主任.
    """
    spread = _SPREAD.match(reading, begin)
    if spread and reading[begin] in _SURNAMES:
        return begin, spread.end()
    found = _WORD.match(reading, begin)
    if found is None:
        return None
    word = found.group()
    office = _ORGANISATION.search(word) and (word[-1] in _OFFICES or not looks_like_name(word))
    if 3 <= len(word) <= 6 and office:
        return None  # 应急办 李敏: an office, although it begins like a name
    stop = _STOP.search(word, 1)
    if stop:
        word = word[: stop.start()]
    if not looks_like_name(word):
        skipped = _prefix(word)
        begin, word = begin + skipped, word[skipped:]
    word = without_title(word)
    if "·" not in word and len(word) > 4:
        title = re.match(rf".{{1,3}}(?:{TITLES})", word)
        word = title.group() if title else "" if _ORGANISATION.search(word) else word[:3]
    if not word or _STOP.match(word):
        return None
    return begin, begin + len(word)


def _prefix(word: str) -> int:
    """How much of a word is an office or a post before a name that ends it."""
    for at in range(1, len(word) - 1):
        rest = word[at:]
        if (looks_like_name(rest) or without_title(rest) != rest) and _PREFIX.fullmatch(word, 0, at):
            return at
    return 0
