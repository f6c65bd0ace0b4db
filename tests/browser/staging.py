"""The real demo, started as a visitor starts it, and a headless Chromium to visit it with."""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

from bot.demo.stack import free_port
from tests.browser.visitor import Visitor

STARTS_WITHIN = 40.0
MISSING = "Chromium or its driver is missing: on Debian, apt-get install chromium chromium-driver fonts-noto-cjk"
SWITCHES = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1440,1000",
)


@dataclass(frozen=True)
class Demo:
    """Where the demo is."""

    pages: str
    bot: str


def chromium() -> tuple[str, str] | None:
    """The paths of the browser and its driver, where both are installed."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    return (browser, driver) if browser and driver else None


@contextmanager
def running_demo(folder: Path) -> Iterator[Demo]:
    """``kepu-bot demo`` in an empty folder."""
    port, sandbox_port, printed = free_port(), free_port(), folder / "printed"
    command = [sys.executable, "-m", "bot", "demo", "--port", str(port), "--sandbox-port", str(sandbox_port)]
    with printed.open("wb") as out:
        process = subprocess.Popen(command, cwd=folder, stdout=out, stderr=out)
    try:
        _wait_until_ready(process, printed)
        yield Demo(f"http://127.0.0.1:{sandbox_port}", f"http://127.0.0.1:{port}")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


@contextmanager
def visiting(demo: Demo, programs: tuple[str, str], profile: Path) -> Iterator[Visitor]:
    """Somebody with a new browser, at a desk; ``programs`` as `chromium` gives them."""
    browser, driver = programs
    options = ChromeOptions()
    options.binary_location = browser
    for switch in (*SWITCHES, f"--user-data-dir={profile}"):
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    chrome = Chrome(options=options, service=Service(driver))
    try:
        yield Visitor(chrome, demo.pages, demo.bot)
    finally:
        chrome.quit()


def _wait_until_ready(process: "subprocess.Popen[bytes]", printed: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while "演示已启动" not in printed.read_text(encoding="utf-8"):
        assert process.poll() is None, printed.read_text(encoding="utf-8")
        assert time.monotonic() < until, "the demo did not start"
        time.sleep(0.1)
