"""The people, activities and notices that the examples are about; all of them of October 2020."""

from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from bot.clock import CHINA
from bot.model import Activity, Filing, FilingState, Notice, Person, Project, Report, Unit

YEAR = 2020


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A moment of October 2020."""
    return datetime(YEAR, 10, day, hour, minute, tzinfo=CHINA)


NOW = at(12, 10)
UNIT, OTHER = Unit(id=1, name="东莞市环保志愿者协会"), Unit(id=2, name="东莞市长安图书馆")
UNITS = [UNIT, OTHER]
PERSON = Person(name="李敏", phone="13800138000")
STAFF = [Person(name="陈志明"), Person(name="刘倩")]
PROJECT = Project(id=1, name="垃圾分类科普")
PROGRAMME = SimpleNamespace(name="2020年度科普专项", year=YEAR)


def filing(number: int = 1, **fields: Any) -> Filing:
    """A filing in time; ``fields`` make another of it."""
    held: dict[str, Any] = {
        "id": number, "number": f"{YEAR}-{number:04d}", "state": FilingState.DRAFT, "unit": UNIT, "project": PROJECT,
        "name": "垃圾分类进社区讲座", "start": at(24, 9), "end": at(24, 11, 30), "all_day": False, "place": "莞城文化广场",
        "town": "莞城街道", "kind": "讲座", "audience": "社区居民", "attendance": 120, "contact_name": "李敏",
        "contact_phone": "13800138000", "summary": "", "budget": "", "media_invited": None, "remarks": "",
        "last_filing_day": date(YEAR, 10, 21), "late_days": 0, "late_reason": "", "retroactive": False, "version": 1,
        "pending": None, "updated_at": NOW,
    }  # fmt: skip
    return Filing(**{**held, **fields})


def masked(one: Filing) -> SimpleNamespace:
    """What a filing says, without the whole telephone number."""
    names = (
        "name", "start", "end", "all_day", "place", "town", "kind", "audience", "attendance", "contact_name", "summary",
        "budget", "media_invited", "remarks",
    )  # fmt: skip
    return SimpleNamespace(
        **{name: getattr(one, name) for name in names}, contact_phone="138****8000", usual_end=one.end
    )


FILING = filing()
LATE = filing(
    2, late_days=1, late_reason="场地刚定下来", last_filing_day=date(YEAR, 10, 9), start=at(13, 9), end=at(13, 11)
)
EXHIBITION = filing(
    3, name="航模科技展", unit=OTHER, place="长安图书馆", town="长安镇", kind="展览", start=at(25, 9), end=at(25, 17),
    all_day=True, attendance=300, contact_name="陈静", contact_phone="13900139000", state=FilingState.SUBMITTED,
)  # fmt: skip
ACCEPTED = filing(4, state=FilingState.ACCEPTED, version=2)
REPORTED = filing(5, state=FilingState.REPORTED)
UNNAMED = filing(6, name="", start=None, end=None, place="", town="", attendance=None)
REPORT = Report(attendance=135, text="", links=["https://example.org/news/1"])
PLAN = Activity(unit=UNIT, name="星空观察夜", planned_on=date(YEAR, 10, 31), last_filing_day=date(YEAR, 10, 28))

NOTICE = Notice(
    id=12, kind="监督管理要求", title="请报送三季度进度表", body="请各单位10月15日18:00前报送三季度进度表，收到请回复。",
    state="draft", public=False, acknowledge=True, deadline=at(15, 18), sent_at=at(12, 10), scheduled_at=None,
    created_at=NOW,
)  # fmt: skip
ASKING = Notice(
    id=12, kind="监督管理要求", title="请报送三季度进度表", body="请各单位10月15日18:00前报送，收到请回复。", state="sent",
    public=False, acknowledge=True, deliverable="三季度进度表", deadline=at(15, 18), sent_at=at(12, 10), scheduled_at=None,
    created_at=NOW,
)  # fmt: skip
TIMED = Notice(
    id=13, kind="申报通知", title="2020年度科普专项开始申报", body="现开始申报，截止10月30日。",
    state="scheduled", public=True, acknowledge=False, deadline=None, sent_at=None, scheduled_at=at(13, 9), created_at=NOW,
)  # fmt: skip
SENT = Notice(
    id=9, kind="申报指南", title="2020年度科普专项申报指南", body="一、申报条件……\n二、申报材料……", state="sent", public=True,
    acknowledge=False, deadline=None, sent_at=at(10, 9), scheduled_at=None,
    created_at=NOW,
)  # fmt: skip
PUBLICITY = Notice(
    id=10, kind="立项公示", title="2020年度科普专项拟立项项目", body="名单现予公示，公示期5个工作日。", state="sent", public=True,
    acknowledge=False, deadline=at(19, 23, 59), sent_at=at(12, 9), scheduled_at=None,
    created_at=NOW,
)  # fmt: skip
