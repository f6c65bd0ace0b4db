"""A message being read: which of its characters have been understood, and which are left."""

import re

from bot.rules.reading import Reading, is_emoji, read

TAKEN = "\x1f"  # reads as a separator, and no message contains it

# What carries no news of the activity: greetings, «we plan to», particles left between understood pieces.
_WORDS = (
    "您好|你好|大家好|各位领导|各位领导好|领导好|领导|各位老师|老师好|谢谢|谢谢您|谢谢你|谢谢领导|谢谢大家|多谢|感谢|辛苦|辛苦了"
    "|辛苦您|麻烦|麻烦您|麻烦了|请查收|请审核|请审批|请知悉|请备案|请批准|特此报备|大家|各位|以上|如下|如下表"
    "|我|我们|我单位|我们单位|我协会|我学会|我中心|我学校|我校|我村|我社区|我馆|我会|本单位|本协会|本会|本馆|本校|打算|准备|计划|想"
    "|想要|拟|拟于|拟定|要|将|将于|会|定于|定在|于|在|的|了|是|为|和|与|及|以及|等|由|到|至|约|补报|可以报备|可以报备吗|能报备吗|吗|报备|报备一下|报备如下|报备表|备案表"
    "|活动报备|活动报备表|科普活动报备|科普活动报备表|科普活动备案表|科普报备|现报备如下|现将报备如下|科普助手|助手|现在|现|一下|一个"
    "|一场|一次|个|场|吧|哦|啊|呢|哈|嗯|呃|额|那个|这个|就是|还有|然后|的话|嘛|呗|啦|喔|哟|人数|人|时间|地点|日期|电话|手机|联系方式"
    "|联系|联系人|负责|负责人|姓名|参加|参与|来|来的|预计|大约|大概|约有|有|有个|共|每天|每日|每场|左右|名|其中|都|均|已|已经|开始"
    "|结束|活动|举办|开展|举行|组织|进行|对象|面向|周|搞|搞个|办|办个|开|开个|做|做个|里|内|上|去|并|地方|就在|设在|前往|位于|假座|假"
    "|老师|医生|主任|校长|先生|女士|小姐|同志|社工|院长|书记|站长|馆长|园长|会长|科长|教授|博士|副|待定|未定|没定|待通知|再定|暂无"
    "|没有|无|必填|选填|如有|可选|找|有事找|叫|叫我|我叫|我是|我姓|就行|即可|接龙|转发|微信同号|同微信|上午场|下午场|第一场|第二场|第三场|第四场|第1场|第2场|第3场|第4场|首场|每晚"
)
# The longest word first, so that one pass from left to right is enough.
_FILLER = re.compile("|".join(sorted(_WORDS.split("|"), key=len, reverse=True)) + r"|[日一二三四五六](?=\))")
_EDGES = " \t,，、;；.。:：!！()（）[]【】|｜/-—~*#+=_\"“”'‘’"
_MARKS = re.compile(r"[\s,.;:!?。、…·\-_=+*#~|/\\<>()\[\]【】《》\"'`^&%$@\x1f]+")


class Sheet:
    """The wording, its folded reading, and what of it is taken."""

    def __init__(self, page: Reading) -> None:
        self.text = page.text
        self.reading = page.reading
        self.taken = bytearray(len(page.text))
        self._aside = bytearray(len(page.text))

    def set_aside(self, begin: int, end: int) -> None:
        """Keep a piece out of what is read; it goes to the remarks as it is."""
        self.take(begin, end)
        self._aside[begin:end] = b"\x01" * (end - begin)

    def take(self, begin: int, end: int) -> None:
        """Mark a piece as understood (or as carrying no news)."""
        self.taken[begin:end] = b"\x01" * (end - begin)

    @property
    def open(self) -> str:
        """The folded reading with everything that is taken blanked out, position for position."""
        return "".join(TAKEN if t else c for c, t in zip(self.reading, self.taken, strict=True))

    def piece(self, begin: int, end: int) -> str:
        """The wording from ``begin`` to ``end`` without blanks at its ends."""
        return self.text[begin:end].strip()

    def left(self) -> str:
        """The words nobody understood, in order; fillers and lone marks are dropped."""
        runs: list[str] = []
        used = bytes(t and not a for t, a in zip(self.taken, self._aside, strict=True))
        at = 0
        while (begin := used.find(0, at)) >= 0:
            at = used.find(1, begin)
            at = at if at >= 0 else len(used)
            for line in self.text[begin:at].split("\n"):
                word = line.strip(_EDGES)
                word = "".join(c for c in word if not is_emoji(c)).strip()
                if word and not is_filler(read(word).reading):
                    runs.append(word)
        return "；".join(runs)


def is_filler(reading: str) -> bool:
    """Whether a piece consists of nothing but greetings, particles and marks."""
    at = 0
    while at < len(reading):
        step = _MARKS.match(reading, at) or _FILLER.match(reading, at)
        if step is None or step.end() == at:
            return False
        at = step.end()
    return True
