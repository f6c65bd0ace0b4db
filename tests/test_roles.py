"""Which roles a process may play: each wrong wish is one sentence that says what to do."""

import pytest

from bot.errors import ConfigError
from bot.roles import ALL, Role, chosen
from bot.settings import Settings, check

ROBOT = {"work_group": {"bot_id": "b", "secret": "s"}}
HOOK = {"group_webhooks": [{"name": "镇街群", "url": "https://example.org/send?key=k"}]}


def _settings(url: str = "postgresql://127.0.0.1/kepu", **sections: object) -> Settings:
    return check({"programme": {"year": 2020}, "database": {"url": url}, **sections})


def test_without_a_role_a_process_does_everything() -> None:
    for names in ((), ("all",), ("web", "all"), tuple(Role)):
        assert chosen(names, _settings("sqlite:///kepu.db")) == ALL


def test_roles_are_repeatable() -> None:
    assert chosen(["web", "scheduler", "web"], _settings()) == {Role.WEB, Role.SCHEDULER}
    assert chosen(["gateway", "worker"], _settings(**ROBOT)) == {Role.GATEWAY, Role.WORKER}


@pytest.mark.parametrize(
    ("names", "settings", "sentence"),
    [
        (["webb"], _settings(), "没有“webb”这个角色，--role 可选 all、web、gateway、worker、scheduler"),
        (["web"], _settings("sqlite:///kepu.db"), "SQLite 只能由一个进程使用：请去掉 --role"),
        (["gateway"], _settings(**HOOK), "没有配置 [work_group]：请配置，或去掉这个角色"),
        (["worker"], _settings(), "--role worker 没有可发的渠道"),
    ],
)
def test_role_that_cannot_be_played_is_one_sentence(names: list[str], settings: Settings, sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        chosen(names, settings)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)
