"""From what staff type («长安镇或虎门镇 且 未回执 12») to the expression of whom a notice is for."""

import difflib
import re
from dataclasses import dataclass

from bot.rules.short_names import is_short_for
from bot.rules.targets import KINDS, NAMED, NUMBERED, Leaf, Not, Tree, all_of, any_of
from bot.rules.towns import find_town

# Longest first, so that «并且» is not read as «并» and a rest.
_AND = ("并且", "而且", "同时", "当中", "且", "中")
_OR = ("以及", "或者", "或", "和", "与", "及", "、", "，", ",", "+", "；", ";")
_NOT = ("除了", "不包括", "不含", "排除", "不是", "除", "非")
_OPEN, _CLOSE = "（(", "）)"
_IGNORED = ("发给", "的单位", "以外", "之外", "的", "。")
_SYNONYMS = {
    "未回执": "not_answered", "没回执": "not_answered", "未回": "not_answered", "没回": "not_answered",
    "已回执": "answered", "回执了": "answered", "未交": "not_delivered", "没交": "not_delivered", "已交": "delivered",
    "收到过": "got", "已收到": "got", "没收到": "not_got", "未收到": "not_got",
    "群": "group", "工作群": "group", "单位": "unit", "镇街": "town", "镇": "town", "项目": "project", "标签": "tag",
    "所有群": "groups", "全部群": "groups", "各群": "groups", "各工作群": "groups",
    "所有单位": "units", "各单位": "units", "全体单位": "units", "全部单位": "units", "实施单位": "units",
    "全体粉丝": "followers", "所有粉丝": "followers", "全部粉丝": "followers", "粉丝": "followers",
    "活跃粉丝": "active", "已绑定粉丝": "bound", "未绑定粉丝": "unbound",
    "工作人员": "staff", "拟稿人": "drafter", "审核人": "approver", "管理员": "admin", "只读人员": "viewer",
    "所有人": "everybody", "全部": "everybody", "全体": "everybody", "大家": "everybody",
}  # fmt: skip
_WORDS = sorted(_SYNONYMS, key=len, reverse=True)
_QUOTED = re.compile(r"[“\"「『]([^”\"」』]*)[”\"」』]")
_NUMBER = re.compile(r"\s*+(?:通知)?\s*+[:：]?\s*+(\d{1,9})")
_BARE = re.compile(r"[^\s（）()，,、；;。：:+]+")
LONGEST = 1000
DEEPEST = 20


class NotUnderstood(ValueError):
    """An expression that cannot be read; the message is Chinese and says what to do."""


@dataclass(frozen=True, slots=True)
class Known:
    """The names that may be written without saying what they are."""

    groups: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


def read(text: str, known: Known) -> Tree:
    """The expression; raises `NotUnderstood`."""
    if len(text) > LONGEST:
        raise NotUnderstood(f"发送对象写得太长了（最多 {LONGEST} 字），请精简，或分两条通知发。")
    reader = _Reader(text, known)
    tree = reader.either(0)
    if reader.rest():
        left = reader.rest()
        if left[0] in ")）":
            raise NotUnderstood("好像多了一个右括号，请核对。")
        raise NotUnderstood(f"“{left[:20]}”之前请写“或”“且”，例如：发给 长安镇 或 虎门镇")
    return tree


def is_own_word(text: str) -> bool:
    """Whether a text already means something here, so that nothing else may be called so."""
    return text in _SYNONYMS or text in (*_OR, *_AND, *_NOT, *_IGNORED)


class _Reader:
    """Reads from left to right; or binds weaker than and, and weaker than not."""

    def __init__(self, text: str, known: Known) -> None:
        self._text = text
        self._known = known
        self._at = 0
        names = [("group", one) for one in known.groups]
        names += [("unit", one) for one in known.units] + [("tag", one) for one in known.tags]
        self._names = sorted(names, key=lambda pair: len(pair[1]), reverse=True)

    def rest(self) -> str:
        return self._text[self._at :].strip()

    def either(self, depth: int) -> Tree:
        parts = [self.both(depth)]
        while self._take(*_OR):
            parts.append(self.both(depth))
        return any_of(*parts)

    def both(self, depth: int) -> Tree:
        parts = [self._one(depth)]
        while True:
            if self._take(*_AND) or self._looks_at(*_NOT):
                parts.append(self._one(depth))
            else:
                return all_of(*parts)

    def _one(self, depth: int) -> Tree:
        if depth > DEEPEST:
            raise NotUnderstood("括号层数太多了，请分几条通知发。")
        self._skip()
        named = self._known_name()
        if named:
            return named
        if self._take(*_NOT):
            return Not(self._one(depth + 1))
        if self._take(*_OPEN):
            inner = self.either(depth + 1)
            if not self._take(*_CLOSE):
                raise NotUnderstood("少了一个右括号，请核对后再发。")
            return inner
        return self._keyword() or self._bare()

    def _keyword(self) -> Tree | None:
        for word in _WORDS:
            if not self._text.startswith(word, self._at):
                continue
            kind, after = _SYNONYMS[word], self._at + len(word)
            if kind in NUMBERED:
                found = _NUMBER.match(self._text, after)
                if found is None:
                    raise NotUnderstood(f"“{word}”后面请写通知编号，例如：{word} 12")
                self._at = found.end()
                return Leaf(kind, str(int(found[1])))
            if kind in NAMED:
                name = self._name_after(after)
                if name is None:
                    continue
                return self._named(kind, name)
            self._at = after
            return Leaf(kind)
        return None

    def _name_after(self, at: int) -> str | None:
        while at < len(self._text) and self._text[at] in " \t\n　:：":
            at += 1
        quoted = _QUOTED.match(self._text, at)
        if quoted:
            self._at = quoted.end()
            return quoted[1]
        for _, name in self._names:
            if self._text.startswith(name, at):
                self._at = at + len(name)
                return name
        bare = _BARE.match(self._text, at)
        if bare is None:
            return None
        self._at = bare.end()
        return bare[0]

    def _named(self, kind: str, name: str) -> Tree:
        if kind == "town":
            town = find_town(name)
            if town is None:
                raise NotUnderstood(f"没有名为“{name[:20]}”的镇街，请核对。")
            return Leaf("town", town.name)
        if kind == "project":
            return Leaf("project", name)
        pool = {"group": self._known.groups, "unit": self._known.units, "tag": self._known.tags}[kind]
        return Leaf(kind, _resolve(name, pool, KINDS[kind]))

    def _known_name(self) -> Tree | None:
        for kind, name in self._names:
            if name and self._text.startswith(name, self._at):
                self._at += len(name)
                return Leaf(kind, name)
        return None

    def _bare(self) -> Tree:
        """A word that says not what it is: a town, or part of the name of one unit."""
        found = _BARE.match(self._text, self._at)
        if found is None:
            raise NotUnderstood("发送对象没有写完整，例如：发给 长安镇 且 未回执 12")
        word = found[0]
        for mark in (*_OR, *_AND):  # «长安镇或虎门镇»
            head = word.partition(mark)[0]
            if head and head != word and (_is_town(head) or self._fitting(head)):
                word = head
        word = word.removesuffix("的")
        self._at += len(word)
        town = find_town(word)
        if town is not None and _is_town(word):
            return Leaf("town", town.name)
        return Leaf("unit", _resolve(word, self._known.units, "单位", (*self._known.groups, *self._known.tags)))

    def _fitting(self, word: str) -> list[str]:
        return [one for one in self._known.units if word in one]

    def _skip(self) -> None:
        while True:
            before = self._at
            while self._at < len(self._text) and self._text[self._at] in " \t\n　:：":
                self._at += 1
            for word in _IGNORED:
                if self._text.startswith(word, self._at):
                    self._at += len(word)
            if self._at == before:
                return

    def _looks_at(self, *words: str) -> bool:
        self._skip()
        return any(self._text.startswith(word, self._at) for word in words)

    def _take(self, *words: str) -> bool:
        self._skip()
        for word in words:
            if self._text.startswith(word, self._at):
                self._at += len(word)
                return True
        return False


def _is_town(word: str) -> bool:
    town = find_town(word)
    return town is not None and word in (town.name, *town.short)


def _resolve(word: str, pool: tuple[str, ...], what: str, others: tuple[str, ...] = ()) -> str:
    """The one name that is meant; raises `NotUnderstood` with the near ones."""
    if word in pool:
        return word
    fitting = [one for one in pool if word in one] or [one for one in pool if is_short_for(word, one)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise NotUnderstood(f"“{word}”对应 {len(fitting)} 个{what}（{'、'.join(fitting[:5])}），请写全称。")
    near = difflib.get_close_matches(word, [*pool, *others], 3, 0.4)
    hint = f"您是不是想写：{'、'.join(near)}？" if near else f"请核对{what}名称。"
    raise NotUnderstood(f"没有名为“{word[:20]}”的{what}。{hint}")
