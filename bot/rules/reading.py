"""A text as the rules read it: cleaned, cut, and with a folded copy of the same length beside the wording.

The folded copy (half-width, simplified, one kind of dash) is what patterns look at; positions in it are
positions in the wording, so what is kept of the text is what the person wrote.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

READ_AT_MOST = 4000

# Zero-width, bidirectional and other controls; tab and line feed stay.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\ud800-\udfff"
    "\U000e0000-\U000e0fff]"
)
_DASHES = "‐‑‒–—―−－～~〜∼﹣﹘⁓─━"
_COLONS = "：﹕︰∶"
_COMMAS = "，﹐､"
_PLAIN = {"；": ";", "。": "。", "（": "(", "）": ")", "〔": "(", "〕": ")", "！": "!", "？": "?", "〇": "零",
          "“": '"', "”": '"', "„": '"', "「": '"', "」": '"', "『": '"', "』": '"', "‘": '"', "’": '"',
          "\t": " ", "／": "/", "｜": "|", "．": ".", "＋": "+", "＠": "@", "•": " ", "·": "·",
          # Cantonese as it is written in chats.
          "喺": "在", "嘅": "的", "咗": "了", "哋": "们", "嚟": "来", "啲": "些", "冇": "无", "唔": "不"}  # fmt: skip
MOST_PAUSES = 6
_DIGITS = str.maketrans("零一二三四五六七八九幺,、", "01234567891  ")
# 一三八零零一三八零零零: digits that were spoken one by one.
_SPOKEN = re.compile(
    r"[零一二三四五六七八九幺\d](?:[ \-,、]?[零一二三四五六七八九幺\d]){6,24}(?![零一二三四五六七八九十百千万])"
)
_NUMBER = re.compile(r"(?:1[3-9]\d{9}|0\d{9,11}|20\d{6}|1[3-9]\d{8}|1[3-9]\d{10}|[2-8]\d{7})")
_EMOJI = re.compile("[\u2190-\u21ff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff\u20e3\u2460-\u24ff]")


@dataclass(frozen=True)
class Reading:
    """``text``: the wording without what cannot be seen. ``reading``: the same length, folded for matching."""

    text: str
    reading: str


@lru_cache(maxsize=8192)
def _fold_char(char: str) -> str:
    plain = unicodedata.normalize("NFKC", char)
    return plain if len(plain) == 1 else char


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    table: dict[int, str] = traditional()
    table |= {ord(k): v for k, v in _PLAIN.items()}
    table |= dict.fromkeys(map(ord, _DASHES), "-")
    table |= dict.fromkeys(map(ord, _COLONS), ":")
    table |= dict.fromkeys(map(ord, _COMMAS), ",")
    return table


def traditional() -> dict[int, str]:
    """Traditional characters and their simplified forms, one for one; the library is imported on first use."""
    from opencc import OpenCC

    han = [chr(code) for code in range(0x4E00, 0xA000)]
    plain = OpenCC("t2s").convert("\n".join(han)).split("\n")
    return {ord(a): b for a, b in zip(han, plain, strict=True) if a != b and len(b) == 1}


def _spoken(found: re.Match[str]) -> str:
    """Digits spoken one by one as figures, where they make a telephone number or a date."""
    said = found.group()
    if said.isascii():
        return said
    # Pauses stand between groups of digits: which of them belong together only the number shows.
    edges = [0, *(i for m in re.finditer(r"[ \-,、]", said) for i in m.span()), len(said)]
    if len(edges) > MOST_PAUSES * 2:
        return said  # an enumeration
    for begin in edges[:-1:2]:
        for end in reversed([one for one in edges[1::2] if one > begin]):
            figures = said[begin:end].translate(_DIGITS)
            if _NUMBER.fullmatch(re.sub(r"\D", "", figures)) and not said[begin:end].isascii():
                return said[:begin] + figures + said[end:]
    # What stands before the number without a pause (周三一三八…) keeps its words.
    figures = said.translate(_DIGITS)
    for at in range(len(said)):
        if figures[at:].isdigit() and _NUMBER.fullmatch(figures, at) and not said[at:].isascii():
            return said[:at] + figures[at:]
    return said


_ODD = re.compile("[^\x00-\x7f\u4e00-\u9fff。、·《》【】\u2190-\u21ff\u2300-\u23ff\u2460-\u27bf]")


def read(text: str, limit: int | None = READ_AT_MOST) -> Reading:
    """Clean ``text`` and fold it; only the first ``limit`` characters are read, however long it is."""
    if limit is not None:
        # Invisible characters may pad the text: look a little further, but never at all of 5 MB.
        text = text[: limit * 2]
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    text = _INVISIBLE.sub("", text)
    if limit is not None:
        text = text[:limit]
    fold = _table()
    folded = text.translate(fold)
    folded = _ODD.sub(lambda m: _fold_char(m.group()), folded).translate(fold)
    return Reading(text, _SPOKEN.sub(_spoken, folded))


def is_emoji(char: str) -> bool:
    """Whether the character is a picture or sign rather than a word."""
    return _EMOJI.match(char) is not None
