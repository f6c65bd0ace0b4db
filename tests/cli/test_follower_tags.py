"""``follower tag``: segments out of a table; each faulty line is named, and then nothing is taken."""

import sqlite3

import pytest

from bot.rules.tags import fault_of, split
from tests.cli.shell import Shell

ACCOUNT = (
    "INSERT INTO account (channel, external_id, person_id, following, direct, first_seen_at, mass_month, mass_count)"
    " VALUES ('official_account', ?, ?, ?, 0, '2020-01-01 00:00:00', '', 0)"
)


@pytest.fixture
def followed(shell: Shell) -> Shell:
    """Two followers of one unit, one unknown, one who left, and two persons of one name."""
    with sqlite3.connect(shell.folder / "kepu.db") as database:
        database.execute("INSERT INTO unit (id, name, town, active) VALUES (1, '虎门科技馆', '', 1)")
        for number, name in enumerate(("何伟", "黄琳", "李敏", "李敏"), 1):
            database.execute(
                "INSERT INTO person (id, name, phone, created_at) VALUES (?, ?, '', '2020-01-01 00:00:00')",
                (number, name),
            )
        database.execute("INSERT INTO membership (person_id, unit_id) VALUES (1, 1), (2, 1)")
        for openid, person, following in (("oHe", 1, 1), ("oHuang", 2, 1), ("oFan", None, 1), ("oLeft", None, 0)):
            database.execute(ACCOUNT, (openid, person, following))
    return shell


def _tags(shell: Shell) -> list[tuple[str, str]]:
    with sqlite3.connect(shell.folder / "kepu.db") as database:
        wish = "SELECT external_id, tag FROM follower_tag JOIN account ON account.id = account_id ORDER BY 1, 2"
        return database.execute(wish).fetchall()


def _file(shell: Shell, text: str, encoding: str = "utf-8") -> str:
    (shell.folder / "tags.csv").write_text(text, encoding=encoding)
    return "tags.csv"


def test_followers_are_tagged_by_openid_name_and_unit_and_untagged_again(followed: Shell) -> None:
    table = "openid,姓名,单位,标签\noFan,,,教师、家长\n,何伟,,讲师\n,,虎门科技馆,馆员\n"
    said = followed.run("follower", "tag", _file(followed, table, "gb18030"))
    assert "3 位粉丝、4 个标签：新加 5 处，去掉 0 处" in said
    everything = [("oFan", "家长"), ("oFan", "教师"), ("oHe", "讲师"), ("oHe", "馆员"), ("oHuang", "馆员")]
    assert sorted(_tags(followed)) == sorted(everything)
    assert "新加 0 处" in followed.run("follower", "tag", _file(followed, table))
    followed.run("follower", "tag", _file(followed, "openid,标签,操作\noFan,家长,去\noFan,家长,去\n"))
    assert ("oFan", "家长") not in _tags(followed)


def test_every_faulty_line_is_named_and_nothing_is_taken(followed: Shell) -> None:
    lines = [
        "openid,姓名,单位,标签,操作", "oFan,,,教师,", "oLeft,,,教师,", ",李敏,,教师,", ",,没有馆,教师,", ",,,教师,",
        "oFan,,,,", "oFan,,,粉丝,", "oFan,,,教 师,", "oFan,,,教师,换",
    ]  # fmt: skip
    said = followed.run("follower", "tag", _file(followed, "\n".join(lines)), code=2)
    for part in ("第 6 行：openid、姓名、单位 都是空的", "第 7 行：标签是空的", "第 8 行：“粉丝”在“发给 …”里另有意思",
                 "第 9 行：标签“教 师”里不要用空格", "第 10 行：操作“换”看不懂", "有 5 处需要改正"):  # fmt: skip
        assert part in said, part
    said = followed.run("follower", "tag", _file(followed, "\n".join(lines[:5])), code=2)
    for part in ("第 3 行：没有这个 openid", "第 4 行：叫“李敏”的有 2 位", "第 5 行：单位“没有馆”"):
        assert part in said, part
    assert _tags(followed) == []


@pytest.mark.parametrize("table", ["", "姓名\n何伟\n", "标签\n教师\n", "openid,标签\n"])
def test_table_that_is_none_is_said_so(followed: Shell, table: str) -> None:
    followed.run("follower", "tag", _file(followed, table), code=2)


def test_names_of_tags() -> None:
    assert split("教师、家长，教师; ") == ("教师", "家长")
    assert [one for one in ("非遗爱好者", "2020年讲师", "x" * 40) if fault_of(one)] == []
    assert all(map(fault_of, ("x" * 41, "“教师”", "全部", "甲+乙")))
