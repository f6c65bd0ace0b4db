"""Whether a short text says «I have received it»."""

import re

from bot.rules.reading import read

LONGEST = 20

_POLITE = (
    r"(?:谢|多谢|感谢|辛苦了?|您|你|领导|老师|各位|大家|啦|了|的|哦|噢|喔|哈|呢|呀|啊|嗯"
    r"|~|-|!|\.|,|。|、|;| |\[[^\[\]]{1,6}\])"
)
_WHO = r"(?:我|我们|我方|我单位|本单位|单位|通知|信息|消息|文件|要求|已经|已|均已|都)"
_CORE = (
    r"(?:收到|已收到?|收悉|知悉|已?阅(?:知|悉)?|已读|已知悉?|知道了?|明白|了解|遵照执行|照办|回执|确认(?:收到)?"
    r"|ok|okay|好的?|好滴|行|可以|没问题|(?<!\d)1(?!\d)|roger|get|received|马上(?:办|落实)|按要求(?:落实|报送|执行))"
)
_WHOLE = re.compile(rf"(?:{_POLITE}|{_WHO})*{_CORE}(?:{_POLITE}|{_WHO}|{_CORE})*", re.IGNORECASE)
# These alone are talk, not an acknowledgement of a requirement.
_TOO_THIN = re.compile(r"(?:好|行|可以|没问题|您|你|大家|各位|领导|老师|[ ,.!~。了的啊哦呀哈])+")
# What is said of nothing but a notice, also in the middle of another conversation.
_OF_A_NOTICE = re.compile(r"收到|收悉|知悉|阅|已读|遵照执行|照办|回执|落实|按要求|received|roger", re.IGNORECASE)
_THUMBS = "👌👍🆗✅☑️🫡🙏"
_NOT = re.compile(r"没|未|不(?!谢)|吗|么|[??]|谁|怎|为什么|如何|哪")


def is_acknowledgement(text: str) -> bool:
    """True for 收到, 已阅, 1, 好的收到, OK收到 …; false for a question, a denial, or anything long."""
    page = read(text[: LONGEST * 20])
    words = "".join(c for c in page.reading.replace("\n", " ") if c not in _THUMBS).strip()
    words = re.sub(r"^@\S{1,20} ", "", words)
    if not words:
        return any(c in _THUMBS for c in page.text)
    if len(words) > LONGEST or _NOT.search(words):
        return False
    return _WHOLE.fullmatch(words) is not None and not _TOO_THIN.fullmatch(words)


def speaks_of_a_notice(text: str) -> bool:
    """Whether an acknowledgement is one whatever was asked last: 收到, 已阅, but not 1, OK, 明白, 确认."""
    return is_acknowledgement(text) and _OF_A_NOTICE.search(read(text[: LONGEST * 20]).reading) is not None
