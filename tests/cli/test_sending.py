"""``release`` and ``notice progress``, as an operator types them."""

import sqlite3

import pytest

from tests.cli.shell import Shell

NOTICE = (
    "INSERT INTO notice (id, kind, title, body, state, public, acknowledge, link, version, deliverable, files,"
    " cover_sha256, reason, paused_why, created_at) VALUES (1, '通知', 't', 'b', 'sent', 0, 0, '', 1, '', '[]', '', '',"
    " '', '2020-01-01 00:00:00')"
)
DELIVERY = (
    "INSERT INTO delivery (purpose, channel, lane, method, recipient, content, state, notice_id, dedupe_key, attempts,"
    " urgent, not_before, pace_key, platform_id, error, claimed_by, created_at) VALUES ('notice', 'x', 'x', 'push',"
    " 'r', '{}', ?, 1, ?, 0, 0, '2020-01-01 00:00:00', '', '', '', '', '2020-01-01 00:00:00')"
)


@pytest.fixture
def sent(shell: Shell) -> Shell:
    """A folder with a notice of which half is sent."""
    with sqlite3.connect(shell.folder / "kepu.db") as database:
        database.execute(NOTICE)
        for at, state in enumerate(("sent", "sent", "queued", "ambiguous")):
            database.execute(DELIVERY, (state, f"k{at}"))
    return shell


def test_progress_shows_a_bar_and_the_counts(sent: Shell) -> None:
    printed = sent.run("notice", "progress", "1", "--once")
    assert "75%  已发 2/4" in printed
    assert "待确认 1" in printed
    assert "没有通知 9" in sent.run("notice", "progress", "9", code=2)


def test_release_says_why_it_is_held_what_waits_and_lets_it_send(sent: Shell) -> None:
    assert "不用放行" in sent.run("release", "--yes", code=2)
    with sqlite3.connect(sent.folder / "kepu.db") as database:
        database.execute(
            "INSERT INTO installation (id, name, generation, held_at, held_why)"
            " VALUES (1, 'n', 4, '2020-10-12 02:00:00', '数据库可能是从备份恢复的')"
        )
    assert "已停止发送" in sent.run("doctor", code=2)
    sent.run("release", code=1)  # nobody says yes
    printed = sent.run("release", "--yes", "--discard")
    assert "数据库可能是从备份恢复的" in printed
    assert "待发 1 条" in printed
    assert "已放行" in printed
    with sqlite3.connect(sent.folder / "kepu.db") as database:
        assert database.execute("SELECT held_at FROM installation").fetchone() == (None,)
        assert database.execute("SELECT count(*) FROM delivery WHERE state = 'recalled'").fetchone() == (1,)
        assert database.execute("SELECT action FROM audit_entry").fetchall()[-1] == ("installation.release",)
    assert (sent.folder / "kepu-files" / "installation.json").exists()
