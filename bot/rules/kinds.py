"""The kind of an activity, and the public it is for, out of its words."""

import re

KINDS = ("讲座", "展览", "进校园", "进社区", "竞赛", "培训", "参观", "直播", "其他")

# The form of an activity wins over the place it goes to: 垃圾分类进社区讲座 is a talk.
_WORDS: tuple[tuple[str, str], ...] = (
    ("讲座", r"讲座|报告会|宣讲|大讲堂|讲堂|讲坛|论坛|沙龙|主题报告|科普报告"),
    (
        "竞赛",
        r"竞赛|比赛|大赛|挑战赛|邀请赛|选拔赛|锦标赛|联赛|公开赛|争霸赛|友谊赛|决赛|初赛|知识竞答|抢答|擂台"
        r"|[一-龥]赛(?=$|[\"',，。 ])",
    ),
    ("培训", r"培训|研修班|训练营|辅导班|实训"),
    ("展览", r"展览|巡展|展示会|图片展|科普展|主题展|展板|画展|(?<![开发进扩拓舒施伸])展(?=$|[\"',，。 ])"),
    ("参观", r"参观|研学|一日游|走进科技馆|走进实验室|探访|观摩"),
    ("直播", r"直播|线上课|云课堂|网络公开课"),
    ("进校园", r"(?:走?进|入)(?:校园|学校|课堂|中小学|幼儿园)|校园行"),
    ("进社区", r"(?:走?进|入)(?:社区|小区)|社区行"),
)
_KINDS = tuple((kind, re.compile(words)) for kind, words in _WORDS)

_GRADE = r"(?:[一二三四五六七八九1-9]{1,6}(?:[至到、-][一二三四五六七八九1-9])?年级|[初高][一二三](?:年级)?)"
PUBLIC = (
    rf"(?:(?:{_GRADE}(?:全体|全部|各班)?|全体|全校|全镇|全市|全村|社区|辖区|周边|附近|本地|本村|本校|在校|中小|低年级|高年级|退休|女|留守|困境|残障|特殊"
    r"|孤寡|独居|广大|部分|贫困|园区|镇内|市内|职校|职中|技校|中职|大专|小学|初中|高中|该校|两校)?"
    r"(?:小学生|(?<!其)中学生|高中生|初中生|大学生|中小学生|学生及家长|师生|学生|孩子们?|青少年"
    r"|少年儿童|儿童|小朋友|小孩子?|成年人|成人|大人|幼儿园小朋友|幼儿|老年人|老年朋友|老人家?|长者|居民群众|居民|村民|市民朋友|市民|群众|街坊"
    r"|亲子家庭|学生家长|家长|亲子|教职工|教师|医护人员|农户|果农|菜农|渔民|茶农|农民|种植户|养殖户|种植大户|企业员工|企业代表"
    r"|企业职工|职工|员工|工友|工人|外来务工人员|异地务工人员|新莞人|公务员|机关干部|干部|党员|团员|残疾人|妇女|孕妇|宝妈"
    r"|科技工作者|科技辅导员|社区工作者|网格员|爱好者|会员|商户|司机|退役军人|家属|社会公众|公众)(?:子女)?"
    rf"|{_GRADE}(?=[ ]?(?:共|约)?\d))"
)
PUBLIC_LIST = rf"{PUBLIC}(?:(?:和|及|与|、){PUBLIC}){{0,5}}"
_ADDRESSED = re.compile(rf"(?:面向|针对|对象(?:是|为)?|受众(?:是|为)?|适合|邀请|组织|给)[: ]?({PUBLIC_LIST})")
_COUNTED = re.compile(
    rf"({PUBLIC_LIST})(?=[ (]{{0,2}}(?:共|约|大约|大概|预计|参加|各)?[ ]?"
    rf"(?:\d{{1,6}}|[一二两三四五六七八九十百千]{{1,6}})[ ]?(?:余"
    rf"|多|来|几)?\+?(?:左右|上下)?(?:[ ]?(?:名|人|位|个)|(?=[ ,。;\n]|$)))"
    rf"|(?:\d|[十百千余多])(?:余|多|来)?[ ]?(?:名|个|位)(?:左右)?(?:的)?({PUBLIC_LIST})"
)


def kind_of(reading: str) -> tuple[str, str] | None:
    """The kind that a folded text names and the word that says so; None where nothing does."""
    for kind, words in _KINDS:
        found = words.search(reading)
        if found:
            return kind, found.group()
    return None


def find_audience(reading: str) -> tuple[int, int] | None:
    """Where a folded text says whom the activity is for: 面向小学生, 学生120名, 60名村民."""
    found = _ADDRESSED.search(reading)
    if found:
        return found.span(1)
    found = _COUNTED.search(reading)
    if found:
        return found.span(1) if found[1] else found.span(2)
    return None
