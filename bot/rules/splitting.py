"""A long Markdown text as several messages: cut at paragraph ends, marked （1/3）, nothing torn apart.

Sizes are bytes of UTF-8, as the platforms count.
"""

import re
import unicodedata

# Where a cut may be, best first: after a paragraph, a line, a sentence, a clause.
_ENDS = (
    re.compile(r"\n[ \t]*\n+"),
    re.compile(r"\n"),
    re.compile(r"[。！？!?；;…]+[”’」』）)]*"),
    re.compile(r"[，,、：:\s]+"),
)
# A better kind of end wins over a later one of a worse kind once it fills this much of a message.
_ENOUGH = (0.3, 0.4, 0.5, 0.6)
# What is never cut through: links, addresses, bold, code, mentions, and a list's mark with its first character.
_WHOLE = re.compile(
    r"\[[^\]\n]{0,200}\]\([^)\s]{0,2000}\)|https?://[^\s<>\"'，。；、（）“”]{1,2000}|\*\*[^*\n]{1,200}\*\*"
    r"|`[^`\n]{1,200}`|<@[^>\n]{1,64}>|(?m:^[ \t]*(?:[-*+>]|\d{1,3}[.、)）])[ \t]*\S)"
)
_JOINER = "\u200d"
SMALLEST = 100  # bytes; below it not even a mark and a word fit


def split(text: str, limit: int) -> list[str]:
    """The text as messages of at most ``limit`` bytes each, in order; one alone carries no mark.

    Raises ValueError for a limit below `SMALLEST`. Only a link that is longer than a whole message is cut.
    """
    if limit < SMALLEST:
        raise ValueError(f"a limit of {limit} bytes")
    text = text.encode(errors="replace").decode().strip()  # half a surrogate pair is no character
    if len(text.encode()) <= limit:
        return [text]
    digits = 1
    while True:
        parts = _cut(text, limit - len(f"\n（{'9' * digits}/{'9' * digits}）".encode()))
        if len(parts) < 10**digits:
            return [f"{part}\n（{at}/{len(parts)}）" for at, part in enumerate(parts, 1)]
        digits += 1


def _cut(text: str, room: int) -> list[str]:
    parts = []
    while len(text.encode()) > room:
        at = _best_cut(text, _fitting(text, room))
        parts.append(text[:at].rstrip())
        text = text[at:].lstrip("\n").lstrip(" ") if text[at:].startswith(("\n", " ")) else text[at:]
    return [part for part in (*parts, text) if part.strip()]


def _fitting(text: str, room: int) -> int:
    """How many characters fit into ``room`` bytes."""
    return len(text.encode()[:room].decode(errors="ignore"))


def _best_cut(text: str, most: int) -> int:
    whole = [found.span() for found in _WHOLE.finditer(text, 0, min(len(text), most + 4000))]

    def allowed(at: int) -> bool:
        return not any(begin < at < end for begin, end in whole) and not _inside_character(text, at)

    for ends, enough in zip(_ENDS, _ENOUGH, strict=True):
        cuts = [found.end() for found in ends.finditer(text, 0, most) if allowed(found.end())]
        if cuts and cuts[-1] >= most * enough:
            return cuts[-1]
    at = most
    while at > 1 and not allowed(at):
        at -= 1
    if at > 1:
        return at
    at = most  # one link fills the whole message: it has to be cut, though not inside a character
    while at > 1 and _inside_character(text, at):
        at -= 1
    return at if at > 1 else most


def _inside_character(text: str, at: int) -> bool:
    """Whether a cut before ``text[at]`` would tear apart what is shown as one sign: an accent, an emoji, a flag."""
    if not 0 < at < len(text):
        return False
    after, before = text[at], text[at - 1]
    if before == _JOINER or after == _JOINER or unicodedata.category(after) in ("Mn", "Me", "Mc"):
        return True
    if "\U0001f3fb" <= after <= "\U0001f3ff" or "\U000e0020" <= after <= "\U000e007f":
        return True
    if not _is_flag_letter(after):
        return False
    letters = 0
    while at - letters > 0 and _is_flag_letter(text[at - letters - 1]):
        letters += 1
    return letters % 2 == 1


def _is_flag_letter(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
