"""The filing page in a real browser on a phone: saved as it is typed, with and without scripts, and without a network."""

import io
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from bot.demo import world
from bot.demo.stack import Stack
from tests.browser.staging import Demo, running_demo
from tests.browser.visitor import Visitor
from tests.e2e.platform import Platform

pytestmark = pytest.mark.browser


class Form:
    """The page of a new draft, asked for in direct chat."""

    def __init__(self, visitor: Visitor, platform: Platform) -> None:
        self.visitor = visitor
        self.browser = visitor.browser
        answer = platform.direct(world.CONTACTS[0].userid, "新表单")["text"]
        self.address = f"{visitor.bot}{answer[answer.index('/f/') :].split()[0]}"

    def open(self) -> None:
        self.visitor.open(self.address)
        self.visitor.wait(lambda: self.browser.find_elements(By.ID, "form"), "the page did not open")

    def box(self, name: str) -> WebElement:
        return self.browser.find_element(By.ID, name)

    def value(self, name: str) -> str:
        return str(self.box(name).get_property("value"))

    def write(self, name: str, text: str) -> None:
        """Type into an input and leave it."""
        box = self.box(name)
        box.clear()
        box.send_keys(text)
        self.browser.execute_script("document.activeElement.blur()")

    def set(self, name: str, value: str) -> None:
        """Set what a phone sets by a picker of its own, and the date of whose keys depends on the browser's language."""
        script = "const one = document.getElementById(arguments[0]); one.value = arguments[1];"
        script += "one.dispatchEvent(new Event('change', {bubbles: true}))"
        self.browser.execute_script(script, name, value)

    def shows(self, selector: str, words: str) -> None:
        self.visitor.wait(lambda: words in self.visitor.shown(selector), f"{selector} does not show {words!r}")

    def saved(self) -> None:
        """Until everything typed so far is at the server."""
        self.shows("#saved", "已保存")


@pytest.fixture(scope="module")
def demo(programs: tuple[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo of its own: another test counts the filings of the common one."""
    with running_demo(tmp_path_factory.mktemp("form-demo")) as demo:
        yield demo


@pytest.fixture
def form(visitor: Visitor, tmp_path: Path) -> Form:
    return Form(visitor, Platform(Stack(tmp_path, sandbox_port=urlsplit(visitor.pages).port or 0)))


def test_filled_and_submitted_on_a_phone(form: Form, tmp_path: Path) -> None:
    visitor = form.visitor
    visitor.hold_a_phone()
    form.open()
    assert visitor.sideways() == 0
    visitor.press("button[value=submit]")
    form.shows("#tip", "还有 6 处要改")
    assert visitor.sideways() == 0

    form.write("name", "垃圾分类进社区讲座")
    form.shows("#tip", "还有 5 处要改")
    form.write("attendance", "约200人")
    form.set("date", "2020-10-24")
    form.shows("#weekday", "周六")
    form.shows("#timing", "按期：最迟 10月21日（周三）报备")
    form.set("begin", "09:00")
    form.set("until", "11:30")
    form.write("place", "莞城文化广场")
    visitor.wait(lambda: form.value("town") == "莞城街道", "the town was not taken out of the place")
    assert form.value("attendance") == "200"
    form.write("contact_name", "李敏")
    form.write("contact_phone", "13800138000")
    form.shows("#control-contact_phone", "138****8000")

    picture, out = tmp_path / "现场.png", io.BytesIO()
    Image.linear_gradient("L").save(out, "PNG")
    picture.write_bytes(out.getvalue())
    form.box("photo").send_keys(str(picture))
    visitor.wait(lambda: form.browser.find_elements(By.CSS_SELECTOR, ".photo img"), "the photo is not there")
    (tmp_path / "说明.txt").write_text("不是照片", encoding="utf-8")
    form.box("photo").send_keys(str(tmp_path / "说明.txt"))
    form.shows("#fault-photos", "“说明.txt”不是照片")
    form.saved()

    form.open()  # as after a call that came in between
    assert (form.value("name"), form.value("until")) == ("垃圾分类进社区讲座", "11:30")
    loaded = "return [...document.querySelectorAll('.photo img')].every(one => one.complete && one.naturalWidth > 0)"
    visitor.wait(lambda: form.browser.execute_script(loaded), "the photo is not shown")
    assert visitor.sideways() == 0
    visitor.press("button[value=submit]")
    form.shows("h1", "已提交")
    form.shows(".filed", "10月24日（周六）09:00–11:30")
    assert "13800138000" not in form.browser.page_source
    assert visitor.sideways() == 0
    assert not visitor.complaints()


def test_late_filing_opens_the_box_for_its_reason(form: Form) -> None:
    form.open()
    assert not form.box("late_reason").is_displayed()
    form.set("date", "2020-10-13")
    form.set("begin", "09:00")
    form.shows("#timing", "逾期 2 个工作日")
    form.write("late_reason", "场地刚定下来")
    form.saved()
    form.open()
    assert form.value("late_reason") == "场地刚定下来"


def test_typed_words_wait_for_the_network(form: Form) -> None:
    form.open()
    network = {"offline": True, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    form.browser.execute_cdp_cmd("Network.enable", {})
    form.browser.execute_cdp_cmd("Network.emulateNetworkConditions", network)
    form.write("name", "星空观察夜")
    form.shows("#saved", "没有保存上，网络恢复后会自动再试")
    form.browser.execute_cdp_cmd("Network.emulateNetworkConditions", {**network, "offline": False})
    form.saved()
    form.open()
    assert form.value("name") == "星空观察夜"


def test_page_works_without_scripts(form: Form) -> None:
    visitor = form.visitor
    visitor.hold_a_phone()
    form.browser.execute_cdp_cmd("Network.enable", {})
    form.browser.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*form.js*"]})
    visitor.open(form.address)
    visitor.press("button[value=open]")
    visitor.wait(lambda: form.browser.find_elements(By.ID, "form"), "the page did not open")
    form.box("name").send_keys("星空观察夜")
    form.box("attendance").send_keys("很多")
    visitor.press("button[value=save].plain")
    visitor.wait(lambda: "没看出是多少人" in form.box("fault-attendance").text, "the fault is not said")
    assert (form.value("name"), form.value("attendance")) == ("星空观察夜", "很多")
    form.box("attendance").clear()
    form.box("attendance").send_keys("80")
    visitor.press("button[value=submit]")
    visitor.wait(lambda: "请选择日期" in form.box("fault-date").text, "what is missing is not said")
    assert form.value("attendance") == "80"
