from __future__ import annotations

from collections.abc import Callable

from helpdesk.access import Access
from helpdesk.inbox import notifications
from helpdesk.models import Agent, Brand, Notification, Ticket
from helpdesk.people import sign_in
from helpdesk.store.db import Database
from helpdesk.tickets import tag
from helpdesk.triage import alarm
from tests.conftest import StandingClock
from tests.helpdesk.desk import add_message, add_ticket
from tests.helpdesk.stories import rows

WEEK = 7 * 24 * 60


def weeks_of_tickets(database: Database, brand: Brand, *, silent: int) -> None:
    """Sixty tagged tickets two weeks ago; of last week's sixty some without a tag."""
    for number in range(120):
        late = number >= 60
        ticket = add_ticket(database, brand, name=f"客 {number}", waited=WEEK // 2 if late else WEEK * 3 // 2)
        add_message(database, ticket, "いつ届きますか", ago=WEEK // 2)
        if not late or number - 60 >= silent:
            with database.write() as unit:
                here = unit.session.get_one(Ticket, ticket.pk)
                tag.add(unit, here, "order_status", by=None, source="auto", score=0.9)


def access_of(database: Database, who: Agent) -> Access:
    with database.read() as unit:
        return sign_in.access_of(unit, who)


def test_whoever_looks_after_tags_hears_of_a_rise_once_a_week(
    database: Database, brand: Brand, agent: Agent, lead: Agent, admin: Agent, clock: StandingClock
) -> None:
    weeks_of_tickets(database, brand, silent=20)
    assert alarm.tell_all(database) == 2
    assert alarm.tell_all(database) == 0
    told = rows(database, Notification)
    assert {(one.name, one.agent_id) for one in told} == {
        ("drift_silence", lead.pk), ("drift_silence", admin.pk),
    }  # fmt: skip
    with database.read() as unit:
        (line,) = notifications.page(unit, access_of(database, lead)).lines
        assert "kept silent more often" in line.text and line.place.startswith("/settings/model?brand=")
        assert alarm.has_warning(unit, lead.pk, (brand.pk,))
        assert not alarm.has_warning(unit, agent.pk, (brand.pk,))
    clock.advance(days=8)
    with database.read() as unit:
        assert not alarm.has_warning(unit, lead.pk, (brand.pk,))


def test_a_calm_week_tells_nobody(database: Database, brand: Brand, lead: Agent) -> None:
    weeks_of_tickets(database, brand, silent=2)
    assert alarm.tell_all(database) == 0
    assert rows(database, Notification) == []


def test_only_those_of_the_brand_are_told(
    database: Database, brand: Brand, other_brand: Brand, lead: Agent, make_agent: Callable[..., Agent]
) -> None:
    weeks_of_tickets(database, other_brand, silent=30)
    assert alarm.tell_all(database) == 0
    assert rows(database, Notification) == []


def test_calls_without_words_are_no_silence(database: Database, brand: Brand, lead: Agent) -> None:
    weeks_of_tickets(database, brand, silent=0)
    for number in range(40):
        call = add_ticket(database, brand, name=f"電話 {number}", waited=WEEK // 2, channel="phone")
        add_message(database, call, "", channel="phone", ago=WEEK // 2)
    assert alarm.tell_all(database) == 0
