"""Two processes decide on one filing at the same moment: one of them is first, and the other is told."""

import threading

import pytest

from bot.model import Filing, FilingTransition, FilingVersion
from bot.store.audit import first_broken_entry
from tests.handlers.conftest import people
from tests.handlers.words import filed, said
from tests.office import Office

ROUNDS = 6


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("czm", "通过 {}"), ("lq", "退回 {} 请补充")),
        (("czm", "通过 {}"), ("limin", "撤回 {} 有变化")),
        (("limin", "取消 {} 因天气"), ("zhouyang", "撤回 {} 有变化")),
        (("czm", "通过 {}"), ("limin", "提交 {}")),  # of an amendment under way
    ],
)
def test_two_who_decide_at_once_leave_one_chain(
    database_url: str, first: tuple[str, str], second: tuple[str, str]
) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("several processes write to PostgreSQL only")
    offices = [Office(database_url), Office(database_url)]
    offices[1]._next_message = 100_000
    people(offices[0])
    for number in [filed(offices[0], _text(day)) for day in range(19, 19 + ROUNDS)]:
        said(offices[0], "limin", f"修改 {number} 人数150")
        together = threading.Barrier(2)
        threads = [
            threading.Thread(target=_say, args=(office, together, who, words.format(number)))
            for office, (who, words) in zip(offices, (first, second), strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for filing in offices[0].rows(Filing):
        steps = offices[0].rows(FilingTransition, FilingTransition.filing_id == filing.id)
        states = ["draft", *[one.after for one in steps]]
        assert [one.before for one in steps] == states[:-1]
        assert states[-1] == filing.state
        versions = offices[0].rows(FilingVersion, FilingVersion.filing_id == filing.id)
        assert [one.version for one in versions] == list(range(1, len(versions) + 1))
        if filing.state == "accepted":  # then what was accepted is the newest version
            assert versions[-1].fields["attendance"] == filing.attendance
    with offices[0].session() as session:
        assert first_broken_entry(session) is None
    for office in offices:
        office.close()


def _say(office: Office, together: threading.Barrier, who: str, words: str) -> None:
    together.wait()
    assert "处理这条消息时出了点问题" not in said(office, who, words)


def _text(day: int) -> str:
    return f"报备：10月{day}日上午9:00-11:30，莞城文化广场，第{day}场讲座，预计120人，负责人李敏 13800138000"
