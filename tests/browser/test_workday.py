"""An agent's day in a real browser: reading, answering, tagging, granting, noting, with and without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.site import PASSWORD, Site

pytestmark = pytest.mark.expects("status of 422")

MACRO = "Thank you for your kind words"


@pytest.fixture
def ticket(site: Site) -> str:
    """The path of a waiting ticket that no other test touches."""
    return f"/tickets/{site.take().key}"


def test_signing_in_leads_to_where_one_wanted_to_go(open_page: OpenPage) -> None:
    page = open_page("", path="/reports")
    page.get_by_label("E-mail address").fill("emma@hinoki.example")
    page.get_by_label("Password").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("not right")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/reports$"))


def test_the_most_urgent_ticket_is_answered_with_the_keyboard_alone(page: Page, site: Site) -> None:
    page.goto("/")
    first, second = (one.key for one in site.tickets(2))
    press(page, "j", "Enter")
    expect(conversation(page, first)).to_be_visible()
    expect(page).to_have_url(re.compile(f"/tickets/{first}$"))
    expect(page.locator("#panel .orders")).to_be_visible()
    press(page, "m")
    expect(page.get_by_label("Find a macro")).to_be_focused()
    page.keyboard.type(MACRO.lower())
    press(page, "Enter")  # faster than the list can follow
    words = page.locator("#reply-form .text")
    expect(words).not_to_have_value("")
    expect(page.locator('#draft [name="macro"]')).to_have_value("thank_you")
    press(page, "Control+Enter")
    expect(page.locator("#notices")).to_contain_text("Sent and closed.")
    expect(page.locator(f'#rows [data-key="{first}"]')).to_have_count(0)
    expect(conversation(page, second)).to_be_visible()  # the next one opens by itself
    press(page, "j", "k")
    expect(page.locator(f'#rows [data-key="{second}"]')).to_be_focused()


def test_a_tag_is_added_and_removed(page: Page, ticket: str) -> None:
    page.goto(ticket)
    page.get_by_label("Add a tag").click()
    page.get_by_role("textbox", name="Tag").fill("ribbon")
    page.keyboard.press("Enter")
    added = page.locator("#head .tag-on", has_text="ribbon")
    expect(added).to_be_visible()
    expect(page.locator("#messages")).to_contain_text("Tag added: ribbon")
    added.get_by_role("button").click()
    expect(added).to_have_count(0)


def test_a_corrected_urgency_stays(page: Page, ticket: str) -> None:
    page.goto(ticket)
    page.locator(".why-score").click()
    page.locator(".why .menu-list").get_by_role("button", name="Low").click()
    expect(page.locator("#head .why-low")).to_be_visible()
    page.reload()
    expect(page.locator("#head .why-low")).to_be_visible()


def test_points_above_the_limit_become_a_request_that_a_lead_grants(
    page: Page, open_page: OpenPage, ticket: str
) -> None:
    page.goto(ticket)
    page.locator(".grant summary").click()
    page.get_by_role("spinbutton", name="Points").fill("1500")
    page.get_by_role("button", name="Grant points").click()
    expect(page.get_by_text("a lead was asked to approve them")).to_be_visible()  # for a while
    expect(page.locator(".points-request")).to_contain_text("1,500 points wait for a lead's approval")
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)
    leads = open_page("en-light", path=ticket)
    leads.get_by_role("button", name="Approve").click()
    expect(leads.locator(".points-request")).to_have_count(0)
    expect(leads.locator("#messages")).to_contain_text("1,500")


def test_a_note_is_for_colleagues(page: Page, ticket: str) -> None:
    page.goto(ticket)
    press(page, "n")
    page.keyboard.type("The warehouse is looking for it.")
    page.get_by_role("button", name="Add note").click()
    expect(page.locator(".message-note").last).to_contain_text("The warehouse is looking for it.")
    expect(page.get_by_label("Note to colleagues")).to_have_value("")


def test_what_was_typed_survives_a_reload(page: Page, ticket: str) -> None:
    page.goto(ticket)
    words = page.locator("#reply-form .text")
    words.fill("Half an answer, and then the")
    page.reload()
    expect(words).to_have_value("Half an answer, and then the")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".message-ours").last).to_contain_text("Half an answer")
    page.reload()
    expect(words).to_have_value("")


def test_a_macro_with_something_missing_cannot_be_sent_by_mistake(page: Page, ticket: str) -> None:
    page.goto(ticket)
    page.locator("#reply-form .text").fill("Your parcel 〔shipment.tracking_number〕 has left.")
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_disabled()
    page.locator("#reply-form .text").fill("Your parcel has left.")
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_enabled()


def test_points_of_a_macro_are_confirmed_before_it_is_sent(page: Page, ticket: str) -> None:
    page.goto(ticket)
    press(page, "m")
    expect(page.get_by_label("Find a macro")).to_be_focused()
    page.keyboard.type("apology for a delay")
    found = page.locator(
        "#macro-found a", has_text="with points"
    )  # one may be suggested beneath the menu as well
    expect(found).to_have_count(1)
    found.click()
    box = page.locator(".chip-grant_points input")
    expect(box).not_to_be_checked()
    words = page.locator("#reply-form .text")
    expect(words).not_to_have_value("")
    words.fill(re.sub("〔[^〕]+〕", "—", words.input_value()))
    page.get_by_role("button", name="Send", exact=True).click()
    expect(box).to_be_focused()
    assert box.evaluate("box => box.validity.valueMissing")  # the browser asks for the tick first
    box.check()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#messages")).to_contain_text("500")
    expect(page.locator("#reply-form .text")).to_have_value("")


def test_reading_and_answering_work_without_javascript(open_page: OpenPage, site: Site) -> None:
    ticket = site.take()
    key = ticket.key
    page = open_page("agent", path=f"/?view=all&q=%23{ticket.number}", java_script_enabled=False)
    page.locator(f'#rows [data-key="{key}"]').click()
    expect(page.locator(".message-theirs").first).to_be_visible()
    page.locator("#macro-menu summary").click()
    page.get_by_role("link", name="All macros").click()
    page.get_by_role("link", name=MACRO).first.click()
    words = page.locator("#reply-form .text")
    expect(words).not_to_have_value("")
    words.fill("Answered without a script.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#notices")).to_contain_text("Sent and closed.")
    page.goto(f"/tickets/{key}")
    expect(page.locator(".message-ours").last).to_contain_text("Answered without a script.")


def test_on_a_telephone_there_is_one_pane_at_a_time(open_page: OpenPage) -> None:
    page = open_page("agent", path="/", width=390, height=844)
    key = page.locator("#rows [data-key]").first.get_attribute("data-key") or ""
    page.locator(f'#rows [data-key="{key}"]').click()
    expect(conversation(page, key)).to_be_visible()
    expect(page.locator("#rows")).not_to_be_visible()
    page.locator("#head .side-toggle").click()
    expect(page.locator("#panel .orders")).to_be_in_viewport()
    page.keyboard.press("Escape")
    page.goto("/")
    expect(page.locator("#rows")).to_be_visible()


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def conversation(page: Page, key: str) -> Locator:
    return page.locator(f'#conversation[data-key="{key}"]')
