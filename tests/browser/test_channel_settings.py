"""Connecting a channel in a browser: by the keyboard alone, with its address copied and its secret changed."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.site import Site

HEX = "0123456789abcdef" * 2


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_an_account_is_connected_with_the_keyboard_and_its_address_copied(open_page: OpenPage) -> None:
    page = open_page("en-light", path="/settings/channels", permissions=["clipboard-read", "clipboard-write"])
    tile = page.get_by_role("link", name="WhatsApp").last
    tile.focus()
    press(page, "Enter")
    page.get_by_label("Name", exact=True).focus()
    for words in (
        "Keyboard number",
        "",
        "108001234599999",
        "220012345678",
        HEX,
        "EAAG-token-of-a-system-user",
    ):
        page.keyboard.type(words)
        press(page, "Tab")
    press(page, "Enter")  # on the box it does not send
    page.get_by_role("button", name="Save").focus()
    press(page, "Enter")
    expect(page.get_by_role("heading", name="Keyboard number")).to_be_visible()
    address = page.locator("#the-hook").inner_text()
    page.get_by_role("button", name="Copy Webhook address").focus()
    press(page, "Enter")
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == address
    assert "/hooks/whatsapp/" in address
    assert HEX not in page.content()


def test_the_old_secret_is_ended_and_nothing_else_is_saved_with_it(read_as: OpenPage, site: Site) -> None:
    page = read_as("en-light")
    page.goto(f"/settings/channels/{site.keys['channel']}")
    expect(page.get_by_text("The old one (…ef) is good until")).to_be_visible()
    page.get_by_label("Name", exact=True).fill("Not to be saved")
    page.once("dialog", lambda question: question.accept())
    page.get_by_role("button", name="End it now").click()
    expect(page.get_by_text("The old secret proves nothing any more.")).to_be_visible()
    expect(page.get_by_text("The old one (…ef)")).to_have_count(0)
    expect(page.get_by_role("heading", name="Robin's LINE")).to_be_visible()


def test_what_failed_is_tried_again(read_as: OpenPage, site: Site) -> None:
    page = read_as("en-light")
    page.goto(f"/settings/channels/{site.keys['channel']}/events?state=quarantined")
    expect(page.get_by_text("this is JSON, but no object")).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("It is tried again now.")).to_be_visible()
    expect(page.locator(".row-line")).to_have_count(3)
