"""What a visitor does and sees on the demo's pages; every look waits until the thing is there."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from selenium.common.exceptions import (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    StaleElementReferenceException,
    TimeoutException,
)
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

# Drawn anew meanwhile, still sliding in, or under something that slides out.
NOT_YET = (StaleElementReferenceException, ElementNotInteractableException, ElementClickInterceptedException)
PATIENCE = 15.0
POLL = 0.1


class Visitor:
    """Plays people in the three phones: ``group``, ``direct``, ``official``."""

    def __init__(self, browser: Chrome, pages: str, bot: str) -> None:
        self.browser, self.pages, self.bot = browser, pages, bot
        self.width = int(browser.execute_script("return window.innerWidth"))

    def open(self, address: str) -> None:
        self.browser.get(address)

    def hold_a_phone(self, height: int = 740, sharpness: float = 2) -> None:
        """From here on the screen is that of a phone, 375 pixels wide."""
        self.width = 375
        screen = {"width": self.width, "height": height, "deviceScaleFactor": sharpness, "mobile": True}
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)

    def hold_still(self) -> None:
        """Nothing slides or blinks from here on, and no scroll bar shows."""
        wish = {"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]}
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", wish)
        self.browser.execute_cdp_cmd("Emulation.setScrollbarsHidden", {"hidden": True})

    def play(self, title: str) -> None:
        """Choose a step of the script."""
        steps = "#tour-steps .step button"
        self._press(lambda: [one for one in self._all(steps) if title in one.text], f"no step {title}")

    def press(self, selector: str) -> None:
        """Press the thing at a CSS selector."""
        self._press(lambda: self._all(selector)[:1], f"no {selector}")

    def send(self, phone: str) -> None:
        self.press(f"#phone-{phone} .send")

    def say(self, phone: str, text: str) -> None:
        """Write a text and send it."""
        box = self.wait(lambda: self._all(f"#phone-{phone} textarea:not(:disabled)"), f"{phone} takes no text")[0]
        box.send_keys(text)
        self.send(phone)

    def press_on_card(self, phone: str, label: str) -> None:
        """Press the newest live button with this label."""
        live = f"#phone-{phone} .card-button:not(:disabled)"
        self._press(lambda: [one for one in self._all(live) if one.text == label], f"no button {label} in {phone}")

    def sees(self, phone: str, *texts: str) -> None:
        """Every one of these texts comes into the phone's chat."""
        for text in texts:
            self.wait(lambda text=text: text in self.shown(f"#phone-{phone} .log"), f"{text!r} is not in {phone}")  # type: ignore[misc]

    def shown(self, selector: str) -> str:
        """The visible text at a selector."""
        return str(self.browser.execute_script("return document.querySelector(arguments[0]).innerText", selector))

    def picture(self, path: Path, selector: str = "") -> None:
        """Save what is shown, or the part of it at a selector, with neither cursor nor mouse on it."""
        self.browser.execute_script("document.activeElement.blur()")
        self.browser.execute_cdp_cmd("Input.dispatchMouseEvent", {"type": "mouseMoved", "x": 1, "y": 1})
        if selector:
            self._all(selector)[0].screenshot(str(path))
        else:
            self.browser.save_screenshot(str(path))

    def link(self, selector: str) -> str:
        """Where the link at a selector leads, once it is there."""
        return str(self.wait(lambda: self._all(selector), f"no {selector}")[-1].get_attribute("href"))

    def sideways(self) -> int:
        """By how many pixels the page is wider than the screen."""
        # Not against window.innerWidth: a phone makes its window as wide as what overflows it.
        return int(self.browser.execute_script("return document.documentElement.scrollWidth")) - self.width

    def complaints(self) -> list[str]:
        """The errors of the console since the last look."""
        return [one["message"] for one in self.browser.get_log("browser") if one["level"] == "SEVERE"]

    def wait(self, look: Callable[[], Any], otherwise: str) -> Any:
        try:
            patient = WebDriverWait(self.browser, PATIENCE, poll_frequency=POLL, ignored_exceptions=NOT_YET)
            return patient.until(lambda _browser: look())
        except TimeoutException:
            raise AssertionError(otherwise) from None

    def _press(self, look: Callable[[], list[WebElement]], otherwise: str) -> None:
        """Press the last of what is found, once it is there, in sight and not on its way."""

        def press() -> bool:
            try:
                found = look()
                if found:
                    found[-1].click()
            except NOT_YET:
                return False
            return bool(found)

        self.wait(press, otherwise)

    def _all(self, selector: str) -> list[WebElement]:
        return self.browser.find_elements(By.CSS_SELECTOR, selector)
