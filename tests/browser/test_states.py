"""What only appears when one opens it: menus, dialogs, the palette, chosen rows. The same eyes as in test_pages.py."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe
from tests.browser.conftest import OpenPage
from tests.browser.forms import Form
from tests.browser.site import Site
from tests.browser.test_pages import look, settle


def menu(selector: str, wait: str) -> Callable[[Page], None]:
    def open_menu(page: Page) -> None:
        page.locator(f"{selector} > summary").click()
        expect(page.locator(f"{selector} {wait}").first).to_be_visible()

    return open_menu


def dialog(key: str, wait: str) -> Callable[[Page], None]:
    def open_dialog(page: Page) -> None:
        page.keyboard.press(key)
        expect(page.locator(wait).first).to_be_visible()

    return open_dialog


def split(page: Page) -> None:
    page.locator("#more-menu > summary").click()
    page.locator("#more-menu [hx-get*='/split']").click()
    expect(page.locator("#ticket-dialog .candidate").first).to_be_visible()


def why(page: Page) -> None:
    page.locator(".tag-why > summary").first.click()
    expect(page.locator(".tag-why[open] .why-box p").first).to_be_visible()


def order_link(page: Page) -> None:
    if not page.locator("#order-link").is_visible():  # on a telephone it lies behind a button
        page.locator(".side-toggle").click()
    page.locator("#order-link > summary").click()
    expect(page.locator("#order-link .menu-form button")).to_be_visible()


def choose_rows(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("#bulk [data-count]")).to_contain_text("2")
    page.locator("#bulk summary").nth(1).click()
    expect(page.locator("#bulk .menu-tag").first).to_be_visible()


def command(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("a")
    expect(page.locator("#palette a[role=option]").first).to_be_visible()


def write(page: Page) -> None:
    page.keyboard.press("r")
    page.keyboard.type("〔order.number〕")
    page.locator(".send-menu > summary").click()
    expect(page.locator(".send-times button").first).to_be_visible()


def model_tables(page: Page) -> None:
    page.evaluate("document.querySelectorAll('#model details').forEach((one) => (one.open = true))")
    expect(page.locator(".curve table").first).to_be_visible()


def model_back(page: Page) -> None:
    page.locator("#model-now a.button").click()
    expect(page.locator("#ticket-dialog form")).to_be_visible()


LIST, TICKET, MODEL = "/", "/tickets/{ticket}", "/settings/model"
STATES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "open-filter": (LIST, menu(".filter-menu", ".filter-form")),
    "open-bulk": (LIST, choose_rows),
    "open-account": ("/customers", menu(".rail-menu", ".menu-list")),
    "open-palette": (LIST, command),
    "open-keys": (TICKET, dialog("?", "#keys")),
    "open-assign": (TICKET, menu("#assign-menu", "#assign-choices button")),
    "open-snooze": (TICKET, menu("#snooze-menu", ".menu-list button")),
    "open-tags": (TICKET, menu("#tag-menu", ".tag-choices button")),
    "open-why": (TICKET, why),
    "open-order": (TICKET, order_link),
    "open-more": (TICKET, menu("#more-menu", ".menu-list a")),
    "open-merge": (TICKET, dialog("M", "#ticket-dialog .merge-search")),
    "open-split": (TICKET, split),
    "open-macros": (TICKET, menu("#macro-menu", "#macro-found li")),
    "open-send": (TICKET, write),
    "open-model": (MODEL, model_tables),
    "open-model-back": (MODEL, model_back),
}


@pytest.mark.looks_at(STATES)
def test_what_is_opened_is_for_everybody(
    read_as: OpenPage, site: Site, name: str, form: Form, every_form: bool
) -> None:
    path, act = STATES[name]
    page = read_as(form.reader)
    axe.needed()
    page.goto(path.format(**site.keys))
    settle(page)
    if "ticket" in path:
        page.locator("#composer[data-ready]").wait_for()
    act(page)
    settle(page)
    try:
        # what lies beneath a menu is cut by it
        assert look(page, name, form, without="target-size", picture=every_form) == []
    finally:
        page.evaluate("localStorage.clear()")
