"""The texts about notices by which something else is meant by a name than usual, or that read differently from case to case."""

from types import SimpleNamespace
from typing import Any

from bot.messaging.examples.values import LINK
from bot.messaging.examples.world import (
    ASKING,
    NOTICE,
    OTHER,
    PLAN,
    PUBLICITY,
    REPORTED,
    SENT,
    STAFF,
    TIMED,
    UNIT,
    UNITS,
    at,
    filing,
)

_FILES = [SimpleNamespace(name="进度表.xlsx"), SimpleNamespace(name="填写说明.pdf")]
_WITH_FILES = SimpleNamespace(
    id=12,
    files=[{"name": "进度表.xlsx", "sha256": "a"}, {"name": "现场.jpg", "sha256": "b"}],
    cover_sha256="b",
)
_FORM = SimpleNamespace(
    name="工作群",
    example="",
    texts=[f"【{NOTICE.kind}】通知 12\n{NOTICE.body}"],
    buttons=["收到"],
    files=["进度表.xlsx"],
    article=None,
)
_IN_PARTS = SimpleNamespace(
    name="群机器人", example="", texts=["上半部分\n（1/2）", "下半部分\n（2/2）"], buttons=[], files=[], article=None
)
_ARTICLE = SimpleNamespace(
    name="图文", example="", texts=[], buttons=[], files=[],
    article=SimpleNamespace(title=SENT.title, digest="一、申报条件……", pictures=["a"]),
)  # fmt: skip
_WITHOUT_FILES = SimpleNamespace(id=12, files=[], cover_sha256="")
_PROGRESS = {
    "total": 223, "sent": 43, "waiting": 180, "failed": 0, "doubtful": 0, "unreachable": 0, "recalled": 0,
    "percent": 19, "per_minute": 60, "ends_at": at(12, 10, 35), "paused": False, "over": False,
    "begins_at": None,
}  # fmt: skip
_REACH = SimpleNamespace(contacts=28, closed=2, people=range(30), targets=SimpleNamespace(units=range(6)))
_TARGETS = f"1 个群：2020年度科普项目工作群\n{len(UNITS)} 个单位：{'、'.join(one.name for one in UNITS)}"
_URGENT = SimpleNamespace(id=14, title="台风来袭，户外活动全部暂停", reason="台风预警已升级")
_OWED = SimpleNamespace(notice=ASKING, unit=UNIT, given_at=None, delivered_at=None)
_OBJECTION = SimpleNamespace(at=at(14, 10), text="某项目的申报材料与实际不符", late=False)
_TROUBLE = SimpleNamespace(ambiguous=1, failed=0, unreachable=0)
_HANDED_IN = SimpleNamespace(at=at(14, 10), text="https://example.org/progress", attachment=None)


def _review(version: int, *, approved: bool, reason: str = "") -> SimpleNamespace:
    who = SimpleNamespace(name="陈志明")
    return SimpleNamespace(version=version, step=1, person=who, approved=approved, reason=reason, at=at(12, 14))


OF_NOTICES: dict[str, list[dict[str, Any]]] = {
    "acknowledgement.mine": [
        {
            "owed": [_OWED],
            "shown": [_OWED],
            "done": [],
            "total": 0,
            "pages": {12: LINK},
            "several": False,
            "paper": ASKING,
        },
        {"owed": [], "shown": [], "done": [_OWED], "total": 1, "pages": {}, "several": True, "paper": None},
    ],
    "acknowledgement.or_answer": [{"people": True}, {"people": False}],
    "acknowledgement.taken": [{"acts": True}, {"acts": False, "in_group": True}, {"acts": True, "due": "三季度进度表"}],
    "acknowledgement.withdrawn": [{"corrected": None}, {"corrected": ASKING}],
    "acknowledgement.which_unit": [{}, {"units": [OTHER], "done": UNIT}],
    "attaching.added": [
        {"name": "进度表.xlsx", "at": 1, "picture": False, "nth": 0},
        {"name": "现场.jpg", "at": 2, "picture": True, "nth": 1},
    ],
    "attaching.article": [
        {"notice": SENT, "body": SENT.body, "files": files, "page": page}
        for files, page in (([], ""), (_FILES, "https://bot.example.org/notices/9"), (_FILES, ""))
    ],
    "attaching.came_late": [{"name": "进度表.xlsx"}],
    "attaching.cover": [{"name": "现场.jpg"}],
    "attaching.cover_no_picture": [{"name": "进度表.xlsx"}],
    "attaching.dropped": [{"name": "进度表.xlsx", "notice": _WITH_FILES}],
    "attaching.full": [{"most": 9}],
    "attaching.listed": [{"notice": _WITH_FILES, "open": True}, {"notice": _WITHOUT_FILES, "open": True}],
    "attaching.there_already": [{"name": "进度表.xlsx"}],
    "attaching.which": [{"example": "删附件 1"}],
    "board.published": [{"start": None}, {"start": at(13, 8)}],
    "board.not_out": [{"notice": ASKING, "state": "草稿"}],
    "board.in_group": [{"notice": ASKING}],
    "broadcast.names_of_which": [{"states": {"sent": "已发出"}}, {"notices": [], "states": {}}],
    "broadcast.approved": [{}, {"notice": TIMED}],
    "broadcast.called_back": [{"articles": 0}, {"gone": 23, "articles": 1}],
    "broadcast.gone_already": [{"state": "已撤回"}],
    "broadcast.hour_moved": [
        {"notice": TIMED, "before": at(12, 15)},
        {"before": None, "notice": TIMED},
        {"before": at(12, 15)},
    ],
    "broadcast.hour_passed": [{"notice": TIMED}],
    "broadcast.no_approver": [{"steps": 2, "there": 1}],
    "broadcast.no_doubt": [{"number": 57}],
    "broadcast.no_hour": [{"text": "过两天"}],
    "broadcast.no_value": [{"name": "金额", "units": [one.name for one in UNITS], "shown": 2}],
    "broadcast.not_out": [{"state": "草稿"}],
    "broadcast.not_open": [{"state": "已发出", "notice": SENT}, {"state": "待定时发出", "notice": TIMED}],
    "broadcast.not_waiting": [{"state": "草稿"}],
    "broadcast.overview": [
        {"notices": [NOTICE, TIMED, SENT], "states": {"draft": "草稿", "scheduled": "待发", "sent": "已发出"}},
        {"notices": []},
    ],
    "broadcast.preview": [
        {
            "reach": _REACH,
            "fault": "",
            "own": "",
            "targets": _TARGETS,
            "ways": "客服消息 320 人\n群发 2540 人，分 1 次发出，每人本月群发次数各减 1",
            "form": _FORM,
            "others": [_IN_PARTS, _ARTICLE],
            "beside": 0,
        },
        {
            "reach": _REACH,
            "fault": "",
            "own": "",
            "targets": _TARGETS,
            "ways": "",
            "form": SimpleNamespace(**vars(_FORM) | {"name": "私聊", "example": UNIT.name}),
            "others": [],
            "beside": 3,
        },
    ],
    "broadcast.form": [{"form": _IN_PARTS}, {"form": _ARTICLE}],
    "broadcast.form_of": [{"form": _FORM}],
    "broadcast.no_form": [{"forms": [_FORM, _IN_PARTS], "name": "短信"}],
    "broadcast.tried": [{"forms": [_FORM, _ARTICLE], "unseen": True}],
    "broadcast.reviews": [
        {"reviews": [_review(1, approved=False, reason="公示期没写"), _review(2, approved=True)]},
        {"reviews": []},
    ],
    "broadcast.listed": [
        {
            "notices": [NOTICE, SENT],
            "states": {"draft": "草稿", "sent": "已发出"},
            "seen": {one.id: SimpleNamespace(sent=43, total=223 if one is SENT else 0) for one in (NOTICE, SENT)},
        },
        {"notices": [], "states": {}, "seen": {}},
    ],
    "broadcast.shown_whole": [
        {
            "state": "已发出",
            "targets": _TARGETS,
            "reviews": [_review(1, approved=True)],
            "bar": "[█████░░░░░]  19%  已发 43/223",
        }
    ],
    "broadcast.simulated": [
        {
            "fault": "",
            "targets": _TARGETS,
            "groups": 1,
            "persons": [("企业微信私聊", 4), ("订阅通知", 1)],
            "closed": 1,
            "ways": "客服消息 320 人\n群发 2540 人，分 1 次发出，每人本月群发次数各减 1",
            "start": at(13, 8),
        }
    ],
    "broadcast.simulated_too_late": [{"state": "已发出"}],
    "broadcast.step_approved": [{"left": 1}],
    "broadcast.submitted": [{"steps": 1}, {"steps": 2}],
    "broadcast.to_approve": [
        {
            "step": 1,
            "steps": 1,
            "body": NOTICE.body,
            "own": "",
            "targets": _TARGETS,
            "reach": _REACH,
            "ways": "",
            "beside": 3,
            "general": True,
        },
        {
            "general": False,
            "beside": 0,
            "step": 2,
            "steps": 2,
            "body": "各单位：“各自的项目”已立项。",
            "own": f"{UNIT.name}：“垃圾分类科普”已立项。",
            "targets": _TARGETS,
            "reach": _REACH,
            "ways": "客服消息 320 人",
        },
    ],
    "broadcast.unknown_variable": [{"names": ["单味"], "known": ["单位", "项目", "金额"]}],
    "broadcast.versions": [
        {"versions": [(SimpleNamespace(version=1, at=at(12, 10), fields={"body": NOTICE.body}), "王芳")]},
        {"versions": []},
    ],
    "broadcast.went_urgently": [{"notice": _URGENT}],
    "broadcast.names": [{"targets": _TARGETS, "closed": ["陈静", "何伟"]}, {"targets": _TARGETS, "closed": []}],
    "broadcast.nobody": [{"text": "长安镇 且 已交 12"}],
    "broadcast.missed": [{"notice": TIMED}],
    "broadcast.quotas": [
        {
            "names": {"custom": "客服消息", "mass": "群发"},
            "spent": [
                SimpleNamespace(method="custom", used=35, left=499_965, at=at(12, 10, 2)),
                SimpleNamespace(method="mass", used=0, left=100, at=None),
            ],
        }
    ],
    "broadcast.returned": [{"reason": "请写明报送方式"}],
    "broadcast.targets": [{"units": [one.name for one in UNITS], "shown": 5}],
    "broadcast.timed_approved": [{"notice": TIMED}],
    "broadcast.untimed": [{"told": []}],
    "broadcast.timed": [
        {"notice": TIMED, "told": [], "wanted": TIMED.scheduled_at},
        {"notice": TIMED, "open": False, "told": STAFF[:1], "wanted": at(12, 22)},
    ],
    "broadcast.unknown": [{"number": "99"}],
    "chase.direct": [{}, {"now": at(16, 9)}, {"notice": ASKING, "answered": True}],
    "chase.group": [{}, {"now": at(16, 15)}],
    "chase.over": [{"units": [OTHER]}],
    "deliverable.back_which": [
        {"words": "环保协会", "units": [], "near": [UNIT]},
        {"words": "东莞", "units": UNITS, "near": []},
        {"words": "丙学校", "units": [], "near": []},
    ],
    "deliverable.asked": [{"notice": ASKING}],
    "deliverable.collected": [
        {"notice": ASKING, "lines": [(UNIT.name, _HANDED_IN)], "missing": [OTHER], "sent": 1, "parts": 1}
    ],
    "deliverable.not_asked": [{"number": "12"}],
    "deliverable.not_wanted": [{}, {"notice": TIMED, "open": False}],
    "deliverable.or_this": [
        {"places": [(ASKING, UNIT)], "several": False},
        {"places": [(ASKING, UNIT), (ASKING, OTHER)], "several": True},
    ],
    "deliverable.returned": [{"notice": ASKING, "why": "缺盖章"}],
    "deliverable.asked_otherwise": [{"notice": ASKING}],
    "deliverable.send_it": [{"notice": ASKING, "several": False}, {"notice": ASKING, "several": True}],
    "deliverable.stopped": [{"number": 12}],
    "deliverable.which_unit": [{"notice": ASKING}],
    "deliverable.words_how": [{"notice": ASKING}, {"notice": ASKING, "unit": None}],
    "deliverable.taken": [{"notice": ASKING, "count": 1}],
    "delivery.counted": [{"rows": [SimpleNamespace(id=57), SimpleNamespace(id=58)]}],
    "delivery.doubts": [
        {
            "total": 12,
            "shown": [
                (SimpleNamespace(id=57, state="ambiguous", error=""), "李敏"),
                (SimpleNamespace(id=58, state="failed", error="企业微信拒绝了消息（错误码 40058）"), "项目工作群"),
            ],
        },
        {"total": 0, "shown": []},
    ],
    "delivery.list_gone": [{"row": SimpleNamespace(id=57)}],
    "delivery.many_doubtful": [{"number": 12, "count": 37}],
    "delivery.mostly_fails": [{"attempted": 40, "failed": 26}],
    "delivery.paused": [{"waiting": 180}],
    "delivery.paused_by": [{"name": "王芳"}],
    "delivery.paused_itself": [{"waiting": 180, "reasons": [("企业微信拒绝了消息（错误码 40058）", 26)]}],
    "delivery.progress": [
        {"state": "已发出", "seen": _PROGRESS, "live": "", "mass": (), "articles": [], "unreported": 0},
        {"state": "已发出", "seen": _PROGRESS, "live": "", "mass": (2536, 4), "articles": [LINK], "unreported": 1},
        {
            "state": "已暂停",
            "notice": SimpleNamespace(
                id=12, title=NOTICE.title, paused_why="王芳要求", state="paused", scheduled_at=None
            ),
            "seen": _PROGRESS | {"paused": True, "ends_at": None},
            "live": "",
            "mass": (),
            "articles": [],
            "unreported": 0,
        },
        {
            "state": "已发出",
            "seen": _PROGRESS | {"sent": 0, "waiting": 223, "percent": 0, "per_minute": 0, "begins_at": at(13, 8)},
            "live": LINK,
            "mass": (),
            "articles": [],
            "unreported": 0,
        },
    ],
    "delivery.quota_used_up": [{"number": 12, "way": "客服消息", "waiting": 180}],
    "delivery.resent": [{"rows": [SimpleNamespace(id=57)]}],
    "delivery.resumed": [{"waiting": 180}],
    "digest.morning": [
        {
            "activities": [filing(7, start=at(12, 14), end=at(12, 16))],
            "plans": [PLAN],
            "reports": [REPORTED],
            "overdue": [(NOTICE, [OTHER])],
            "trouble": _TROUBLE,
            "unreported": 1,
        },
        {"activities": [], "plans": [], "waiting": 0, "unreported": 0},
    ],
    "objection.closing": [{"notice": PUBLICITY, "count": 0}, {"notice": PUBLICITY, "count": 2}],
    "objection.closing_in_group": [{"notice": PUBLICITY}],
    "objection.enough": [{"notice": PUBLICITY}],
    "objection.erased": [{"notice": PUBLICITY, "one": _OBJECTION}],
    "objection.how": [{"running": [PUBLICITY]}, {"running": []}],
    "objection.listed": [
        {"notice": PUBLICITY, "shown": [(_OBJECTION, "未实名")], "total": 1},
        {"notice": PUBLICITY, "shown": [], "total": 0},
    ],
    "objection.over": [{"notice": PUBLICITY, "count": 0}, {"notice": PUBLICITY, "count": 2}],
    "objection.staff": [{"notice": PUBLICITY, "one": _OBJECTION, "who": "未实名"}],
    "objection.taken": [{"notice": PUBLICITY, "late": late, "named": late} for late in (False, True)],
    "objection.which": [{"running": [PUBLICITY]}, {"running": []}],
    "objection.words": [{"notice": PUBLICITY}],
    "notice.with_page": [{"text": "【监督管理要求】通知 12\n请报送三季度进度表。"}],
    "notice.hits": [{"words": "申报"}],
    "notice.guide": [{"notice": SENT, "link": "https://bot.example.org/notices/9"}],
    "notice.body": [
        {},
        {"notice": PUBLICITY, "link": ""},
        {"notice": TIMED, "link": "https://bot.example.org/notices/13"},
    ],
    "notice.newest": [{}, {"notices": []}],
    "notice.no_hits": [{"words": "火星"}],
    "template.shown": [{"kind": "资金下达", "body": "资助资金已下达，收到请回复。", "asks": True, "public": False}],
}
