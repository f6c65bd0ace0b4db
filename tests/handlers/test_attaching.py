"""Pictures and files of a notice, its article, its previews and what can be taken back; on SQLite alone: no row is new."""

from collections.abc import Callable

import pytest

from bot.documents import fonts
from bot.messaging.types import GROUP_WEBHOOK, OFFICIAL_ACCOUNT, WORK_GROUP, Incoming
from bot.model import Account, Attachment, Delivery, DeliveryState, Notice
from bot.store.unit_of_work import UnitOfWork
from tests.handlers.conftest import people
from tests.handlers.words import said, told
from tests.office import SETTINGS, Office
from tests.photos import photo
from tests.post import Post

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
LONG = "一、申报条件：在本市登记的单位均可申报，每个单位限报一项，材料须加盖公章。\n\n" * 30
WEBHOOKS = [{"name": "镇街群", "url": "https://w.example/cgi-bin/webhook/send?key=k"}]


@pytest.fixture
def town(request: pytest.FixtureRequest, make_office: Callable[..., Office]) -> Office:
    made = make_office({"group_webhooks": WEBHOOKS})
    people(made)

    def follow(work: UnitOfWork) -> None:
        for openid in ("oAmy", "oBob"):
            held = {"first_seen_at": work.now, "following": True}
            work.session.add(Account(channel=OFFICIAL_ACCOUNT, external_id=openid, **held))

    made.do(follow)
    return made


pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def _attach(post: Post, content: bytes, kind: str, name: str) -> str:
    assert "正在核对" in post.send("wf", content, kind=kind, name=name)
    post.bring()
    return told(post.office, "wf")[-1]


def _publish(office: Office) -> list[Delivery]:
    said(office, "wf", "提交审核")
    assert "已批准" in said(office, "czm", "批准 1")
    return office.rows(Delivery, Delivery.purpose == "notice")


def test_files_sent_while_the_draft_is_open_go_out_with_the_notice(town: Office) -> None:
    post = Post(town)
    said(town, "wf", "广播 通知：请报送进度表。")
    assert "是附件 1" in _attach(post, photo(), "image", "现场.jpg")
    assert "是附件 2" in _attach(post, PDF, "file", "进度表.pdf")
    assert "没有重复加入" in _attach(post, PDF, "file", "又一份.pdf")
    assert "随后发图片和文件：现场.jpg、进度表.pdf" in said(town, "wf", "预览")
    rows = _publish(town)
    kinds = [(one.content["file"] or {}).get("kind") for one in rows if one.channel == WORK_GROUP]
    assert kinds == [None, "image", "file"]
    assert [one.state for one in rows if one.channel == WORK_GROUP] == ["queued", "waiting", "waiting"]
    assert "不归入活动" in post.send("wf", photo(2))  # the draft is closed


def test_attachments_are_listed_dropped_and_chosen_for_the_cover(town: Office) -> None:
    post = Post(town)
    said(town, "wf", "广播 通知：请报送进度表。")
    _attach(post, photo(), "image", "现场.jpg")
    _attach(post, PDF, "file", "进度表.pdf")
    assert "1 现场.jpg\n2 进度表.pdf" in said(town, "wf", "附件")
    assert "不是图片" in said(town, "wf", "封面 2")
    assert "图文封面" in said(town, "wf", "封面 1")
    assert "还有 1 个附件" in said(town, "wf", "删附件 1")
    [notice] = town.rows(Notice)
    assert ([one["name"] for one in notice.files], notice.cover_sha256) == (["进度表.pdf"], "")
    assert [one.name for one in town.rows(Attachment)] == ["进度表.pdf"]
    assert "没有这个附件" in said(town, "wf", "删附件 7")


def test_long_public_notice_is_an_article_and_a_short_one_a_text(town: Office) -> None:
    said(town, "wf", f"广播 申报指南：{LONG}")
    assert "图文《申报指南：" in said(town, "wf", "预览")
    [mass] = [one for one in _publish(town) if one.method == "mass"]
    article = mass.content["article"]
    assert article["html"].count("<p ") >= 30
    assert town.writer.files.get(article["cover"]).startswith(b"\xff\xd8")
    said(town, "wf", "广播 申报指南：指南已发布。")
    said(town, "wf", "提交审核")
    said(town, "czm", "批准 2")
    [text] = [one for one in town.rows(Delivery, Delivery.notice_id == 2) if one.method == "mass"]
    assert "article" not in text.content


def test_article_without_any_cover_is_not_submitted(town: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "PLACES", ())
    fonts.find.cache_clear()
    try:
        said(town, "wf", f"广播 申报指南：{LONG}")
        assert "没有封面" in said(town, "wf", "提交审核")
        _attach(Post(town), photo(), "image", "海报.jpg")
        assert any(one.method == "mass" and one.content["article"] for one in _publish(town))
    finally:
        fonts.find.cache_clear()


def test_article_that_went_out_is_deleted_when_the_notice_is_called_back(town: Office) -> None:
    said(town, "wf", f"广播 申报指南：{LONG}")
    _publish(town)

    def sent(work: UnitOfWork) -> None:
        for row in work.session.query(Delivery).filter(Delivery.purpose == "notice"):
            row.state, row.platform_id = DeliveryState.SENT, "34182" if row.method == "mass" else ""

    town.do(sent)
    assert "图文 1 篇正在删除" in said(town, "wf", "撤回 1")
    [row] = town.rows(Delivery, Delivery.purpose == "deletion")
    assert (row.method, row.recipient, row.state) == ("delete", "34182", "queued")


def _articles(town: Office, state: DeliveryState, method: str, platform_id: str) -> None:
    """The article of the notice as it stands with the platform; everything else of it has gone."""

    def act(work: UnitOfWork) -> None:
        for row in work.session.query(Delivery).filter(Delivery.purpose == "notice"):
            row.state = DeliveryState.SENT
            if row.method == "mass":
                row.state, row.method, row.platform_id = state, method, platform_id

    town.do(act)


def _event(town: Office, event: str, **detail: str) -> None:
    held = {"kind": "event", "event": event, "detail": detail}
    town.bring(Incoming(OFFICIAL_ACCOUNT, f"{event}-{detail}", "o-admin", town.clock.now(), **held))  # type: ignore[arg-type]


def test_article_that_is_published_after_its_notice_was_called_back_is_deleted_then(town: Office) -> None:
    said(town, "wf", f"广播 申报指南：{LONG}")
    _publish(town)
    _articles(town, DeliveryState.SENT, "publish", "100000001")  # the number of the job
    said(town, "wf", "撤回 1")
    assert town.rows(Delivery, Delivery.purpose == "deletion") == []
    _event(town, "publish_finished", publish_id="100000001", status="0", article_id="ARTICLE-1")
    [row] = town.rows(Delivery, Delivery.purpose == "deletion")
    assert (row.method, row.recipient) == ("unpublish", "ARTICLE-1")


def test_article_that_was_published_is_deleted_when_its_notice_is_called_back(town: Office) -> None:
    said(town, "wf", f"广播 申报指南：{LONG}")
    _publish(town)
    _articles(town, DeliveryState.SENT, "publish", "100000001")
    _event(town, "publish_finished", publish_id="100000001", status="0", article_id="ARTICLE-1")
    assert "图文 1 篇正在删除" in said(town, "wf", "撤回 1")
    [row] = town.rows(Delivery, Delivery.purpose == "deletion")
    assert (row.method, row.recipient) == ("unpublish", "ARTICLE-1")


def test_article_that_was_not_published_is_told_to_staff(town: Office) -> None:
    said(town, "wf", f"广播 申报指南：{LONG}")
    _publish(town)
    _articles(town, DeliveryState.SENT, "publish", "100000001")
    _event(town, "publish_finished", publish_id="100000001", status="3")
    [row] = [one for one in town.rows(Delivery) if one.method == "publish"]
    assert (row.state, row.error) == (DeliveryState.FAILED, "平台没有发布图文（状态 3）")


def test_mass_send_that_was_on_its_way_when_it_was_called_back_is_deleted_once_it_is_out(town: Office) -> None:
    said(town, "wf", f"广播 申报指南：{LONG}")
    _publish(town)
    _articles(town, DeliveryState.SENDING, "mass", "")
    said(town, "wf", "撤回 1")
    _articles(town, DeliveryState.SENT, "mass", "34182")
    _event(town, "mass_finished", msg_id="34182", status="send success")
    [row] = town.rows(Delivery, Delivery.purpose == "deletion")
    assert (row.method, row.recipient) == ("delete", "34182")


@pytest.mark.parametrize(("name", "channel"), [("工作群", WORK_GROUP), ("群机器人", GROUP_WEBHOOK)])
def test_preview_and_trial_say_to_the_byte_what_goes_out(town: Office, name: str, channel: str) -> None:
    from bot.delivery import forms
    from bot.messaging.types import Content

    said(town, "wf", f"广播 监督要求：{LONG}收到请回复")
    preview = said(town, "wf", f"预览 1 {name}")
    said(town, "wf", "试发 1")
    tried = [forms.shown(Content.from_json(one.content), WORK_GROUP) for one in town.outbox("staff")]
    rows = [Content.from_json(one.content) for one in _publish(town) if one.channel == channel]
    texts = [forms.shown(one, channel) for one in rows]
    assert len(texts) > 1
    assert all(f"\n{text}\n────────" in preview for text in texts)
    assert set(texts) <= set(tried)
    assert "不会发到“短信”" in said(town, "wf", "预览 1 短信")


def test_preview_of_the_account_shows_everything_that_goes_out_there(town: Office) -> None:
    said(town, "wf", "广播 申报指南：申报时间10月20日至11月20日。")
    assert said(town, "wf", "预览 1 公众号").startswith("通知 1 在群发里是：")
    for openid in ("oAmy", "oBob"):
        said(town, openid, "2020", channel=OFFICIAL_ACCOUNT)
    assert said(town, "wf", "预览 1 公众号").startswith("通知 1 在公众号里是：")


def test_preview_shows_what_the_fields_of_a_template_will_hold(make_office: Callable[..., Office]) -> None:
    fields = {"template_id": "tm", "template_fields": {"keyword1": "title", "keyword2": "unit"}}
    office = make_office({"official_account": {**SETTINGS["official_account"], **fields}})
    people(office)
    office.unit("甲协会")
    office.contact("oChen", "陈静", "甲协会", channel=OFFICIAL_ACCOUNT)
    office.do(lambda work: work.session.query(Account).update({"last_action_at": None}))
    said(office, "wf", "广播 监督要求：请于10月15日18:00前报送三季度进度表和四季度计划，收到请回复")
    assert "在模板消息里是：\n────────\n请于10月15日18:00前报送三季度…\n甲协会" in said(office, "wf", "预览 1 公众号")
