"""Who takes part in the demonstration: six units, three members of staff, forty followers, one work group."""

from dataclasses import dataclass
from typing import Any

GROUP = "wrDemoProjectGroup2020"
BOT_ID = "aib-demo-kepu"
BOT_SECRET = "demo-robot-secret"  # noqa: S105 - of the simulated platform only
APP_ID = "wx0000000000demo00"
APP_SECRET = "demo-app-secret"  # noqa: S105
TOKEN = "demoCallbackToken"  # noqa: S105
AES_KEY = "DemoDemoDemoDemoDemoDemoDemoDemoDemoDemo123"
TEMPLATE = "demo-template-reminder"
SUBSCRIPTION = "demo-subscription-notice"
PROGRAMME = "2020年度科普专项"
GROUP_NAME = "2020年度科普项目工作群"
START = "2020-10-12T10:00:00+08:00"


@dataclass(frozen=True, slots=True)
class Contact:
    """A unit's contact."""

    userid: str
    name: str
    phone: str
    units: tuple[str, ...]
    openid: str = ""


# unit, town, its projects (name, code, yuan), its planned activities (name, day, number of the project)
UNITS: tuple[tuple[str, str, tuple[tuple[str, str, int], ...], tuple[tuple[str, str, int], ...]], ...] = (
    (
        "东莞市环保志愿者协会",
        "莞城街道",
        (("垃圾分类科普进万家", "KP2020-011", 80000),),
        (("垃圾分类进社区讲座", "2020-10-24", 0), ("低碳生活体验日", "2020-11-14", 0)),
    ),
    (
        "东莞市长安图书馆",
        "长安镇",
        (("科普阅读推广", "KP2020-023", 60000), ("流动科普书车", "KP2020-024", 50000)),
        (("科普阅读分享会", "2020-10-25", 0), ("流动科普书车进厂区", "2020-10-16", 1)),
    ),
    (
        "虎门科技馆",
        "虎门镇",
        (("机器人体验系列活动", "KP2020-031", 120000), ("科技馆奇妙夜", "KP2020-032", 90000)),
        (("机器人体验日", "2020-10-25", 0),),
    ),
    (
        "松山湖青少年科学会",
        "松山湖",
        (("航模与航天科普", "KP2020-042", 100000),),
        (("航模体验", "2020-10-24", 0),),
    ),
    (
        "麻涌镇科学技术协会",
        "麻涌镇",
        (("健康科普下乡", "KP2020-055", 40000),),
        (("社区义诊科普", "2020-10-24", 0), ("防溺水安全课", "2020-10-15", 0)),
    ),
    (
        "东莞市气象学会",
        "南城街道",
        (("气象防灾科普校园行", "KP2020-061", 70000),),
        (("气象防灾进校园", "2020-10-17", 0),),
    ),
)

CONTACTS = (
    Contact("limin", "李敏", "13800138000", ("东莞市环保志愿者协会",), "o-limin-0000000000000001"),
    Contact("chenjing", "陈静", "13800138002", ("东莞市长安图书馆",), "o-chenjing-00000000000002"),
    Contact("hewei", "何伟", "13800138003", ("虎门科技馆",)),
    Contact("zhouyang", "周洋", "13800138004", ("松山湖青少年科学会", "东莞市气象学会")),
    Contact("zhangqiang", "张强", "13900139000", ("麻涌镇科学技术协会",)),
    Contact("huanglin", "黄琳", "13800138006", ("东莞市气象学会",)),
)

STAFF = (("wangfang", "王芳", "drafter"), ("chenzhiming", "陈志明", "approver"), ("liuqian", "刘倩", "admin"))
ROLE_NAMES = {"drafter": "拟稿", "approver": "审核", "admin": "管理员"}
# Somebody in the group whom no unit has bound yet, to see what happens then.
NEWCOMER = ("linxiao", "林晓")

FAMILY = "赵钱孙吴郑冯蒋沈韩杨朱秦尤许吕施孔曹严华金魏陶姜谢邹喻苏潘葛范彭郎鲁韦"
GIVEN = ("晓", "佳", "文", "宇", "欣", "明", "雨", "思", "子", "海")


def followers() -> list[tuple[str, str]]:
    """openid and name of the forty followers; the first two are contacts of units."""
    bound = [(one.openid, one.name) for one in CONTACTS if one.openid]
    others = [
        (f"o-follower-{at:016d}", FAMILY[at % len(FAMILY)] + GIVEN[at % len(GIVEN)]) for at in range(40 - len(bound))
    ]
    return bound + others


def world() -> dict[str, Any]:
    """The simulated platform's ``world.json``."""
    users = [
        {"userid": one.userid, "name": one.name, "mobile": one.phone, "unit": "、".join(one.units), "talked": True}
        for one in CONTACTS
    ]
    users += [{"userid": userid, "name": name, "role": role, "talked": True} for userid, name, role in STAFF]
    users.append({"userid": NEWCOMER[0], "name": NEWCOMER[1], "unit": "尚未绑定"})
    return {
        "official_account": {
            "name": "东莞科普",
            "app_id": APP_ID,
            "app_secret": APP_SECRET,
            "token": TOKEN,
            "encoding_aes_key": AES_KEY,
            "kind": "service",
            "templates": [
                {
                    "template_id": TEMPLATE,
                    "title": "项目进度提醒",
                    "content": "{{first.DATA}}\n事项：{{keyword1.DATA}}\n时间：{{keyword2.DATA}}\n{{remark.DATA}}",
                },
                {
                    "template_id": SUBSCRIPTION,
                    "title": "科普通知提醒",
                    "content": "通知内容：{{thing1.DATA}}\n时间：{{time2.DATA}}",
                    "kind": "subscription",
                },
            ],
            "followers": [{"openid": openid, "name": name} for openid, name in followers()],
        },
        "work": {
            "robots": [{"bot_id": BOT_ID, "secret": BOT_SECRET, "name": "科普助手"}],
            "users": users,
            "groups": [
                {
                    "chat_id": GROUP,
                    "name": GROUP_NAME,
                    "members": [user["userid"] for user in users],
                    "robots": [BOT_ID],
                    "talked": True,
                }
            ],
        },
        "tour": TOUR,
    }


FREE_TEXT = "报备：10月24日（周六）上午9:00-11:30，莞城文化广场，垃圾分类进社区讲座，预计120人，负责人李敏 13800138000"
NOTICE = "广播 监督要求：请各单位10月15日18:00前报送三季度进度表，收到请回复"
TOUR: list[dict[str, Any]] = [
    {"title": "报备一场活动", "as": "limin", "where": "group", "text": FREE_TEXT,
     "hint": "怎么写都行，科普助手会整理成一张核对卡"},
    {"title": "核对后提交", "as": "limin", "where": "group", "text": None, "hint": "点卡片上的「提交」"},
    {"title": "起草监督要求", "as": "wangfang", "where": "direct", "text": NOTICE,
     "hint": "先看预览和人数，再点「提交审核」"},
    {"title": "换一个人批准", "as": "chenzhiming", "where": "direct", "text": None,
     "hint": "点「批准」，群里和公众号同时收到"},
    {"title": "回执：收到", "as": "limin", "where": "group", "text": "收到", "hint": "也可以点通知上的按钮"},
    {"title": "拨到活动前一天", "as": "limin", "where": "direct", "text": None,
     "clock": "10-23T16:00:05", "hint": "把时钟拨到 10月23日 16:00，提醒自己会来"},
    *({"title": text, "as": CONTACTS[0].openid, "where": "official", "text": text}
      for text in ("申报指南", "2020", "我的报备")),
]  # fmt: skip
