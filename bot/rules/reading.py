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
          "“": '"', "”": '"', "„": '"', "「": '"', "」": '"', "『": '"', "』": '"', "‘": "'", "’": "'",
          "\t": " ", "／": "/", "｜": "|", "．": ".", "＋": "+", "＠": "@", "•": " ", "·": "·"}  # fmt: skip
_TRADITIONAL = (
    "週周點点時时報报備备負负責责聯联繫系絡络電电話话號号碼码預预計计約约場场動动稱称間间題题內内對对類类單单補补開开闔合鎮镇"
    "東东萬万龍龙頭头廈厦滘滘橋桥謝谢崗岗鳳凤湧涌黃黄長长嶺岭樟樟橫横瀝沥塘塘圍围壩坝濱滨灣湾區区園园館馆圖图書书學学校校"
    "醫医院院團团體体員员會会議议講讲座座競竞賽赛訓训參参觀观識识級级師师陳陈張张劉刘楊杨趙赵吳吴鄭郑馮冯鄧邓許许羅罗蕭萧"
    "蘇苏盧卢蔣蒋葉叶餘余潤润鍾钟譚谭陸陆範范韋韦賈贾鄒邹閻阎龔龚顧顾賴赖錢钱湯汤嚴严華华齊齐龐庞關关興兴辦办舉举請请從从"
    "數数兩两個个幾几為为後后無无進进過过還还來来實实現现發发業业務务農农廣广門门樓楼廳厅競竞從从術术養养護护環环節节歲岁"
    "婦妇衛卫傳传媒媒費费經经辦办總总隊队領领導导邀邀規规模模簡简介介註注應应驗验險险災灾氣气氫氢電电腦脑機机產产雙双親亲"
    "聽听讀读寫写說说課课堂堂營营樂乐藝艺財财貨货質质檢检測测視视頻频網网絡络連连線线種种達达遊游際际陽阳陰阴雲云飛飞馬马"
    "魚鱼鳥鸟鹽盐蟲虫齡龄歐欧紅红綠绿藍蓝銀银鐵铁錄录錦锦鏡镜麗丽麼么麥麦瑪玛瓊琼畫画異异當当療疗盤盘確确禮礼積积穩稳窮穷"
    "競竞築筑糧粮約约純纯細细終终結结統统維维綜综緊紧綿绵緣缘縣县績绩織织繪绘續续義义習习聖圣聲声職职肅肃腳脚臺台舊旧"
    "蘭兰處处衝冲裝装裡里複复見见覺觉詢询試试詩诗誠诚語语調调談谈論论證证譯译變变讓让貓猫賓宾賢贤贈赠軍军軟软輔辅輕轻輪轮"
    "輸输轉转辭辞迴回運运違违遠远適适選选遲迟遺遗邊边鄉乡釋释針针鈴铃錯错鎖锁閉闭閒闲闊阔隨随雜杂離离難难靈灵靜静順顺須须"
    "預预頒颁頓顿願愿類类顯显風风飯饭飲饮養养餐餐驅驱骨骨髒脏鬆松鬥斗鮮鲜黨党點点"
)
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


def _table() -> dict[int, str]:
    table = {ord(k): v for k, v in _PLAIN.items()}
    table |= dict.fromkeys(map(ord, _DASHES), "-")
    table |= dict.fromkeys(map(ord, _COLONS), ":")
    table |= dict.fromkeys(map(ord, _COMMAS), ",")
    table |= {ord(a): b for a, b in zip(_TRADITIONAL[::2], _TRADITIONAL[1::2], strict=True)}
    return table


_FOLD = _table()
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
    folded = text.translate(_FOLD)
    folded = _ODD.sub(lambda m: _fold_char(m.group()), folded).translate(_FOLD)
    return Reading(text, folded)


def is_emoji(char: str) -> bool:
    """Whether the character is a picture or sign rather than a word."""
    return _EMOJI.match(char) is not None
