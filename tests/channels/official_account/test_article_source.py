"""«阅读原文» below an article: goes into its draft where there is one, and makes a draft of its own."""

from dataclasses import replace

from bot.channels.base import Outgoing
from bot.channels.official_account.article import make_article
from bot.channels.official_account.channel import OfficialAccountChannel
from bot.messaging.types import Content
from tests.channels.official_account.conftest import Platform, ok

PAGE = "https://bot.example.org/notices/12"
ARTICLE = make_article("申报指南", "一、条件", "c" * 64, source_url=PAGE)
UPLOADED, SENT = ok(media_id="COVER-1"), ok(msg_id=34182, msg_data_id=2)


def _to_all(source_url: str) -> Outgoing:
    content = Content("一、条件", article=replace(ARTICLE, source_url=source_url))
    return Outgoing("2 followers", content, method="mass", recipients=("oAmy", "oBob"), key="kepu-2")


async def test_draft_leads_to_the_source_of_its_article(channel: OfficialAccountChannel, platform: Platform) -> None:
    platform.answers = [UPLOADED, ok(media_id="DRAFT-1"), SENT]
    await channel.send(_to_all(PAGE))
    assert [one["content_source_url"] for one in platform.body(1)["articles"]] == [PAGE]


async def test_article_that_leads_elsewhere_is_another_draft(
    channel: OfficialAccountChannel, platform: Platform
) -> None:
    platform.answers = [UPLOADED, ok(media_id="DRAFT-1"), ok()]
    await channel.send(replace(_to_all(PAGE), method="preview", recipient="oAmy"))
    platform.answers = [ok(media_id="DRAFT-2"), SENT]
    await channel.send(_to_all(f"{PAGE}3"))
    assert platform.body()["mpnews"] == {"media_id": "DRAFT-2"}
