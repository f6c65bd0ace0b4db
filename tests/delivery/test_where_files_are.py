"""What followers and contacts are told of a notice's files: where to fetch them, where they can; and previews say the same."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.delivery import forms
from bot.delivery import notices as planning
from bot.delivery.previews import forms_of
from bot.messaging.types import OFFICIAL_ACCOUNT, Content
from bot.model import Account, Delivery, Notice, NoticeState
from bot.store.unit_of_work import UnitOfWork
from tests.office import Office
from tests.photos import photo

BASE = "https://bot.example.org"
THEIRS = "https://kx.example.org/apply"
LONG = "一、申报条件：在本市登记的单位均可申报，每个单位限报一项，材料须加盖公章。\n\n" * 30
ASKED_FOR = "附件请向市科协索取。"

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def office(make_office: Callable[..., Office], base: str) -> Office:
    made = make_office({"server": {"public_url": base}})
    made.unit("甲协会")
    made.contact("oChen", "陈静", "甲协会", channel=OFFICIAL_ACCOUNT)

    def follow(work: UnitOfWork) -> None:
        for openid in ("oAmy", "oBob"):
            held: dict[str, Any] = {"first_seen_at": work.now, "last_action_at": work.now, "following": True}
            work.session.add(Account(channel=OFFICIAL_ACCOUNT, external_id=openid, **held))

    made.do(follow)
    return made


@pytest.fixture
def base() -> str:
    return BASE


def _draft(office: Office, *, picture: bool = False, **fields: Any) -> int:
    def act(work: UnitOfWork) -> int:
        kept = [{"sha256": "f" * 64, "name": "进度表.xlsx", "kind": "file", "mime": "", "size": 1}]
        if picture:
            kept.append({"sha256": work.files.put(photo()), "name": "海报.jpg", "kind": "image", "mime": "", "size": 1})
        held = {"body": "请查收。", "state": NoticeState.SUBMITTED, "files": kept} | fields
        notice = Notice(kind="通知", title="报送", created_at=work.now, **held)
        work.session.add(notice)
        work.session.flush()
        return notice.id

    return int(office.do(act))


def _previewed(office: Office, number: int) -> dict[str, list[str]]:
    """The name of each form → its texts."""

    def act(work: UnitOfWork) -> dict[str, list[str]]:
        notice = work.session.get_one(Notice, number)
        return {one.name: one.texts for one in forms_of(work, notice, planning.preview(work, notice))}

    found: dict[str, list[str]] = office.do(act)
    return found


def _told(office: Office, number: int, recipient: str) -> str:
    """What this openid reads."""
    office.do(lambda work: planning.send(work, work.session.get_one(Notice, number)))
    [row] = office.rows(Delivery, Delivery.notice_id == number, Delivery.recipient == recipient)
    return forms.shown(Content.from_json(row.content), row.channel, row.method)


def test_follower_of_a_public_notice_is_led_to_its_page(office: Office) -> None:
    number = _draft(office, public=True)
    previewed = _previewed(office, number)["公众号"]
    text = _told(office, number, "oAmy")
    assert f"详情：{BASE}/notices/{number}\n" in text
    assert text.endswith("附件：\n1 进度表.xlsx\n打开上面的链接可下载附件。")
    assert previewed == [text]


def test_page_is_named_beside_a_link_to_another_place(office: Office) -> None:
    number = _draft(office, public=True, link=THEIRS)
    previewed = _previewed(office, number)["公众号"]
    text = _told(office, number, "oAmy")
    assert f"详情：{THEIRS}\n" in text
    assert text.endswith(f"1 进度表.xlsx\n附件下载：{BASE}/notices/{number}")
    assert previewed == [text]


def test_contact_fetches_the_files_of_a_notice_that_is_not_public_from_their_own_page(office: Office) -> None:
    number = _draft(office, acknowledge=True)
    [previewed] = _previewed(office, number)["公众号"]
    text = _told(office, number, "oChen")
    assert f"{BASE}/n/" in text
    assert text.endswith("附件：\n1 进度表.xlsx\n打开上面的链接可下载附件。\n回复“收到”。")
    secret = text.partition("/n/")[2].partition("\n")[0]
    assert previewed == text.replace(secret, "*" * len(secret))


def test_contact_who_is_to_answer_nothing_is_led_to_the_files_all_the_same(office: Office) -> None:
    number = _draft(office)
    [previewed] = _previewed(office, number)["公众号"]
    text = _told(office, number, "oChen")
    secret = text.partition(f"1 进度表.xlsx\n附件下载：{BASE}/n/")[2]
    assert len(secret) == 32
    assert previewed == text.replace(secret, "*" * len(secret))


def test_without_a_page_the_office_is_asked(office: Office) -> None:
    number = _draft(office, acknowledge=True, link=THEIRS)
    [previewed] = _previewed(office, number)["公众号"]
    text = _told(office, number, "oChen")
    assert ASKED_FOR in text
    assert "下载" not in text
    assert previewed == text


@pytest.mark.parametrize("base", [""])
def test_without_a_public_address_the_office_is_asked(office: Office) -> None:
    text = _told(office, _draft(office, public=True), "oAmy")
    assert text.endswith(ASKED_FOR)


@pytest.mark.parametrize(("base", "words"), [(BASE, "附件请点文末“阅读原文”下载。"), ("", ASKED_FOR)])
def test_article_leads_to_the_page_of_its_notice(office: Office, base: str, words: str) -> None:
    number = _draft(office, picture=True, public=True, body=LONG)
    office.do(lambda work: planning.send(work, work.session.get_one(Notice, number)))
    [row] = [one for one in office.rows(Delivery) if one.content.get("article")]
    article = Content.from_json(row.content).article
    assert article is not None
    assert article.source_url == (f"{base}/notices/{number}" if base else "")
    assert f"{words}</p>" in article.html
    assert "<li>进度表.xlsx</li>" in article.html


def test_article_without_files_speaks_of_none(office: Office) -> None:
    number = _draft(office, public=True, body=LONG, files=[])
    office.do(lambda work: planning.send(work, work.session.get_one(Notice, number)))
    [row] = [one for one in office.rows(Delivery) if one.content.get("article")]
    assert "附件" not in row.content["article"]["html"]
    assert row.content["article"]["source_url"] == f"{BASE}/notices/{number}"
