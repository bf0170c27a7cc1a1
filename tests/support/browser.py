"""Chromium for the tests, driven by Playwright.

A page that logs an error, or breaks its own security policy, fails the test that opened it.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from support.parts import require_part

PHONE = 375
DESK = 1440
_HEIGHTS = {PHONE: 812, DESK: 900}

# Without these Chromium looks for its maker's hosts at every start; as root it has no sandbox to start in.
_FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass
class Tab:
    """One page of the browser, with what went wrong in it."""

    page: Page
    problems: list[str] = field(default_factory=list)

    def expect_problem(self, text: str) -> None:
        """Take a problem off the list that the test wanted, such as the console's line about a 404."""
        assert any(text in problem for problem in self.problems), f"no problem says {text!r}: {self.problems}"
        self.problems[:] = [problem for problem in self.problems if text not in problem]

    def overflows(self) -> bool:
        """Whether the page is wider than its window, so that a reader would have to scroll sideways."""
        root = "document.documentElement"
        return bool(self.page.evaluate(f"{root}.scrollWidth > {root}.clientWidth"))

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.problems.append(f"console {message.type}: {message.text}")


class OpenTab(Protocol):
    """Opens a tab in a fresh browser profile: a width in CSS pixels, light or dark, with or without JavaScript."""

    def __call__(self, *, width: int = DESK, dark: bool = False, scripts: bool = True) -> Tab: ...


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One headless Chromium for the whole session."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    require_part("Chromium", program is not None, "apt-get install chromium")
    sandbox = ("--no-sandbox",) if os.geteuid() == 0 else ()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*_FLAGS, *sandbox])
        yield browser
        browser.close()


@pytest.fixture
def open_tab(chromium: Browser) -> Iterator[OpenTab]:
    """Opens tabs; at the end of the test each must be free of console errors and policy violations."""
    tabs: list[Tab] = []
    with ExitStack() as profiles:

        def open_one(*, width: int = DESK, dark: bool = False, scripts: bool = True) -> Tab:
            context = chromium.new_context(
                viewport={"width": width, "height": _HEIGHTS.get(width, 900)},
                color_scheme="dark" if dark else "light",
                java_script_enabled=scripts,
                locale="en-GB",
                timezone_id="Europe/Vienna",
            )
            profiles.callback(context.close)
            context.set_default_timeout(10_000)
            tab = Tab(context.new_page())
            tab.page.on("console", tab._note_message)
            tab.page.on("pageerror", lambda error: tab.problems.append(f"script error: {error.message}"))
            tabs.append(tab)
            return tab

        yield open_one
    assert [problem for tab in tabs for problem in tab.problems] == []


def screenshot(tab: Tab, path: Path) -> Path:
    """The whole page as a picture, for a person to look at."""
    tab.page.screenshot(path=path, full_page=True)
    return path
