"""The filing page as browsers meet it: one link for one browser, the chat's own draft, nothing typed is lost."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import delete, select, text

from bot.model import Account, Delivery, FilingVersion, Membership, Person, Staff
from tests.web.conftest import Site
from tests.web.form_visitor import BASE, WHOLE, Browser, Contact, Page

MakeSite = Callable[..., Site]
SETTINGS: dict[str, Any] = {"server": {"public_url": BASE}}


@pytest.fixture
def site(make_site: MakeSite) -> Site:
    return make_site(**SETTINGS)


@pytest.fixture
def limin(site: Site) -> Contact:
    return Contact(site)


async def opened(contact: Contact, words: str = "表单") -> tuple[Browser, Page]:
    browser = await contact.browser(words)
    return browser, await browser.open()


async def test_page_filled_and_submitted_is_a_filing_like_any_other(database_url: str, make_site: MakeSite) -> None:
    site = make_site(database_url, **SETTINGS)
    limin = Contact(site)
    _add_staff(site)
    browser, page = await opened(limin)
    done = await browser.send(page, "submit", **WHOLE, kind="讲座", summary="分类知识\n和游戏", media_invited="yes")
    assert (done.status, done.answer.url.path) == (200, browser.path)
    assert "已提交" in done.words
    filing = limin.filing
    assert (filing.state, filing.name, filing.attendance, filing.kind) == ("submitted", WHOLE["name"], 120, "讲座")
    assert str(filing.start) == "2020-10-24 09:00:00+08:00"
    assert str(filing.end) == "2020-10-24 11:30:00+08:00"
    assert (filing.town, filing.summary, filing.media_invited) == ("莞城街道", "分类知识\n和游戏", True)
    with site.bot.database.read() as session:
        [version] = session.scalars(select(FilingVersion))
        assert version.place == "form"
        [told] = session.scalars(select(Delivery).where(Delivery.purpose == "staff"))
    assert "新报备 2020-0001" in told.content["text"]


async def test_first_browser_has_the_link_and_another_is_sent_away(limin: Contact) -> None:
    browser, page = await opened(limin)
    assert page.inputs["name"] == ""
    other = Browser(limin.site, browser.path)
    for answer in (await other.get(), await other.press("open"), await other.send(page, "submit", **WHOLE)):
        assert answer.status == 403
        assert "已经在另一个浏览器里打开" in answer.words
        assert "回复“表单”" in answer.words
    assert limin.filing.name == ""
    assert (await browser.get()).status == 200


async def test_link_is_not_taken_by_a_program_that_only_looks_at_it(limin: Contact) -> None:
    address = await limin.link()
    crawler = Browser(limin.site, address)
    assert "李敏" not in (await crawler.get()).words
    assert (await crawler.client.head(crawler.path)).status_code == 200
    assert (await Browser(limin.site, address).open()).status == 200


async def test_mark_is_for_this_page_only_and_out_of_reach_of_scripts(limin: Contact) -> None:
    browser = await limin.browser()
    answer = await browser.client.post(browser.path, data={"act": "open"}, follow_redirects=False)
    cookie = answer.headers["set-cookie"]
    for part in ("HttpOnly", "Secure", "SameSite=lax", f"Path={browser.path}", "Max-Age=86400"):
        assert part in cookie
    assert browser.path.removeprefix("/f/") not in cookie.partition(";")[0]


async def test_pages_are_kept_nowhere_and_framed_by_nobody(limin: Contact) -> None:
    browser, page = await opened(limin)
    for answer in (page.answer, (await Browser(limin.site, browser.path).get()).answer):
        held = answer.headers
        assert held["cache-control"] == "no-store"
        assert held["referrer-policy"] == "no-referrer"
        assert "noindex" in held["x-robots-tag"]
        policy = held["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
    assert not [held for tag, held in page.tags if tag == "script" and "src" not in held]
    assert not [name for _, held in page.tags for name in held if name.startswith("on") or name == "style"]


@pytest.mark.parametrize("secret", ["x", "a" * 32, "static", "..%2Fnotices", "%00", "a" * 3000])
async def test_address_of_no_link_is_a_polite_page(site: Site, secret: str) -> None:
    browser = Browser(site, f"/f/{secret}")
    for answer in (await browser.get(), await browser.press("open")):
        assert answer.status == 404
        assert "Traceback" not in answer.words
    assert site.stored().get("filing") is None


async def test_link_ends_after_a_day_and_what_was_typed_stays(limin: Contact) -> None:
    browser, page = await opened(limin)
    await browser.send(page, "save", name="讲座")
    limin.site.clock.moment = limin.site.clock.moment.replace(day=13, hour=10, minute=1)
    over = await browser.get()
    assert over.status == 410
    assert "已过期，您填的内容都已保存" in over.words
    _, page = await opened(limin)
    assert page.inputs["name"] == "讲座"


async def test_used_link_shows_the_state_and_takes_nothing_more(limin: Contact) -> None:
    browser, page = await opened(limin)
    await browser.send(page, "submit", **WHOLE)
    again = await browser.send(page, "submit", **{**WHOLE, "name": "另一场"})
    assert "待备案" in again.words
    assert limin.filing.name == WHOLE["name"]
    await limin.say("撤回 2020-0001")
    withdrawn = await browser.get()
    assert "已撤回" in withdrawn.words
    assert "submit" not in withdrawn.buttons
    assert (await opened(limin))[1].inputs["name"] == WHOLE["name"]  # a new link opens it again


async def test_address_that_is_a_script_is_in_no_page(limin: Contact) -> None:
    browser, _ = await opened(limin)
    _rename(limin.site, "link", "gone")
    for answer in (await Browser(limin.site, "/f/javascript:alert(1)").get(), await browser.get()):
        assert answer.status == 503
        assert "javascript" not in answer.answer.text


@pytest.mark.parametrize("token", [None, "", "0" * 64, "值"])
async def test_post_without_the_pages_token_changes_nothing(limin: Contact, token: str | None) -> None:
    browser, page = await opened(limin)
    answer = await browser.send(page, "submit", **WHOLE, token=token)
    assert answer.status == 403
    assert (limin.filing.name, limin.filing.state) == ("", "draft")


async def test_every_change_is_in_the_chats_draft_at_once(limin: Contact) -> None:
    browser, page = await opened(limin)
    page = await browser.send(page, "save", name="星空观察夜", attendance="约200人")
    assert page.inputs["attendance"] == "200"
    assert "还差：日期、活动地点、负责人、联系电话" in page.words
    answer = await limin.say("修改 2020-0001")
    assert "星空观察夜" in answer
    assert "200 人" in answer


async def test_page_that_lay_open_undoes_nothing_said_in_the_chat(limin: Contact) -> None:
    await limin.say("报备：10月24日上午9:00-11:30，莞城文化广场，垃圾分类讲座，120人，李敏 13800138000")
    browser, page = await opened(limin)
    await limin.say("人数150")
    page = await browser.send(page, "save", audience="居民")
    assert (limin.filing.attendance, limin.filing.audience) == (150, "居民")
    assert page.inputs["attendance"] == "150"


async def test_chat_asks_no_more_what_the_page_has_answered(limin: Contact) -> None:
    await limin.say("报备 下周六下午两点半到四点在松山湖图书馆搞一场航模体验")
    browser, page = await opened(limin)
    await browser.send(page, "save", attendance="80")
    assert "负责人" in await limin.say("修改 2020-0001")
    assert "请核对" in await limin.say("李敏 13800138000")
    assert limin.filing.attendance == 80


async def test_day_without_hours_is_known_to_page_and_chat(limin: Contact) -> None:
    browser, page = await opened(limin)
    page = await browser.send(page, "save", date="2020-10-24")
    assert page.ids["weekday"].strip() == "周六"
    assert "还差：活动名称、开始时间" in page.words
    assert "最迟 10月21日（周三）报备" in page.ids["timing"]
    assert (await browser.get()).inputs["date"] == "2020-10-24"
    await limin.say("下午两点到四点")
    assert str(limin.filing.start) == "2020-10-24 14:00:00+08:00"


async def test_doubt_of_the_chat_is_settled_on_the_page(limin: Contact) -> None:
    await limin.say("报备：10月24日（周五）上午9点到11点，莞城文化广场，垃圾分类讲座，120人，李敏 13800138000")
    browser, page = await opened(limin)
    assert page.inputs["date"] == ""
    assert {"choose:1", "choose:2"} <= set(page.buttons)
    assert "10月24日（周六）09:00–11:00" in page.words
    page = await browser.send(page, "choose:2", summary="也保存")
    assert (page.inputs["date"], page.inputs["begin"]) == ("2020-10-23", "09:00")
    assert limin.filing.summary == "也保存"
    assert not [one for one in page.buttons if one.startswith("choose")]


async def test_what_is_missing_is_said_beside_each_input_and_nothing_typed_is_lost(limin: Contact) -> None:
    browser, page = await opened(limin)
    page = await browser.send(page, "submit", name="讲座", attendance="很多人", place="待定", remarks="带\n投影仪")
    assert page.faults == {
        "attendance": "没看出是多少人。请填一个数字，例如：120",
        "place": "地点还没有定的话，请先留空，定了再填",
        "date": "请选择日期",
        "contact_name": "请填写负责人姓名",
        "contact_phone": "请填写联系电话",
    }
    assert (page.inputs["attendance"], page.inputs["place"]) == ("很多人", "待定")
    assert (page.inputs["name"], page.inputs["remarks"]) == ("讲座", "带\n投影仪")
    assert limin.filing.state == "draft"
    mended = {"attendance": "80", "place": "莞城文化广场"}
    page = await browser.send(page, "save", **mended)
    assert set(page.faults) == {"date", "contact_name", "contact_phone"}  # still marked, as long as they are missing


async def test_telephone_is_never_shown_whole(limin: Contact) -> None:
    browser, page = await opened(limin)
    assert "李敏 138****8000" in page.words  # the visitor's own, to be taken over
    page = await browser.send(page, "own")
    assert limin.filing.contact_phone == "13800138000"
    for answer in (page, await browser.get(), await browser.send(page, "submit", **{**WHOLE, "contact_phone": ""})):
        assert "13800138000" not in answer.answer.text
        assert "138****8000" in answer.words
    assert limin.filing.contact_phone == "13800138000"


async def test_telephone_is_known_next_time(site: Site) -> None:
    limin = Contact(site, phone="")
    browser, page = await opened(limin)
    assert "138****8000" not in page.words
    await browser.send(page, "submit", **WHOLE)
    _, page = await opened(limin)
    assert "李敏 138****8000" in page.words


async def test_wrong_telephone_is_said_and_the_old_one_stays(limin: Contact) -> None:
    browser, page = await opened(limin)
    page = await browser.send(page, "own")
    page = await browser.send(page, "save", contact_phone="139001390")
    assert page.fault("contact_phone") == "号码好像少了或多了一位，请再核对"
    assert page.inputs["contact_phone"] == "139001390"
    await browser.send(page, "save", contact_phone="0769-22222222")
    assert limin.filing.contact_phone == "0769-22222222"


async def test_late_filing_wants_its_reason(limin: Contact) -> None:
    browser, page = await opened(limin)
    page = await browser.send(page, "submit", **{**WHOLE, "date": "2020-10-13"})
    assert page.faults == {"late_reason": "这次报备已逾期，请填写原因"}
    assert "逾期 2 个工作日：最迟应在 10月9日（周五）报备" in page.words
    done = await browser.send(page, "submit", late_reason="场地刚定下来")
    assert "已提交" in done.words
    assert (limin.filing.late_days, limin.filing.late_reason) == (2, "场地刚定下来")


@pytest.mark.parametrize(("day", "words"), [("2020-10-01", "已经过去"), ("2021-10-24", "九个多月")])
async def test_day_that_may_be_a_slip_wants_a_tick(limin: Contact, day: str, words: str) -> None:
    browser, page = await opened(limin)
    page = await browser.send(page, "submit", **{**WHOLE, "date": day})
    assert page.faults == {"sure": "请核对日期，无误请打勾"}
    assert words in page.ids["look_again"]
    page = await browser.send(page, "submit", sure="2020-10-02")  # a tick that was for another day
    assert set(page.faults) == {"sure"}
    assert "已提交" in (await browser.send(page, "submit", sure=day)).words
    assert limin.filing.retroactive == (day < "2020-10-12")


async def test_person_of_two_units_chooses_and_the_projects_follow(site: Site) -> None:
    zhouyang = Contact(site, "松山湖青少年科学会", "东莞市气象学会", projects=("航模", "气象站"))
    browser, page = await opened(zhouyang)
    assert "unit" in page.options
    page = await browser.send(page, "submit", **WHOLE)
    assert page.faults == {"unit": "请选择您代表的单位"}
    [unit, other] = page.options["unit"][1:]
    page = await browser.send(page, "save", unit=unit)
    assert len(page.options["project"]) == 3
    for wrong in ("999", "-1", "x", other):
        await browser.send(page, "save", project=wrong)
        assert zhouyang.filing.project_id is None
    await browser.send(page, "submit", project=page.options["project"][1])
    filing = zhouyang.filing
    assert (filing.state, str(filing.unit_id), str(filing.project_id)) == (
        "submitted",
        unit,
        page.options["project"][1],
    )


async def test_unit_one_does_not_act_for_cannot_be_chosen(site: Site) -> None:
    Contact(site, "长安图书馆", openid="oOther")
    zhouyang = Contact(site, "松山湖青少年科学会", "东莞市气象学会")
    browser, page = await opened(zhouyang)
    await browser.send(page, "save", unit="1")
    assert zhouyang.filing.unit_id is None


async def test_page_shuts_when_its_visitor_acts_for_the_unit_no_more(limin: Contact) -> None:
    browser, page = await opened(limin)
    limin.site.do(lambda work: work.session.execute(delete(Membership)))
    for answer in (await browser.get(), await browser.send(page, "submit", **WHOLE)):
        assert answer.status == 404
    assert limin.filing.name == ""


async def test_accepted_filing_is_amended_on_the_page(limin: Contact) -> None:
    browser, page = await opened(limin)
    await browser.send(page, "submit", **WHOLE)
    _accept(limin)
    browser, page = await opened(limin, "表单 2020-0001")
    assert "变更报备" in page.words
    page = await browser.send(page, "save", attendance="150")
    assert limin.filing.attendance == 120  # stands until it is submitted
    assert page.inputs["attendance"] == "150"
    assert "变更已提交" in (await browser.send(page, "submit")).words
    assert (limin.filing.attendance, limin.filing.state, limin.filing.version) == (150, "amended", 2)


async def test_filing_submitted_in_the_chat_closes_the_page(limin: Contact) -> None:
    browser, page = await opened(limin)
    await browser.send(page, "save", **WHOLE)
    assert "已提交" in await limin.say("提交")
    await limin.say("取消 2020-0001 下雨")
    answer = await browser.send(page, "submit", name="另一场")
    assert "已取消" in answer.words
    assert limin.filing.name == WHOLE["name"]


async def test_typed_words_come_back_while_the_database_is_away(limin: Contact) -> None:
    browser, page = await opened(limin)
    _rename(limin.site, "filing", "gone")
    busy = await browser.send(page, "submit", **{**WHOLE, "summary": "第一行\n“第二行”<b>"})
    assert busy.status == 503
    assert "还没有保存上" in busy.words
    assert (busy.inputs["name"], busy.inputs["summary"]) == (WHOLE["name"], "第一行\n“第二行”<b>")
    assert (await browser.get()).status == 503
    _rename(limin.site, "gone", "filing")
    assert "已提交" in (await browser.send(busy, "submit")).words
    assert limin.filing.summary == "第一行\n“第二行”<b>"


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}{% raw %}",
    "</textarea><script>alert(1)</script>",
    '=HYPERLINK("http://x")',
    "名\u202e称\u200b\x00\x07\ufeff",
    "'; DROP TABLE filing; --",
    "\r\nSet-Cookie: a=b",
    "🎉" * 20,
    "\ud83d",
]
TEXTS = ("name", "place", "town", "audience", "attendance", "contact_name", "contact_phone", "summary", "budget", "remarks",
         "late_reason", "date", "begin", "until", "until_date", "kind", "media_invited", "unit", "project", "all_day",
         "before", "sure", "act", "asked")  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
async def test_hostile_words_in_any_input_are_only_words(limin: Contact, name: str) -> None:
    browser, page = await opened(limin)
    for words in HOSTILE:
        sent = {**WHOLE, name: words.encode("utf-8", "replace").decode()}
        act = sent.pop("act", "save")
        page = await browser.send(page, act, **sent)
        assert page.status == 200
        assert not {"img", "b"} & {tag for tag, _ in page.tags}
        assert [held.get("src", "").partition("?")[0] for tag, held in page.tags if tag == "script"] == [
            "static/form.js"
        ]
        assert "set-cookie" not in page.answer.headers
        for _, held in page.tags:
            assert not [one for one in held if one.startswith("on")]
        for char in "\u202e\u200b\x00\x07":
            assert char not in page.answer.text
    assert limin.filing.state == "draft"


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"content-type": "text/plain"}, b"act=save", 415),
        ({"content-type": "application/json"}, b"{}", 415),
        ({"content-type": "multipart/form-data"}, b"", 400),
        ({"content-type": "multipart/form-data; boundary=x"}, b"--y\r\nnothing", 400),
        ({"content-type": "multipart/form-data; boundary=x", "content-length": "9" * 12}, b"--x", 413),
        ({"content-type": "application/x-www-form-urlencoded"}, b"name=" + b"a" * 300_000, 413),
        ({"content-type": "application/x-www-form-urlencoded"}, b"a=1&" * 80, 400),
    ],
)
async def test_body_that_is_no_form_is_answered_with_a_page(
    limin: Contact, headers: dict[str, str], body: bytes, status: int
) -> None:
    browser, _ = await opened(limin)
    answer = await browser.client.post(browser.path, headers=headers, content=body)
    assert answer.status_code == status
    assert "没有收到完整的内容" in answer.text


async def test_nobody_without_the_mark_has_a_body_read(limin: Contact) -> None:
    browser, _ = await opened(limin)
    stranger = Browser(limin.site, browser.path)
    stranger.client.cookies.set("kepu_form", "guess", domain="bot.example.org", path="/f/")
    answer = await stranger.client.post(browser.path, content=b"x" * 100, headers={"content-type": "text/plain"})
    assert answer.status_code == 403  # and not 415


async def test_style_and_script_are_served_and_nothing_else(site: Site) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(site.web), base_url=BASE) as client:
        css, script = await client.get("/f/static/form.css"), await client.get("/f/static/form.js")
        assert css.headers["content-type"].startswith("text/css")
        assert script.headers["content-type"].startswith("text/javascript")
        for name in ("form.html", "..%2fapp.py", "%2e%2e"):
            assert (await client.get(f"/f/static/{name}")).status_code == 404


async def test_no_secret_and_no_telephone_is_logged(limin: Contact, logged: Any) -> None:
    browser, page = await opened(limin)
    await browser.send(page, "submit", **WHOLE)
    _rename(limin.site, "filing", "gone")
    await browser.send(page, "submit", **WHOLE)
    assert "form_not_reached" in logged.text
    for secret in (browser.path.removeprefix("/f/"), "13800138000", browser.client.cookies["kepu_form"]):
        assert secret not in logged.text


def _add_staff(site: Site) -> None:
    def act(work: Any) -> None:
        person = Person(name="王芳", created_at=work.now)
        work.session.add(person)
        work.session.flush()
        work.session.add(Staff(person_id=person.id, role="drafter"))
        account = Account(
            channel="work_group", external_id="wf", person_id=person.id, direct=True, first_seen_at=work.now
        )
        work.session.add(account)

    site.do(act)


def _accept(contact: Contact) -> None:
    contact.site.do(lambda work: work.session.execute(text("UPDATE filing SET state = 'accepted'")))


def _rename(site: Site, before: str, after: str) -> None:
    with site.bot.database.writer.begin() as connection:
        connection.execute(text(f"ALTER TABLE {before} RENAME TO {after}"))
