"""Texts by which something else is meant by a name than usual, or that read differently from case to case."""

from types import SimpleNamespace
from typing import Any

from bot.messaging.examples.notices import OF_NOTICES
from bot.messaging.examples.values import SHEET
from bot.messaging.examples.world import (
    ACCEPTED,
    ASKING,
    EXHIBITION,
    FILING,
    LATE,
    NOTICE,
    NOW,
    OTHER,
    PROGRAMME,
    REPORTED,
    UNIT,
    UNNAMED,
    YEAR,
    at,
    filing,
    masked,
)
from bot.model import Role

_PAGE = "https://bot.example.org/notices/"
_FILES = [SimpleNamespace(name="进度表.xlsx"), SimpleNamespace(name="填写说明.pdf")]
_ROW = SimpleNamespace(number=1, filing=FILING, end=FILING.end, stranger=OTHER)
_ROW_2 = SimpleNamespace(number=2, filing=EXHIBITION, end=EXHIBITION.end, stranger=OTHER)
_SHORT = SimpleNamespace(number=3, filing=UNNAMED, end=None, stranger=OTHER)
_STATES = {one.id: "已备案" for one in (FILING, ACCEPTED)} | {EXHIBITION.id: "待备案"}
_DOUBT = SimpleNamespace(other=EXHIBITION, kinds=["overlap", "double_booked"])
_LINE = SimpleNamespace(at=at(12, 10, 5), who="李敏", where="公众号", what="提交", why="", changes="")
_DECIDED = SimpleNamespace(at=at(12, 14), who="陈志明", where="企业微信私聊", what="同意备案", why="", changes="")
_LATE = SimpleNamespace(late=1, last_day=LATE.last_filing_day)

SPECIAL: dict[str, list[dict[str, Any]]] = {
    **OF_NOTICES,
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
    "calendar.link": [{"link": "https://bot.example.org/calendar/h3Xq….ics", "staff": False}],
    "calendar.name": [{"programme": PROGRAMME.name, "staff": True}],
    "calendar.no_address": [{"staff": False}],
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
        }
    ],
    "staff.not_out": [{"state": "已撤回"}],
    "staff.no_such_notice": [{"number": "99"}],
    "staff.not_answered": [{}, {"lists": [(NOTICE, [])]}],
    "staff.not_filed_count": [{"reports": [REPORTED], "owed": [(ASKING, [OTHER])]}],
    "staff.not_filed": [{"reports": [REPORTED]}, {"plans": []}, {"owed": [(ASKING, [OTHER])]}],
    "staff.record": [{"filing": ACCEPTED, "state": "已备案", "doubts": []}],
}
