"""Whom a notice is for, as an expression: groups, units, towns, tags … joined by and, or, not.

A tree is kept as JSON on the notice and read from what staff type (`targets_reading`). What a leaf stands for is a set
of marks such as ``unit:3``; only the database knows it, so `select` is handed a function for that.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Leaf:
    """One condition. ``kind``: a key of `KINDS`; ``value``: the name or number it is about, empty where there is none."""

    kind: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Not:
    of: "Tree"


@dataclass(frozen=True, slots=True)
class All:
    of: "tuple[Tree, ...]"


@dataclass(frozen=True, slots=True)
class Any_:
    of: "tuple[Tree, ...]"


Tree = Leaf | Not | All | Any_

# kind → how staff write it. Those in NUMBERED are about a notice, those in NAMED about a name, the rest stand alone.
KINDS = {
    "group": "群",
    "unit": "单位",
    "town": "镇街",
    "project": "项目",
    "tag": "标签",
    "not_answered": "未回执",
    "answered": "已回执",
    "not_delivered": "未交",
    "delivered": "已交",
    "got": "收到过",
    "not_got": "没收到",
    "groups": "所有群",
    "units": "所有单位",
    "followers": "全体粉丝",
    "active": "活跃粉丝",
    "bound": "已绑定粉丝",
    "unbound": "未绑定粉丝",
    "staff": "工作人员",
    "drafter": "拟稿人",
    "approver": "审核人",
    "admin": "管理员",
    "viewer": "只读人员",
    "everybody": "所有人",
}
NAMED = ("group", "unit", "town", "project", "tag")
NUMBERED = ("not_answered", "answered", "not_delivered", "delivered", "got", "not_got")


def all_of(*parts: Tree) -> Tree:
    """Those for whom every part holds; nested ones are laid flat."""
    flat = [one for part in parts for one in (part.of if isinstance(part, All) else (part,))]
    return flat[0] if len(flat) == 1 else All(tuple(flat))


def any_of(*parts: Tree) -> Tree:
    """Those for whom one part at least holds; nested ones are laid flat."""
    flat = [one for part in parts for one in (part.of if isinstance(part, Any_) else (part,))]
    return flat[0] if len(flat) == 1 else Any_(tuple(flat))


def select(tree: Tree, leaf: Callable[[Leaf], frozenset[str]], everybody: frozenset[str]) -> frozenset[str]:
    """The marks for whom the tree holds; «not» is against ``everybody``."""
    if isinstance(tree, Leaf):
        return leaf(tree)
    if isinstance(tree, Not):
        return everybody - select(tree.of, leaf, everybody)
    sets = [select(one, leaf, everybody) for one in tree.of]
    return frozenset.intersection(*sets) if isinstance(tree, All) else frozenset.union(*sets)


def named(tree: Tree, kind: str) -> frozenset[str]:
    """The values by which leaves of this kind include somebody; those below a «not» do not."""
    if isinstance(tree, Leaf):
        return frozenset([tree.value]) if tree.kind == kind else frozenset()
    if isinstance(tree, Not):
        return frozenset()
    return frozenset[str]().union(*(named(one, kind) for one in tree.of))


def to_json(tree: Tree) -> dict[str, Any]:
    """The tree as it is kept with the notice."""
    if isinstance(tree, Leaf):
        return {"is": tree.kind, "value": tree.value}
    if isinstance(tree, Not):
        return {"not": to_json(tree.of)}
    return {"all" if isinstance(tree, All) else "any": [to_json(one) for one in tree.of]}


def from_json(held: dict[str, Any]) -> Tree:
    """The tree again."""
    if "is" in held:
        return Leaf(held["is"], held["value"])
    if "not" in held:
        return Not(from_json(held["not"]))
    parts = tuple(from_json(one) for one in held.get("all") or held["any"])
    return All(parts) if "all" in held else Any_(parts)


def render(tree: Tree) -> str:
    """The expression as staff could type it; reading it again gives the same tree."""
    if isinstance(tree, Leaf):
        word = KINDS[tree.kind]
        if tree.kind in NAMED:
            return f"{word} “{tree.value}”"
        return f"{word} {tree.value}" if tree.value else word
    if isinstance(tree, Not):
        return f"除了 {_inner(tree.of)}"
    if isinstance(tree, All):
        return " 且 ".join(_inner(one) for one in tree.of)
    return " 或 ".join(f"（{render(one)}）" if isinstance(one, Any_) else render(one) for one in tree.of)


def _inner(tree: Tree) -> str:
    return render(tree) if isinstance(tree, Leaf | Not) else f"（{render(tree)}）"
