"""The real demo, started as a visitor starts it, and a headless Chromium to visit it with."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

from bot.demo.stack import free_port
from tests.browser.visitor import Visitor

STARTS_WITHIN = 40.0
SWITCHES = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1440,900",
)


@dataclass(frozen=True)
class Demo:
    """Where the demo is."""

    pages: str
    bot: str


@pytest.fixture(scope="session")
def chromium() -> tuple[str, str]:
    """The browser and its driver; without them the tests here are skipped, or fail where everything is required."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if browser is None or driver is None:
        reason = "Chromium or its driver is missing: on Debian, apt-get install chromium chromium-driver fonts-noto-cjk"
        if os.environ.get("KEPU_REQUIRE_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return browser, driver


@pytest.fixture(scope="session")
def demo(chromium: tuple[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """``kepu-bot demo`` in an empty folder."""
    folder, port, sandbox_port = tmp_path_factory.mktemp("demo"), free_port(), free_port()
    printed = folder / "printed"
    command = [sys.executable, "-m", "bot", "demo", "--port", str(port), "--sandbox-port", str(sandbox_port)]
    with printed.open("wb") as out:
        process = subprocess.Popen(command, cwd=folder, stdout=out, stderr=out)
    try:
        _wait_until_ready(process, printed)
        yield Demo(f"http://127.0.0.1:{sandbox_port}", f"http://127.0.0.1:{port}")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


@pytest.fixture
def visitor(demo: Demo, chromium: tuple[str, str], tmp_path: Path) -> Iterator[Visitor]:
    """Somebody with a new browser, at a desk."""
    options = ChromeOptions()
    options.binary_location = chromium[0]
    for switch in (*SWITCHES, f"--user-data-dir={tmp_path / 'profile'}"):
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = Chrome(options=options, service=Service(chromium[1]))
    try:
        yield Visitor(browser, demo.pages, demo.bot)
    finally:
        browser.quit()


def _wait_until_ready(process: "subprocess.Popen[bytes]", printed: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while "演示已启动" not in printed.read_text(encoding="utf-8"):
        assert process.poll() is None, printed.read_text(encoding="utf-8")
        assert time.monotonic() < until, "the demo did not start"
        time.sleep(0.1)
