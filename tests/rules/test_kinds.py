import pytest

from bot.rules.kinds import find_audience, kind_of


@pytest.mark.parametrize(
    ("text", "kind"),
    [("垃圾分类进社区讲座", "讲座"), ("航天知识进校园", "进校园"), ("口腔健康进社区", "进社区"),
    ("机器人挑战赛", "竞赛"), ("院士风采图片展", "展览"), ("恐龙展", "展览"),
     ("急救培训班", "培训"), ("参观散裂中子源", "参观"), ("网上直播", "直播"),
     ("航模体验", None), ("开展义诊", None),
     ("走进社区的科普展览", "展览")],
)  # fmt: skip
def test_kind_of(text: str, kind: str | None) -> None:
    found = kind_of(text)
    assert (found[0] if found else None) == kind


@pytest.mark.parametrize(
    ("text", "audience"),
    [("面向小学生", "小学生"), ("学生120名左右", "学生"), ("60名村民", "村民"), ("亲子家庭60人", "亲子家庭"),
    ("四年级学生 约200人", "四年级学生"), ("约60人", None),
     ("对象为社区居民", "社区居民")],
)  # fmt: skip
def test_find_audience(text: str, audience: str | None) -> None:
    span = find_audience(text)
    assert (text[slice(*span)] if span else None) == audience
