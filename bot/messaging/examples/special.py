"""Texts by which something else is meant by a name than usual, or that read differently from case to case."""

from types import SimpleNamespace
from typing import Any

from bot.messaging.examples.values import LINK, SHEET
from bot.messaging.examples.world import (
    ACCEPTED,
    ASKING,
    EXHIBITION,
    FILING,
    LATE,
    NOTICE,
    NOW,
    OTHER,
    PLAN,
    PROGRAMME,
    PUBLICITY,
    REPORTED,
    SENT,
    STAFF,
    TIMED,
    UNIT,
    UNITS,
    UNNAMED,
    YEAR,
    at,
    filing,
    masked,
)
from bot.model import Role

_PAGE = "https://bot.example.org/notices/"
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
_ROW = SimpleNamespace(number=1, filing=FILING, end=FILING.end, stranger=OTHER)
_ROW_2 = SimpleNamespace(number=2, filing=EXHIBITION, end=EXHIBITION.end, stranger=OTHER)
_SHORT = SimpleNamespace(number=3, filing=UNNAMED, end=None, stranger=OTHER)
_STATES = {one.id: "已备案" for one in (FILING, ACCEPTED)} | {EXHIBITION.id: "待备案"}
_PROGRESS = {
    "total": 223, "sent": 43, "waiting": 180, "failed": 0, "doubtful": 0, "unreachable": 0, "recalled": 0,
    "percent": 19, "per_minute": 60, "ends_at": at(12, 10, 35), "paused": False, "over": False,
    "begins_at": None,
}  # fmt: skip
_REACH = SimpleNamespace(contacts=28, closed=2, people=range(30), targets=SimpleNamespace(units=range(6)))
_TARGETS = f"1 个群：2020年度科普项目工作群\n{len(UNITS)} 个单位：{'、'.join(one.name for one in UNITS)}"
_URGENT = SimpleNamespace(id=14, title="台风来袭，户外活动全部暂停", reason="台风预警已升级")
_DOUBT = SimpleNamespace(other=EXHIBITION, kinds=["overlap", "double_booked"])
_LINE = SimpleNamespace(at=at(12, 10, 5), who="李敏", where="公众号", what="提交", why="", changes="")
_DECIDED = SimpleNamespace(at=at(12, 14), who="陈志明", where="企业微信私聊", what="同意备案", why="", changes="")
_OWED = SimpleNamespace(notice=ASKING, unit=UNIT, given_at=None, delivered_at=None)
_OBJECTION = SimpleNamespace(at=at(14, 10), text="某项目的申报材料与实际不符", late=False)
_TROUBLE = SimpleNamespace(ambiguous=1, failed=0, unreachable=0)
_LATE = SimpleNamespace(late=1, last_day=LATE.last_filing_day)
_HANDED_IN = SimpleNamespace(at=at(14, 10), text="https://example.org/progress", attachment=None)


def _review(version: int, *, approved: bool, reason: str = "") -> SimpleNamespace:
    who = SimpleNamespace(name="陈志明")
    return SimpleNamespace(version=version, step=1, person=who, approved=approved, reason=reason, at=at(12, 14))


SPECIAL: dict[str, list[dict[str, Any]]] = {
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
    "acknowledgement.taken": [{}, {"in_group": True}, {"due": "三季度进度表"}],
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
    "batch.assign_no_unit": [{"words": "科技馆"}],
    "batch.direct": [
        {
            "ready": [_ROW, _ROW_2],
            "short": [(_SHORT, "缺活动地点")],
            "filed": [],
            "notes": [],
            "left_off": 0,
            "around": "",
            "next": "要补哪一行就发哪一行，例如：3 地点 大步村\n回复“全部提交”提交这 2 场，不要了回复“全部取消”。",
        },
    ],
    "batch.doubt": [{"reason": "date_passed", "text": "10月1日"}],
    "batch.done": [{"names": ["place", "attendance"], "late_reason": ""}],
    "batch.filled": [{"done": [(_SHORT, "活动地点")], "refused": [], "short": []}],
    "batch.gaps": [{"gaps": ["place", "attendance"]}],
    "batch.group": [
        {"ready": [_ROW, _ROW_2], "short": [(_SHORT, "缺活动地点")], "filed": [], "left_off": 0, "direct": True}
    ],
    "batch.late": [{"filing": LATE}],
    "batch.which": [{"lines": [_ROW, _ROW_2], "words": "在长安公园"}],
    "batch.next": [{"ready": [_ROW, _ROW_2], "gap": _SHORT, "field": "place", "late": [], "units": []}],
    "batch.no_reason_wanted": [{}],
    "batch.no_unit": [{"words": "环保会"}],
    "batch.not_understood": [{"number": 3}],
    "batch.reason_taken": [{"late": [_ROW]}],
    "batch.staff_many": [{"late": [], "units": [UNIT], "doubts": {}}],
    "batch.submitted": [
        {"sent": [_ROW, _ROW_2], "short": []},
        {
            "sent": [_ROW, _ROW_2],
            "short": [(_SHORT, "缺活动地点")],
            "next": "要补哪一行就发哪一行，例如：3 地点 大步村",
        },
    ],
    "batch.whose_staff": [{"own": [UNIT], "lines": [_ROW_2]}],
    "binding.bound": [{}, {"unit": None, "role": "审核", "name": "陈志明"}],
    "binding.code": [{"until": at(12, 10).replace(month=11)}],
    "binding.code_how": [{"words": "图书馆"}, {"units": [], "words": "火星协会"}, {"units": [], "words": ""}],
    "binding.how": [{"units": []}, {"units": [UNIT]}],
    "binding.who": [{}, {"units": [], "role": Role.DRAFTER}, {"units": [], "role": None}],
    "binding.wrong": [{"left": 4}],
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
    "broadcast.timed": [{"notice": TIMED, "told": []}, {"notice": TIMED, "open": False, "told": STAFF[:1]}],
    "broadcast.unknown": [{"number": "99"}],
    "calendar.link": [{"link": "https://bot.example.org/calendar/h3Xq….ics", "staff": False}],
    "calendar.name": [{"programme": PROGRAMME.name, "staff": True}],
    "calendar.no_address": [{"staff": False}],
    "chase.direct": [{}, {"now": at(16, 9)}, {"notice": ASKING, "answered": True}],
    "chase.group": [{}, {"now": at(16, 15)}],
    "chase.over": [{"units": [OTHER]}],
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
    "deliverable.send_it": [{"notice": ASKING}],
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
    "export.done": [{"span": "2020年10月", "count": 37}],
    "export.none": [{"span": "2020年11月"}],
    "export.span": [{"month": at(1).date()}, {}],
    "file.closed_missing": [{"name": SHEET}],
    "file.closed_over": [{"name": SHEET}],
    "file.elsewhere": [{"name": SHEET, "text": "2020年10月共 37 条报备。"}],
    "file.named": [
        {"text": f"{NOTICE.body}\n详情：{_PAGE}12", "files": _FILES, "page": page}
        for page in (f"{_PAGE}12", f"{_PAGE}13", "")
    ],
    "file.link": [{"name": SHEET, "text": "2020年10月共 37 条报备。", "link": "https://bot.example.org/d/pM2k…"}],
    "filing.last_day": [
        {"day": at(24, 9).date(), "last": at(21, 9).date(), "working_days": 3, "question": ""},
        {"last": None, "working_days": 3, "question": "请问预计多少人参加？"},
    ],
    "filing.amend_how": [{"filing": ACCEPTED}],
    "filing.amended": [{"filing": ACCEPTED}],
    "filing.amendment": [{"filing": ACCEPTED}],
    "filing.ask_contact_name": [{}, {"own": ""}],
    "filing.ask_late_reason": [{"late": _LATE}],
    "filing.card": [
        {},
        {"changed": {"start", "attendance"}},
        {"filing": LATE, "shown": masked(LATE), "end": LATE.end, "note": "这次报备已逾期 1 个工作日。请说明逾期原因。"},
    ],
    "filing.changes": [{"changed": {"attendance"}, "after": masked(filing(attendance=150))}],
    "filing.closed": [{"filing": REPORTED, "state": "已总结"}],
    "filing.doubt_attendance": [{"text": "若干"}],
    "filing.doubt_choose": [{"text": "25组家庭", "options": ["50", "75"]}],
    "filing.doubt_no_time": [{"text": "10月24日（周六）"}],
    "filing.doubt_other": [{"text": "老地方"}],
    "filing.doubt_passed": [{"text": "10月1日", "options": ["10月1日（周四）09:00", "2021年10月1日（周五）09:00"]}],
    "filing.doubt_phone": [{"text": "138****800"}],
    "filing.doubt_vague": [{"text": "月底"}],
    "filing.doubts": [{"at_once": [EXHIBITION], "taken": True}],
    "filing.history": [
        {
            "lines": [
                _LINE,
                _DECIDED,
            ]
        }
    ],
    "filing.owed": [
        {"drafts": [FILING], "reports": [REPORTED], "plans": [], "asked": [(ASKING, True, True)]},
        {"drafts": [], "plans": [], "asked": []},
    ],
    "filing.own_activities": [
        {"filings": [FILING, EXHIBITION], "states": _STATES, "count": 2, "several": False},
        {"filings": [], "count": 0, "several": False},
    ],
    "filing.mine": [
        {
            "filings": [FILING, EXHIBITION, LATE],
            "states": {one.number: "草稿" for one in (FILING, EXHIBITION, LATE)},
            "first_due": "",
            "first_open": FILING.number,
        },
        {"filings": [FILING], "states": {FILING.number: "待总结"}, "first_due": FILING.number, "first_open": ""},
        {"filings": [], "first_due": "", "first_open": ""},
    ],
    "filing.staff_gone": [{"verb": "取消"}],
    "filing.staff_new": [{}, {"filing": LATE, "end": LATE.end}],
    "filing.submitted": [{}, {"filing": filing(retroactive=True)}],
    "filing.which_draft": [{"verb": "提交"}],
    "follower.greeting": [{"units": []}],
    "form.fault_groups": [{"text": "25组家庭"}],
    "form.fault_photo_full": [{"most": 10}],
    "form.fault_photo_kind": [{"text": "方案.pdf"}],
    "form.fault_photo_large": [{"text": "现场.jpg", "most": 20}],
    "form.fault_photo_refused": [{"text": "现场.jpg", "why": "文件不完整或已损坏，打不开。请重新发送一次。"}],
    "form.fault_hour": [{"text": "早上"}],
    "form.fault_day": [{"text": "某天"}],
    "form.fault_too_long": [{"text": "100"}],
    "form.fault_town": [{"text": "上海市"}],
    "form.fault_which_day": [{"text": "10月23日（周五）还是10月24日（周六）"}],
    "form.gaps": [{"gaps": ["date", "attendance", "late_reason"]}],
    "form.heading": [{}, {"open": False}],
    "form.look_again": [{"why": "passed", "day": at(1)}, {"why": "far", "day": at(24).replace(year=YEAR + 1)}],
    "form.missing": [{"input": "name"}, {"input": "late_reason"}],
    "form.next": [{}, {"state": "已备案"}],
    "form.timing": [
        {"kind": "in_time", "last": FILING.last_filing_day, "late": 0},
        {"kind": "late", "last": LATE.last_filing_day, "late": 1},
        {"kind": "unknown", "last": None, "late": 0},
    ],
    "help.not_understood": [{}, {"units": []}, {"units": [], "role": Role.DRAFTER}],
    "help.welcome": [{}, {"units": []}, {"units": [], "role": Role.DRAFTER}],
    "inbox.list_elsewhere": [{"brief": "待备案 3 条", "sent": True, "words": "待审"}],
    "inbox.write_privately": [{"words": "待审"}],
    "location.nothing_open": [{}, {"units": []}],
    "media.added": [{"unit": "张"}],
    "media.full": [{"unit": "张", "most": 20}],
    "media.nothing_open": [{}],
    "media.refused": [{"name": "IMG_0001.heic", "why": "HEIC 格式的照片打不开，请在聊天里直接选照片发送。"}],
    "media.which": [{"unit": "张"}, {"unit": "张", "owed": [(ASKING, UNIT)]}],
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
    "reminder.activity": [{"today": False}],
    "reminder.draft": [{"today": NOW.date()}],
    "reminder.plan": [{}, {"today": at(26).date()}],
    "reminder.report": [{"late": 0, "last": at(29).date()}, {"late": 2, "last": at(29).date()}],
    "report.doubt": [{"kind": "photo_reused", "detail": {}}, {"kind": "photo_day", "detail": {"taken": "2020-09-12"}}],
    "report.staff": [{"doubts": []}],
    "report.changed": [{"changed": {"attendance", "links"}, "before": (130, 0)}],
    "report.taken": [
        {"photos": 0, "same": False},
        {"first": False, "same": False, "changed": {"attendance"}},
        {"first": False, "same": True, "changed": set()},
    ],
    "report.too_early": [{}],
    "report.which": [{}, {"filings": []}],
    "review.decided": [{"act": "accept", "done": [FILING, EXHIBITION], "left": [(ACCEPTED, "已备案")]}],
    "review.all_confirm": [{"filings": [FILING, LATE], "doubts": {}}],
    "review.done": [{"act": "accept"}, {"told": False}],
    "review.flags": [{"doubts": [_DOUBT]}],
    "review.unit_accept": [{"changed": False}],
    "review.unit_return": [{"changed": False}],
    "review.unit_query": [{"why": "照片里看不出活动名称，请补一张全景"}],
    "review.waiting": [
        {"filings": [FILING, LATE], "count": 2, "doubts": {LATE.id: "与 2020-0003（东莞市长安图书馆）时间重叠"}},
        {"filings": [], "doubts": {}, "count": 0},
    ],
    "template.shown": [{"kind": "资金下达", "body": "资助资金已下达，收到请回复。", "asks": True, "public": False}],
    "sheet.fault": [
        {"fault": SimpleNamespace(ref="D7", title="活动时间", reason="in_the_night", words="2:30")},
        {"fault": SimpleNamespace(ref="F9", title="预计人数", reason="formula", words="")},
    ],
    "sheet.missing": [{"ref": "E8", "field": "place"}],
    "sheet.name": [{}],
    "sheet.no_head": [{"name": SHEET, "detail": 30}],
    "sheet.returned_name": [{"stem": "活动报备表"}],
    "sheet.several_sheets": [{"name": SHEET, "detail": "10月、11月"}],
    "sheet.taken": [
        {
            "name": SHEET,
            "ready": [_ROW, _ROW_2],
            "filed": 0,
            "short": [(9, "E9（活动地点）没填")],
            "hidden": [],
            "returned": True,
        },
    ],
    "sheet.template": [{"most": 200, "units": [UNIT]}],
    "sheet.template_in_group": [{"sent": True}],
    "sheet.too_large": [{"name": SHEET, "detail": "2 MB"}],
    "sheet.too_many_rows": [{"name": SHEET, "most": 200, "detail": 215}],
    "sheet.unfinished": [{"words": "E8（活动地点）没填"}],
    "sheet.nothing_kept": [{"words": "前后都是空的"}],
    "staff.activities": [
        {"shown": [FILING, EXHIBITION], "states": _STATES},
        {"filings": [], "shown": [], "when": "明天"},
    ],
    "staff.found": [{"states": _STATES, "doubts": {}, "count": 2}, {"filings": [], "count": 0}],
    "staff.chased": [
        {
            "results": [SimpleNamespace(notice=NOTICE, reached=2, already=1, unreachable=["东莞市长安图书馆"])],
            "held": [(ASKING, at(13, 8))],
        }
    ],
    "staff.not_gone_yet": [{"held": [(NOTICE, at(13, 8))]}],
    "staff.not_out": [{"state": "已撤回"}],
    "staff.no_such_notice": [{"number": "99"}],
    "staff.not_answered": [{}, {"lists": [(NOTICE, [])]}],
    "staff.not_filed_count": [{"reports": [REPORTED], "owed": [(ASKING, [OTHER])]}],
    "staff.not_filed": [{"reports": [REPORTED]}, {"plans": []}, {"owed": [(ASKING, [OTHER])]}],
    "staff.record": [{"filing": ACCEPTED, "state": "已备案", "doubts": []}],
}
for _name in ("empty", "macros", "no_workbook", "not_bound", "old_or_locked", "staff", "too_complex"):
    SPECIAL[f"sheet.{_name}"] = [{"name": SHEET}]
