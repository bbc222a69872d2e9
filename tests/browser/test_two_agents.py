"""A working day of two agents: a lead with the mouse, a colleague with the keyboard alone, each in their own language.

Each test is a part of that day, at tickets of its own, so that one that fails says which part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect
from sqlmodel import col, select

from helpdesk.models import Brand, Delivery, Message, Ticket
from helpdesk.people import accounts, sign_in
from helpdesk.people.passwords import Passwords
from helpdesk.tickets import fields
from tests.browser.conftest import OpenPage
from tests.browser.hands import Keyboard, Mouse, Person
from tests.browser.site import PASSWORD, Site
from tests.browser.test_composer import hear

NAMES = {
    ("lead", "ja"): "白石 環",
    ("lead", "en"): "Owen Marsh",
    ("agent", "ja"): "小川 澪",
    ("agent", "en"): "Nora Finch",
}
MACROS = {"ja": "ご感想ありがとう", "en": "Thank you for your kind words"}
REPLY, NOTE, OURS = "#reply-form .text", "#note-form .text", ".message-ours"


@dataclass
class Two:
    mouse: Mouse
    keys: Keyboard


@pytest.fixture(scope="module")
def people(site: Site) -> dict[tuple[str, str], Person]:
    password = Passwords(time_cost=1, memory_kib=8, parallelism=1).hash(PASSWORD)
    found = {}
    with site.database.write() as unit:
        for (role, language), name in NAMES.items():
            who = f"{role}-{language}"
            email = f"{who}@hinoki.example"
            agent = accounts.create_agent(
                unit, email=email, name=name, role=role, language=language, password_hash=password
            )
            agent.theme, agent.preferences = "light", {"undo_seconds": 30}
            site.tokens[who] = sign_in.start(unit, agent, user_agent="Chromium", days=1)
            found[role, language] = Person(who, name, email, language)
    return found


@pytest.fixture(params=[("ja", "en"), ("en", "ja")], ids=["ja-mouse-en-keys", "en-mouse-ja-keys"])
def languages(request: pytest.FixtureRequest) -> tuple[str, str]:
    return request.param


@pytest.fixture
def two(
    open_page: OpenPage, people: dict[tuple[str, str], Person], languages: tuple[str, str]
) -> Iterator[Two]:
    lead, agent = people["lead", languages[0]], people["agent", languages[1]]
    keys = Keyboard(open_page(agent.who, locale=agent.language), agent)
    yield Two(Mouse(open_page(lead.who, locale=lead.language), lead), keys)
    assert keys.touched == []


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
    with keys.page.expect_response(lambda answer: "inbox/search" in answer.url and "return" in answer.url):
        keys.type("tag:return")
    keys.press("Enter")
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


def find(site: Site, subject: str) -> Ticket:
    with site.database.read() as unit:
        return unit.session.exec(
            select(Ticket).where(Ticket.subject == subject).order_by(col(Ticket.id))
        ).one()
