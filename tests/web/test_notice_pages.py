"""The public pages and the feed: only what is public and sent, and no harm in whatever was written."""

import re
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Notice, NoticeState
from bot.store.unit_of_work import UnitOfWork
from tests.web.conftest import Site

ATOM = "{http://www.w3.org/2005/Atom}"
BASE = "https://bot.example.org"
_SHOWN_STATES = (NoticeState.SENT, NoticeState.PAUSED, NoticeState.WITHDRAWN)
HOSTILE = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "javascript:alert(1) [点我](javascript:alert(1))",
    'https://example.org/"onmouseover="alert(1)',
    "https://example.org/?a=1&b=<b>",
    "]]> &lt; & &#0; {{ 7*7 }} {% raw %}",
    "正文\u202e倒\u200b过\ufeff来\u2066",
    "控制\x00\x08\x0b\x1f\x7f\ufffe符",
    "**粗\n体** **http://a.example/**b**",
]


def _publish(site: Site, title: str = "申报指南", body: str = "现已发布。", **fields: Any) -> int:
    def act(work: UnitOfWork) -> int:
        held = {"kind": "申报指南", "public": True, "state": NoticeState.SENT, "sent_at": work.now} | fields
        notice = Notice(title=title, body=body, created_at=work.now, **held)
        work.session.add(notice)
        work.session.flush()
        return notice.id

    return int(site.do(act))


class Seen(HTMLParser):
    """The tags, attributes and words of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.mark.parametrize(
    "fields",
    [{"public": False}, *({"state": state} for state in NoticeState if state not in _SHOWN_STATES)],
)
async def test_only_what_is_public_and_sent_is_shown(site: Site, fields: dict[str, Any]) -> None:
    shown, hidden = _publish(site, "看得见"), _publish(site, "看不见", **fields)
    for path in ("/notices", "/notices.atom", "/notices.rss", "/notices.json"):
        page = (await site.get(path)).text
        assert "看得见" in page
        assert "看不见" not in page
    assert (await site.get(f"/notices/{shown}")).status_code == 200
    missing = await site.get(f"/notices/{hidden}")
    assert missing.status_code == 404
    assert "看不见" not in missing.text


@pytest.mark.parametrize("number", ["0", "-1", "999", "1" * 40, "²", "١", "1%00", "1 OR 1=1", "%F0%9F%8F%AE"])
async def test_address_of_no_notice_is_a_page_that_says_so(site: Site, number: str) -> None:
    assert (await site.get(f"/notices/{number}")).status_code == 404


async def test_newest_notice_stands_first(site: Site) -> None:
    for days in (2, 0, 1):
        sent_at = site.clock.now() - timedelta(days=days)
        _publish(site, f"{days} 天前", sent_at=sent_at)
    page = (await site.get("/notices")).text
    assert re.findall(r"\d 天前", page) == ["0 天前", "1 天前", "2 天前"]


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_text_is_only_text_on_the_pages(site: Site, text: str) -> None:
    number = _publish(site, text.splitlines()[0], text)
    for path in ("/notices", f"/notices/{number}"):
        answer = await site.get(path)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        page = Seen(answer.text)
        assert not {"script", "img", "iframe", "b"} & set(page.tags)
        assert not [name for name, _ in page.attributes if name.startswith("on")]
        for name, value in page.attributes:
            assert name != "href" or re.match(r"/|https?://", value or "")
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]", answer.text)


async def test_web_address_in_a_body_is_a_link_and_bold_is_bold(site: Site) -> None:
    number = _publish(site, body="详见 https://example.org/a?b=1&c=2。**务必**按时。\n\n第二段")
    page = (await site.get(f"/notices/{number}")).text
    assert '<a href="https://example.org/a?b=1&amp;c=2" rel="noopener nofollow">' in page
    assert "<strong>务必</strong>" in page
    assert page.count("<p>") >= 2


async def test_headings_lists_tables_and_named_links_are_shown_as_such(site: Site) -> None:
    body = (
        "## 一、条件\n- 有法人资格\n- 有[办法](https://example.org/a)\n\n1. 填表\n2. 盖章\n\n"
        "| 单位 | 金额 |\n|---|---|\n| 甲 | 2万 |\n\n[坏](javascript:alert(1)) <b>x</b>"
    )
    page = (await site.get(f"/notices/{_publish(site, '指南', body=body)}")).text
    assert "<h3>一、条件</h3>" in page
    assert (
        '<ul><li>有法人资格</li><li>有<a href="https://example.org/a" rel="noopener nofollow">办法</a></li></ul>'
        in (page.replace("\n", ""))
    )
    assert "<ol><li>填表</li>" in page
    assert "<td>甲</td>" in page
    assert "##" not in page
    assert "javascript" not in re.sub(r">[^<]*<", "><", page)  # in words at most
    assert "&lt;b&gt;x" in page


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("通知：\n\n[联系人]:张三", "[联系人]:张三"),
        ("[1]: 按规定", "[1]: 按规定"),
        ("展板3*4*5米", "展板3*4*5米"),
        ("9:00~~11:00，14:00~~16:00", "9:00~~11:00，14:00~~16:00"),
        ("__下划线__", "__下划线__"),
        ("见https://a.org/x！请看", 'href="https://a.org/x"'),
        ("见https://a.org/A_(b)。", 'href="https://a.org/A_(b)"'),
    ],
)
async def test_words_stay_what_they_are(site: Site, text: str, shown: str) -> None:
    assert shown in (await site.get(f"/notices/{_publish(site, body=text)}")).text


async def test_notice_for_the_morning_is_shown_to_nobody_before(site: Site) -> None:
    """Approved in the quiet hours: the pages come when the messages do."""
    number = _publish(site, sent_at=site.clock.now() + timedelta(hours=2))
    assert (await site.get(f"/notices/{number}")).status_code == 404
    assert "申报指南" not in (await site.get("/notices")).text
    site.clock.moment += timedelta(hours=2)
    assert (await site.get(f"/notices/{number}")).status_code == 200


async def test_feed_is_whole_with_everything_a_reader_needs(make_site: Any) -> None:
    site = make_site(server={"public_url": BASE})
    number = _publish(site, "指南", "正文")
    answer = await site.get("/notices.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.content)
    for name in ("title", "id", "updated", "author"):  # what RFC 4287 demands of a feed
        assert feed.find(f"{ATOM}{name}") is not None, name
    [entry] = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == f"{BASE}/notices/{number}"
    assert entry.find(f"{ATOM}link").get("href") == f"{BASE}/notices/{number}"  # type: ignore[union-attr]
    assert (entry.findtext(f"{ATOM}title"), entry.findtext(f"{ATOM}content")) == ("指南", "正文")
    assert entry.findtext(f"{ATOM}updated") == "2020-10-12T10:00:00+08:00"


async def test_rss_and_json_have_what_their_readers_need(make_site: Any) -> None:
    site = make_site(server={"public_url": BASE})
    number = _publish(site, "指南", "请{{单位}}申报")
    answer = await site.get("/notices.rss")
    assert answer.headers["content-type"].startswith("application/rss+xml")
    channel = ElementTree.fromstring(answer.content).find("channel")
    assert channel is not None
    assert all(channel.findtext(name) for name in ("title", "link", "description"))  # what RSS 2.0 demands
    [item] = channel.findall("item")
    assert item.findtext("guid") == item.findtext("link") == f"{BASE}/notices/{number}"
    assert item.findtext("description") == "请各单位申报"
    assert item.findtext("pubDate") == "Mon, 12 Oct 2020 10:00:00 +0800"
    answer = await site.get("/notices.json")
    assert answer.headers["content-type"].startswith("application/feed+json")
    feed = answer.json()
    assert (feed["version"], feed["feed_url"]) == ("https://jsonfeed.org/version/1.1", f"{BASE}/notices.json")
    assert feed["items"] == [
        {
            "id": f"{BASE}/notices/{number}",
            "url": f"{BASE}/notices/{number}",
            "title": "指南",
            "content_text": "请各单位申报",
            "date_published": "2020-10-12T10:00:00+08:00",
            "tags": ["申报指南"],
        }
    ]


@pytest.mark.parametrize("path", ["/notices", "/notices.atom", "/notices.rss", "/notices.json", "/notices/1"])
async def test_reader_that_holds_the_newest_is_told_so_until_something_changes(site: Site, path: str) -> None:
    number = _publish(site)
    first = await site.get(path)
    again = await site.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    _publish(site, "更正", corrects_id=number)
    changed = await site.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]


async def test_corrected_notice_says_so_everywhere_and_leads_to_its_correction(site: Site) -> None:
    wrong = _publish(site, "申报时间")
    _publish(site, "草拟的更正", corrects_id=wrong, state=NoticeState.DRAFT, sent_at=None)
    assert "已更正" not in (await site.get("/notices")).text
    right = _publish(site, "更正：申报时间", corrects_id=wrong)
    for path in ("/notices", "/notices.atom", "/notices.rss", "/notices.json"):
        assert "【已更正】申报时间" in (await site.get(path)).text
    assert f'href="/notices/{right}"' in (await site.get(f"/notices/{wrong}")).text
    assert f'href="/notices/{wrong}"' in (await site.get(f"/notices/{right}")).text


async def test_withdrawn_notice_leaves_the_feeds_and_says_so_at_its_address(site: Site) -> None:
    number = _publish(site, "错发的通知", state=NoticeState.WITHDRAWN)
    for path in ("/notices", "/notices.atom", "/notices.rss", "/notices.json"):
        assert "错发的通知" not in (await site.get(path)).text
    page = await site.get(f"/notices/{number}")
    assert page.status_code == 200
    assert "【已撤回】错发的通知" in page.text


async def test_empty_feed_is_a_feed(site: Site) -> None:
    feed = ElementTree.fromstring((await site.get("/notices.atom")).content)
    assert feed.findall(f"{ATOM}entry") == []
    assert feed.findtext(f"{ATOM}updated")


@settings(max_examples=40, deadline=None)
@given(text=st.sampled_from(HOSTILE) | st.text(st.characters(codec="utf-8"), min_size=1, max_size=60))
def test_feed_can_be_read_whatever_was_written(long_lived: Site, text: str) -> None:
    import asyncio

    number = _publish(long_lived, text, text)
    feed = ElementTree.fromstring(asyncio.run(long_lived.get("/notices.atom")).content)
    assert feed.findall(f"{ATOM}entry/{ATOM}id")[0].text == f"urn:kepu-bot/notices/{number}"
    rss = ElementTree.fromstring(asyncio.run(long_lived.get("/notices.rss")).content)
    assert rss.findtext("channel/item/guid") == f"urn:kepu-bot/notices/{number}"
    assert asyncio.run(long_lived.get("/notices.json")).json()["items"][0]["id"] == f"urn:kepu-bot/notices/{number}"
    page = asyncio.run(long_lived.get(f"/notices/{number}"))
    assert page.status_code == 200
    assert "script" not in Seen(page.text).tags


async def test_slash_too_many_leads_to_the_list_on_no_other_host(site: Site) -> None:
    answer = await site.get("/notices/", headers={"Host": "evil.example"})
    assert (answer.status_code, answer.headers["location"]) == (308, "../notices")
    for path in ("/notices.atom/", "/health/", "/notices/1/"):
        held = await site.get(path, headers={"Host": "evil.example"})
        assert "evil.example" not in held.headers.get("location", "")
