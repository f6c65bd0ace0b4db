"""«看板图 12»: a picture of the board, to whoever asks or into the work group; the link for one's own eyes."""

import io

import pytest
from PIL import Image

from bot.delivery.standing import Stage, standings
from bot.documents import fonts
from bot.messaging.types import OFFICIAL_ACCOUNT
from bot.model import Acknowledgement, Notice
from tests.handlers.words import said, text_of
from tests.office import GROUP, Office
from tests.schedules.year import china, notice

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # a picture, not rows


@pytest.fixture
def asking(town: Office) -> Office:
    notice(town, acknowledge=True, deadline=china("2020-10-14T18:00"), deliverable="三季度进度表")
    return town


needs_font = pytest.mark.skipif(fonts.find() is None, reason="no font with Chinese characters is installed here")


def sent_pictures(office: Office) -> list[tuple[str, str]]:
    rows = [one for one in office.outbox(state=None) if one.content["file"]]
    for row in rows:
        assert row.content["file"]["kind"] == "image"
        held = office.writer.files.get(row.content["file"]["sha256"])
        assert Image.open(io.BytesIO(held)).format == "PNG"
    return [(row.recipient, row.content["file"]["name"]) for row in rows]


@needs_font
def test_picture_goes_to_whoever_asks_and_into_the_group_on_demand(asking: Office) -> None:
    assert "随后发给您" in said(asking, "third", "看板图 1")
    assert sent_pictures(asking) == [("third", "通知1看板.png")]
    assert "正在发到项目工作群" in said(asking, "wf", "看板图 1 发群")
    assert sent_pictures(asking)[1:] == [(GROUP, "通知1看板.png")]
    said_there = [one.content["text"] for one in asking.outbox("reminder", None) if one.recipient == GROUP]
    assert "请还没有办理的单位抓紧" in said_there[0]


@needs_font
def test_picture_waits_for_the_end_of_the_quiet_hours(asking: Office) -> None:
    asking.at("2020-10-12T22:00")
    assert "将在 10月13日 08:00（免打扰结束后）发到项目工作群" in said(asking, "wf", "看板图 1 发群")
    assert {one.not_before for one in asking.outbox("reminder", None)} == {china("2020-10-13T08:00")}


@pytest.mark.parametrize(
    ("who", "words", "answer"),
    [
        ("third", "看板图 1 发群", "只能查看"),
        ("wf", "看板图", "请写明要求回执的通知编号"),
        ("wf", "看板图 99", "请写明要求回执的通知编号"),
        ("wf", "看板图 1 给李敏", "请这样写：看板图 12"),
    ],
)
@needs_font
def test_picture_that_is_not_sent_is_answered_with_what_to_do(
    asking: Office, who: str, words: str, answer: str
) -> None:
    assert answer in said(asking, who, words)
    assert sent_pictures(asking) == []


@needs_font
@pytest.mark.parametrize("state", ["draft", "submitted", "scheduled", "returned", "cancelled", "withdrawn"])
def test_board_of_what_is_not_out_stays_out_of_the_group(asking: Office, state: str) -> None:
    asking.do(lambda work: setattr(work.session.get_one(Notice, 1), "state", state))
    assert "不能发到工作群" in said(asking, "wf", "看板图 1 发群")
    assert sent_pictures(asking) == []


def test_picture_is_asked_for_privately_and_by_staff(asking: Office) -> None:
    assert "私聊" in text_of(asking.say("wf", "看板图 1", chat=GROUP))
    said(asking, "limin", "看板图 1")
    assert sent_pictures(asking) == []


def test_office_without_a_font_is_told_the_way_round_it(asking: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.documents.fonts.find", lambda _: None)
    assert "没有可用的中文字体" in said(asking, "wf", "看板图 1")
    assert "回复“看板 1”" in said(asking, "wf", "看板图 1")


@needs_font
def test_picture_on_the_official_account_is_a_link(asking: Office) -> None:
    asking.staff("o", "邓工", "viewer")
    asking.contact("oDeng", "邓工", channel=OFFICIAL_ACCOUNT)

    def same_person(work: object) -> None:
        from bot.model import Account

        session = work.session  # type: ignore[attr-defined]
        mine = session.query(Account).filter_by(external_id="o").one()
        session.query(Account).filter_by(external_id="oDeng").update({"person_id": mine.person_id})

    asking.do(same_person)
    text_of(asking.say("oDeng", "看板图 1", channel=OFFICIAL_ACCOUNT))
    assert "/d/" in asking.outbox("answer", None)[-1].content["text"]


def test_units_stand_by_how_far_they_have_come(asking: Office) -> None:
    def stages() -> dict[str, tuple[str, bool]]:
        def act(work: object) -> dict[str, tuple[str, bool]]:
            session, now = work.session, work.now  # type: ignore[attr-defined]
            return {one.unit: (one.stage, one.late) for one in standings(session, session.get(Notice, 1), now)}

        found: dict[str, tuple[str, bool]] = asking.do(act)
        return found

    assert set(stages().values()) == {(Stage.UNSEEN, False)}
    asking.do(lambda work: work.session.query(Acknowledgement).update({"seen_at": work.now}))
    said(asking, "chenjing", "收到")
    assert stages() == {"环保协会": (Stage.SEEN, False), "长安图书馆": (Stage.ANSWERED, False)}
    asking.at("2020-10-15T10:00")
    said(asking, "limin", "交 1 https://example.org/a")
    assert stages() == {"环保协会": (Stage.DONE, True), "长安图书馆": (Stage.ANSWERED, True)}
