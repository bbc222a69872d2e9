"""Every page, in both languages and both colour schemes: axe finds nothing, and a telephone needs no sideways scroll.

Pictures of them all are left in shots/ for whoever wants to look.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.browser.conftest import OpenPage
from tests.browser.site import READERS, Site

ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
SHOTS = ROOT / "shots"
TELEPHONE: ViewportSize = {"width": 390, "height": 844}
PAGES = {
    "login": "/login",
    "inbox": "/",
    "ticket": "/tickets/{ticket}",
    "macros": "/tickets/{ticket}/macros",
    "customer": "/customers/{customer}",
    "customers": "/customers",
    "reports": "/reports",
    "report-tickets": "/reports/tickets",
    "outbox": "/outbox",
    "outbox-sent": "/outbox?state=sent",
    "outbox-mail": "/outbox/{delivery}",
    "settings": "/settings",
    "profile": "/settings/profile",
    "brands": "/settings/brands",
    "brand": "/settings/brands/{brand}",
    "mailboxes": "/settings/mailboxes",
    "mailbox": "/settings/mailboxes/{mailbox}",
    "mailbox-new": "/settings/mailboxes/new",
    "agents": "/settings/agents",
    "agent": "/settings/agents/{agent}",
    "quarantine": "/settings/quarantine",
    "points": "/settings/points",
}
FIND = """async () => {
  const found = await axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    resultTypes: ["violations"], iframes: false, preload: false,
  });
  return found.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target} ${node.failureSummary}`));
}"""
SIDEWAYS = """() => [document.scrollingElement, document.querySelector("#main")]
  .filter((area) => area.scrollWidth > area.clientWidth).map((area) => area.tagName)"""


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_for_everybody(open_page: OpenPage, site: Site, name: str, reader: str) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed; run: make vendor")
    page = open_page("login-stranger" if name == "login" else reader, **preferences(reader))
    page.context.add_init_script(path=AXE)
    answer = page.goto(PAGES[name].format(**site.keys))
    assert answer is not None and answer.ok
    assert page.locator("html").get_attribute("lang") == reader[:2]
    settle(page)
    page.screenshot(path=SHOTS / f"{name}-{reader}-1280.png")
    found = {"desk": page.evaluate(FIND)}
    page.set_viewport_size(TELEPHONE)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.screenshot(path=SHOTS / f"{name}-{reader}-390.png")
    found["telephone"] = page.evaluate(FIND)
    assert found == {"desk": [], "telephone": []}
    assert page.evaluate(SIDEWAYS) == []


def preferences(reader: str) -> dict[str, str]:
    """What a browser says of its owner; before the sign-in nothing else is known."""
    language, _, theme = reader.partition("-")
    return {"locale": language, "color_scheme": theme}


def settle(page: Page) -> None:
    """What the page asks for by itself has come."""
    page.wait_for_load_state("load")
    if page.locator("#composer").count():
        page.locator("#panel .orders").wait_for()
    page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')")
