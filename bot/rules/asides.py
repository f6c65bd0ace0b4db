"""What people say around a filing that is none of its contents: «提交吧», «算了，不办了», «最迟哪天报备？», «在吗»."""

import re
from enum import StrEnum

LONGEST = 60  # asides are short; what is longer tells of an activity
_MARKS = " \t\n,，.。!！~～、…"
_YES = r"(?:好的?|行|都?可以|都?没问题|都?没有问题|都?没错|对的?|对了|是的|无误|核对无误|确认无误|没有错|ok|OK|嗯++|就这样)"
_SUBMIT = re.compile(
    rf"(?:{_YES}[{_MARKS}]*)*(?:那|就)?(?:请|麻烦|帮我|直接|现在)*(?:全部?|都)?(?:(?:提交|报上去|交上去|确认提交)(?:一下|吧|了|啦|就行)*|[交报]吧)"
)
_NO = r"(?:算了|不报了|不办了|不搞了|不填了|不弄了|不要了|取消吧|取消了|取消掉|先不报|先不报了|不报备了|活动取消|活动取消了)"
_GIVE_UP = re.compile(rf"(?:那|还是|那就|先)?{_NO}(?:吧|啊)?(?:[{_MARKS}]*(?:这个|这场|活动|我们)?{_NO}(?:吧|啊)?)*")
_CALL = re.compile(
    r"(?:你好|您好|hi|hello|在吗|在不在|在么|有人吗|早上好|下午好|上午好|小助手|科普助手)(?:啊|呀)?", re.I
)
_NOD = re.compile(rf"{_YES}(?:[{_MARKS}]*{_YES})*(?:吧|了|呢)?|哦+|知道了|明白了?|稍等|等一下|等等")
_LAST_DAY = re.compile(
    r"(?:最迟|最晚|截止).{0,10}(?:哪天|哪一天|什么时候|何时|几号|几时|多久|报备[?？]|是?[?？])"
    r"|提前(?:几|多少)个?(?:工作)?[天日]|提前多久|(?:什么时候|何时|几号|哪天)(?:之?前)?(?:要|得|必须|需要)?(?:报备|报上)"
    r"|(?:来得及|还能|还可以).{0,6}报备?.{0,4}(?:吗|么|[?？])|现在.{0,3}报.{0,3}(?:来得及|晚不晚|晚了)"
)
_WAITS = re.compile(r"待审|待备案|没审|未审|要审|等着?审|等着?备案|没备案|未备案|需要审")
_HOW_MANY = re.compile(r"几[个条份场]|多少|有没有|还有|哪些|什么|吗|么|[?？]")
_ASKED = re.compile(r"[?？]\s*$|(?:吗|么|呢)[。.!！ ]*$")
_OF_WHAT = re.compile(r"怎么|怎样|如何|什么|哪|多少|为啥|要不要|是不是|有没有|能不能|可不可以|必须|一定要|需要|可以不")


class Aside(StrEnum):
    """What such words want."""

    SUBMIT = "submit"
    GIVE_UP = "give_up"
    CALL = "call"  # a greeting: whether anybody is there
    NOD = "nod"
    LAST_DAY = "last_day"
    QUESTION = "question"


def read_aside(text: str) -> Aside | None:
    """What a whole message wants, or None where it may be something for the filing.

    A question is one only with a word that asks and without a figure: «100人可以吗» tells a number.
    """
    words = text.strip(_MARKS)
    if asks_last_day(words):
        return Aside.LAST_DAY
    plain = words.rstrip("?？").strip(_MARKS)
    if len(plain) > LONGEST:
        return None
    for pattern, aside in ((_SUBMIT, Aside.SUBMIT), (_GIVE_UP, Aside.GIVE_UP), (_CALL, Aside.CALL), (_NOD, Aside.NOD)):
        if pattern.fullmatch(plain):
            return aside
    if _ASKED.search(text) and _OF_WHAT.search(words) and not re.search(r"\d", words):
        return Aside.QUESTION
    return (
        Aside.QUESTION
        if re.fullmatch(r"(?:这个)?(?:怎么|如何)(?:弄|填|写|报|办|回答|搞)(?:啊|呀|呢)?", plain)
        else None
    )


def asks_last_day(text: str) -> bool:
    """«最迟哪天报备？», «要提前几天报备», «现在报还来得及吗»."""
    return len(text) <= 40 and _LAST_DAY.search(text) is not None


def asks_what_waits(text: str) -> bool:
    """«今天有几个待审的？», «还有没审的吗»: staff ask what waits for them."""
    return len(text) <= 20 and _WAITS.search(text) is not None and _HOW_MANY.search(text) is not None
