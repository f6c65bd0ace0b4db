"""Whom a notice is for: read from what staff type, kept, rendered, and the algebra of its parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.targets import (
    KINDS,
    NAMED,
    NUMBERED,
    Leaf,
    Not,
    Tree,
    all_of,
    any_of,
    from_json,
    render,
    select,
    to_json,
)
from bot.rules.targets_reading import Known, NotUnderstood, read

KNOWN = Known(
    groups=("2020年度科普项目工作群", "镇街联络群"),
    units=("东莞市长安图书馆", "虎门科技馆", "东莞市环保志愿者协会", "东莞市气象学会", "和平小学"),
    tags=("教师", "志愿者"),
)
CHANGAN, HUMEN = Leaf("town", "长安镇"), Leaf("town", "虎门镇")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("长安镇", CHANGAN),
        ("长安", CHANGAN),
        ("长安镇或虎门镇", any_of(CHANGAN, HUMEN)),
        ("长安镇、虎门镇和南城", any_of(CHANGAN, HUMEN, Leaf("town", "南城街道"))),
        ("长安镇或虎门镇 且 未回执 12", any_of(CHANGAN, all_of(HUMEN, Leaf("not_answered", "12")))),
        ("（长安镇或虎门镇）且未回执12", all_of(any_of(CHANGAN, HUMEN), Leaf("not_answered", "12"))),
        ("除了 虎门科技馆", Not(Leaf("unit", "虎门科技馆"))),
        ("长安镇 除了 长安图书馆", all_of(CHANGAN, Not(Leaf("unit", "东莞市长安图书馆")))),
        ("标签 教师", Leaf("tag", "教师")),
        ("教师", Leaf("tag", "教师")),
        ("和平小学和气象学会", any_of(Leaf("unit", "和平小学"), Leaf("unit", "东莞市气象学会"))),
        ("单位：环保志愿者协会", Leaf("unit", "东莞市环保志愿者协会")),
        ("群 镇街联络群", Leaf("group", "镇街联络群")),
        ("项目 垃圾分类", Leaf("project", "垃圾分类")),
        ("没收到 3 的单位", Leaf("not_got", "3")),
        ("全体粉丝", Leaf("followers")),
        ("活跃粉丝 且 非 标签 志愿者", all_of(Leaf("active"), Not(Leaf("tag", "志愿者")))),
        ("各单位", Leaf("units")),
    ],
)
def test_what_staff_type_is_understood(text: str, tree: Tree) -> None:
    assert read(text, KNOWN) == tree


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("虎门科学馆", "虎门科技馆"),
        ("东莞市", "对应 3 个单位"),
        ("未回执", "请写通知编号"),
        ("（长安镇", "少了一个右括号"),
        ("长安镇）", "多了一个右括号"),
        ("长安镇 且", "没有写完整"),
        ("镇街 火星镇", "没有名为“火星镇”的镇街"),
        ("", "没有写完整"),
        ("（" * 50 + "长安镇" + "）" * 50, "层数太多"),
        ("长" * 5000, "太长"),
    ],
)
def test_what_is_not_understood_is_named(text: str, said: str) -> None:
    with pytest.raises(NotUnderstood, match=said):
        read(text, KNOWN)


LEAVES = st.one_of(
    st.sampled_from([Leaf("group", one) for one in KNOWN.groups]),
    st.sampled_from([Leaf("unit", one) for one in KNOWN.units]),
    st.sampled_from([Leaf("tag", one) for one in KNOWN.tags]),
    st.sampled_from([CHANGAN, HUMEN]),
    st.builds(Leaf, st.sampled_from(NUMBERED), st.integers(0, 999).map(str)),
    st.builds(Leaf, st.sampled_from([one for one in KINDS if one not in NAMED and one not in NUMBERED])),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: all_of(*parts)),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: any_of(*parts)),
    ),
    max_leaves=8,
)


@given(TREES)
def test_rendering_is_read_back_as_the_same(tree: Tree) -> None:
    assert read(render(tree), KNOWN) == tree
    assert from_json(to_json(tree)) == tree


@given(TREES, TREES, st.integers(0, 2**31))
def test_algebra_of_sets_holds(one: Tree, other: Tree, seed: int) -> None:
    everybody = frozenset(f"unit:{at}" for at in range(8))

    def leaf(of: Leaf) -> frozenset[str]:
        return frozenset(mark for mark in everybody if hash((of, mark, seed)) % 2)

    def chosen(tree: Tree) -> frozenset[str]:
        return select(tree, leaf, everybody)

    assert chosen(all_of(one, other)) == chosen(one) & chosen(other)
    assert chosen(any_of(one, other)) == chosen(one) | chosen(other)
    assert chosen(Not(all_of(one, other))) == chosen(any_of(Not(one), Not(other)))
    assert chosen(Not(Not(one))) == chosen(one)


@given(st.text(alphabet="长安虎门镇且或除了（）()未回执12 、“”群单位", max_size=40))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        tree = read(text, KNOWN)
    except NotUnderstood:
        return
    assert read(render(tree), KNOWN) == tree
