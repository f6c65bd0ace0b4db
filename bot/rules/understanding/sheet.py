"""A message being read: which of its characters have been understood, and which are left."""

import re

from bot.rules.reading import Reading, is_emoji, read

TAKEN = "\x1f"  # reads as a separator, and no message contains it

# What carries no news of the activity: greetings, «we plan to», particles left between understood pieces.
_FILLER = re.compile(
    r"(?:您好|你好|大家好|各位领导好?|领导好?|各位老师|老师好|谢谢(?:您|你|领导|大家)?"
    r"|多谢|感谢|辛苦(?:了|您)?|麻烦(?:您|你)?(?:了)?|请(?:查收|审核|审批|知悉|备案|批准)"
    r"|我们?(?:单位|协会|学会|中心|学校|村|社区|馆|会)?(?:打算|准备|计划|想|拟|要|将|会)?"
    r"|本(?:单位|协会|会|馆|校)|拟(?:于|定)?|将于?|打算|准备|计划|定(?:于|在)|想要?|于"
    r"|在|要|会|的|了|是|为|和|与|及|以及|等|由|到|至|约"
    r"|补报|报备(?:一下|如下)?|活动报备(?:表)?|科普活动报备(?:表)?|现(?:将)?报备如下|如下|科普助手"
    r"|助手|现在|现|一下|一个|一场|一次|个|场|吧|哦|啊|呢|哈|人数|人|时间|地点|日期|电话"
    r"|手机|联系方式|联系人?|负责人?|负责|姓名|及|参加|参与|来的?"
    r"|预计|大约|大概|约有|有|共|每天|每日|每场|左右|名|其中|都|已经?|开始|结束|活动|举办"
    r"|搞个?|办个?|开个?|做|做个|里|内|上|去|来|并|想|有个?|地方|就在|设在|大家|各位"
    r"|老师|医生|主任|校长|先生|女士|小姐|同志|社工|院长|书记|站长|馆长|园长|会长|科长|教授|博士|副"
    r"|待定|未定|没定|待通知|再定|暂无|没有|无"
    r"|嗯|呃|额|那个|这个|就是|还有|然后|的话|嘛|呗|啦|喔|哟|接龙|特此报备|以上"
    r"|开展|举行|组织|进行|对象|面向|周|[日一二三四五六](?=\))|转发|微信同号|同微信)"
)
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
