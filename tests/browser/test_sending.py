"""Sending: to whom, when, with which key, and back again."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from playwright.sync_api import Error, Page, Route, expect
from sqlmodel import select

from helpdesk.models import Delivery, Message, Ticket
from tests.browser.site import Site
from tests.browser.test_composer import hear, ready
from tests.browser.until import becomes

pytestmark = pytest.mark.expects("status of 422")


def test_an_answer_to_all_goes_to_all(page: Page, site: Site) -> None:
    ticket = site.take()
    hear(site, ticket, "My sister reads along", cc=["sister@family.example"])
    page.goto(f"/tickets/{ticket.key}")
    ready(page).fill("Hello to both of you.")
    expect(page.locator(".person-chip")).to_have_count(1)
    page.locator("#reply-form .text").press("Escape")
    page.keyboard.press("Shift+R")
    copies = page.locator('[data-people="cc"]')
    expect(copies).to_contain_text("sister@family.example")
    copies.get_by_label("Cc").fill("nobody at all")
    copies.get_by_label("Cc").press("Enter")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#panel-reply .composer-trouble")).to_contain_text(
        "nobody at all is no e-mail address"
    )
    copies.get_by_role("button", name="Remove nobody at all").click()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".message-ours").last).to_contain_text("Hello to both of you.")
    with site.database.read() as unit:
        sent = unit.session.exec(select(Message).where(Message.reply == "Hello to both of you.")).one()
    assert [one["address"] for one in sent.cc] == ["sister@family.example"]


def test_a_message_is_passed_on(page: Page, site: Site) -> None:
    ticket = site.take()
    page.goto(f"/tickets/{ticket.key}")
    ready(page)
    page.keyboard.press("f")
    to = page.locator('[data-people="to"] input')
    expect(to).to_be_focused()
    to.press_sequentially("carrier@parcels.example")
    to.press("Enter")
    expect(page.locator(".forwarded")).to_be_visible()
    page.locator("#reply-form .text").fill("Please look into this.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".message-ours").last).to_contain_text("Please look into this.")
    with site.database.read() as unit:
        sent = unit.session.exec(select(Message).where(Message.reply == "Please look into this.")).one()
    assert [one["address"] for one in sent.to] == ["carrier@parcels.example"]
    assert sent.forwarded_id is not None


def test_what_was_sent_is_taken_back_into_the_composer(page: Page, site: Site) -> None:
    page.goto(f"/tickets/{site.take().key}")
    words = ready(page)
    words.fill("Sent too soon")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(words).to_have_value("")
    page.locator("#notices").get_by_role("button", name="Undo").click()
    expect(words).to_have_value("Sent too soon")
    words.fill("Sent at last")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".message-ours").last).to_contain_text("Sent at last")


def test_taking_back_leads_to_the_ticket_that_was_left(page: Page, site: Site) -> None:
    path = f"/tickets/{site.take().key}"
    page.goto(path)
    ready(page).fill("Sent and closed too soon")
    page.keyboard.press("Control+Enter")
    expect(page).not_to_have_url(re.compile(path))
    page.locator("#notices").get_by_role("button", name="Undo").click()
    expect(page).to_have_url(re.compile(path))
    expect(page.locator("#reply-form .text")).to_have_value("Sent and closed too soon")
    expect(page.locator("#head .ticket-state-closed")).to_have_count(0)


def test_taking_back_stays_with_the_ticket_when_the_next_one_is_slow(page: Page, site: Site) -> None:
    key = site.take().key
    page.goto(f"/tickets/{key}")
    ready(page).fill("Taken back at once")
    held: list[Route] = []
    page.route(re.compile(rf"/tickets/(?!{key})\w+([?]|$)"), lambda route: held.append(route))
    page.keyboard.press("Control+Enter")
    becomes(page, lambda: len(held), 1)
    page.locator("#notices").get_by_role("button", name="Undo").click()
    expect(page.locator("#reply-form .text")).to_have_value("Taken back at once")
    for one in held:
        with suppress(Error):  # nobody waits for it any more
            one.continue_()
    page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')")
    expect(page.locator(f'#conversation[data-key="{key}"]')).to_be_visible()
    expect(page.locator("#reply-form .text")).to_have_value("Taken back at once")


def test_an_answer_leaves_later(page: Page, site: Site) -> None:
    page.goto(f"/tickets/{site.take().key}")
    ready(page).fill("Good morning from the night before.")
    page.locator(".send-menu summary").click()
    page.locator(".send-times button").last.click()
    expect(page.locator("#notices")).to_contain_text("Leaves")
    with site.database.read() as unit:
        sent = unit.session.exec(
            select(Message).where(Message.reply == "Good morning from the night before.")
        ).one()
        delivery = unit.session.exec(select(Delivery).where(Delivery.message_id == sent.pk)).one()
        assert delivery.scheduled
        assert delivery.next_at > unit.now


def test_the_two_ways_to_send_have_keys(page: Page, site: Site) -> None:
    ticket = site.take()
    page.goto(f"/tickets/{ticket.key}")
    ready(page).fill("The ticket stays open.")
    page.keyboard.press("Control+Shift+Enter")
    expect(page.locator(".message-ours").last).to_contain_text("The ticket stays open.")
    expect(page.locator("#reply-form .text")).to_have_value("")
    ready(page).fill("And now it is closed.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#notices")).to_contain_text("Sent and closed.")
    with site.database.read() as unit:
        assert unit.session.get_one(Ticket, ticket.pk).status == "closed"


def test_an_answer_adds_itself_and_leaves_the_rest_alone(page: Page, site: Site) -> None:
    page.goto(f"/tickets/{site.take().key}")
    words = ready(page)
    first = page.locator("#messages .message").first
    first.evaluate("node => { node.stayed = true }")
    words.fill("Only this is new.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".message-ours").last).to_contain_text("Only this is new.")
    expect(words).to_have_value("")
    expect(page.locator("#head .ticket-state-pending")).to_be_visible()
    assert first.evaluate("node => node.stayed") is True
    expect(page.locator("#new-line")).to_have_count(0)


def test_a_page_that_went_on_meanwhile_adds_nothing_and_looks_for_itself(page: Page, site: Site) -> None:
    page.goto(f"/tickets/{site.take().key}")
    words = ready(page)
    page.locator("#messages-state").evaluate("state => { state.dataset.mark = 'renewed meanwhile' }")
    words.fill("Said once.")
    with page.expect_response("**/messages"):
        page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".message-ours", has_text="Said once.")).to_have_count(1)
    expect(words).to_have_value("")
