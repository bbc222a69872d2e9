"""Two names of one person: compared beside the conversation, merged, undone; with the mouse, and by keys alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlmodel import select

from helpdesk.models import Brand, Customer, Ticket
from tests.browser.conftest import OpenPage
from tests.browser.doubles import add_pair
from tests.browser.site import Site

PANEL, DIALOG = "#panel .same-person", "#ticket-dialog[open]"


def pair(site: Site, name: str) -> tuple[str, str, str]:
    """Keys of the one by mail, the one on LINE and their ticket."""
    with site.database.write() as unit:
        mail, line, ticket = add_pair(unit, unit.session.exec(select(Brand)).one(), name)
        return mail.key, line.key, ticket.key


def whose(site: Site, ticket: str) -> str:
    with site.database.read() as unit:
        found = unit.session.exec(select(Ticket).where(Ticket.key == ticket)).one()
        return unit.session.get_one(Customer, found.customer_id).key


@pytest.mark.parametrize("reader", ["en-light", "ja-dark"])
def test_merged_from_the_conversation_and_undone_by_its_notice(
    read_as: OpenPage, site: Site, reader: str
) -> None:
    mail, line, ticket = pair(site, f"Ida Marie {reader}")
    page = read_as(reader)
    page.goto(f"/tickets/{ticket}")
    page.locator(f"{PANEL} a.button").click()
    expect(page.locator(f"{DIALOG} .compare")).to_be_visible()
    expect(page.locator(f"{DIALOG} [name=pick-note][value=both]")).to_be_checked()
    page.locator(f"{DIALOG} #stays-other").click()
    expect(page.locator(f"{DIALOG} #stays-other[aria-current]")).to_be_visible()
    page.locator(f"{DIALOG} .button-primary").click()
    expect(page.locator("#notices .notice-action")).to_be_visible()
    expect(page).to_have_url(f"{site.url}/tickets/{ticket}")
    expect(page.locator(PANEL)).to_have_count(0)
    assert whose(site, ticket) == mail
    page.goto(f"/customers/{line}")
    expect(page).to_have_url(f"{site.url}/customers/{mail}")
    page.keyboard.press("z")
    expect(page.locator(".same-person")).to_be_visible()
    assert whose(site, ticket) == line


def test_by_keys_alone_compared_turned_round_merged_and_split_off(read_as: OpenPage, site: Site) -> None:
    mail, line, ticket = pair(site, "Kato Midori")
    page = read_as("en-light")
    page.goto(f"/customers/{mail}")
    page.keyboard.press("Shift+M")
    likely = page.locator(f"{DIALOG} a.candidate")
    expect(page.locator(f"{DIALOG} [type=search]")).to_be_focused()
    page.keyboard.press("Tab")
    expect(likely.first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(f"{DIALOG} .which-stays [aria-current]")).to_be_focused()
    page.locator(f"{DIALOG} #stays-this").press("Enter")
    expect(page.locator(f"{DIALOG} #stays-this[aria-current]")).to_be_focused()
    page.locator(f"{DIALOG} .button-primary").press("Enter")
    expect(page.locator(".known-list .button-small")).to_be_visible()
    assert whose(site, ticket) == mail
    menu = page.locator(".known-list details.menu").last
    menu.locator("summary").press("Enter")
    menu.locator("a").press("Enter")
    expect(page.locator(f"{DIALOG} .going-back")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(DIALOG)).to_have_count(0)
    menu.locator("summary").press("Enter")
    menu.locator("a").press("Enter")
    page.locator(f"{DIALOG} .button-primary").press("Enter")
    expect(page).not_to_have_url(f"{site.url}/customers/{mail}")
    assert whose(site, ticket) not in (mail, line)
    page.keyboard.press("z")
    expect(page).to_have_url(f"{site.url}/customers/{mail}")
    assert whose(site, ticket) == mail


def test_a_rejected_suggestion_does_not_come_back(read_as: OpenPage, site: Site) -> None:
    _mail, _line, ticket = pair(site, "Saga Nord")
    page = read_as("ja-light")
    page.goto(f"/tickets/{ticket}")
    page.locator(f"{PANEL} form button").click()
    expect(page.locator("#notices .notice-action")).to_be_visible()
    page.goto(f"/tickets/{ticket}")
    expect(page.locator("#panel .card-head")).to_be_visible()
    expect(page.locator(PANEL)).to_have_count(0)
