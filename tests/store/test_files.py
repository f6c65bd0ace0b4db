"""The file store: each content once, whole or not at all, read by nobody else, and gone when nobody wants it."""

import hashlib
import os
import stat
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.model import Account, Attachment, Link
from bot.store import attachments
from bot.store.files import FileStore
from bot.store.unit_of_work import UnitOfWork
from tests.office import Office


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


def age(files: FileStore, name: str, days: int) -> Path:
    path = files.folder / name[:2] / name
    then = time.time() - days * 86400
    os.utime(path, (then, then))
    return path


def test_content_is_kept_once_under_its_own_name(files: FileStore) -> None:
    name = files.put(b"photo")
    assert name == hashlib.sha256(b"photo").hexdigest() == files.put(b"photo")
    assert files.get(name) == b"photo"
    assert len(list(files.folder.glob("??/*"))) == 1


def test_nobody_else_on_the_machine_may_read_it(files: FileStore) -> None:
    name = files.put(b"photo")
    assert stat.S_IMODE((files.folder / name[:2] / name).stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "g" * 64, "a" * 63, "a" * 64 + "/../x"])
def test_name_that_is_no_digest_is_no_file(files: FileStore, name: str) -> None:
    with pytest.raises(FileNotFoundError):
        files.get(name)
    with pytest.raises(FileNotFoundError):
        files.forget(name)


def test_what_is_forgotten_is_gone_and_may_be_forgotten_again(files: FileStore) -> None:
    name = files.put(b"photo")
    files.forget(name)
    files.forget(name)
    assert not files.has(name)


def test_sweep_takes_what_is_old_and_wanted_by_nobody(files: FileStore) -> None:
    old, wanted, fresh, renewed = (files.put(one) for one in (b"old", b"wanted", b"fresh", b"renewed"))
    half = age(files, old, 9).with_name(f"{old}.abcd.tmp")
    half.write_bytes(b"o")
    os.utime(half, (0, 0))
    age(files, wanted, 9)
    age(files, renewed, 9)
    files.put(b"renewed")
    assert files.sweep(datetime.now(UTC) - timedelta(days=8), {wanted}) == 2
    assert [files.has(one) for one in (old, wanted, fresh, renewed)] == [False, True, True, True]
    assert not half.exists()


def test_sweep_of_a_folder_that_was_never_made_finds_nothing(files: FileStore) -> None:
    assert files.sweep(datetime.now(UTC), ()) == 0


def row(work: UnitOfWork, message_id: str, **names: str) -> Attachment:
    account = work.session.query(Account).first()
    if account is None:
        account = Account(channel="work_group", external_id="limin", first_seen_at=work.now)
        work.session.add(account)
        work.session.flush()
    made = Attachment(
        account_id=account.id, channel="work_group", message_id=message_id, kind="image", state="kept",
        created_at=work.now, **names,
    )  # fmt: skip
    work.session.add(made)
    work.session.flush()
    return made


def test_bytes_of_a_removed_row_stay_while_another_row_or_a_link_has_them(office: Office) -> None:
    files = office.writer.files
    shared, linked, own = (files.put(one) for one in (b"shared", b"linked", b"own"))

    def lay_out(work: UnitOfWork) -> None:
        row(work, "1", sha256=shared, shown_sha256=linked, thumb_sha256=own)
        row(work, "2", thumb_sha256=shared)
        work.session.add(Link(secret_hash="x", purpose="file", sha256=linked, created_at=work.now))

    office.do(lay_out)
    office.do(lambda work: attachments.remove(work, [work.session.query(Attachment).filter_by(message_id="1").one()]))
    assert [files.has(one) for one in (shared, linked, own)] == [True, True, False]


def test_bytes_stay_where_the_removal_is_undone(office: Office) -> None:
    name = office.writer.files.put(b"photo")
    office.do(lambda work: row(work, "1", sha256=name).id)

    def fail(work: UnitOfWork) -> None:
        attachments.remove(work, work.session.query(Attachment).all())
        raise RuntimeError

    with pytest.raises(RuntimeError):
        office.do(fail)
    assert office.writer.files.has(name)
    assert len(office.rows(Attachment)) == 1


def test_night_takes_what_no_row_names_and_old_unassigned_rows(office: Office) -> None:
    files = office.writer.files
    office.tick()
    orphan, kept = files.put(b"orphan"), files.put(b"kept")
    for name in (orphan, kept):
        os.utime(files.folder / name[:2] / name, (0, 0))
    office.at("2020-10-20T03:31:00")
    office.do(lambda work: row(work, "1", sha256=kept).id)
    office.tick()
    assert [files.has(orphan), files.has(kept)] == [False, True]
