"""Articles, followers, tags, menu and codes, with wechatpy's client."""

import pytest

from .conftest import AMY, BOB
from .test_messages_to_one import refused

PICTURE = ("cover.png", b"\x89PNG\r\n\x1a\n" + bytes(100))


def article(client, **more):
    cover = client.material.add("image", PICTURE)["media_id"]
    return {
        "title": "申报指南",
        "thumb_media_id": cover,
        "author": "科协",
        "digest": "摘要",
        "show_cover_pic": 0,
        "content": "<p>正文</p>",
        "content_source_url": "",
        "need_open_comment": 0,
        "only_fans_can_comment": 0,
    } | more


def test_article_gets_an_address_when_published(sandbox, client):
    draft = client.draft.add([article(client)])["media_id"]
    publish_id = client.freepublish.submit(draft)["publish_id"]
    event = sandbox.bot.wait_for("publishjobfinish")
    info = event._data["PublishEventInfo"]
    assert (info["publish_id"], info["publish_status"]) == (publish_id, "0")
    page = sandbox.http.get(info["article_detail"]["item"]["article_url"])
    assert "<p>正文</p>" in page.text
    assert "sandbox" in page.headers["content-security-policy"]
    assert client.freepublish.get(publish_id)["article_id"] == info["article_id"]
    with refused(40007):
        client.draft.get(draft)
    sandbox.control(f"official/{AMY}/say", {"text": "指南"})
    body = {"touser": AMY, "msgtype": "mpnewsarticle", "mpnewsarticle": {"article_id": info["article_id"]}}
    assert sandbox.call("message/custom/send", body)["errcode"] == 0
    assert sandbox.messages(f"official:{AMY}")[-1]["articles"][0]["title"] == "申报指南"


def test_article_reaches_followers_and_can_be_withdrawn_when_mass_sent(sandbox, client):
    draft = client.draft.add([article(client)])["media_id"]
    number = client.message.send_mass_article(draft, [AMY, BOB])["msg_id"]
    sandbox.bot.wait_for("masssendjobfinish")
    (message,) = sandbox.messages(f"official:{AMY}")
    url = message["articles"][0]["url"]
    assert sandbox.http.get(url).status_code == 200
    client.message.delete_mass(number)
    assert sandbox.http.get(url).status_code == 404
    assert sandbox.messages(f"official:{AMY}")[0]["articles"][0]["deleted"] is True


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"title": ""}, 41016),
        ({"title": "长" * 33}, 45003),
        ({"author": "长" * 17}, 45110),
        ({"digest": "长" * 121}, 45004),
        ({"content": ""}, 44004),
        ({"content": "长" * 20_000}, 45002),
        ({"content": "<p>好<script>alert(1)</script></p>"}, 45166),
        ({"content": '<p onclick="alert(1)">好</p>'}, 45166),
        ({"content": '<iframe src="https://mp.weixin.qq.com/"></iframe>'}, 45166),
        ({"content": '<a href="https://elsewhere.example/guide">指南</a>'}, 45166),
        ({"content": '<a href="javascript:alert(1)">指南</a>'}, 45166),
        ({"content": '<a href="javascript://mp.weixin.qq.com/%0aalert(1)">指南</a>'}, 45166),
        ({"content": '<a href="ftp://mp.weixin.qq.com/">指南</a>'}, 45166),
        ({"content": '<img src="https://elsewhere.example/a.png">'}, 45166),
        ({"content": '<p style="background:url(https://elsewhere.example/a.png)">好</p>'}, 45166),
        ({"content": '<svg><image href="https://elsewhere.example/a.png"/></svg>'}, 45166),
        ({"content": "<p>好</p><script src=x"}, 45166),
        ({"content_source_url": "javascript:alert(1)"}, 40048),
        ({"content_source_url": "https://kepu.example/" + "a" * 1024}, 40048),
        ({"thumb_media_id": "made-up"}, 40007),
    ],
)
def test_draft_is_refused_when_a_part_is_wrong(client, change, code):
    with refused(code):
        client.draft.add([article(client, **change)])


def test_draft_is_taken_when_its_pictures_and_links_are_the_platform_s_own(sandbox, client):
    picture = client.media.upload_mass_image(PICTURE)
    own = f'<p>见<a name="top"></a><a href="https://mp.weixin.qq.com/s/abc">上期</a>，3 < 5</p><img src="{picture}">'
    source = "https://kepu.example/notices/1"
    draft = client.draft.add([article(client, title="长" * 32, content=own, content_source_url=source)])["media_id"]
    client.freepublish.submit(draft)
    info = sandbox.bot.wait_for("publishjobfinish")._data["PublishEventInfo"]
    page = sandbox.http.get(info["article_detail"]["item"]["article_url"]).text
    assert own in page
    assert f'<a href="{source}" rel="noopener noreferrer">阅读原文</a>' in page


def test_draft_stays_as_it_was_when_its_change_is_refused(client):
    draft = client.draft.add([article(client)])["media_id"]
    with refused(45166):
        client.draft.update(draft, 0, article(client, content="<script>alert(1)</script>"))
    assert client.draft.get(draft)["news_item"][0]["content"] == "<p>正文</p>"


def test_picture_from_another_host_is_refused_when_it_has_the_name_of_an_own_one(client):
    own = client.media.upload_mass_image(PICTURE)
    with refused(45166):
        client.draft.add(
            [article(client, content=f'<img src="https://elsewhere.example/_media/{own.rpartition("/")[2]}">')]
        )


def test_picture_of_another_kind_is_refused_when_it_stands_in_an_article(client):
    cover = client.material.add("image", PICTURE)
    with refused(45166):
        client.draft.add([article(client, content=f'<img src="{cover["url"]}">')])


def test_cover_is_refused_when_it_is_temporary(client):
    temporary = client.media.upload("image", PICTURE)["media_id"]
    with refused(40007):
        client.draft.add([article(client, thumb_media_id=temporary)])


def test_picture_for_an_article_is_refused_when_too_big_or_not_a_picture(sandbox, client):
    url = client.media.upload_mass_image(PICTURE)
    assert sandbox.http.get(url).content == PICTURE[1]
    with refused(40009):
        client.media.upload_mass_image(("a.png", b"\x89PNG" + bytes(1024 * 1024)))
    with refused(40005):
        client.media.upload_mass_image(("a.png", b"MZ" + bytes(10)))


def test_file_survives_the_journey_when_it_holds_every_byte(client):
    content = b"\xff\xd8\xff" + bytes(range(256)) + b"\r\n--\r\n\r\n"
    media = client.media.upload("image", ("a.jpg", content))
    assert client.media.download(media["media_id"]).content == content


def test_followers_are_listed_without_those_who_left(sandbox, client):
    sandbox.control(f"official/{BOB}/unfollow")
    openids = list(client.user.iter_followers())
    assert AMY in openids
    assert BOB not in openids
    assert client.user.get(BOB) == {"subscribe": 0, "openid": BOB}
    assert [row["subscribe"] for row in client.user.get_batch([AMY, BOB])] == [1, 0]
    with refused(40003):
        client.user.get("o" + "x" * 27)


class TestManyFollowers:
    """More than one page of them."""

    @pytest.fixture
    def world(self, world):
        world["official_account"]["followers"] = [{"openid": f"o{n:027}", "name": str(n)} for n in range(10_001)]
        return world

    def test_followers_come_in_pages_of_ten_thousand(self, client):
        first = client.user.get_followers()
        assert (first["total"], first["count"]) == (10_001, 10_000)
        second = client.user.get_followers(first["next_openid"])
        assert (second["count"], second["data"]["openid"]) == (1, [f"o{10_000:027}"])
        assert len(list(client.user.iter_followers())) == 10_001


def test_tags_hold_followers_when_they_are_tagged(client):
    tag = client.tag.create("实施单位")["id"]
    client.tag.tag_user(tag, [AMY, BOB])
    client.tag.untag_user(tag, [BOB])
    assert client.tag.get_tag_users(tag)["data"]["openid"] == [AMY]
    assert client.tag.get_user_tag(AMY) == [tag]
    assert client.tag.get()[0] == {"id": tag, "name": "实施单位", "count": 1}
    with refused(45157):
        client.tag.create("实施单位")
    with refused(45159):
        client.tag.tag_user(999, [AMY])
    with refused(40032):
        client.tag.tag_user(tag, [AMY] * 51)
    client.tag.delete(tag)
    assert client.tag.get_user_tag(AMY) == []


@pytest.mark.parametrize(
    ("buttons", "code"),
    [
        ([], 40016),
        ([{"type": "click", "name": "a", "key": "k"}] * 4, 40016),
        ([{"name": "a", "sub_button": [{"type": "click", "name": "a", "key": "k"}] * 6}], 40023),
        ([{"type": "click", "name": "一二三四五六", "key": "k"}], 40018),
        ([{"type": "click", "name": "a"}], 40019),
        ([{"type": "view", "name": "a", "url": "u" * 1025}], 40020),
        ([{"type": "dance", "name": "a"}], 40017),
    ],
)
def test_menu_is_refused_when_too_large_or_malformed(client, buttons, code):
    with refused(code):
        client.menu.create({"button": buttons})


def test_menu_is_kept_until_deleted(client):
    menu = {"button": [{"name": "服务", "sub_button": [{"type": "view", "name": "填报", "url": "http://example.org"}]}]}
    client.menu.create(menu)
    assert client.get("menu/get")["menu"] == menu
    client.menu.delete()
    with refused(46003):
        client.get("menu/get")


def test_parametric_code_is_made_when_scene_fits(client):
    row = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": "unit-7"}}}
    assert "unit-7" in client.qrcode.create(row)["ticket"]
    row["action_info"]["scene"]["scene_str"] = "x" * 65
    with refused(40053):
        client.qrcode.create(row)
