"""The menu of macros in windows of every size: its list and its preview stand side by side, within the window."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.site import Site

SIZES = [(320, 480), (390, 844), (700, 480), (701, 480), (860, 600), (1024, 480), (1280, 800), (1600, 1000)]
# What a pointer meets in the middle of a macro of the list instead of that macro; and what is cut off.
HIDDEN = """() => {
  const menu = document.querySelector("#macro-menu .menu-list");
  const list = document.querySelector("#macro-found").getBoundingClientRect();
  const side = document.querySelector("#macro-preview").getBoundingClientRect();
  const found = [];
  for (const one of document.querySelectorAll("#macro-found a")) {
    one.scrollIntoView({ block: "nearest" });
    const { left, top, width, height } = one.getBoundingClientRect();
    const met = document.elementFromPoint(left + width / 2, top + height / 2);
    if (!one.contains(met)) found.push(`${one.textContent.trim()} lies under ${met?.outerHTML.slice(0, 80)}`);
  }
  if (side.width && list.right > side.left && list.bottom > side.top) found.push("list and preview overlap");
  const { left, top, right, bottom } = menu.getBoundingClientRect();
  if (left < 0 || top < 0 || right > innerWidth || bottom > innerHeight) found.push("cut off");
  return found;
}"""


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_macro_and_its_preview_are_in_nobodys_way(
    open_page: OpenPage, site: Site, width: int, height: int
) -> None:
    page = open_page("agent", width=width, height=height, path=f"/tickets/{site.keys['ticket']}")
    page.locator("#composer[data-ready]").wait_for()
    page.locator("#macro-menu > summary").click()
    expect(page.locator("#macro-found li").first).to_be_visible()
    expect(page.locator("#macro-menu .macro-search")).to_be_focused()
    preview_of_longest(page)
    assert page.evaluate(HIDDEN) == []


def preview_of_longest(page: Page) -> None:
    if page.locator("#macro-preview").is_visible():
        page.keyboard.type("apology for a delay")
        expect(page.locator("#macro-preview .preview-text")).to_be_visible()
