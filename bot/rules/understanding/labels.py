"""The words that people label the fields of a filing with: 活动名称, 讲座时间, 预计参加人数, 负责人及联系电话 …

A label is a core word with qualifiers before it; what belongs to another thing (报名时间, 主办单位) is none of ours.
"""

import re
from functools import lru_cache

WHEN, CONTACT, END, TOWN = "when", "contact", "end", "town"
LONGEST_LABEL = 16

# A whole label: what is written alone, or means another field than its last word says.
_WHOLE = {
    "name": "活动|科普活动|本次活动|活动名|名称|主题|题目|标题|课题|活动题目|活动项目|活动标题|叫什么",
    WHEN: "开始|何时|日期时间|几时|什么时候|活动安排时间",
    END: "结束|结束时间|活动结束时间|结束日期|活动截止时间|完结时间",
    "place": "集合点|平台|直播平台|线上平台|何地|哪里|在哪|在哪里|活动所在地|场馆|集合地点",
    "attendance": "多少人|人员规模|参加|预计参加|预计参与|参与",
    CONTACT: "姓名|经办|对接|填报人|申报人|报备人|组织者|召集人|领队|责任人|总负责|现场负责|负责|联系|经手人|谁负责",
    "contact_phone": "tel|phone|mobile|mob|电话微信|手机微信|微信电话",
    "kind": "活动方式|开展方式|举办方式|组织方式|活动性质",
    "audience": "何人|参加者|参与者|面向|针对",
    "summary": "活动内容简介|内容简介",
    "budget": "花费",
    "media_invited": "是否邀请媒体|是否有媒体|是否需要媒体|邀请媒体|媒体邀请|媒体情况|媒体邀请情况|媒体报道|媒体|是否邀请新闻媒体"
    "|是否媒体报道",
    "project": "项目|项目名称|项目名|所属项目|所属项目名称|对应项目|资助项目|科普项目|科普项目名称|专项项目|专项",
    "remarks": "备注|备注说明|说明|其他|其它|补充|其他说明|补充说明|附注|其他事项|其它说明|注|备注信息",
    TOWN: "镇街|街镇|镇|街道|镇街园区|所属镇街|所在镇街|活动镇街|所在镇|所属镇|园区",
}
_CORE = {
    "name": "名称|主题|题目|标题|课题|活动名",
    WHEN: "时间|日期|时段|时间段|起止时间|起止日期|日期及时间|时间及日期|日期和时间|时间安排|日期时间",
    "place": "地点|地址|会场|场地|场所|位置|地方|场馆",
    "attendance": "人数|人流量|客流量|规模|人次|名额|人员规模|受众数|人员数|人员数量",
    CONTACT: "负责人|联系人|联络人|经办人|对接人|联络员|经手人|负责老师|联系老师|带队老师|对接老师|负责人员|联系人员",
    "contact_phone": "电话|手机|手机号|手机号码|电话号码|联系方式|号码|联系电话|联系手机|固话|座机|联系方法",
    "kind": "形式|类型|类别|种类",
    "audience": "对象|人群|受众|群体|人员|观众|参与人|参加人",
    "summary": "内容|简介|概况|概要|摘要|介绍|概述|内容概要|内容摘要|内容简述",
    "budget": "经费|预算|费用|资金|开支|经费预算|预算金额|预算经费",
}
_QUALIFIER = (
    r"(?:活动|本次|此次|科普|讲座|课程|培训|展览|比赛|竞赛|赛事|直播|宣讲|预计|计划|预估|估计|拟|拟办|拟定|预定|初定|具体|详细|现场"
    r"|举办|举行|开展|实施|开始|参加|参与|参观|参会|参赛|到场|受众|受益|覆盖|服务|观看|线上|线下|每场|每天|每次|主要|总体|总|所属"
    r"|所在|面向|适合|适用|目标|招募|起止|开课|上课|授课|展出|开放|演出|放映|表演|研学|体验|义诊|大概|大约|约|实际|主|安排|姓名"
    r"|负责人|联系人|联络人|经办人|负责|联系|项目|团队|参加活动|申请|使用|需要|合计|最多|可能|期间|的|人员|活动人员|目前|暂定|观众|学员|选手|听众|学生|家长|村民|居民|游客|嘉宾)"
)
_QUALIFIED = re.compile(rf"{_QUALIFIER}{{0,4}}")
# Words before a core that make it another thing's label.
_OTHERS = re.compile(
    r"报名|截止|集合|签到|报到|填报|填表|制表|报备|备案|提交|彩排|布展|撤展|发布|主办|承办|协办|指导|支持|主讲|讲师|嘉宾|专家|主持"
    r"|单位|公司|咨询|投诉|监督|紧急|应急|家长|备用|备选|雨天|另外|第二|协助|配合|媒体|审核|领导|分管|收款|往返|乘车|停车|联办"
    r"|授课老师|志愿者|工作人员|打印|公示|休息|午餐|晚餐|住宿|入场|进场|出发|返程|合作|采购|邮寄|快递|通讯|注册|办公|往届|上次|原"
)
_ENDS_A_NAME = re.compile(r"活动|讲座|课程|培训|展览|比赛|竞赛|赛事|直播|宣讲|演出|放映|表演|研学|体验|义诊|科普|项目")
_JOINED = r"(?:及其|及|和|与|或|/|、|&|\+|-)"
_AND_PHONE = re.compile(
    rf"(?P<who>.*?)(?:姓名)?{_JOINED}?(?:其)?(?:联系电话|联系方式|手机号码|手机号|电话号码|联系手机|电话|手机|方式)(?:/微信)?"
)
_AND_PLACE = re.compile(rf"(?P<when>.*?(?:时间|日期|时段)){_JOINED}?(?:活动)?(?:地点|地址|场地)")
_PLACE_AND = re.compile(rf"(?:活动)?(?:地点|地址|场地){_JOINED}?(?:活动)?(?:时间|日期)")
_AND_MORE = re.compile(rf"(?P<first>[一-龥]{{2,8}}?){_JOINED}(?P<second>[一-龥]{{2,8}})")
_NOTE = re.compile(r"\([^()\d]*\)?|\*|必填|选填")
_SUFFIX = re.compile(r"(?:情况|要求|如下|是|为|信息|说明|姓名)$")

_FIELD = {word: field for field, words in _WHOLE.items() for word in words.split("|")}
_CORES = sorted(((w, f) for f, words in _CORE.items() for w in words.split("|")), key=lambda c: -len(c[0]))


def bare(word: str) -> str:
    """A label without blanks, numbering and notes in brackets: «地  点（必填）» is 地点."""
    return _NOTE.sub("", word.replace(" ", "")).lower()


@lru_cache(maxsize=4096)
def find_label(word: str) -> str | None:
    """The field that a folded word names, or None."""
    word = bare(word)
    if not 1 <= len(word) <= LONGEST_LABEL:
        return None
    if word in _FIELD:
        return _FIELD[word]
    for core, field in _CORES:
        if word.endswith(core):
            before = word[: -len(core)]
            if _OTHERS.search(before):
                return None
            if _QUALIFIED.fullmatch(before):
                return field
    if _AND_PLACE.fullmatch(word) or _PLACE_AND.fullmatch(word):
        return WHEN
    if pair := _AND_PHONE.fullmatch(word):
        return CONTACT if find_label(pair["who"]) == CONTACT else None
    if both := _AND_MORE.fullmatch(word):
        # 活动名称及主题, 经费/预算: two words for one thing.
        first, second = find_label(both["first"]), find_label(both["second"])
        return first if first and (first == second or second is None) else None
    shorter = _SUFFIX.sub("", word)
    return find_label(shorter) if shorter != word else None


@lru_cache(maxsize=4096)
def label_within(run: str) -> tuple[int, str] | None:
    """The label that a run of words before a colon ends with: where in the run it begins, and its field."""
    word = bare(run)
    if len(word) != len(run):
        return None  # positions would not be the run's
    for at in range(max(0, len(run) - LONGEST_LABEL), max(1, len(run) - 1)):
        field = find_label(run[at:])
        if field is not None and at and _ENDS_A_NAME.match(run, at) and find_label(run) is None:
            continue  # 垃圾分类讲座预计人数: the talk is the name's, not the label's
        if field is not None:
            return None if _OTHERS.search(run[max(0, at - 4) : at]) else (at, field)
    return None
