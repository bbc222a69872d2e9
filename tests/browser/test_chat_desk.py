"""An agent's chats side by side: shoppers in browsers of their own, the agent beside them, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count

import pytest
from playwright.sync_api import expect

from helpdesk.demo import storefront
from helpdesk.demo.storefront.chat import open_chat
from helpdesk.models import Agent
from helpdesk.people import accounts, sign_in
from helpdesk.store import seal
from tests.browser import axe
from tests.browser.chat_hands import Desk, Shopper, give, mine, said_in, sit_down
from tests.browser.conftest import OpenPage
from tests.browser.site import Site
from tests.browser.test_chat import begin, ticket_of
from tests.browser.until import becomes
from tests.fakes.ports import free_port

NAMES = {"en": "Grace Holt", "ja": "青木 葵"}
Write = Callable[[str], Shopper]
numbers = count(1)


@pytest.fixture(scope="module")
def shop(site: Site) -> Iterator[str]:
    port = free_port()
    with site.database.write() as unit:
        key = open_chat(unit, seal.load("", site.folder), origins=[f"http://127.0.0.1:{port}"])
    with storefront.serving(port, helpdesk=site.url, widget=lambda: key) as address:
        yield address


@pytest.fixture(scope="module")
def people(site: Site) -> dict[str, Agent]:
    """Whoever takes chats here: with room for all that the tests of this shop leave behind."""
    found = {}
    with site.database.write() as unit:
        for language, name in NAMES.items():
            who = f"desk-{language}"
            agent = accounts.create_agent(
                unit, email=f"{who}@hinoki.example", name=name, role="admin", language=language
            )
            agent.theme, agent.chat_capacity, agent.timezone = "light", 0, "UTC"
            site.tokens[who] = sign_in.start(unit, agent, user_agent="Chromium", days=1)
            found[language] = agent
    return found


@pytest.fixture(params=["en", "ja"])
def desk(request: pytest.FixtureRequest, open_page: OpenPage, people: dict[str, Agent], site: Site) -> Desk:
    return sit_down(open_page, site, people[request.param])


@pytest.fixture
def write(open_page: OpenPage, shop: str) -> Write:
    """write("text") -> the page of a new shopper who has said so."""

    def begin_one(words: str) -> Shopper:
        page, own = open_page(""), f"{words} ({next(numbers)})"
        begin(page, shop, own)
        return Shopper(page, own)

    return begin_one


def test_two_shoppers_are_answered_side_by_side(
    desk: Desk, write: Write, site: Site, people: dict[str, Agent]
) -> None:
    one, other = write("Is the board oiled?"), write("Do you ship to Osaka?")
    keys = [give(site, mine(desk, people), shopper) for shopper in (one, other)]
    for key in keys:
        expect(desk.column(key)).to_be_visible()
        expect(desk.tab(key).locator("[data-clock]")).to_have_text(re.compile(r"\d:\d\d"))
    one.page.locator(".composer textarea").press_sequentially("I mean the large one")
    expect(desk.column(keys[0]).locator(".visitor-typing")).to_contain_text("I mean the large one")
    expect(desk.column(keys[1]).locator(".visitor-typing")).to_be_hidden()
    desk.field(keys[0]).fill("Yes, with camellia oil.")
    desk.field(keys[0]).press("Enter")
    desk.field(keys[1]).fill("We do.\nWithin two days.")
    desk.field(keys[1]).press("Enter")
    expect(one.page.locator(".theirs .bubble")).to_have_text("Yes, with camellia oil.")
    expect(other.page.locator(".theirs .bubble")).to_have_text("We do.\nWithin two days.")
    for key in keys:
        expect(desk.column(key).locator(".say-ours")).to_have_count(1)
        expect(desk.column(key).locator(".say-read")).to_have_text(desk.say("Read"))
        expect(desk.field(key)).to_have_value("")
        expect(desk.tab(key).locator("[data-clock]")).to_have_count(0)


def test_a_visitors_name_page_and_way_here_are_shown(
    desk: Desk, write: Write, site: Site, people: dict[str, Agent]
) -> None:
    shopper = write("Which wood is it?")
    page, key = shopper.page, give(site, mine(desk, people), shopper)
    expect(desk.column(key).locator("h2")).to_have_text(
        re.compile(desk.say("Visitor %(code)s", code="[0-9B-Z]{4}"))
    )
    line = desk.column(key).locator("[data-visitor]")
    expect(line).to_have_attribute("data-online", "1")
    expect(line.locator(".visitor-page")).to_have_attribute("href", re.compile("/products/KT-101"))
    page.goto(f"{page.url.split('/products')[0]}/?lang=en")
    expect(line.locator(".visitor-page")).not_to_have_attribute("href", re.compile("/products/"))
    page.close()
    expect(line).to_have_attribute("data-online", "0")


def test_offered_answers_are_buttons_that_the_shopper_presses(
    desk: Desk, write: Write, site: Site, people: dict[str, Agent]
) -> None:
    shopper = write("It arrived broken")
    page, key = shopper.page, give(site, mine(desk, people), shopper)
    column = desk.column(key)
    column.get_by_role("button", name=desk.say("Offer answers as buttons")).click()
    column.locator(".chat-offers input").nth(0).fill("A new one")
    column.locator(".chat-offers input").nth(1).fill("My money back")
    desk.field(key).fill("I am sorry. What would you like?")
    desk.field(key).press("Enter")
    expect(column.locator(".say-offers li")).to_have_text(["A new one", "My money back"])
    page.get_by_role("button", name="My money back").click()
    expect(column.locator(".say-theirs").last).to_contain_text("My money back")
    expect(column.locator(".chat-offers")).to_be_hidden()


def test_a_slash_finds_macros_and_own_phrases(
    desk: Desk, write: Write, site: Site, people: dict[str, Agent]
) -> None:
    key = give(site, mine(desk, people), write("Thanks for the quick parcel"))
    column, field = desk.column(key), desk.field(key)
    column.get_by_role("link", name=desk.say("My phrases")).click()
    dialog = desk.page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("One moment, I am looking it up.")
    dialog.get_by_role("button", name=desk.say("Save")).click()
    expect(dialog).to_be_hidden()
    column.get_by_role("button", name="One moment").click()
    expect(field).to_have_value("One moment, I am looking it up.")
    field.fill("")
    field.press("/")
    search = column.get_by_role("combobox")
    expect(search).to_be_focused()
    expect(column.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    search.press("ArrowDown")
    chosen = column.locator('[role="option"][aria-selected="true"] b').inner_text()
    search.press("Enter")
    expect(field).to_be_focused()
    expect(field).not_to_have_value("")
    expect(column.locator(".chat-macro b")).to_have_text(chosen)
    field.fill("")
    field.press("/")
    search.press("/")
    expect(field).to_have_value("/")


def test_unsent_words_are_there_after_a_reload_and_on_the_tickets_page(
    desk: Desk, write: Write, site: Site, people: dict[str, Agent]
) -> None:
    key = give(site, mine(desk, people), write("Can it be engraved?"))
    field = desk.field(key)
    field.press_sequentially("Yes,")
    field.press("Shift+Enter")
    with desk.page.expect_response(lambda answer: "/draft/reply" in answer.url and answer.ok):
        field.press_sequentially("up to ten letters")
    desk.page.reload()
    expect(desk.field(key)).to_have_value("Yes,\nup to ten letters")
    desk.column(key).get_by_role("link", name=desk.say("Open as a ticket")).click()
    expect(desk.page.locator("#reply-form .text")).to_have_value("Yes,\nup to ten letters")
    expect(desk.page.locator("[data-visitor]")).to_be_visible()
    expect(desk.page.locator(".people-rows")).to_be_hidden()
    assert [one.direction for one in said_in(site, key)] == ["in"]


def test_what_is_written_to_colleagues_never_reaches_the_visitor(
    desk: Desk, write: Write, site: Site, people: dict[str, Agent]
) -> None:
    shopper = write("Is anybody there?")
    page, key = shopper.page, give(site, mine(desk, people), shopper)
    column, field = desk.column(key), desk.field(key)
    column.get_by_role("button", name=desk.say("Note to colleagues")).click()
    field.press_sequentially("He has asked three times", delay=30)
    page.wait_for_timeout(1500)  # longer than the words of a typist need to arrive
    expect(page.locator("p.typing")).to_be_hidden()
    field.press("Enter")
    expect(column.locator(".say-note")).to_contain_text("three times")
    column.get_by_role("button", name=desk.say("Note to colleagues")).click()
    field.press_sequentially("I am", delay=30)
    expect(page.locator("p.typing")).to_be_visible()
    field.press_sequentially(" here")
    field.press("Enter")
    expect(page.locator(".theirs .bubble")).to_have_text("I am here")


def test_a_chat_is_passed_on_with_a_note(
    desk: Desk, write: Write, site: Site, people: dict[str, Agent]
) -> None:
    key = give(site, mine(desk, people), write("I want to speak German"))
    other = people["ja" if desk.language == "en" else "en"]
    column = desk.column(key)
    column.get_by_role("link", name=desk.say("Pass this conversation on")).click()
    dialog = desk.page.get_by_role("dialog")
    dialog.get_by_text(other.name).click()
    dialog.get_by_role("textbox").fill("He asks for German")
    dialog.get_by_role("button", name=desk.say("Pass on")).click()
    expect(dialog).to_be_hidden()
    expect(desk.tab(key)).to_have_count(0)
    expect(column).to_have_count(0)
    becomes(desk.page, lambda: [one.text for one in said_in(site, key)][-1], "He asks for German")


def test_a_closed_chat_goes_and_comes_back_when_that_is_undone(
    desk: Desk, write: Write, site: Site, people: dict[str, Agent]
) -> None:
    key = give(site, mine(desk, people), write("All is well, thank you"))
    desk.column(key).get_by_role("button", name=desk.say("Close the chat")).click()
    expect(desk.column(key)).to_have_count(0)
    desk.page.get_by_role("button", name=desk.say("Undo")).click()
    expect(desk.column(key)).to_be_visible()


def test_keys_lead_from_chat_to_chat(desk: Desk, write: Write, site: Site, people: dict[str, Agent]) -> None:
    for shopper in (write("First of two"), write("Second of two")):
        expect(desk.column(give(site, mine(desk, people), shopper))).to_be_visible()
    keys = [tab.get_attribute("data-chat-tab") or "" for tab in desk.page.locator("[data-chat-tab]").all()]
    desk.page.keyboard.press("Alt+2")
    expect(desk.field(keys[1])).to_be_focused()
    desk.page.keyboard.press("Control+ArrowLeft")
    expect(desk.field(keys[0])).to_be_focused()
    desk.page.keyboard.press("Control+ArrowRight")
    expect(desk.tab(keys[1])).to_have_attribute("aria-current", "true")


def test_the_queue_is_taken_from_the_front(
    desk: Desk, write: Write, site: Site, people: dict[str, Agent]
) -> None:
    shopper = write("Nobody has taken me yet")
    key = ticket_of(site, shopper.words, shopper.page)
    queue = desk.page.locator(".chat-queue")
    expect(queue).to_have_class(re.compile("is-waiting"))
    while not desk.column(key).count():  # others may have been left there before
        before = desk.page.locator(".chat").count()
        desk.page.keyboard.press("q")
        expect(desk.page.locator(".chat")).to_have_count(before + 1)
    expect(desk.field(key)).to_be_focused()


def test_on_a_phone_one_chat_is_shown_and_its_tabs_change_it(
    open_page: OpenPage, write: Write, site: Site, people: dict[str, Agent]
) -> None:
    keys = [give(site, people["ja"], write(words)) for words in ("Small screen one", "Small screen two")]
    desk = sit_down(open_page, site, people["ja"], width=390, height=844)
    desk.tab(keys[1]).click()
    expect(desk.column(keys[1])).to_be_visible()
    expect(desk.column(keys[0])).to_be_hidden()
    desk.tab(keys[0]).click()
    expect(desk.column(keys[0])).to_be_visible()
    expect(desk.column(keys[1])).to_be_hidden()
    assert desk.page.evaluate("document.documentElement.scrollWidth") == 390


def test_axe_finds_nothing_in_a_chat(desk: Desk, write: Write, site: Site, people: dict[str, Agent]) -> None:
    axe.needed()
    key = give(site, mine(desk, people), write("Look closely"))
    column = desk.column(key)
    expect(column.locator(".phrase").first).to_be_visible()
    column.get_by_role("button", name=desk.say("Offer answers as buttons")).click()
    desk.field(key).fill("")
    desk.field(key).press("/")
    expect(column.get_by_role("option").first).to_be_visible()
    assert axe.find(desk.page) == []


def test_the_clock_tells_how_long_somebody_waits(
    desk: Desk, write: Write, site: Site, people: dict[str, Agent]
) -> None:
    key = give(site, mine(desk, people), write("Since when do I wait?"))
    clock = desk.column(key).locator(".chat-clock")
    since = datetime.fromisoformat(clock.get_attribute("data-clock") or "")
    expect(clock).to_have_text(re.compile(r"^\d+:\d\d$"))

    def is_right() -> bool:
        minutes, seconds = map(int, clock.inner_text().split(":"))
        return abs((datetime.now(UTC) - since).total_seconds() - 60 * minutes - seconds) < 5

    becomes(desk.page, is_right, True)
    expect(desk.page).to_have_title(re.compile(r"^\(\d+\) "))
