"""A real server over a small demo shop, a real Chromium, and pages that may not complain.

Not part of a plain `pytest`: run `pytest -m browser tests/browser`. Every page that a test opens fails it when the
console shows an error, a script throws, or the content policy is violated. A test that provokes one says which:
`@pytest.mark.expects("status of 422")`.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright", reason="playwright is not installed (pip install playwright)")

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.browser.forms import shared_out
from tests.browser.site import READERS, Site
from tests.browser.site import start as start_site

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
]
# A refresh that something newer made needless. htmx says the first of every request that came to nothing, then why;
# of the reasons only this one is no fault.
DROPPED = ("htmx:afterRequest", "htmx:sendAbort")
PATIENCE = 30_000  # milliseconds; a condition that does not come true until then never will
OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    yield from start_site(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    binary = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if binary is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=binary, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """open_page("agent", width=390, …) -> a page of that colleague's browser; "" is a stranger's."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_one(
        who: str = "en-light", *, path: str = "", width: int = 1280, height: int = 800, **given: Any
    ) -> Page:
        options: dict[str, Any] = {"locale": "en", "reduced_motion": "reduce", **given}
        context = chromium.new_context(
            base_url=site.url, viewport={"width": width, "height": height}, **options
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.add_cookies(site.cookies(who))
        page = context.new_page()
        listen(page, complaints)
        if path:
            page.goto(path)
        return page

    yield open_one
    for context in contexts:
        context.close()
    check(complaints, request)


@pytest.fixture(scope="session")
def readers(chromium: Browser, site: Site) -> Iterator[dict[str, BrowserContext]]:
    """A browser for each reader that keeps what it has loaded: for tests that only look."""
    found: dict[str, BrowserContext] = {}
    for who in READERS:
        language, _, theme = who.partition("-")
        context = chromium.new_context(
            base_url=site.url,
            locale=language,
            color_scheme="dark" if theme == "dark" else "light",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        context.add_cookies(site.cookies(who))
        found[who] = context
    yield found
    for context in found.values():
        context.close()


@pytest.fixture
def read_as(readers: dict[str, BrowserContext], request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """read_as("ja-dark") -> a page of that reader, at a desk."""
    complaints: list[str] = []
    pages: list[Page] = []

    def open_one(who: str) -> Page:
        page = readers[who].new_page()
        page.set_viewport_size({"width": 1280, "height": 800})
        listen(page, complaints)
        pages.append(page)
        return page

    yield open_one
    for page in pages:
        page.close()
    check(complaints, request)


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """An English-speaking agent without any rank, in light colours, at a desk."""
    return open_page("agent")


def check(complaints: list[str], request: pytest.FixtureRequest) -> None:
    expected = [words for mark in request.node.iter_markers("expects") for words in mark.args]
    assert [one for one in complaints if not any(words in one for words in expected)] == []


def listen(page: Page, complaints: list[str]) -> None:
    """Collect what the console calls an error, with violations of the content policy among it."""

    def hear(said: ConsoleMessage) -> None:
        if said.type == "error" and not said.text.startswith(DROPPED):
            complaints.append(f"{page.url}: {said.text} {said.location['url']}")

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))


@pytest.fixture(scope="session")
def every_form(pytestconfig: pytest.Config) -> bool:
    return bool(pytestconfig.getoption("--every-form"))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "expects(words): what the console says when a test provokes it")
    config.addinivalue_line("markers", "looks_at(names): each `name` in the forms that are its turn")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    mark = metafunc.definition.get_closest_marker("looks_at")
    if mark is not None:
        shared = shared_out(mark.args[0], every=metafunc.config.getoption("--every-form"))
        metafunc.parametrize(("name", "form"), shared, ids=[f"{name}-{form}" for name, form in shared])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
