"""A shopper and the agent's window of chats, as tests handle them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.request import Request, urlopen

from playwright.sync_api import Locator, Page, expect
from sqlmodel import col, select

from helpdesk import i18n
from helpdesk.models import Agent, Message, Ticket
from tests.browser.conftest import OpenPage
from tests.browser.site import Site
from tests.browser.test_chat import ticket_of


@dataclass
class Shopper:
    """Whoever said `words`, as nobody else has."""

    page: Page
    words: str


@dataclass
class Desk:
    """The agent's page at /chats."""

    page: Page
    language: str

    def say(self, text: str, **values: object) -> str:
        with i18n.using(self.language):
            return i18n.gettext(text, **values)

    def column(self, key: str) -> Locator:
        return self.page.locator(f"#chat-{key}")

    def field(self, key: str) -> Locator:
        return self.column(key).locator("textarea")

    def tab(self, key: str) -> Locator:
        return self.page.locator(f'[data-chat-tab="{key}"]')


def sit_down(open_page: OpenPage, site: Site, agent: Agent, **window: int) -> Desk:
    page = open_page(f"desk-{agent.language}", locale=agent.language, **window)
    page.goto("/chats")
    expect(page.locator("#chats[data-ready]")).to_be_visible()
    return Desk(page, agent.language)


def give(site: Site, agent: Agent, shopper: Shopper) -> str:
    """Their chat is the agent's now; its key."""
    key = ticket_of(site, shopper.words, shopper.page)
    headers = {"Cookie": f"helpdesk={site.tokens[f'desk-{agent.language}']}", "Origin": site.url}
    taken = Request(f"{site.url}/tickets/{key}/assign", b"agent=me", headers)
    with urlopen(taken, timeout=20) as answer:
        assert answer.status == 200
    return key


def mine(desk: Desk, people: dict[str, Agent]) -> Agent:
    return people[desk.language]


def said_in(site: Site, key: str) -> list[Message]:
    with site.database.read() as unit:
        wanted = select(Message).join(Ticket, col(Ticket.id) == col(Message.ticket_id))
        return list(unit.session.exec(wanted.where(Ticket.key == key).order_by(col(Message.id))))
