"""The page of a notice behind a contact's own link: what the unit is to do, and that it was seen."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import delete

from bot.delivery.notices import send
from bot.messaging.types import OFFICIAL_ACCOUNT, WORK_GROUP, Incoming
from bot.model import Account, Acknowledgement, Delivery, Membership, Notice, NoticeState, Person, Staff, Unit
from bot.store.unit_of_work import UnitOfWork
from tests.office import GROUP
from tests.photos import photo
from tests.web.conftest import Site

BASE = "https://bot.example.org"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
LINK = re.compile(rf"{BASE}(/n/\S+)")


@pytest.fixture
def site(make_site: Callable[..., Site], tmp_path: Path) -> Site:
    group = {"bot_id": "b", "secret": "s", "groups": [{"name": "项目工作群", "chat_id": GROUP}]}
    made = make_site(server={"public_url": BASE}, work_group=group, storage={"folder": str(tmp_path / "files")})
    made.do(_people)
    return made


def _people(work: UnitOfWork) -> None:
    session = work.session
    units = [Unit(name=name, town="长安镇") for name in ("甲协会", "乙<b>学会")]
    people = [Person(name=name, created_at=work.now) for name in ("李敏", "何伟", "王芳")]
    session.add_all([*units, *people])
    session.flush()
    pairs = ((people[0], units[0]), (people[0], units[1]), (people[1], units[0]))
    session.add_all(Membership(person_id=person.id, unit_id=unit.id) for person, unit in pairs)
    session.add(Staff(person_id=people[2].id, role="drafter"))
    for userid, person in (("li", people[0]), ("he", people[1]), ("wf", people[2])):
        account = Account(channel=WORK_GROUP, external_id=userid, person_id=person.id, direct=True)
        account.first_seen_at = work.now
        session.add(account)


def _sent(site: Site, body: str = "请{{单位}}报送<i>三季度</i>进度表。", **fields: object) -> None:
    def act(work: UnitOfWork) -> None:
        held = {"acknowledge": True, "deliverable": "三季度进度表", "created_at": work.now} | fields
        notice = Notice(kind="监督管理要求", title="报送进度表", body=body, **held)
        work.session.add(notice)
        work.session.flush()
        send(work, notice)

    site.do(act)


def _on_the_account(site: Site) -> None:
    """The contacts have spoken to the official account alone."""
    change = {"channel": OFFICIAL_ACCOUNT, "following": True, "direct": False, "last_action_at": site.clock.now()}
    site.do(lambda work: work.session.query(Account).filter(Account.external_id.in_(["li", "he"])).update(change))


async def _say(site: Site, account: str, text: str, chat: str = "") -> str:
    message = Incoming(WORK_GROUP, f"{account}{text}{chat}", account, site.clock.now(), text=text, chat=chat)
    answer = await site.bot.inbox.receive(message, patience=60)
    return answer.text if answer else ""


async def _open(site: Site, path: str, method: str = "GET") -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(site.web), base_url=BASE) as client:
        return await client.request(method, path)


def _seen(site: Site) -> list[bool]:
    with site.bot.database.read() as session:
        return [row.seen_at is not None for row in session.query(Acknowledgement).order_by(Acknowledgement.unit_id)]


async def test_notice_that_wants_no_answer_can_be_read_as_well_by_whom_a_template_tells_of_it(site: Site) -> None:
    _on_the_account(site)
    _sent(
        site,
        body="明天上午停电，{{单位}}请留意。",
        acknowledge=False,
        deliverable="",
        targets={"is": "units", "value": ""},
    )
    with site.bot.database.read() as session:
        told = {row.recipient: row.content for row in session.query(Delivery).filter_by(purpose="notice")}
    assert "查看通知" not in told["he"]["text"]
    path = told["he"]["link"].removeprefix(BASE)
    page = await _open(site, path)
    assert page.status_code == 200
    assert "明天上午停电，甲协会请留意。" in page.text
    assert "需要办理" not in page.text
    site.do(lambda work: work.session.execute(delete(Membership)))
    assert (await _open(site, path)).status_code == 410


async def test_page_speaks_of_the_units_that_the_notice_is_for_alone(site: Site) -> None:
    _on_the_account(site)
    _sent(site, body="祝贺{{单位}}。", acknowledge=False, deliverable="", targets={"is": "unit", "value": "甲协会"})
    with site.bot.database.read() as session:
        told = {row.recipient: row.content for row in session.query(Delivery).filter_by(purpose="notice")}
    page = (await _open(site, told["li"]["link"].removeprefix(BASE))).text
    assert "祝贺甲协会" in page
    assert "学会" not in page


async def test_page_tells_what_the_unit_is_to_do_and_is_seen_to_be_opened(site: Site) -> None:
    _sent(site)
    mine = await _say(site, "he", "我的回执")
    assert "1《报送进度表》还没有回执，还欠“三季度进度表”" in mine
    path = LINK.findall(mine)[0]
    assert (await _open(site, path, "HEAD")).status_code == 200
    assert _seen(site) == [False, False]  # a program asked, nobody looked
    page = await _open(site, path)
    assert page.headers["cache-control"] == "no-store"
    assert "请甲协会报送&lt;i&gt;三季度" in page.text
    assert "还没有报送“三季度进度表”：请在聊天中回复“交 1”" in page.text
    assert _seen(site) == [True, False]
    board = LINK.sub("", await _say(site, "wf", "看板 1")).partition(BASE)[2]
    assert "已看，未回执（1）" in (await _open(site, board)).text
    await _say(site, "he", "交 1 https://example.org/a")
    assert "已报送“三季度进度表”" in (await _open(site, path)).text


async def test_contact_of_two_units_reads_both(site: Site) -> None:
    _sent(site)
    page = await _open(site, LINK.findall(await _say(site, "li", "我的回执"))[0])
    assert "请甲协会报送" in page.text
    assert "请乙&lt;b&gt;学会报送" in page.text
    assert _seen(site) == [True, True]


async def test_link_is_never_given_in_a_group(site: Site) -> None:
    _sent(site)
    assert "还要办理" in await _say(site, "he", "我的回执", GROUP)
    with site.bot.database.read() as session:
        from bot.model import Delivery

        held = [(one.recipient, one.content["text"]) for one in session.query(Delivery)]
    assert not [text for recipient, text in held if recipient == GROUP and "/n/" in text]
    assert [recipient for recipient, text in held if "/n/" in text] == [
        "li",
        "li",
        "he",
    ]  # one text a unit, each in direct chat


@pytest.mark.parametrize("lost", ["unknown", "unit", "recalled"])
async def test_link_opens_nothing_for_who_has_no_part_in_it(site: Site, lost: str) -> None:
    _sent(site)
    path = LINK.findall(await _say(site, "he", "我的回执"))[0]
    if lost == "unit":
        site.do(lambda work: work.session.execute(delete(Membership)))
    if lost == "recalled":
        site.do(lambda work: work.session.query(Notice).update({"state": NoticeState.CANCELLED}))
    page = await _open(site, path + "x" if lost == "unknown" else path)
    assert page.status_code in (404, 410)
    assert "三季度" not in page.text
    assert _seen(site) == [False, False]


async def test_withdrawn_notice_says_so(site: Site) -> None:
    _sent(site)
    path = LINK.findall(await _say(site, "he", "我的回执"))[0]
    site.do(lambda work: work.session.query(Notice).update({"state": NoticeState.WITHDRAWN}))
    page = (await _open(site, path)).text
    assert "【已撤回】" in page
    assert "需要办理" not in page


def _sent_with_files(site: Site, body: str = "请{{单位}}报送，见【图1】。") -> None:
    def put(work: UnitOfWork) -> list[dict[str, object]]:
        held = ((PDF, "进度表.pdf", "file", "application/pdf"), (photo(), "样表.jpg", "image", "image/jpeg"))
        return [
            {"sha256": work.files.put(content), "name": name, "kind": kind, "mime": mime, "size": len(content)}
            for content, name, kind, mime in held
        ]

    _sent(site, body, files=site.do(put))


async def test_files_of_a_notice_that_is_not_public_are_behind_the_contacts_own_link(site: Site) -> None:
    _sent_with_files(site)
    path = LINK.findall(await _say(site, "li", "我的回执"))[0]
    page = await _open(site, path)
    found = re.findall(rf'(?:src|href)="({path}/files/[^"]+)"', page.text)
    pictures, [file] = found[:-1], found[-1:]
    assert len(pictures) == 2  # in the text of each unit
    assert page.text.index("见<img") < page.text.index("请甲协会") < page.text.index("附件</h2>")
    got = await _open(site, file)
    assert (got.status_code, got.content) == (200, PDF)
    assert got.headers["content-disposition"].startswith("attachment;")
    assert got.headers["cache-control"] == "no-store"
    assert (await _open(site, file, "HEAD")).headers["content-length"] == str(len(PDF))
    assert (await _open(site, pictures[0])).headers["content-type"] == "image/jpeg"
    assert (await _open(site, "/notices/1/files/1/" + file.rpartition("/")[2])).status_code == 404


async def test_picture_without_a_place_stands_once_after_the_last_unit(site: Site) -> None:
    _sent_with_files(site, "请{{单位}}报送。")
    page = (await _open(site, LINK.findall(await _say(site, "li", "我的回执"))[0])).text
    assert page.count("<img") == 1
    assert page.index("请甲协会报送") < page.index("<img") < page.index("附件</h2>")


async def test_fetching_a_file_is_not_looking_at_the_notice(site: Site) -> None:
    _sent_with_files(site)
    path = LINK.findall(await _say(site, "he", "我的回执"))[0]
    assert (await _open(site, f"{path}/files/1/进度表.pdf")).status_code == 200
    assert _seen(site) == [False, False]


@pytest.mark.parametrize("lost", ["unknown", "over", "unit", "withdrawn", "content", "place", "name"])
async def test_file_is_not_given_to_who_has_no_part_in_it_or_when_it_is_gone(site: Site, lost: str) -> None:
    _sent_with_files(site)
    path, file = LINK.findall(await _say(site, "he", "我的回执"))[0], "1/进度表.pdf"
    words = "这个链接无效或已过期"
    if lost == "unknown":
        path += "x"
    if lost == "over":
        site.clock.moment += timedelta(days=31)
    if lost == "unit":
        site.do(lambda work: work.session.execute(delete(Membership)))
    if lost == "withdrawn":
        site.do(lambda work: work.session.query(Notice).update({"state": NoticeState.WITHDRAWN}))
        words = "通知 1 已撤回，附件不再提供下载"
        assert "/files/" not in (await _open(site, path)).text
    if lost == "content":
        for stored in site.bot.writer.files.folder.glob("??/*"):
            stored.unlink()
        words = "附件已不在服务器上"
    if lost in ("place", "name"):
        file = "3/进度表.pdf" if lost == "place" else "1/别的.pdf"
        words = "没有找到这个附件"
    got = await _open(site, f"{path}/files/{file}")
    assert got.status_code in (404, 410)
    assert words in got.text
    assert got.headers["cache-control"] == "no-store"
