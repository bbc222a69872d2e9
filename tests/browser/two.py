"""Two agents side by side: a lead with the mouse, a colleague with the keyboard alone, each in their own language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlmodel import col, select

from helpdesk.models import Ticket
from helpdesk.people import accounts, sign_in
from helpdesk.people.passwords import Passwords
from tests.browser.conftest import OpenPage
from tests.browser.hands import Keyboard, Mouse, Person
from tests.browser.site import PASSWORD, Site

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


@pytest.fixture(scope="session")
def people(site: Site) -> dict[tuple[str, str], Person]:
    password = Passwords(time_cost=1, memory_kib=8, parallelism=1).hash(PASSWORD)
    found = {}
    with site.database.write() as unit:
        for (role, language), name in NAMES.items():
            who = f"{role}-{language}"
            email = f"{who}@hinoki.example"
            agent = accounts.find_by_email(unit, email) or accounts.create_agent(
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


def find(site: Site, subject: str) -> Ticket:
    with site.database.read() as unit:
        return unit.session.exec(
            select(Ticket).where(Ticket.subject == subject).order_by(col(Ticket.id))
        ).one()
