"""A notice as an article: clean HTML whatever its text; uploaded once over every attempt; sent, shown, published, taken back."""

import re
from html.parser import HTMLParser

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.base import Outgoing
from bot.channels.official_account.article import LARGEST_HTML, article_html, make_article
from bot.channels.official_account.channel import OfficialAccountChannel
from bot.errors import PlatformError
from bot.messaging.types import Content
from tests.channels.official_account.conftest import OPENID, KnownUploads, Platform, ok, refused

A, B, COVER = "a" * 64, "b" * 64, "c" * 64
ARTICLE = make_article("申报指南：2020年度科普专项", "一、条件\n\n【图2】\n\n二、材料", COVER, (A, B))
ALLOWED = {
    "section", "p", "h3", "ul", "ol", "li", "blockquote", "table", "thead", "tbody", "tr", "th", "td", "strong",
    "br", "hr", "img",
}  # fmt: skip


class Tags(HTMLParser):
    """What a browser makes of a text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def to_all(**more: object) -> Outgoing:
    content = Content("一、条件", article=ARTICLE)
    return Outgoing("2 followers", content, method="mass", recipients=(OPENID, "oBob"), key="kepu-2", **more)  # type: ignore[arg-type]


def called(platform: Platform) -> list[str]:
    return [call.url.path.removeprefix("/cgi-bin/") for call in platform.calls]


UPLOADED = [ok(url="https://mmbiz.example/b"), ok(url="https://mmbiz.example/a"), ok(media_id="COVER-1")]
SENT = ok(msg_id=34182, msg_data_id=2)


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**请**各单位\n按时报送", '<p style="margin:0 0 1em"><strong>请</strong>各单位<br/>按时报送</p>'),
        ("见[网站](https://a.example/x)", '<p style="margin:0 0 1em">见网站（https://a.example/x）</p>'),
        ("<https://a.example/x>", '<p style="margin:0 0 1em">https://a.example/x</p>'),
        ("![海报](https://a.example/x.png)", '<p style="margin:0 0 1em">海报（https://a.example/x.png）</p>'),
        ("    四个空格不是代码", '<p style="margin:0 0 1em">四个空格不是代码</p>'),
        ("<script>x</script>", '<p style="margin:0 0 1em">&lt;script&gt;x&lt;/script&gt;</p>'),
        ("3. 三\n4. 四", '<ol start="3" style="margin:0 0 1em;padding-left:1.5em"><li>三</li><li>四</li></ol>'),
    ],
)
def test_markdown_becomes_plain_html_with_links_as_words(markdown: str, html: str) -> None:
    assert article_html(markdown).partition(">")[2].removesuffix("</section>") == html


def test_digest_has_words_alone() -> None:
    text = "## 条件\n- 登记\n- 有[办法](https://example.org/a)\n\n| 类 | 额 |\n|---|---|\n| 讲座 | 2万 |\n\n【图1】**务必**按时"
    assert make_article("t", text, COVER, (A,)).digest == "条件 登记 有办法 类 额 讲座 2万 务必按时"


def test_table_is_shown_as_one() -> None:
    tags = [tag for tag, _ in Tags(article_html("| 单位 | 金额 |\n|---|---|\n| 甲协会 | 2万 |")).found]
    assert tags == ["section", "section", "table", "thead", "tr", "th", "th", "tbody", "tr", "td", "td"]


def test_pictures_stand_where_the_text_names_them_and_the_rest_after_it() -> None:
    html = ARTICLE.html
    assert html.index("一、条件") < html.index(f"picture:{B}") < html.index("二、材料") < html.index(f"picture:{A}")
    assert ARTICLE.pictures == (B, A)
    assert ARTICLE.digest == "一、条件 二、材料"


HOSTILE = st.sampled_from([
    '"onclick="x', "<img src=x onerror=alert(1)>", "[a](javascript:alert(1))", "![x](data:text/html,x)", "**", "`", "\n",
    "> ", "- ", "|a|\n|-|\n", "【图1】", "[图9]", '<a href="https://a.example">x</a>', "&lt;", "]]>", "\u202e", "```\n", "1. ",
])  # fmt: skip


@settings(max_examples=150)
@given(st.lists(HOSTILE, max_size=12).map("".join))
def test_whatever_a_text_says_only_our_tags_come_out(markdown: str) -> None:
    for tag, attributes in Tags(article_html(markdown, (A,))).found:
        assert tag in ALLOWED
        assert set(attributes) <= {"style", "start", "src"}
        assert attributes.get("src", f"picture:{A}") == f"picture:{A}"


async def test_article_is_uploaded_put_into_a_draft_and_sent_to_all_named(
    channel: OfficialAccountChannel, platform: Platform, uploads: KnownUploads
) -> None:
    platform.answers = [*UPLOADED, ok(media_id="DRAFT-1"), SENT]
    assert await channel.send(to_all()) == "34182"
    assert called(platform) == [
        "media/uploadimg", "media/uploadimg", "material/add_material", "draft/add", "message/mass/send",
    ]  # fmt: skip
    assert platform.calls[2].url.params["type"] == "thumb"
    [draft] = platform.body(3)["articles"]
    shown = ARTICLE.html.replace(f"picture:{B}", "https://mmbiz.example/b").replace(
        f"picture:{A}", "https://mmbiz.example/a"
    )
    assert (draft["title"], draft["thumb_media_id"], draft["content"]) == (ARTICLE.title, "COVER-1", shown)
    body = platform.body()
    assert (body["msgtype"], body["mpnews"], body["touser"]) == ("mpnews", {"media_id": "DRAFT-1"}, [OPENID, "oBob"])
    assert body["clientmsgid"] == "kepu-2"
    assert sorted(uploads.names.values()) == ["COVER-1", "https://mmbiz.example/a", "https://mmbiz.example/b"]


async def test_next_attempt_uploads_nothing_again(channel: OfficialAccountChannel, platform: Platform) -> None:
    platform.answers = [*UPLOADED, ok(media_id="DRAFT-1"), refused(45009, "api minute-quota")]
    with pytest.raises(PlatformError):
        await channel.send(to_all())
    platform.calls.clear()
    platform.answers = [SENT]
    await channel.send(to_all())
    assert called(platform) == ["message/mass/send"]


async def test_second_batch_makes_a_draft_of_its_own_out_of_what_is_uploaded(
    channel: OfficialAccountChannel, platform: Platform
) -> None:
    platform.answers = [*UPLOADED, ok(media_id="DRAFT-1"), SENT, ok(media_id="DRAFT-2"), SENT]
    await channel.send(to_all())
    await channel.send(to_all())
    assert called(platform)[5:] == ["draft/add", "message/mass/send"]
    assert platform.body()["mpnews"] == {"media_id": "DRAFT-2"}


async def test_cover_and_draft_that_somebody_deleted_are_made_again_once(
    channel: OfficialAccountChannel, platform: Platform, uploads: KnownUploads
) -> None:
    uploads.names = {f"wx0123456789abcdef:cover:{COVER}": "OLD"} | {
        f"wx0123456789abcdef:picture:{one}": f"https://mmbiz.example/{one[0]}" for one in (A, B)
    }
    platform.answers = [refused(40007), ok(media_id="COVER-2"), ok(media_id="DRAFT-1"), SENT]
    await channel.send(to_all())
    assert called(platform) == ["draft/add", "material/add_material", "draft/add", "message/mass/send"]
    platform.calls.clear()
    platform.answers = [ok(media_id="DRAFT-3"), refused(40007)]
    with pytest.raises(PlatformError) as caught:
        await channel.send(to_all())
    assert caught.value.code == 40007
    assert not caught.value.ambiguous


async def test_upload_without_an_answer_leaves_nothing_in_doubt_but_a_mass_send_does(
    channel: OfficialAccountChannel, platform: Platform
) -> None:
    platform.answers = [httpx.ReadTimeout("late")]
    with pytest.raises(PlatformError) as caught:
        await channel.send(to_all())
    assert (caught.value.retry, caught.value.ambiguous) == (True, False)
    platform.answers = [*UPLOADED, ok(media_id="DRAFT-1"), httpx.ReadTimeout("late")]
    with pytest.raises(PlatformError) as caught:
        await channel.send(to_all())
    assert caught.value.ambiguous


async def test_article_is_shown_to_one_published_and_taken_back(
    channel: OfficialAccountChannel, platform: Platform
) -> None:
    content = Content("一、条件", article=ARTICLE)
    platform.answers = [*UPLOADED, ok(media_id="DRAFT-1"), ok()]
    await channel.send(Outgoing(OPENID, content, method="preview"))
    assert platform.body() == {
        "msgtype": "mpnews", "send_ignore_reprint": 0, "touser": OPENID, "mpnews": {"media_id": "DRAFT-1"},
    }  # fmt: skip
    platform.answers = [ok(publish_id="100000001")]
    assert await channel.send(Outgoing("all", content, method="publish")) == "100000001"
    assert platform.body() == {"media_id": "DRAFT-1"}  # the one that was looked at
    await channel.send(Outgoing("34182", Content(""), method="delete"))
    assert (called(platform)[-1], platform.body()) == ("message/mass/delete", {"msg_id": 34182})
    await channel.send(Outgoing("ARTICLE-1", Content(""), method="unpublish"))
    assert (called(platform)[-1], platform.body()["article_id"]) == ("freepublish/delete", "ARTICLE-1")


async def test_picture_that_is_gone_is_said_plainly(channel: OfficialAccountChannel, platform: Platform) -> None:
    lost = make_article("t", "b", COVER, ("9" * 64,))
    channel._articles._read_file = lambda _: (_ for _ in ()).throw(FileNotFoundError())
    with pytest.raises(PlatformError, match="图片已不在服务器上"):
        await channel.send(Outgoing("2 followers", Content("b", article=lost), method="mass", recipients=("o1", "o2")))
    assert platform.calls == []


def test_longest_notice_makes_an_article_that_the_platform_takes() -> None:
    body = "\n\n".join(f"第{at}条　请各单位按要求报送。" for at in range(1, 400))[:6000]
    assert len(make_article("t", body, COVER).html) < LARGEST_HTML
    assert re.fullmatch(r".{60}", make_article("t", body, COVER).digest)
