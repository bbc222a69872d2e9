"""A shopper and an agent in two browsers: a shop's page with the widget on one side, the inbox on the other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import col, select

from helpdesk.demo import storefront
from helpdesk.demo.storefront.chat import open_chat
from helpdesk.models import Identity, Order, Ticket
from helpdesk.store import seal
from tests.browser.conftest import PATIENCE, OpenPage
from tests.browser.site import Site
from tests.browser.widget.hands import PICTURE, launcher, open_thread, say
from tests.fakes.ports import free_port


@pytest.fixture(scope="module")
def shop(site: Site) -> Iterator[str]:
    port = free_port()
    with site.database.write() as unit:
        key = open_chat(unit, seal.load("", site.folder), origins=[f"http://127.0.0.1:{port}"])
    with storefront.serving(port, helpdesk=site.url, widget=lambda: key) as address:
        yield address


def begin(page: Page, shop: str, words: str, *, email: str = "guest@example.com") -> None:
    """A shopper goes through the form and says something."""
    page.goto(f"{shop}/products/KT-101?lang=en")
    launcher(page).click()
    panel = page.get_by_role("dialog")
    panel.get_by_role("button", name="Send us a message").click()
    panel.get_by_role("textbox", name="E-mail").fill(email)
    panel.get_by_role("checkbox").check()
    panel.get_by_role("button", name="Start the chat").click()
    say(page, words)
    expect(page.locator(".foot .fate")).to_be_visible()


def ticket_of(site: Site, words: str, page: Page) -> str:
    """The key of the ticket that these words have become; a message is acknowledged before it is one."""
    wanted = select(Ticket.key).where(Ticket.channel == "chat", col(Ticket.preview).contains(words))
    for _ in range(PATIENCE // 100):
        with site.database.read() as unit:
            if found := unit.session.exec(wanted).first():
                return found
        page.wait_for_timeout(100)
    raise AssertionError(f"no ticket says {words}")


def answer(agent: Page, key: str, words: str) -> None:
    agent.goto(f"/tickets/{key}")
    agent.locator("#composer[data-ready]").wait_for()
    agent.locator("#reply-form .text").fill(words)
    agent.get_by_role("button", name="Send", exact=True).click()


def test_from_the_first_word_to_the_answer(open_page: OpenPage, site: Site, shop: str) -> None:
    shopper, agent = open_page(""), open_page("agent")
    begin(shopper, shop, "Does the board come with a stand?")
    answer(agent, ticket_of(site, "Does the board", shopper), "It does not, but we have one.")
    bubble = shopper.locator(".theirs .bubble")
    expect(bubble).to_have_text("It does not, but we have one.")
    expect(shopper.locator(".theirs .name")).to_have_text("Emma Brooks")
    shopper.reload()
    open_thread(shopper)
    expect(shopper.locator(".bubble")).to_have_text(
        ["Does the board come with a stand?", "It does not, but we have one."]
    )


def test_a_picture_reaches_the_agent(open_page: OpenPage, site: Site, shop: str) -> None:
    shopper, agent = open_page(""), open_page("agent")
    begin(shopper, shop, "It has a crack")
    shopper.locator(".composer textarea").evaluate(PICTURE)
    expect(shopper.locator(".send")).to_be_enabled()
    shopper.locator(".send").click()
    expect(shopper.locator(".picture canvas")).to_be_visible()
    expect(shopper.locator(".foot .fate")).to_be_visible()
    agent.goto(f"/tickets/{ticket_of(site, 'crack', shopper)}")
    expect(agent.get_by_text("crack.png").first).to_be_attached()
    shopper.reload()
    open_thread(shopper)
    expect(shopper.locator(".picture canvas")).to_be_visible()


def test_an_order_is_shown_to_who_knows_it(open_page: OpenPage, site: Site, shop: str) -> None:
    with site.database.read() as unit:
        wanted = select(Order.number, Identity.value).join(
            Identity, col(Identity.customer_id) == col(Order.customer_id)
        )
        number, email = unit.session.exec(wanted.where(Identity.kind == "email").limit(1)).one()
    page = open_page("")
    page.goto(f"{shop}/?lang=en")
    launcher(page).click()
    page.get_by_role("button", name="Track your order").click()
    for address, shown in (("nobody@example.com", False), (email, True)):
        page.get_by_role("textbox", name="Order number").fill(number)
        page.get_by_role("textbox", name="E-mail").fill(address)
        page.get_by_role("button", name="Show my order").click()
        if shown:
            expect(page.get_by_role("heading", name=f"Order {number}")).to_be_visible()
        else:
            expect(page.get_by_role("alert")).to_contain_text("no order")
