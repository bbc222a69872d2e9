"""Chats come to an agent by themselves, stop when they turn away, and are passed on by hand, all with the keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
from playwright.sync_api import expect

from helpdesk import i18n
from helpdesk.demo import storefront
from helpdesk.demo.storefront.chat import open_chat
from helpdesk.models import Agent
from helpdesk.people import accounts, sign_in
from helpdesk.store import seal
from helpdesk.store.db import Unit
from tests.browser import axe
from tests.browser.conftest import OpenPage
from tests.browser.site import Site
from tests.browser.test_chat import begin, ticket_of
from tests.fakes.ports import free_port

numbers = count(1)
NAMES = {"first": "Fiona First", "second": "Sam Second"}


@pytest.fixture(scope="module")
def shop(site: Site) -> Iterator[str]:
    port = free_port()
    with site.database.write() as unit:
        key = open_chat(unit, seal.load("", site.folder), origins=[f"http://127.0.0.1:{port}"])
    with storefront.serving(port, helpdesk=site.url, widget=lambda: key) as address:
        yield address


@pytest.fixture(params=["en", "ja"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def people(site: Site, language: str) -> Iterator[dict[str, Agent]]:
    """Two who take one chat each; nobody else takes any meanwhile."""
    found: dict[str, Agent] = {}
    with site.database.write() as unit:
        before = {one.pk: one.chat_capacity for one in accounts.list_agents(unit)}
        _limit(unit, dict.fromkeys(before, 0))
        for who, name in NAMES.items():
            mail = f"{who}-{language}-{next(numbers)}@hinoki.example"
            agent = accounts.create_agent(
                unit, email=mail, name=f"{name} {language}", role="admin", language=language
            )
            agent.theme, agent.chat_capacity = "light", 1
            site.tokens[f"{who}-{language}"] = sign_in.start(unit, agent, user_agent="Chromium", days=1)
            found[who] = agent
    yield found
    with site.database.write() as unit:
        _limit(unit, before | {agent.pk: 0 for agent in found.values()})


def _limit(unit: Unit, capacities: dict[int, int]) -> None:
    for pk, capacity in capacities.items():
        unit.session.get_one(Agent, pk).chat_capacity = capacity


def test_from_the_queue_to_one_agent_and_by_hand_to_another(
    open_page: OpenPage, shop: str, site: Site, people: dict[str, Agent], language: str
) -> None:
    first = open_page(f"first-{language}", locale=language)
    first.goto("/chats")
    switch = first.locator("#availability [role=switch]")
    expect(switch).to_have_attribute("aria-checked", "true")

    shopper, words = open_page(""), f"Is it dry? {language}"
    begin(shopper, shop, words)
    key = ticket_of(site, words, shopper)
    expect(first.locator(f"#chat-{key}")).to_be_visible()
    with i18n.using(language):
        assigned = i18n.gettext("Assigned to %(name)s by the helpdesk", name=people["first"].name)
    expect(first.locator(f"#chat-{key}")).to_contain_text(assigned)

    first.locator("body").press("g")
    first.locator("body").press("a")
    expect(switch).to_have_attribute("aria-checked", "false")
    expect(first.locator(f"#chat-{key}")).to_have_count(0)  # not begun, so it is back in the queue

    second = open_page(f"second-{language}", locale=language)
    second.goto("/chats")
    expect(second.locator(f"#chat-{key}")).to_be_visible()

    second.goto(f"/tickets/{key}")
    second.locator("body").press("t")
    dialog = second.locator("#ticket-dialog")
    expect(dialog.locator("input[name=to]").first).to_be_focused()
    assert axe.find(second) == []
    dialog.get_by_role("radio", name=people["first"].name).check()
    dialog.get_by_role("textbox").fill("They ask twice")
    dialog.locator("button.button-primary").click()
    expect(dialog).to_be_hidden()
    expect(second.locator("#conversation")).to_contain_text("They ask twice")
    expect(first.locator(f"#chat-{key}")).to_contain_text("They ask twice")

    second.locator("body").press("z")
    expect(second.locator("#head #assign-menu summary")).to_contain_text(people["second"].name)


def test_the_switch_is_the_same_in_every_window(
    open_page: OpenPage, shop: str, people: dict[str, Agent], language: str
) -> None:
    pages = [open_page(f"first-{language}", locale=language) for _ in range(2)]
    for page in pages:
        page.goto("/customers")
    pages[0].locator("#availability button").click()
    for page in pages:
        expect(page.locator("#availability [role=switch]")).to_have_attribute("aria-checked", "false")
    pages[1].locator("#availability button").click()
    for page in pages:
        expect(page.locator("#availability [role=switch]")).to_have_attribute("aria-checked", "true")
        expect(page.locator("#availability input[name=state]")).to_have_value("away")
