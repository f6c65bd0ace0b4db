"""The life of notices, whatever anybody says in whatever order: through the inbox, on a real database, to a platform.

Never sent unreviewed unless urgent with a reason; never approved by who wrote it; a changed text is reviewed anew; what
was sent is not sent again, whoever pauses and goes on; nothing goes before its hour, or after it was called back.
"""

import random
import shutil
import tempfile
from collections import Counter
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
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.delivery.claiming import due_lanes, take
from bot.delivery.results import Result, record
from bot.errors import PlatformError
from bot.messaging.types import OFFICIAL_ACCOUNT, WORK_GROUP
from bot.model import Delivery, Notice, NoticeReview, NoticeVersion, Person
from bot.store.unit_of_work import UnitOfWork
from schedules.notices import send_timed_notices
from tests.delivery.post import Post
from tests.handlers.conftest import people
from tests.handlers.words import said
from tests.office import Office

NAMES = {"wf": "王芳", "czm": "陈志明", "lq": "刘倩"}
WRITING, APPROVING = ("wf", "czm", "lq"), ("czm", "lq")
EVERYBODY = (*WRITING, "third", "limin")
STEPS = {"通知": 1, "立项公示": 2, "紧急": 0}
ACTS = ("rewrite", "submit", "approve", "approve", "return", "time", "暂停", "继续", "撤回", "send", "cancel")
SENSIBLE = {
    "draft": ("submit", "submit", "rewrite", "time"),
    "submitted": ("approve", "approve", "own", "return", "time"),
    "returned": ("rewrite", "submit"),
    "scheduled": ("wait", "wait", "time", "post"),
    "sent": ("post", "pause", "pause", "recall"),
    "paused": ("resume", "post"),
    "cancelled": ("post",),
    "withdrawn": ("post",),
}


class LifeOfNotices(RuleBasedStateMachine):
    numbers = Bundle("numbers")
    template: Path

    @initialize(target=numbers)
    def open_office(self) -> Any:
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "life.db"
        shutil.copy(self.template, path)
        steps = [{"kind": kind, "steps": count} for kind, count in STEPS.items() if count != 1]
        self.office = Office(f"sqlite:///{path}", {"notices": {"review": steps}})
        people(self.office)
        self.channels = {name: Post(name) for name in (WORK_GROUP, OFFICIAL_ACCOUNT)}
        self.jitter = random.Random(1)
        self.words = 0
        self.writers: dict[int, str] = {}  # who wrote what it says now
        self.submitted: dict[tuple[int, int], str] = {}  # who had written a version that was submitted
        self.posted: Counter[int] = Counter()
        with self.office.session() as session:
            self.ids = {one.name: one.id for one in session.query(Person)}
        out, halfway = self.write("wf", "通知"), self.write("wf", "立项公示")
        for number in (out, halfway):
            self.submit(number, "wf", "")
            self.approve(number, "czm", False)
        waiting, urgent = self.write("czm", "通知"), self.write("lq", "紧急")
        self.submit(waiting, "czm", "")
        self.post(2, False)  # of five
        return multiple(out, halfway, waiting, urgent)

    def teardown(self) -> None:
        if hasattr(self, "office"):
            self.office.close()
            self.folder.cleanup()

    @precondition(lambda self: len(self.writers) < 6)
    @rule(target=numbers, who=st.sampled_from(WRITING), kind=st.sampled_from(sorted(STEPS)))
    def write(self, who: str, kind: str) -> int:
        self.tell(who, f"广播 {kind}：{self.text()}")
        number = int(self.office.rows(Notice)[-1].id)
        self.writers[number] = who
        return number

    def rewrite(self, number: int, who: str) -> None:
        before = self.row(number)
        self.tell(who, f"改通知 {number} {self.text()}")
        if self.row(number).body != before.body:
            assert who in WRITING
            assert before.state in ("draft", "returned")
            self.writers[number] = who

    def submit(self, number: int, who: str, reason: str) -> None:
        before = self.row(number)
        answer = self.click(who, f"notice.submit:{number}")
        if "请回复原因" in answer and reason:
            self.tell(who, reason)
        after = self.row(number)
        if after.state != before.state:
            assert who in WRITING
            self.submitted[number, after.version] = self.writers[number]

    def approve(self, number: int, who: str, button: bool) -> None:
        if button:
            self.click(who, f"notice.approve:{number}")
        else:
            self.tell(who, f"批准 {number}")

    def give_back(self, number: int, who: str) -> None:
        self.tell(who, f"退回通知 {number} 请改")

    def time(self, number: int, who: str, hours: int) -> None:
        hour = self.office.clock.now() + timedelta(hours=hours)
        self.tell(who, f"定时 {number} {hour:%Y年%m月%d日 %H:%M}")

    def hold(self, number: int, who: str, act: str) -> None:
        self.tell(who, f"{act} {number}")

    def decide_on_a_late_one(self, number: int, who: str, verb: str) -> None:
        before = self.row(number)
        self.click(who, f"notice.late:{verb}:{number}")
        if self.row(number).state != before.state:
            assert who in APPROVING
            assert before.state == "scheduled"

    @rule(number=numbers, who=st.sampled_from(EVERYBODY), act=st.sampled_from(ACTS), hours=st.integers(-1, 30))
    def anybody_does_anything(self, number: int, who: str, act: str, hours: int) -> None:
        if act in ("暂停", "继续", "撤回"):
            self.hold(number, who, act)
        elif act in ("send", "cancel"):
            self.decide_on_a_late_one(number, who, act)
        elif act == "approve":
            self.approve(number, who, hours % 2 == 0)
        elif act == "submit":
            self.submit(number, who, "台风预警已升级" if hours % 2 else "")
        elif act == "time":
            self.time(number, who, hours)
        elif act == "return":
            self.give_back(number, who)
        else:
            self.rewrite(number, who)

    @rule(minutes=st.sampled_from([1, 60, 600, 1500]))
    def time_passes(self, minutes: int) -> None:
        self.office.at(self.office.clock.now() + timedelta(minutes=minutes))
        self.office.do(lambda work: send_timed_notices(work, work.now))

    @rule(most=st.integers(1, 4), busy=st.booleans())
    def post(self, most: int, busy: bool) -> None:
        """Some of what is due goes, one at a time, and is taken, or the platform is busy."""
        for _ in range(most):
            for lane in self.office.do(lambda work: due_lanes(work, ())[0]):
                self.office.do(lambda work, lane=lane: self._post(work, lane, busy))

    @rule(number=numbers, choice=st.integers(0, 9), other=st.booleans())
    def the_right_person_does_the_next_thing(self, number: int, choice: int, other: bool) -> None:
        """Chance alone seldom gets a notice far: this one goes on from wherever it is."""
        sensible = SENSIBLE[self.row(number).state]
        act, writer = sensible[choice % len(sensible)], self.writers[number]
        colleague = next(one for one in (APPROVING[::-1] if other else APPROVING) if one != writer)
        if act == "post":
            self.post(2, False)
        elif act == "wait":
            self.time_passes(600)
        elif act == "time":
            self.time(number, writer, 5)
        elif act == "submit":
            self.submit(number, writer, "台风预警已升级")
        elif act == "rewrite":
            self.rewrite(number, writer)
        elif act == "return":
            self.give_back(number, colleague)
        elif act in ("approve", "own"):
            self.approve(number, writer if act == "own" else colleague, other)
        else:
            self.hold(number, colleague, {"pause": "暂停", "resume": "继续", "recall": "撤回"}[act])

    @rule(number=numbers, choices=st.lists(st.integers(0, 9), min_size=2, max_size=5))
    def and_the_things_after_that(self, number: int, choices: list[int]) -> None:
        for at, choice in enumerate(choices):
            self.the_right_person_does_the_next_thing(number, choice, bool(at % 2))

    @rule(number=numbers)
    def it_comes_back_is_changed_and_looked_at_anew(self, number: int) -> None:
        writer = self.writers[number]
        self.give_back(number, next(one for one in APPROVING if one != writer))
        self.rewrite(number, writer)
        self.submit(number, writer, "")
        self.approve(number, "lq", False)

    @rule(number=numbers, between=st.booleans())
    def somebody_pauses_and_goes_on(self, number: int, between: bool) -> None:
        self.hold(number, "czm", "暂停")
        if between:
            self.post(2, False)
        self.hold(number, "lq", "继续")
        self.post(2, False)

    @invariant()
    def what_goes_out_was_reviewed_as_it_goes_or_is_urgent_with_a_reason(self) -> None:
        for notice in self.rows(Notice):
            rows = self.rows(Delivery, Delivery.notice_id == notice.id, Delivery.purpose == "notice")
            out = notice.sent_at is not None
            assert bool(rows) == out
            if not out and notice.state != "scheduled":
                continue
            [version] = self.rows(
                NoticeVersion, NoticeVersion.notice_id == notice.id, NoticeVersion.version == notice.version
            )
            assert version.fields["body"] == notice.body
            assert all(notice.body.partition("{{")[0] in one.content["text"] for one in rows)
            of_version = (NoticeReview.notice_id == notice.id, NoticeReview.version == notice.version)
            reviews = self.rows(NoticeReview, *of_version)
            assert all(one.approved for one in reviews)
            assert len(reviews) == STEPS[notice.kind]
            assert reviews or (notice.kind == "紧急" and notice.reason)

    @invariant()
    def nobody_approves_the_own_words_or_twice(self) -> None:
        names = {number: name for name, number in getattr(self, "ids", {}).items()}
        by_version: dict[tuple[int, int], list[str]] = {}
        for one in self.rows(NoticeReview):
            if one.approved:
                by_version.setdefault((one.notice_id, one.version), []).append(names[one.person_id])
        for version, who in by_version.items():
            assert len(set(who)) == len(who)
            assert NAMES[self.submitted[version]] not in who
            assert all(name in (NAMES[one] for one in APPROVING) for name in who)

    @invariant()
    def nothing_is_sent_twice(self) -> None:
        assert all(count == 1 for count in getattr(self, "posted", {}).values())

    def _post(self, work: UnitOfWork, lane: str, busy: bool) -> None:
        taken = take(work, lane, self.channels, by="test", under_way=0, wide=False)
        for claim in taken.claims:
            row = work.session.get_one(Delivery, claim.delivery_id)
            if row.notice_id is not None and row.purpose == "notice":
                notice = work.session.get_one(Notice, row.notice_id)
                assert notice.state == "sent"  # neither paused nor called back
                assert notice.scheduled_at is None or notice.scheduled_at <= work.now
            if not busy:
                self.posted[claim.delivery_id] += 1
        fault = PlatformError("系统繁忙", retry=True) if busy else None
        results = [Result(claim.delivery_id, fault) for claim in taken.claims]
        record(work, results, by="test", jitter=self.jitter)

    def rows(self, table: Any, *where: Any) -> list[Any]:
        return self.office.rows(table, *where) if hasattr(self, "office") else []

    def row(self, number: int) -> Notice:
        [one] = self.office.rows(Notice, Notice.id == number)
        return one  # type: ignore[no-any-return]

    def text(self) -> str:
        self.words += 1
        return f"第{self.words}次写给{{{{单位}}}}的正文。"

    def tell(self, who: str, words: str) -> str:
        answer = said(self.office, who, words)
        assert "处理这条消息时出了点问题" not in answer, words
        return answer

    def click(self, who: str, key: str) -> str:
        answer = self.office.click(who, key)
        assert answer is None or "处理这条消息时出了点问题" not in answer.text, key
        return answer.text if answer else ""


def test_life_of_notices(migrated_file: Path) -> None:
    LifeOfNotices.template = migrated_file
    run_state_machine_as_test(
        LifeOfNotices,
        settings=settings(
            # Without shrinking: so few steps can be read, and minutes of looking for fewer tell little more.
            phases=[Phase.generate],
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
