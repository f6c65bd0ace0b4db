"""The fetcher: what is pending is brought in, again and again where need be, but not for ever; also after a crash."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.documents.inspecting import Inspected
from bot.errors import PlatformError
from bot.intake.fetcher import AT_ONCE
from bot.messaging.types import OFFICIAL_ACCOUNT, WORK_GROUP
from bot.model import Attachment, AttachmentState
from bot.store import attachments
from bot.store.files import FileStore
from bot.store.unit_of_work import UnitOfWork
from tests.office import Office
from tests.photos import photo
from tests.post import Post

BUSY = PlatformError("busy", retry=True)


@pytest.fixture
def post(office: Office) -> Post:
    office.unit("环保协会")
    office.contact("limin", "李敏", "环保协会")
    office.contact("o-limin", "李敏", "环保协会", channel=OFFICIAL_ACCOUNT)
    return Post(office)


def states(post: Post) -> list[str]:
    return [row.state for row in post.rows()]


def test_fetch_that_fails_is_tried_again(post: Post) -> None:
    post.send("limin", [BUSY, BUSY, photo()])
    post.bring()
    (row,) = post.rows()
    assert (row.state, row.attempts) == (AttachmentState.KEPT, 2)
    assert len(post.shelves[WORK_GROUP].fetched) == 3


@pytest.mark.parametrize(
    ("account", "channel", "minutes", "state"),
    [
        ("limin", WORK_GROUP, 4, AttachmentState.PENDING),
        ("limin", WORK_GROUP, 5, AttachmentState.LOST),
        ("o-limin", OFFICIAL_ACCOUNT, 3 * 24 * 60 - 1, AttachmentState.PENDING),
        ("o-limin", OFFICIAL_ACCOUNT, 3 * 24 * 60, AttachmentState.LOST),
    ],
)
def test_fetch_is_given_up_when_the_platform_keeps_it_no_longer(
    post: Post, account: str, channel: str, minutes: int, state: AttachmentState
) -> None:
    post.send(account, BUSY, channel=channel)
    post.office.at(post.office.clock.moment + timedelta(minutes=minutes))
    tries = 2 if state == AttachmentState.PENDING else 1  # a second try shows that the first did not give up
    post.bring(lambda: post.rows()[0].attempts >= tries and states(post) == [state])


def test_what_is_old_is_tried_once_all_the_same(post: Post) -> None:
    """After a long stop the platform may still have it: asking costs nothing."""
    post.send("limin", photo())
    post.office.at("2020-10-12T18:00:00")
    post.bring()
    assert states(post) == [AttachmentState.KEPT]


def test_fault_that_no_channel_should_raise_is_tried_again_and_not_for_ever(post: Post) -> None:
    post.send("limin", [KeyError("a bug"), photo()])
    post.bring()
    assert states(post) == [AttachmentState.KEPT]
    post.send("limin", KeyError("a bug"))
    post.office.at("2020-10-12T10:06:00")
    post.bring()
    assert states(post) == [AttachmentState.KEPT, AttachmentState.LOST]


def test_refusal_for_good_is_not_tried_again(post: Post) -> None:
    post.send("limin", PlatformError("gone", code=40007))
    post.bring()
    assert states(post) == [AttachmentState.LOST]
    assert len(post.shelves[WORK_GROUP].fetched) == 1


def test_what_is_put_off_does_not_hold_up_the_rest(post: Post) -> None:
    post.send("limin", BUSY)
    post.send("limin", photo())
    post.bring(lambda: AttachmentState.KEPT in states(post), first_wait=60.0)
    assert states(post) == [AttachmentState.PENDING, AttachmentState.KEPT]


def test_channel_that_is_no_longer_configured_loses_what_it_had(post: Post) -> None:
    post.send("limin", photo())
    del post.shelves[WORK_GROUP]
    post.bring()
    assert states(post) == [AttachmentState.LOST]


def test_few_are_fetched_at_once(post: Post) -> None:
    post.send("limin", *[photo()] * 9)
    post.bring()
    assert states(post) == [AttachmentState.KEPT] * 9
    assert 1 < post.shelves[WORK_GROUP].most_at_once <= AT_ONCE


def test_fault_of_ours_does_not_lose_the_photo(post: Post) -> None:
    faults = [RuntimeError("a bug"), RuntimeError("another")]

    def settle(work: UnitOfWork, row: Attachment, found: Inspected | None) -> None:
        if faults:
            raise faults.pop()

    shaky = Post(post.office, settle)
    shaky.send("limin", photo())
    shaky.bring()
    assert states(shaky) == [AttachmentState.KEPT]
    assert faults == []


def test_photo_that_was_given_up_meanwhile_leaves_nothing(post: Post) -> None:
    """Its row is removed while its bytes are under way."""
    removed = []
    put = FileStore.put

    def remove_then_put(self: FileStore, content: bytes) -> str:
        if not removed:
            removed.append(post.office.do(lambda work: attachments.remove(work, work.session.query(Attachment).all())))
        return put(self, content)

    post.send("limin", photo())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FileStore, "put", remove_then_put)
        post.bring(lambda: bool(removed) and not list(post.office.writer.files.folder.glob("??/*")))
    assert post.rows() == []


def test_content_removed_for_another_row_at_the_same_moment_is_put_back(post: Post) -> None:
    files = post.office.writer.files

    def settle(work: UnitOfWork, row: Attachment, found: Inspected | None) -> None:
        work.unwanted.append(row.sha256)  # as an erasure in the same batch would, that looked before this row was there

    unlucky = Post(post.office, settle)
    unlucky.send("limin", photo())
    removed: list[bool] = []
    forget = FileStore.forget

    def noted(self: FileStore, digest: str) -> None:
        forget(self, digest)
        removed.append(not self.has(digest))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FileStore, "forget", noted)
        unlucky.bring(lambda: removed == [True] and files.has(unlucky.rows()[0].sha256))


def test_wake_starts_at_once_and_a_stop_leaves_the_rest_pending(post: Post) -> None:
    from bot.intake.fetcher import Fetcher

    async def journey() -> None:
        fetcher = Fetcher(post.office.writer, post.shelves, lambda *_: None, sweep_seconds=60.0)
        post.office.writer.on_commit(fetcher.wake)
        running = asyncio.create_task(fetcher.run())
        await asyncio.sleep(0.1)  # it has looked, and sleeps until the sweep
        await asyncio.to_thread(post.send, "limin", photo())
        async with asyncio.timeout(10):
            while AttachmentState.KEPT not in states(post):  # noqa: ASYNC110 - the row is in a database
                await asyncio.sleep(0.02)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await asyncio.to_thread(post.send, "limin", photo(2))

    asyncio.run(journey())
    assert states(post) == [AttachmentState.KEPT, AttachmentState.PENDING]
    post.bring()  # the next start
    assert states(post) == [AttachmentState.KEPT] * 2


def test_nothing_personal_is_logged(post: Post, logged: Any) -> None:
    post.send("limin", [BUSY, photo()], name="李敏13800138000.jpg")
    post.send("limin", b"MZ", name="名单13800138000.xlsx", kind="file")
    post.bring()
    assert "attachment_settled" in logged.text
    for secret in ("13800138000", "李敏", "thing 1", "limin"):
        assert secret not in logged.text
