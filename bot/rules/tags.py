"""Tags of followers: the office's own names for segments, as «发给 标签…» can name them again."""

import re

from bot.rules.targets_reading import is_own_word

LONGEST = 40
_BETWEEN = re.compile(r"[、,，;；]")
# With these in it, a name could not be told from what stands around it.
_UNFIT = re.compile(r"""[\s()（）"'“”‘’「」『』:：<>=+]""")


def split(text: str) -> tuple[str, ...]:
    """The tags of one cell, each once."""
    return tuple(dict.fromkeys(filter(None, (one.strip() for one in _BETWEEN.split(text)))))


def fault_of(tag: str) -> str:
    """Why a text is no tag (Chinese); empty where it is one."""
    if len(tag) > LONGEST:
        return f"标签“{tag[:10]}…”超过 {LONGEST} 个字"
    if _UNFIT.search(tag):
        return f"标签“{tag}”里不要用空格、括号、引号、冒号和加号"
    if is_own_word(tag):
        return f"“{tag}”在“发给 …”里另有意思，请换一个名称"
    return ""
