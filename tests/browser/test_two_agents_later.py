"""The afternoon of two agents: merging, sleeping tickets, fields, spam, new mail, scheduled answers, going home."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect
from sqlmodel import col, select

from helpdesk.models import Brand, Delivery, Message, Ticket
from helpdesk.tickets import fields
from tests.browser.hands import Mouse
from tests.browser.site import Site
from tests.browser.test_composer import hear
from tests.browser.two import OURS, REPLY, Two, find, languages, people, two

__all__ = ["languages", "people", "two"]


def test_tickets_are_merged_parted_again_and_split(two: Two, site: Site) -> None:
    mouse, keys = two.mouse, two.keys
    home, guest = site.take(), site.take()
    hear(site, guest, f"And another thing, {guest.number}.")
    mouse.page.goto(f"/tickets/{guest.key}")
    mouse.reading(guest.key)
    mouse.more("Merge…")
    mouse.write("#ticket-dialog [type=search]", str(home.number))
    mouse.click("#ticket-dialog .candidate", f"#{home.number}")
    mouse.click("#ticket-dialog .button-primary")
    mouse.reading(home.key)
    mouse.click("#notices .notice-action")
    expect(mouse.see(f'#conversation[data-key="{guest.key}"] #messages .message-theirs')).to_be_visible()

    keys.page.goto(f"/tickets/{guest.key}")
    keys.reading(guest.key)
    keys.press("M")
    expect(keys.see("#ticket-dialog [type=search]")).to_be_focused()
    keys.type(f"#{home.number}")
    keys.tab(keys.see(f"#ticket-dialog .candidate:has-text('#{home.number}') input"))
    keys.press("Space")
    keys.tab(keys.expect("#ticket-dialog .button-primary"))
    keys.press("Enter")
    keys.reading(home.key)
    keys.press("z")
    expect(keys.see(f'#conversation[data-key="{guest.key}"] #messages .message-theirs')).to_be_visible()
    keys.choose(keys.say("Split messages off"))
    keys.tab(keys.page.locator("#ticket-dialog .candidate input").last)
    keys.press("Space")
    keys.tab(keys.expect("#ticket-dialog .button-primary"))
    keys.press("Enter")
    expect(keys.page).not_to_have_url(re.compile(guest.key))
    keys.expect("#messages .message-theirs")


def test_a_ticket_sleeps_until_tomorrow(two: Two, site: Site) -> None:
    mouse, keys = two.mouse, two.keys
    first, second = site.take(), site.take()
    mouse.page.goto(f"/tickets/{first.key}")
    mouse.reading(first.key)
    mouse.click("#snooze-menu > summary")
    mouse.click("#snooze-menu form:has([value=tomorrow]) button")
    mouse.expect("#notices .notice-action")
    mouse.click(".view-snoozed")
    mouse.open(first)
    expect(mouse.see("#head .tag-bar .icon-clock, #head .ticket-state")).to_be_visible()

    keys.page.goto(f"/tickets/{second.key}")
    keys.reading(second.key)
    keys.press("s")
    keys.down(keys.see("#snooze-menu form:has([value=tomorrow]) button"))
    keys.press("Enter")
    keys.expect("#notices .notice-action")
    keys.choose(keys.say("Snoozed"), "view=snoozed")
    expect(keys.see(f'#rows .ticket-row[data-key="{second.key}"]')).to_be_visible()
    with site.database.read() as unit:
        for ticket in (first, second):
            assert unit.session.get_one(Ticket, ticket.pk).snoozed_until is not None


@pytest.fixture
def needed(site: Site) -> Iterator[str]:
    """The name of a field that has to be filled in, while the test runs."""
    name = f"size_{len(site.taken)}"
    with site.database.write() as unit:
        brand = unit.session.exec(select(Brand)).one().pk
        labels, options = {"ja": "サイズ", "en": "Size"}, ("S", "M", "L")
        fields.create(unit, brand, name=name, labels=labels, kind="list", options=options, required=True)
    yield name
    with site.database.write() as unit:
        fields.archive(unit, fields.get_field(unit, brand, name))


@pytest.mark.expects("status of 422")
def test_a_field_has_to_be_filled_in_before_closing(two: Two, site: Site, needed: str) -> None:
    mouse, keys = two.mouse, two.keys
    first, second = site.take(), site.take()
    mouse.page.goto(f"/tickets/{first.key}")
    mouse.reading(first.key)
    mouse.click(f'#head [data-action="{mouse.say("Close ticket")}"]')
    mouse.expect("#ticket-fields .problem")
    mouse.see(f"#field-{needed}").select_option(index=1)
    mouse.still()
    mouse.click(f'#head [data-action="{mouse.say("Close ticket")}"]')
    mouse.notice("Closed.")

    keys.page.goto(f"/tickets/{second.key}")
    keys.reading(second.key)
    keys.press("e")
    keys.expect("#ticket-fields .problem")
    expect(keys.see(f"#field-{needed}")).to_be_focused()
    keys.press("ArrowDown", "Tab")
    expect(keys.see("#ticket-fields .fields-lacking")).to_have_count(0)
    keys.press("e")
    keys.notice("Closed.")


def test_spam_is_put_away_and_taken_out_again(two: Two, site: Site) -> None:
    mouse, keys = two.mouse, two.keys
    first, second = site.take(), site.take()
    mouse.page.goto(f"/tickets/{first.key}")
    mouse.reading(first.key)
    mouse.more("Mark as spam")
    mouse.notice("Marked as spam.")
    mouse.click(".view-spam")
    mouse.open(first)
    mouse.click("#head form[action*=reopen] button")
    mouse.notice("Reopened.")

    keys.page.goto(f"/tickets/{second.key}")
    keys.reading(second.key)
    keys.press("!")
    keys.notice("Marked as spam.")
    keys.choose(keys.say("Spam"), "view=spam")
    row = keys.see(f'#rows .ticket-row[data-key="{second.key}"]')
    keys.press("j")
    keys.down(row)
    keys.press("Enter")
    keys.reading(second.key)
    keys.press("e")
    keys.notice("Reopened.")


def test_a_new_mail_comes_to_both_and_is_passed_on(two: Two, site: Site) -> None:
    mouse, keys = two.mouse, two.keys
    subject = f"The lid of the teapot, {mouse.person.language}"
    for one in (mouse, keys):
        one.page.goto("/?view=unassigned&sort=newest")
        one.live()
    site.write_in(
        subject, "It does not fit.", sender=f"Teapot <teapot-{mouse.person.language}@customer.example>"
    )
    for one in (mouse, keys):
        expect(one.see("#rows .ticket-row", subject)).to_be_visible()
    keys.press("j")
    keys.down(keys.see("#rows .ticket-row", subject))
    keys.press("Enter")
    keys.reading(find(site, subject).key)
    keys.press("f")
    expect(keys.see('[data-people="to"] input')).to_be_focused()
    keys.type("maker@kiln.example")
    keys.press("Enter")
    keys.tab(keys.see(REPLY))
    keys.type("Can you send a new lid?")
    keys.press("Control+Shift+Enter")
    keys.notice("Forwarded.")
    mouse.open(find(site, subject))
    expect(mouse.see(".message-forwarded")).to_contain_text("maker@kiln.example")
    mouse.click(".kind-now")
    mouse.click("[data-kind-choice=forward]")
    mouse.write('[data-people="to"] input', "carrier@parcels.example")
    mouse.click(REPLY)
    mouse.type("Was it packed well?")
    mouse.click("#reply-form [data-then=stay]")
    mouse.notice("Forwarded.")


def test_a_scheduled_answer_stays_when_the_customer_writes_first(two: Two, site: Site) -> None:
    mouse, keys = two.mouse, two.keys
    for one, words in ((mouse, "The red tray"), (keys, "The blue tray")):
        subject, sender = (
            f"{words} {one.person.language}",
            f"Tray <{words[4]}tray-{one.person.language}@customer.example>",
        )
        one.page.goto("/?view=unassigned&sort=newest")
        one.live()
        first = site.write_in(subject, "Is it in stock?", sender=sender)
        expect(one.see("#rows .ticket-row", subject)).to_be_visible()
        ticket = find(site, subject)
        if isinstance(one, Mouse):
            one.open(ticket)
            one.click(REPLY)
            one.type("Tomorrow we know.")
            one.click(".send-menu > summary")
            one.page.locator(".send-times button").last.click()
        else:
            one.open(ticket.number)
            one.reading(ticket.key)
            one.press("r")
            one.type("Tomorrow we know.")
            one.tab(one.see(".send-menu > summary"))
            one.press("Enter")
            one.tab(one.page.locator(".send-times button").last)
            one.press("Enter")
        expect(one.page.locator(OURS).last).to_contain_text("Tomorrow we know.")
        one.expect(".delivery-scheduled")
        site.write_in(f"Re: {subject}", "I found another one.", sender=sender, answers=first)
        expect(one.see(".message-theirs", "I found another one.")).to_be_visible()
        expect(one.page.locator(".delivery-scheduled")).to_have_count(0)
        with site.database.read() as unit:
            answer = select(Message.id).where(Message.ticket_id == ticket.pk, Message.direction == "out")
            held = unit.session.exec(select(Delivery).where(col(Delivery.message_id).in_(answer))).one()
            assert held.state == "cancelled"


def test_they_read_the_customers_page_and_sign_out(two: Two, site: Site) -> None:
    mouse, keys = two.mouse, two.keys
    for one in (mouse, keys):
        one.page.goto(f"/tickets/{site.keys['ticket']}")
        one.reading(site.keys["ticket"])
    mouse.more("Customer's page")
    keys.choose(keys.say("Show or hide the customer"))
    keys.choose(keys.say("Show or hide the customer"))
    keys.tab(keys.see("#panel a[href^='/customers/']"))
    keys.press("Enter")
    for one in (mouse, keys):
        expect(one.page).to_have_url(re.compile("/customers/"))
        one.expect("#main h1")
    mouse.click(".rail-menu > summary")
    mouse.click(".rail-menu button", mouse.say("Sign out"))
    keys.choose(keys.say("Sign out"))
    for one in (mouse, keys):
        expect(one.page).to_have_url(re.compile("/login"))
