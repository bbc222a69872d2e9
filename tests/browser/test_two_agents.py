"""The morning of two agents: meeting, answering, notes, searching, many tickets at once.

Each test is a part of that day, at tickets of its own, so that one that fails says which part.
"""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.hands import Keyboard, Mouse
from tests.browser.site import PASSWORD, Site
from tests.browser.two import MACROS, NOTE, REPLY, Two, languages, people, two

__all__ = ["languages", "people", "two"]


def test_they_sign_in_meet_and_hand_over_the_most_urgent_ticket(two: Two, site: Site) -> None:
    mouse, keys = two.mouse, two.keys
    for one in (mouse, keys):
        one.page.context.clear_cookies()
        one.page.goto("/")
        expect(one.page).to_have_title(re.compile(one.say("Sign in")))
    mouse.write("[name=email]", mouse.person.email)
    mouse.write("[name=password]", PASSWORD)
    mouse.click("button[type=submit]")
    keys.type(keys.person.email)
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    mouse.click(".view-urgent")
    keys.expect("#rows .ticket-row")
    keys.choose(keys.say("Urgent"), "view=urgent")
    urgent = site.tickets(1)[0]
    for one in (mouse, keys):
        expect(one.page).to_have_url(re.compile("view=urgent"))
        one.live()
    mouse.open(urgent)
    keys.press("j", "Enter")
    keys.reading(urgent.key)
    expect(mouse.see("#head [data-presence] .present")).to_have_attribute(
        "title", re.compile(keys.person.name)
    )
    expect(keys.see("#head [data-presence] .present")).to_have_attribute(
        "title", re.compile(mouse.person.name)
    )
    keys.press("g", "c")
    keys.live()
    mouse.click("#assign-menu > summary")
    mouse.click("#assign-choices button", keys.person.name)
    keys.expect("#bell .bell-count")
    keys.press("g", "n")
    keys.tab(keys.expect("#told .told.is-unread a"))
    keys.press("Enter")
    keys.reading(urgent.key)
    expect(keys.see("#assign-menu > summary")).to_contain_text(keys.person.name)
    mouse.click('.rail-link[href="/customers"]')
    mouse.live()
    keys.press("A")
    expect(keys.see("#assign-menu [data-narrow]")).to_be_focused()
    keys.type(mouse.person.name)
    keys.press("Enter")
    mouse.expect("#bell .bell-count")
    mouse.click("#bell")
    mouse.click("#told .told.is-unread a", keys.person.name)
    mouse.reading(urgent.key)


def test_an_answer_by_macro_is_taken_back_then_sent_and_the_next_ticket_opens(two: Two, site: Site) -> None:
    mouse, keys = two.mouse, two.keys
    first, second = site.take(), site.take()
    mouse.page.goto(f"/tickets/{first.key}")
    mouse.reading(first.key)
    mouse.click("#macro-menu > summary")
    mouse.write("#macro-menu .macro-search", MACROS[mouse.person.language])
    mouse.click("#macro-found a", MACROS[mouse.person.language])
    words = mouse.see(REPLY)
    expect(words).not_to_have_value("")
    said = words.input_value()
    mouse.click("#reply-form [data-then=stay]")
    mouse.notice("Sent and closed.")  # the macro says so
    with mouse.page.expect_event("load"):  # the next ticket was on its way already
        mouse.click("#notices .notice-action")
    mouse.reading(first.key)
    expect(words).to_have_value(said)
    mouse.click("#reply-form [data-send-close]")
    mouse.notice("Sent and closed.")
    expect(mouse.page).not_to_have_url(re.compile(first.key))
    mouse.expect("#conversation #head")

    keys.page.goto(f"/tickets/{second.key}")
    keys.reading(second.key)
    keys.press("r", "/")
    expect(keys.see("#macro-menu .macro-search")).to_be_focused()
    keys.type(MACROS[keys.person.language])
    expect(keys.page.locator("#macro-found a")).to_have_count(1)
    keys.press("Enter")
    words = keys.see(REPLY)
    expect(words).not_to_have_value("")
    said = words.input_value()
    keys.press("Control+Shift+Enter")
    keys.notice("Sent and closed.")
    expect(keys.page).not_to_have_url(re.compile(second.key))
    with keys.page.expect_event("load"):
        keys.press("z")
    keys.reading(second.key)
    expect(words).to_have_value(said)
    keys.press("r", "Control+Enter")
    keys.notice("Sent and closed.")
    expect(keys.page).not_to_have_url(re.compile(second.key))
    keys.expect("#conversation #head")


def test_a_note_calls_the_colleague(two: Two, site: Site) -> None:
    mouse, keys = two.mouse, two.keys
    ticket = site.take()
    mouse.page.goto("/customers")
    mouse.live()
    keys.page.goto(f"/tickets/{ticket.key}")
    keys.reading(ticket.key)
    keys.press("n")
    expect(keys.see(NOTE)).to_be_focused()
    keys.type(f"@{mouse.person.name[:2]}")
    expect(keys.see("#mentions [role=option]")).to_have_text(mouse.person.name)
    keys.press("Enter")
    keys.type("→ warehouse?")
    keys.press("Control+Enter")
    expect(keys.see(".message-note", "→ warehouse?")).to_be_visible()
    mouse.expect("#bell .bell-count")
    mouse.click("#bell")
    mouse.click("#told .told.is-unread a", keys.person.name)
    mouse.reading(ticket.key)
    expect(mouse.see(".message-note", "→ warehouse?")).to_be_visible()
    mouse.click("#tab-note")
    mouse.write(NOTE, f"@{keys.person.name[:2]}")
    mouse.click("#mentions [role=option]", keys.person.name)
    mouse.type("asked.")
    mouse.click("#note-form [data-send]")
    expect(keys.see(".message-note", "asked.")).to_be_visible()


def test_they_search_filter_and_share_a_view(two: Two) -> None:
    mouse, keys = two.mouse, two.keys
    for one in (mouse, keys):
        one.page.goto("/?view=all")
    keys.press("/")
    keys.type("返品")
    expect(keys.see("#rows mark", "返品")).to_be_visible()
    keys.press("Control+a")
    keys.type("tag:return")
    keys.press("Enter")  # at once: the search that typing asked for does not take its place
    expect(keys.page).to_have_url(re.compile("tag%3Areturn"))
    keys.expect("#rows .ticket-row")
    keys.press("Escape")
    keys.choose(keys.say("Filter the list"))
    keys.tab(keys.expect(".filter-form [name=language][value=en], .filter-form [name=urgency][value=high]"))
    keys.press("Space", "Enter")
    expect(keys.page).to_have_url(re.compile("urgency=high"))

    mouse.write("#rows-search", "配送")
    expect(mouse.see("#rows mark", "配送")).to_be_visible()
    mouse.page.goto("/")
    mouse.click(".filter-menu > summary")
    mouse.click(".filter-form [name=urgency][value=high]")
    mouse.click(".filter-form .button-primary")
    expect(mouse.page).to_have_url(re.compile("urgency=high"))
    mouse.click(".chips a", mouse.say("Save as a view"))
    name = f"High {mouse.person.language}"
    mouse.write("[name=name]", name)
    mouse.see("#audience").select_option("everyone")
    mouse.click(".form .button-primary")
    mouse.notice("The view is saved.")
    keys.choose(name)
    expect(keys.page).to_have_url(re.compile("saved="))
    expect(keys.see("#views [aria-current=page]")).to_contain_text(name)


def test_many_tickets_are_tagged_at_once_and_that_is_undone(two: Two, site: Site) -> None:
    mouse, keys = two.mouse, two.keys
    for one in (mouse, keys):
        one.page.goto("/?view=closed")
        one.live()
    tagged = "#rows .row-item:nth-child(-n+2) .tag"
    mouse.click("#rows .row-item:nth-child(1) .row-check")
    mouse.click("#rows .row-item:nth-child(2) .row-check")
    mouse.click(f'#bulk summary[title="{mouse.say("Tags")}"]')
    mouse.write("#bulk [data-find]", "gift wrapping")
    mouse.click("#bulk [data-bulk-action=add_tag][value='gift wrapping']")
    expect(mouse.page.locator(tagged, has_text=label(mouse))).to_have_count(2)
    mouse.click("#notices .notice-action")
    expect(mouse.page.locator(tagged, has_text=label(mouse))).to_have_count(0)

    keys.press("j", "x", "j", "x")
    expect(keys.see("#bulk [data-count]")).to_contain_text("2")
    keys.tab(keys.see(f'#bulk summary[title="{keys.say("Tags")}"]'), "Shift+Tab")
    keys.press("Enter")
    expect(keys.see("#bulk [data-find]")).to_be_focused()
    keys.type("gift wrapping")
    keys.press("Enter")
    expect(keys.page.locator(tagged, has_text=label(keys))).to_have_count(2)
    keys.press("z")
    expect(keys.page.locator(tagged, has_text=label(keys))).to_have_count(0)


def label(hand: Mouse | Keyboard) -> str:
    return {"ja": "ギフト包装", "en": "Gift wrapping"}[hand.person.language]
