"""What is written and not sent: reloads, lost connections, second windows, second thoughts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.site import Site
from tests.browser.test_composer import ready

pytestmark = pytest.mark.expects("status of 409", "ERR_INTERNET_DISCONNECTED", "htmx:sendError")


def test_a_draft_survives_a_reload_and_follows_its_writer_to_another_browser(
    page: Page, open_page: OpenPage, site: Site
) -> None:
    path = f"/tickets/{site.spare().key}"
    page.goto(path)
    page.locator("#composer[data-ready]").wait_for()
    page.keyboard.press("n")
    page.keyboard.type("A note in the making")
    ready(page)
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    page.keyboard.type("Half an answer")
    saved(page)
    page.reload()
    expect(ready(page)).to_have_value("Half an answer")
    expect(page.get_by_label("Note to colleagues")).to_have_value("A note in the making")
    other = open_page("agent", path=path)
    expect(ready(other)).to_have_value("Half an answer")
    expect(open_page("en-light", path=path).locator("#reply-form .text")).to_have_value("")


def test_words_typed_without_a_connection_reach_the_server_later(
    page: Page, open_page: OpenPage, site: Site
) -> None:
    path = f"/tickets/{site.spare().key}"
    page.goto(path)
    words = ready(page)
    page.context.set_offline(True)
    words.fill("Written in a tunnel")
    state = page.locator("#panel-reply .draft-words")
    expect(state).to_have_text("Saved on this device only")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#panel-reply .composer-trouble")).to_contain_text("You are offline")
    expect(words).to_have_value("Written in a tunnel")
    page.context.set_offline(False)
    expect(state).to_have_text("Saved")
    expect(ready(open_page("agent", path=path))).to_have_value("Written in a tunnel")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".message-ours").last).to_contain_text("Written in a tunnel")


def test_two_windows_that_wrote_differently_lose_no_word(page: Page, open_page: OpenPage, site: Site) -> None:
    path = f"/tickets/{site.spare().key}"
    page.goto(path)
    other = open_page("agent", path=path)
    ready(page)
    ready(other).fill("From the second window")
    saved(other)
    page.locator("#reply-form .text").fill("From the first window")
    strip = page.locator("#panel-reply .draft-conflict")
    expect(strip.locator("pre")).to_have_text("From the second window")
    strip.get_by_role("button", name="Keep both").click()
    both = "From the first window\n\nFrom the second window"
    expect(page.locator("#reply-form .text")).to_have_value(both)
    saved(page)
    other.reload()
    expect(ready(other)).to_have_value(both)


def test_a_discarded_draft_comes_back_when_that_was_a_mistake(page: Page, site: Site) -> None:
    page.goto(f"/tickets/{site.spare().key}")
    words = ready(page)
    words.fill("Perhaps not")
    saved(page)
    page.locator("#panel-reply").get_by_role("button", name="Discard draft").click()
    expect(words).to_have_value("")
    page.locator("#notices").get_by_role("button", name="Undo").click()
    expect(words).to_have_value("Perhaps not")


def test_the_way_to_another_ticket_and_back_keeps_formatted_words(page: Page, site: Site) -> None:
    first, second = (site.spare().key for _ in range(2))
    page.goto(f"/tickets/{first}")
    ready(page).fill("plain ")
    page.get_by_role("button", name="Formatting", exact=True).click()
    expect(page.locator("#reply-form .rich")).to_be_focused()
    page.keyboard.press("Control+i")
    page.keyboard.type("slanted")
    page.goto(f"/tickets/{second}")
    expect(ready(page)).to_have_value("")
    page.goto(f"/tickets/{first}")
    expect(page.locator("#reply-form .rich i")).to_have_text("slanted")


def test_live_news_leave_the_composer_alone(page: Page, site: Site) -> None:
    page.goto(f"/tickets/{(ticket := site.spare()).key}")
    ready(page).fill("Still typing")
    before = page.locator("#composer").element_handle()
    page.evaluate(f"htmx.trigger(document.body, 'ticket-{ticket.key}')")
    page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')")
    expect(page.locator("#reply-form .text")).to_have_value("Still typing")
    expect(page.locator("#reply-form .text")).to_be_focused()
    assert before.evaluate("element => element.isConnected")


def saved(page: Page) -> None:
    expect(page.locator(".composer-panel:not([hidden]) .draft-words")).to_have_text("Saved")
