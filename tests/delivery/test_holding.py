"""A database that was restored or copied sends nothing until an operator says so."""

import asyncio
import json
import shutil
from pathlib import Path

import pytest

from bot.delivery import holding
from bot.model import AuditEntry, Delivery
from tests.delivery.post import Post, queue, reaches, row, running
from tests.office import Office

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def start(office: Office) -> str:
    """What a start of the bot does; gives why it is held, or nothing."""
    asyncio.run(holding.start(office.writer))
    with office.session() as session:
        return holding.why_held(session)


def backup(office: Office, path: Path) -> Path:
    """A real backup of the file, as the operator's guide says."""
    import sqlite3

    with sqlite3.connect(office.database.url.database) as source, sqlite3.connect(path) as target:
        source.backup(target)
    return path


def restored(office: Office, copy: Path, folder: Path) -> Office:
    """Another start on a copy of the database, with this storage folder."""
    made = Office(f"sqlite:///{copy}")
    shutil.rmtree(made.writer.files.folder)
    made.writer.files.folder = folder
    object.__setattr__(made.settings.storage, "folder", folder)
    return made


def test_first_start_and_every_usual_one_are_not_held(office: Office) -> None:
    assert [start(office) for _ in range(3)] == ["", "", ""]
    marker = holding.read_marker(office.settings.storage.folder)
    assert marker is not None
    assert marker.generation == 3


def test_database_of_an_earlier_version_is_not_held_at_its_first_start(office: Office) -> None:
    queue(office, "waits")
    assert start(office) == ""


def test_file_that_lags_behind_the_database_is_no_reason_to_hold(office: Office) -> None:
    start(office)
    marker = holding.read_marker(office.settings.storage.folder)
    assert marker is not None
    start(office)
    holding.write_marker(office.settings.storage.folder, marker)  # as after a crash between commit and file
    assert start(office) == ""


async def test_restored_backup_sends_nothing_until_it_is_released(office: Office, tmp_path: Path) -> None:
    await holding.start(office.writer)
    first = queue(office, "before")
    copy = backup(office, tmp_path / "backup.db")
    async with running(office, Post()):  # goes out after the backup was made
        await reaches(office, first, "sent")
    again = restored(office, copy, office.settings.storage.folder)
    try:
        await holding.start(again.writer)
        with again.session() as session:
            assert "从备份恢复" in holding.why_held(session)
            assert holding.waiting(session).deliveries == 1
        post = Post()
        async with running(again, post) as dispatcher:
            dispatcher.wake()
            await asyncio.sleep(0.2)
            assert (post.sent, row(again, first).state) == ([], "queued")
            assert await asyncio.to_thread(again.tick) == []
            answer = await asyncio.to_thread(again.say, "somebody", "帮助")
            assert answer is not None  # who writes is answered all the same
            marker = again.do(lambda work: holding.release(work, discard=True))
            holding.write_marker(again.settings.storage.folder, marker)
            new = queue(again, "after")
            await reaches(again, new, "sent")
        assert post.texts == ["after"]
        assert row(again, first).state == "recalled"
        assert "installation.release" in [one.action for one in again.rows(AuditEntry)]
        await holding.start(again.writer)
        with again.session() as session:
            assert not holding.is_held(session)
    finally:
        again.close()


def test_copied_database_is_held_where_it_stands_now(office: Office, tmp_path: Path) -> None:
    start(office)
    queue(office, "x")
    again = restored(office, backup(office, tmp_path / "copy.db"), tmp_path / "elsewhere")
    try:
        assert "复制来的" in start(again)
        assert "复制来的" in start(again)  # and stays so
    finally:
        again.close()


def test_release_without_discarding_keeps_what_waits(office: Office, tmp_path: Path) -> None:
    start(office)
    number = queue(office, "x")
    again = restored(office, backup(office, tmp_path / "copy.db"), tmp_path / "elsewhere")
    try:
        start(again)
        again.do(lambda work: holding.release(work, discard=False))
        assert [one.state for one in again.rows(Delivery, Delivery.id == number)] == ["queued"]
    finally:
        again.close()


def test_backup_from_before_generations_is_held_beside_a_file(office: Office, tmp_path: Path) -> None:
    queue(office, "x")
    copy = backup(office, tmp_path / "old.db")
    start(office)
    again = restored(office, copy, office.settings.storage.folder)
    try:
        assert "从备份恢复" in start(again)
    finally:
        again.close()


def test_marker_that_cannot_be_read_is_a_clear_sentence(office: Office) -> None:
    start(office)
    (office.settings.storage.folder / holding.MARKER).write_text(json.dumps({"name": 1}))
    with pytest.raises(Exception, match="kepu-bot release"):
        start(office)
