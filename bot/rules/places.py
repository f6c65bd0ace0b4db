"""Where an activity is, out of free text: 在X办…, words that end like a place, the towns of the city."""

import re
from dataclasses import dataclass

from bot.rules.towns import dongguan

VERB = (
    r"(?:(?:将|拟|并|想|要|打算|计划|准备|共同|联合|继续|现场|已经?)?(?:举办|举行|开展|组织"
    r"|召开|开设|进行|主办|承办|搞|办(?!公|事|学)|做|开(?!发|放|心|元|明|展板)|放映|放(?!心|射|生)"
    r"|拍|教(?!室|育|学|师|工|授|堂|程|练|科|研|职|职工|官|体|龄))"
    r"(?:了|过)?)"
)
MEASURE = r"(?:(?:一|两|[1-9])?(?:场|次|期|个|堂|届|系列|些)(?!年|性|所|馆))?(?:那个|这个|那种|临时的?)?(?:关于)?"
SUFFIX = (
    r"(?:文化广场|广场|图书馆|博物馆|科技馆|展览馆|体育馆|文化馆|纪念馆|美术馆|档案馆|会展馆"
    r"|茶馆|宾馆|[一-龥]馆|中心|小学|中学|大学|学院|学校|高中|初中|职中|[一二三四五六七八九]中|幼儿园|党校|校区"
    r"|校园"
    r"|社区|村委会|居委会|村|小区|花园|公园|植物园|动物园|产业园|科技园|工业园|科学园|生态园"
    r"|农业园|园区|园|湿地|林场|农场|基地|礼堂|会议室|报告厅|多功能厅|演播厅|展厅|大厅"
    r"|阶梯教室|教室|实验室|活动室"
    r"|医院|卫生院|卫生站|服务站|服务点|工作站|火车站|车站|地铁站|高铁站|消防站|气象站"
    r"|站|街|路|大道|巷|大厦|大楼|教学楼|办公楼|综合楼|楼|层|楼下|书店|书院|书吧|书屋|文化宫"
    r"|青少年宫|少年宫|宫|祠堂|庙|古村|古村落|老年大学"
    r"|体育场|运动场|操场|球场|足球场|篮球场|商场|市场|超市|购物中心|万达|酒店|饭店|剧院"
    r"|影院|影剧院|会堂|剧场|码头|沙滩|海边|草坪|绿道|山庄|驿站|驿家|水库|湖|山|岛|厂|公司"
    r"|中庭|前庭|炮台|观星台|天文台|果园|茶园|农庄|庄园|营地|度假村|会所|俱乐部|食堂|饭堂|车间|大堂|停车场|门诊部|书城|局"
    r"|企业|集团|研究院|研究所|分院|派出所|司法所|养老院|敬老院|福利院"
    r"|馆内|门口|空地|舞台|架空层|党群服务中心|文体中心|号|室|厅|院|场|亭|塔|坊|城|区)"
)
_SUFFIX_AT_END = re.compile(
    rf"{SUFFIX}(?:\([^()]{{1,20}}\))?(?:[一二三四五六七八九十\dA-Za-z]{{1,3}}(?:楼|层|号楼"
    rf"|栋|座|室|区|号厅|号))?(?:[一-龥]{{0,6}}(?:室|厅|教室|门口|旁|对面|内|里|外|部|科))?$"
)
# Going into schools or communities is what the activity does, not where it is.
_GOING_IN = re.compile(
    r"(?:走进|进入|进|入|走入|下|服务)(?:社区|校园|学校|农村|乡村|企业|小区|村|机关|课堂"
    r"|园区|公园|军营|工厂|商圈|商场|医院|幼儿园|中小学|家庭|千家万户|基层|厂|万家|园|村居)$"
)
# 科技馆, 市图书馆: a hall that needs no other name to be one.
_HALL = re.compile(
    r"(?:我?市|本?区|本?镇|县)?(?:少儿|少年儿童|儿童|青少年|城市|数字)?(?:气象|科技|科学|图书|博物|文化|天文|规划|展览|美术|档案|体育|纪念|海洋"
    r"|自然|地质|航天|禁毒|国防|消防|防震减灾|非遗|校史|党史)(?:科普|教育|体验|展览)?馆"
)
_ACTIVITY_END = re.compile(
    r"(?:讲座|宣讲|大讲堂|讲堂|课堂|论坛|沙龙|报告会|展览|巡展|展|比赛|大赛|竞赛|挑战赛"
    r"|邀请赛|赛|培训班?|训练营|体验营|夏令营|冬令营|营|体验日?|实验秀?|秀|直播|参观|研学"
    r"|一日游|游园会?|宣传|普及|科普"
    r"|科普行|科普周|科普日|科技周|科技节|节|活动|义诊|咨询|演示|放映|观测|观鸟|阅读|分享会"
    r"|交流会|座谈会|(?<![委协学联商员金合])会|课|班|日|行|月|周|季|进校园|进社区|进农村|进乡村|进企业|走进.{1,6}"
    r"|进机关|进家庭|大集|之夜|嘉年华|演练|市集|集市|专区|展区|制作|手工坊?|工作坊|学堂|游戏|剧|展演|表演|汇演|分享|讲解|指导|推广"
    r"|互动|探秘|探索|之旅|发布|启动仪式|仪式)$"
)
_ADDRESS = re.compile(r"[一-龥A-Za-z\d·\-()号]{2,40}")


DONE = re.compile(r"(?:现|已|已经)?(?:成功|顺利|圆满)?(?:举办|开展|举行|完成|结束|办)(?:了|完|完毕)?$")
_TOPIC = re.compile(r"科普|知识|宣传|健康|安全|科学|教育|培训|讲座|活动|体验|进")
_OURS = re.compile(r"(?:我们|咱们|我)(?=[一-龥]{2})")


_NO_PLACE = re.compile(
    r"手机|电话|号码|报备|备案|^(?:参观|探访|观摩|走访|探秘|探营)|^(?:组织|带领|安排)[一-龥]{0,8}(?:参观|走访|观摩)|各位|同事|领导|大家|[您你]好|^(?:我|我们|本人)?[是系]|的$"
)
_TITLE_AT_END = re.compile(r"[《\"][^《》\"]{0,30}[》\"]?$|[》\"]$")
_CITY = re.compile(r"(?:广东省)?东莞市?")
_ONLINE = re.compile(
    r"(?:腾讯会议|钉钉|抖音|快手|视频号|微信视频号|微信公众号|公众号|哔哩哔哩|B站|小鹅通|微信群|直播间|线上平台|网上课堂)"
    r"(?:直播间|会议室|平台|群)?(?:[\"“「][^\"”」]{1,20}[\"”」])?"
)
LONGEST, MOST_SEGMENTS = 80, 60


@dataclass(frozen=True)
class Span:
    """A piece of a folded text that is taken for a place."""

    begin: int
    end: int
    confidence: float


def is_activity(reading: str) -> bool:
    """Whether a phrase ends as activities' names do."""
    return _ACTIVITY_END.search(reading) is not None


def is_place(reading: str) -> bool:
    """Whether a whole phrase reads as a place: its ending, or a town's name."""
    if len(reading) < 2 or _NO_PLACE.search(reading) or _GOING_IN.search(reading):
        return False
    if _HALL.fullmatch(reading):
        return True
    towns = dongguan().matches(reading)
    if any(t.begin == 0 and t.end == len(reading) for t in towns):
        return True
    end = _SUFFIX_AT_END.search(reading, 1)
    if end:
        return not re.fullmatch(r"(?:进|走进)?[^市镇区县村校]?", reading[: end.start()]) or bool(towns)
    return bool(towns and towns[0].begin <= 3 and not is_activity(reading) and len(reading) <= 12)


def _prefix(segment: str) -> int | None:
    """How much of a segment is a place before its verb or activity; None where nothing is."""
    if _NO_PLACE.search(segment):
        return None
    whole = is_place(segment) and not is_activity(segment)
    for verb in re.finditer(VERB, segment):
        head = segment[: verb.start()]
        if is_place(head) and len(segment) > verb.end() and not (whole and len(verb.group()) == 1):
            return verb.start()
    if whole:
        return len(segment)
    if online := _ONLINE.match(segment):
        return online.end()
    towns = dongguan().matches(segment)
    city = _CITY.match(segment)
    anchor = towns[0].end if towns and towns[0].begin <= 6 else city.end() if city else None
    if anchor is not None:
        # 莞城文化广场垃圾分类讲座: the town, up to the last word that ends a place, then the activity.
        core = DONE.sub("", segment)
        named = is_activity(core.rstrip('"》')) or is_activity(_TITLE_AT_END.sub("", core))
        best = _inner_end(core, anchor) if named else None
        if best:
            return best
        if is_place(segment):
            return len(segment)
    return None


def _inner_end(segment: str, after: int) -> int | None:
    """Where the address ends in «镇 … 广场 … 讲座»: the first ending, or a longer one close behind it."""
    best: int | None = None
    for suffix in re.finditer(SUFFIX, segment[: after + 30]):
        if suffix.start() < after or len(segment) - suffix.end() < 2 or _GOING_IN.search(segment[: suffix.end()]):
            continue
        if best is None:
            best = suffix.end()
        elif suffix.start() - best > 6 or _TOPIC.search(segment[best : suffix.start()]):
            break
        elif len(suffix.group()) > 1 or segment[suffix.start() - 1].isdigit() or suffix.group() in "路街巷":
            best = suffix.end()
    return best


def find_place(opened: str, segments: list[tuple[int, int]]) -> Span | None:
    """The place in what is left of a folded text; ``segments`` are its pieces between separators."""
    segments = [(begin, min(end, begin + LONGEST)) for begin, end in segments[:MOST_SEGMENTS]]
    for begin, end in segments:
        segment = opened[begin:end]
        for at in re.finditer(r"(?:地点(?:设|定)?在|集合地点|位于|假座|假|走进|前往|在|于|到)", segment):
            got = _after_in(segment, at.end())
            ours = _OURS.match(segment, at.end())
            if got and ours and ours.end() < got:
                return Span(begin + ours.end(), begin + got, 0.9)
            if got and (at.group() not in ("于", "到", "走进", "假") or is_place(segment[at.end() : got])):
                return Span(begin + at.end(), begin + got, 0.9)
    best: Span | None = None
    for i, (begin, end) in enumerate(segments):
        size = _prefix(opened[begin:end]) or _hall(opened[begin:end])
        if size is None:
            continue
        named = dongguan().matches(opened[begin : begin + size])
        bare = any(t.end - t.begin == len(opened[begin : begin + size].strip(" :")) for t in named)
        span = Span(begin, begin + size, 0.6 if bare else 0.85 if named else 0.7)
        if size == end - begin and i + 1 < len(segments):
            span = _with_next(opened, span, segments[i + 1])
        if best is None or span.confidence > best.confidence:
            best = span
    return best


def _hall(segment: str) -> int | None:
    """«科技馆航模体验»: where a hall ends with which a segment begins, and an activity follows."""
    hall = _HALL.match(segment)
    follows = segment[hall.end() :] if hall else ""
    return (
        hall.end() if hall and len(follows) >= 4 and follows[0] not in "之的里日夜内" and is_activity(follows) else None
    )


def _with_next(opened: str, span: Span, following: tuple[int, int]) -> Span:
    """«麻涌镇 大步村»: a town and, after a blank, the rest of the address."""
    between, rest = opened[span.end : following[0]], opened[following[0] : following[1]]
    head = opened[span.begin : span.end]
    town_only = re.search(r"(?:市|镇|街道|区)$", head) or any(m.end == len(head) for m in dongguan().matches(head))
    if between.strip(" ") == "" and town_only and is_place(rest) and not is_activity(rest):
        return Span(span.begin, following[1], 0.85)
    return span


def _after_in(segment: str, at: int) -> int | None:
    """Where the place ends that begins at ``at`` (after 在): before its verb, or at the segment's end."""
    rest = segment[at:]
    verbs = list(re.finditer(VERB, rest))
    for verb in verbs:
        if verb.start() >= 2 and is_place(rest[: verb.start()]):
            return at + verb.start()
    for verb in verbs:
        if verb.start() >= 2 and len(verb.group()) >= 2 and verb.end() < len(rest):
            return at + verb.start()
    for verb in verbs:
        if verb.start() >= 2 and verb.end() < len(rest) and _ADDRESS.fullmatch(rest[: verb.start()]):
            return at + verb.start()
    size = _prefix(rest)
    return at + size if size else None
