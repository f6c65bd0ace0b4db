"""Takes the pictures of the documentation anew, from the real demo: ``python -m tests.browser.pictures``.

Needs chromium, chromedriver and a Chinese font. Run it when a text or a page has changed, look at what it took, commit.
"""

import sys
import tempfile
from pathlib import Path

from PIL import Image

from tests.browser.staging import MISSING, chromium, running_demo, visiting
from tests.browser.visitor import Visitor

IMAGES = Path(__file__).parents[2] / "docs" / "images"
FILING = "报备：10月24日（周六）上午9:00-11:30，莞城文化广场，垃圾分类进社区讲座，预计120人，负责人李敏 13800138000"
NOTICE = "广播 监督要求：请各单位10月15日18:00前报送三季度进度表，收到请回复"


def main() -> None:
    programs = chromium()
    if programs is None:
        sys.exit(MISSING)
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, running_demo(Path(folder)) as demo:
        with visiting(demo, programs, Path(folder) / "phone") as visitor:
            visitor.hold_still()
            visitor.hold_a_phone(height=720, sharpness=1.5)
            _units(visitor)
            _staff(visitor)
            _followers(visitor)
        with visiting(demo, programs, Path(folder) / "desk") as visitor:
            visitor.hold_still()
            _whole(visitor)


def _units(visitor: Visitor) -> None:
    _as(visitor, "limin", "group")
    visitor.say("group", FILING)
    visitor.sees("group", "请核对")
    _take(visitor, "filing-card", "group")
    visitor.press_on_card("group", "提交")
    visitor.sees("group", "等待备案")
    _as(visitor, "chenjing", "direct")
    for words, question in (
        ("报备", "叫什么名称"),
        ("科普阅读分享会", "什么时候"),
        ("10月25日下午3点到5点", "在哪里"),
        ("长安图书馆报告厅", "什么形式"),
    ):
        visitor.say("direct", words)
        visitor.sees("direct", question)
    _take(visitor, "filing-dialogue", "direct")
    visitor.say("direct", "表单")
    visitor.open(visitor.link("#phone-direct .log a[href*='/f/']"))
    _keep(visitor, "filing-form")


def _staff(visitor: Visitor) -> None:
    _as(visitor, "wangfang", "direct")
    _take(visitor, "filing-review", "direct")
    visitor.say("direct", NOTICE)
    visitor.sees("direct", "还没有发出")
    _take(visitor, "notice-draft", "direct")
    visitor.press_on_card("direct", "提交审核")
    visitor.sees("direct", "等待")
    _as(visitor, "chenzhiming", "direct")
    visitor.sees("direct", "请您审核通知 3")
    _take(visitor, "notice-review", "direct")
    visitor.press_on_card("direct", "批准")
    visitor.sees("direct", "已批准")
    _as(visitor, "limin", "group")
    visitor.sees("group", "通知 3")
    visitor.say("group", "收到")
    visitor.sees("group", "已回执")
    _take(visitor, "notice-in-group", "group")
    _as(visitor, "wangfang", "direct")
    visitor.say("direct", "谁没回")
    visitor.sees("direct", "未回执 5 个")
    visitor.say("direct", "谁没交")
    visitor.sees("direct", "还没报备")
    _take(visitor, "who-owes", "direct")


def _followers(visitor: Visitor) -> None:
    _as(visitor, "limin", "official")
    visitor.say("official", "申报指南")
    visitor.sees("official", "申报时间")
    _take(visitor, "official-account", "official")
    visitor.open(f"{visitor.bot}/notices/1")
    _keep(visitor, "notice-page")


def _whole(visitor: Visitor) -> None:
    visitor.open(f"{visitor.pages}/?me=chenzhiming")
    visitor.sees("group", "已回执")
    visitor.sees("official", "申报指南")
    _keep(visitor, "demo")


def _as(visitor: Visitor, userid: str, phone: str) -> None:
    visitor.open(f"{visitor.pages}/?me={userid}&phone={phone}")
    visitor.wait(lambda: visitor.shown(f"#phone-{phone} .speaker"), "nobody speaks")


def _take(visitor: Visitor, name: str, phone: str) -> None:
    _keep(visitor, name, f"#phone-{phone} .screen")


def _keep(visitor: Visitor, name: str, selector: str = "") -> None:
    """Save a picture in 256 colours: it looks the same and is a third of the size."""
    path = IMAGES / f"{name}.png"
    visitor.picture(path, selector)
    with Image.open(path) as taken:
        taken.convert("RGB").quantize(256).save(path, optimize=True)


if __name__ == "__main__":
    main()
