"""The pages as people use them: with a mouse or scripts or without, on a phone or at a desk, by day or by night."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from lrs_bridge.web import create_app
from support.browser import DESK, PHONE, OpenTab, Tab
from support.web import PAGES, PASSWORD, empty_file, open_web_bridge

pytestmark = pytest.mark.browser

Serve = Callable[[Path], str]


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Serves the pages over a copy of a database, on a free port of this machine."""
    stops: list[Callable[[], None]] = []

    def serve_one(template: Path) -> str:
        file = tmp_path_factory.mktemp("served") / "bridge.db"
        shutil.copy(template, file)
        bridge = open_web_bridge(file)
        server = make_server("127.0.0.1", 0, create_app(bridge), threaded=True)
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()

        def stop() -> None:
            server.shutdown()
            thread.join()
            server.server_close()
            bridge.close()

        stops.append(stop)
        return f"http://127.0.0.1:{server.server_port}"

    yield serve_one
    for stop in stops:
        stop()


@pytest.fixture(scope="module")
def site(serve: Serve, furnished: Path) -> str:
    """The address of the furnished pages."""
    return serve(furnished)


def enter(tab: Tab, site: str, login: str = "admin") -> Page:
    """Sign in, and stand on the overview."""
    page = tab.page
    page.goto(site)
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    return page


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_one_walks_from_the_overview_to_the_story_of_a_completion(open_tab: OpenTab, site: str, scripts: bool) -> None:
    page = enter(open_tab(scripts=scripts), site)

    page.locator(".funnel-count a").nth(1).click()
    expect(page.get_by_text("Step: Matched")).to_be_visible()
    page.locator("tbody a.name").first.click()

    expect(page.get_by_role("heading", name="Why it came out so")).to_be_visible()
    page.locator("details.raw summary").first.click()
    expect(page.locator("details.raw pre").first).to_contain_text('"actor"')


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_one_searches_sorts_and_pages_and_the_address_keeps_it(open_tab: OpenTab, site: str, scripts: bool) -> None:
    page = enter(open_tab(scripts=scripts), site)
    page.goto(f"{site}/completions")

    page.get_by_role("link", name="Next").click()
    expect(page.get_by_text("Page 2 of")).to_be_visible()
    page.get_by_role("link", name="Hours").click()
    expect(page.locator('th[aria-sort="descending"]')).to_contain_text("Hours")
    page.get_by_label("Activity or learner").fill("excel")
    page.get_by_role("button", name="Show").click()

    expect(page.locator("tbody tr").first).to_contain_text("Excel basics")
    expect(page).to_have_url(re.compile(r"/completions\?.*q=excel.*sort=-hours"))
    page.go_back()
    expect(page).to_have_url(re.compile(r"sort=-hours$"))


def test_a_choice_narrows_the_list_at_once(open_tab: OpenTab, site: str) -> None:
    page = enter(open_tab(), site)
    page.goto(f"{site}/completions")

    page.get_by_label("Standing").select_option("matched")

    expect(page).to_have_url(re.compile("standing=matched"))
    expect(page.locator("tbody tr").first).to_contain_text("Matched")
    expect(page.get_by_label("Standing")).to_have_value("matched")


def test_a_list_whose_session_has_ended_leads_to_the_sign_in(open_tab: OpenTab, site: str) -> None:
    tab = open_tab()
    page = enter(tab, site)
    page.goto(f"{site}/completions")
    page.context.clear_cookies()

    page.get_by_role("link", name="Hours").click()

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    tab.expect_problem("401")


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_no_page_has_to_be_scrolled_sideways(open_tab: OpenTab, site: str, width: int, dark: bool) -> None:
    tab = open_tab(width=width, dark=dark)
    page = enter(tab, site)
    page.goto(f"{site}/completions?q=Kai&size=100")
    links = page.goto(f"{site}/completions?learner=kai") and page.locator("tbody a.name").first.get_attribute("href")

    too_wide = []
    for path in (*PAGES, str(links), "/completions?size=100"):
        page.goto(f"{site}{path}")
        if tab.overflows():
            too_wide.append(path)

    assert too_wide == []


def test_the_pages_follow_the_light_of_the_room(open_tab: OpenTab, site: str) -> None:
    day, night = enter(open_tab(), site), enter(open_tab(dark=True), site)
    background = "getComputedStyle(document.body).backgroundColor"

    assert day.evaluate(background) != night.evaluate(background)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_choice_of_colours_stays(open_tab: OpenTab, site: str, scripts: bool) -> None:
    page = enter(open_tab(scripts=scripts), site)

    page.get_by_role("button", name="Switch to dark colours").click()
    page.goto(f"{site}/waste")

    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(page.get_by_role("button", name="Switch to light colours")).to_be_visible()


def test_everything_can_be_done_with_the_keyboard_alone(open_tab: OpenTab, site: str) -> None:
    page = open_tab().page
    page.goto(site)
    page.keyboard.type("admin")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    tab_to(page, "Support missing")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/waste.reason=support-missing"))
    tab_to(page, "By provider")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/waste/by/provider"))


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the focus stands on a link of that name, and see that the focus shows."""
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.inner_text().strip() == name:
            assert focused.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
            return
    pytest.fail(f"Tab never came to {name}")


def test_every_control_of_every_page_has_a_name(open_tab: OpenTab, site: str) -> None:
    page = enter(open_tab(), site)
    nameless = []
    for path in PAGES:
        page.goto(f"{site}{path}")
        nameless += page.evaluate(NAMELESS)

    assert nameless == []


#: What a screen reader could only call "link" or "button", inputs without a label, and headings that skip a level.
NAMELESS = """
() => [
  ...[...document.querySelectorAll('a, button')].filter(e => !e.hidden && e.offsetParent &&
    !(e.innerText.trim() || e.getAttribute('aria-label') || e.querySelector('[aria-label]'))),
  ...[...document.querySelectorAll('input:not([type=hidden]), select')].filter(e => !e.labels.length),
  ...[...document.querySelectorAll('nav, section')].filter(
    e => !e.getAttribute('aria-label') && !e.getAttribute('aria-labelledby')),
  ...[...document.querySelectorAll('img:not([alt])')],
].map(e => location.pathname + ' ' + e.outerHTML.slice(0, 120))
"""


def test_texts_stand_out_from_their_ground(open_tab: OpenTab, site: str) -> None:
    faint = []
    for dark in (False, True):
        page = enter(open_tab(dark=dark), site)
        for path in ("/", "/waste", "/completions", "/sources"):
            page.goto(f"{site}{path}")
            faint += page.evaluate(FAINT)

    assert sorted(set(faint)) == []


#: Texts below the contrast of 4.5 to 1 that WCAG 2.2 asks for (1.4.3), as the browser paints them.
FAINT = """
() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgba = (text) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, below) => [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  const linear = (v) => v / 255 <= .04045 ? v / 255 / 12.92 : ((v / 255 + .055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => .2126 * linear(r) + .7152 * linear(g) + .0722 * linear(b);
  const ground = (e) => {
    const grounds = [];
    for (let n = e; n; n = n.parentElement) grounds.unshift(rgba(getComputedStyle(n).backgroundColor));
    return grounds.reduce((below, c) => over(c, below), [255, 255, 255, 1]);
  };
  const contrast = (e) => {
    const below = ground(e);
    const [dark, bright] = [light(below), light(over(rgba(getComputedStyle(e).color), below))].sort((x, y) => x - y);
    return (bright + .05) / (dark + .05);
  };
  const holdsText = (e) => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
  return [...document.querySelectorAll('main *, header *')]
    .filter(e => e.offsetParent && !e.closest('.visually-hidden, svg') && holdsText(e) && contrast(e) < 4.5)
    .map(e => `${document.documentElement.dataset.bsTheme} ${e.tagName}.${e.className} ${contrast(e).toFixed(2)}`);
}
"""


def test_an_identifier_can_be_copied(open_tab: OpenTab, site: str) -> None:
    page = enter(open_tab(), site)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{site}/unmatched")

    page.get_by_role("button", name="Copy the identifier").first.click()

    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").startswith("https://lms.example.org/")


def test_without_scripts_no_button_is_there_that_needs_them(open_tab: OpenTab, site: str) -> None:
    page = enter(open_tab(scripts=False), site)
    page.goto(f"{site}/unmatched")

    expect(page.get_by_role("button", name="Copy the identifier")).to_have_count(0)


def test_a_list_is_saved_as_a_file(open_tab: OpenTab, site: str) -> None:
    page = enter(open_tab(), site)
    page.goto(f"{site}/waste?reason=no-contract")

    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()

    assert download.value.suggested_filename == "waste.csv"
    assert "No contract" in download.value.path().read_text(encoding="utf-8")


def test_an_administrator_takes_a_record_in_and_an_auditor_cannot(
    open_tab: OpenTab, serve: Serve, furnished: Path
) -> None:
    site = serve(furnished)
    page, reader = enter(open_tab(), site), enter(open_tab(), site, "audrey")
    page.goto(f"{site}/sources/quarantine?q=timestamp")
    page.locator("tbody a.name").click()
    reader.goto(page.url)
    expect(reader.get_by_role("button", name="Try to take it in again")).to_have_count(0)

    page.get_by_role("button", name="Try to take it in again").click()

    expect(page.get_by_role("status")).to_contain_text("It was taken in.")


def test_a_new_installation_says_what_comes_first(open_tab: OpenTab, serve: Serve, tmp_path: Path) -> None:
    empty_file(tmp_path / "empty.db")
    site = serve(tmp_path / "empty.db")
    tab = open_tab(width=PHONE)
    page = enter(tab, site)

    expect(page.get_by_text("Nothing waits for you")).to_be_visible()
    page.goto(f"{site}/completions")
    expect(page.get_by_text("Connect a source and pull it")).to_be_visible()
    assert not tab.overflows()
