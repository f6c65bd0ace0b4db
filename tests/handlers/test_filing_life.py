"""The life of filings, whatever anybody says in whatever order: through the inbox, on a real database."""

import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from bot.model import Filing, FilingTransition, FilingVersion
from bot.rules.filing import MOVES
from bot.store.audit import first_broken_entry
from tests.handlers.conftest import people
from tests.handlers.words import said
from tests.office import Office

CONTACTS = {"环保协会": ("limin", "zhouyang"), "长安图书馆": ("chenjing", "zhouyang")}
AUTHORS = {"limin": "环保协会", "chenjing": "长安图书馆"}
DECIDING = ("wf", "czm", "lq")
EVERYBODY = ("limin", "zhouyang", "chenjing", *DECIDING, "third", "stranger")
OPEN = ("draft", "returned", "withdrawn")
STANDING = ("submitted", "accepted", "amended")
FORM = "活动名称：{name}\n时间：{day:%Y年%m月%d日}上午9点到11点\n地点：莞城文化广场\n人数：{count}\n联系人：李敏 13800138000"
NOISE = (
    "收到", "提交", "修改", "取消", "上一步", "跳过", "人数66", "时间改成下午两点到四点", "待审", "我的报备", "历史",
    "查 10月", "本周活动", "因天气原因", "切换单位", "1", "帮助", "=HYPERLINK(\"http://x\")", "\u202e取消", "报备",
)  # fmt: skip
# What people do next with a filing in each state, when all goes as it should.
SENSIBLE = {
    "draft": ("submit", "submit", "change"),
    "submitted": ("通过", "通过", "退回", "change", "submit", "withdraw"),
    "accepted": ("change", "change", "submit", "report", "withdraw"),
    "amended": ("通过", "退回", "change", "submit", "report"),
    "returned": ("change", "submit"),
    "withdrawn": ("change", "submit"),
    "cancelled": ("",),
    "reported": ("核验", "存疑", "report"),
    "queried": ("report", "核验"),
    "verified": ("", "", "存疑"),
}


@dataclass
class Expected:
    """What a filing should be by now."""

    unit: str
    start: Any
    state: str = "draft"
    count: int = 0
    pending: int | None = None
    versions: list[int] = field(default_factory=list)


class LifeOfFilings(RuleBasedStateMachine):
    """What each act should do is written here once more, in few words; the database has to agree after every step."""

    numbers = Bundle("numbers")
    template: Path

    @initialize(target=numbers)
    def open_office(self) -> Any:
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "life.db"
        shutil.copy(self.template, path)
        self.office = Office(f"sqlite:///{path}")
        people(self.office)
        self.expected: dict[str, Expected] = {}
        self.seen: dict[tuple[str, int], Any] = {}
        self.named = 0
        first, second = self.file("limin", 10, 20), self.file("chenjing", 12, 20)
        for number, who in ((first, "limin"), (second, "zhouyang")):
            self.submit(number, who, False)
        self.decide(first, "czm", "通过", False)
        return multiple(first, second)

    def teardown(self) -> None:
        if hasattr(self, "office"):
            self.office.close()
            self.folder.cleanup()

    @rule(target=numbers, who=st.sampled_from(sorted(AUTHORS)), ahead=st.integers(1, 14), count=st.integers(10, 20))
    def file(self, who: str, ahead: int, count: int) -> str:
        self.named += 1
        day = self.office.clock.now() + timedelta(days=ahead)
        self.tell(who, FORM.format(name=f"科普活动{'甲' * self.named}", day=day, count=count))
        number = f"2020-{len(self.office.rows(Filing)):04d}"
        start = day.replace(hour=9, minute=0, second=0, microsecond=0)
        self.expected[number] = Expected(AUTHORS[who], start, count=count)
        return number

    @rule(number=numbers, who=st.sampled_from(EVERYBODY), count=st.integers(10, 20))
    def change(self, number: str, who: str, count: int) -> None:
        one = self.expected[number]
        self.tell(who, f"修改 {number} 人数{count}")
        if who in CONTACTS[one.unit]:
            if one.state in OPEN:
                one.count = count
            elif one.state in STANDING:
                one.pending = count if count != one.count else None

    @rule(number=numbers, who=st.sampled_from(EVERYBODY), button=st.booleans())
    def submit(self, number: str, who: str, button: bool) -> None:
        one = self.expected[number]
        if button:
            self.office.click(who, f"filing.submit:{number}")
        elif "请说明逾期原因" in self.tell(who, f"提交 {number}"):
            self.tell(who, "场地刚定下来")
        # The reason may have been asked by the button.
        if who in CONTACTS[one.unit] and one.state in OPEN and self.row(number).state in OPEN:
            self.tell(who, f"修改 {number}")
            self.tell(who, "场地刚定下来")
            self.tell(who, f"提交 {number}")
        if who not in CONTACTS[one.unit]:
            return
        if one.state in OPEN:
            one.state = "submitted"
            one.versions.append(one.count)
        elif one.state in STANDING and one.pending is not None:
            one.count, one.pending = one.pending, None
            one.state = one.state if one.state == "submitted" else "amended"
            one.versions.append(one.count)
            one.start = self.row(number).start  # the hour too may have been changed, in bare words

    @rule(number=numbers, who=st.sampled_from(EVERYBODY))
    def withdraw(self, number: str, who: str) -> None:
        one = self.expected[number]
        self.tell(who, f"撤回 {number} 要改")
        if who in CONTACTS[one.unit] and one.state in STANDING:
            one.state, one.count, one.pending = "withdrawn", one.pending or one.count, None

    @rule(number=numbers, who=st.sampled_from(EVERYBODY), button=st.booleans(), reason=st.booleans())
    def cancel(self, number: str, who: str, button: bool, reason: bool) -> None:
        one = self.expected[number]
        if button:
            self.office.click(who, f"filing.cancel:{number}")
        else:
            self.tell(who, f"取消 {number}{' 因天气' if reason else ''}")
        if who not in CONTACTS[one.unit]:
            return
        if one.state in OPEN or (one.state in STANDING and reason and not button):
            one.state, one.pending = "cancelled", None
        elif one.state in STANDING and button:
            one.pending = None  # the button drops the amendment, if there is one; in words it is asked what is meant

    @rule(number=numbers, who=st.sampled_from(EVERYBODY), came=st.integers(1, 300))
    def report(self, number: str, who: str, came: int) -> None:
        one = self.expected[number]
        self.tell(who, f"总结 {number} 实到{came}人")
        begun = self.office.clock.now() >= one.start
        if who in CONTACTS[one.unit] and one.state in (*STANDING, "reported", "queried") and begun:
            one.state, one.pending = "reported", None

    @rule(
        number=numbers,
        who=st.sampled_from(EVERYBODY),
        act=st.sampled_from(["通过", "退回", "核验", "存疑"]),
        button=st.booleans(),
    )
    def decide(self, number: str, who: str, act: str, button: bool) -> None:
        one = self.expected[number]
        if button and act == "通过":
            self.office.click(who, f"filing.accept:{number}")
        else:
            self.tell(who, f"{act} {number}{' 请补充' if act in ('退回', '存疑') else ''}")
        if who not in DECIDING:
            return
        if act == "通过" and one.state in ("submitted", "amended"):
            one.state = "accepted"
        elif act == "退回" and one.state in ("submitted", "amended"):
            one.state, one.count, one.pending = "returned", one.pending or one.count, None
        elif act == "核验" and one.state in ("reported", "queried"):
            one.state = "verified"
        elif act == "存疑" and one.state in ("reported", "verified"):
            one.state = "queried"

    @rule(number=numbers, choice=st.integers(0, 11), count=st.integers(10, 20), unit=st.integers(0, 1))
    def the_right_person_does_the_next_thing(self, number: str, choice: int, count: int, unit: int) -> None:
        """Chance alone seldom gets a filing far: this one goes on from wherever it is."""
        one = self.expected[number]
        sensible = SENSIBLE[one.state]
        act, who = sensible[choice % len(sensible)], CONTACTS[one.unit][unit]
        if act == "change":
            self.change(number, who, count)
        elif act == "submit":
            self.submit(number, who, False)
        elif act == "withdraw":
            self.withdraw(number, who)
        elif act == "report":
            if self.office.clock.now() < one.start:
                self.office.at(one.start + timedelta(hours=2))
            self.report(number, who, count)
        elif act:
            self.decide(number, "czm", act, False)

    @rule(number=numbers, choice=st.integers(0, 11), count=st.integers(10, 20))
    def and_the_thing_after_that(self, number: str, choice: int, count: int) -> None:
        self.the_right_person_does_the_next_thing(number, choice, count, 0)
        self.the_right_person_does_the_next_thing(number, choice + 1, count, 1)

    @rule(hours=st.integers(1, 72))
    def time_passes(self, hours: int) -> None:
        self.office.at(self.office.clock.now() + timedelta(hours=hours))

    @rule(who=st.sampled_from(EVERYBODY), words=st.sampled_from(NOISE))
    def somebody_talks(self, who: str, words: str) -> None:
        """Bare words mean what the conversation is about; which, is tested elsewhere. Here only that all stays whole."""
        self.tell(who, words)
        if who in ("third", "stranger"):
            return  # whatever they say, nothing is another
        for number, one in self.expected.items():
            row = self.row(number)
            one.state, one.count, one.pending = row.state, row.attendance or 0, (row.pending or {}).get("attendance")
            one.start = row.start
            one.versions = [version.fields["attendance"] for version in self.versions(row)]

    @invariant()
    def filings_are_what_they_should_be(self) -> None:
        if not hasattr(self, "office"):
            return
        rows = {one.number: one for one in self.office.rows(Filing)}
        assert set(self.expected) <= set(rows)  # nothing is lost, no number changes
        for number, one in self.expected.items():
            row = rows[number]
            assert (row.state, row.attendance) == (one.state, one.count), number
            assert (row.pending or {}).get("attendance") == one.pending
            assert [version.fields["attendance"] for version in self.versions(row)] == one.versions

    @invariant()
    def records_are_whole_and_never_edited(self) -> None:
        if not hasattr(self, "office"):
            return
        for row in self.office.rows(Filing):
            versions = self.versions(row)
            assert [one.version for one in versions] == list(range(1, len(versions) + 1))
            steps = self.office.rows(FilingTransition, FilingTransition.filing_id == row.id)
            state = "draft"
            for step in steps:
                assert step.before == state
                assert step.after in MOVES[state]
                assert step.account_id is not None
                assert step.place
                state = step.after
            assert state == row.state
            if row.state in (*STANDING, "reported", "verified", "queried"):
                assert row.version == len(versions)
                assert versions[-1].fields["attendance"] == row.attendance
            for record in (*steps, *versions):
                columns = {name.name: getattr(record, name.name) for name in record.__table__.columns}
                assert self.seen.setdefault((type(record).__name__, record.id), columns) == columns
        with self.office.session() as session:
            assert first_broken_entry(session) is None

    def tell(self, who: str, words: str) -> str:
        answer = said(self.office, who, words)
        assert "处理这条消息时出了点问题" not in answer, words
        return answer

    def row(self, number: str) -> Filing:
        [one] = self.office.rows(Filing, Filing.number == number)
        return one  # type: ignore[no-any-return]

    def versions(self, row: Filing) -> list[FilingVersion]:
        return self.office.rows(FilingVersion, FilingVersion.filing_id == row.id)


def test_life_of_filings(migrated_file: Path) -> None:
    LifeOfFilings.template = migrated_file
    run_state_machine_as_test(
        LifeOfFilings,
        settings=settings(
            # Without shrinking: thirty steps can be read, and minutes of looking for fewer tell little more.
            phases=[Phase.generate],
            max_examples=10,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
