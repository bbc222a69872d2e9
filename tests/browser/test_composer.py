"""Forms that think along: nobody answers past an unread message or twice, and a mailbox knows its server."""

from __future__ import annotations

from playwright.sync_api import Page, expect
from sqlmodel import select

from helpdesk.models import Direction, Message
from tests.browser.conftest import OpenPage
from tests.browser.site import Site


def test_an_answer_waits_for_its_writer_to_read_what_came_in(page: Page, site: Site) -> None:
    ticket = site.take()
    page.goto(f"/tickets/{ticket.key}")
    page.locator("#reply-form .text").fill("We will look into it.")
    with site.database.write() as unit:
        unit.session.add(
            Message(
                brand_id=ticket.brand_id,
                ticket_id=ticket.pk,
                customer_id=ticket.customer_id,
                channel="email",
                direction=Direction.IN,
                text="I have moved meanwhile",
                reply="I have moved meanwhile",
                fingerprint="meanwhile",
                sent_at=unit.now,
                created_at=unit.now,
            )
        )
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#composer").get_by_role("alert")).to_contain_text("Something was added meanwhile")
    expect(page.locator(".message-theirs").last).to_contain_text("I have moved meanwhile")
    expect(page.locator("#reply-form .text")).to_have_value("We will look into it.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".message-ours").last).to_contain_text("We will look into it.")
    expect(page.locator("#reply-form .text")).to_have_value("")


def test_sending_twice_by_an_impatient_hand_is_one_answer(page: Page, site: Site) -> None:
    ticket = site.take()
    page.goto(f"/tickets/{ticket.key}")
    page.locator("#reply-form .text").fill("Sent by an impatient hand.")
    page.evaluate(
        """() => { const form = document.querySelector("#reply-form"); form.requestSubmit(); form.requestSubmit(); }"""
    )
    expect(page.locator(".message-ours").last).to_contain_text("Sent by an impatient hand.")
    with site.database.read() as unit:
        found = unit.session.exec(select(Message).where(Message.reply == "Sent by an impatient hand.")).all()
    assert len(found) == 1


def test_ticket_addresses_are_switched_on_for_servers_known_to_take_them(open_page: OpenPage) -> None:
    page = open_page("en-light", path="/settings/mailboxes/new")
    box = page.get_by_label("Replies come to name+ticket@domain")
    expect(box).not_to_be_checked()
    page.locator("[name=imap_host]").fill("imap.gmail.com")
    expect(box).to_be_checked()
    page.locator("[name=imap_host]").fill("mail.example.com")
    expect(box).not_to_be_checked()
