"""An agent's word on a tag of the classifier's, and taking it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from helpdesk.errors import Conflict, NotFound
from helpdesk.models import Agent, Brand, Correction, Event, Ticket
from helpdesk.store.db import Database, Unit
from helpdesk.tickets import tag
from helpdesk.triage import drift, lessons, verdicts
from tests.conftest import StandingClock
from tests.helpdesk.desk import add_message, add_ticket, put_tag
from tests.helpdesk.stories import rows


@pytest.fixture
def ticket(database: Database, brand: Brand) -> Ticket:
    found = add_ticket(database, brand)
    add_message(database, found, "返金してください")
    put_tag(database, found, "refund", score=0.91)
    with database.write() as unit:
        tag.get_or_create(unit, brand.pk, "exchange")
    return found


def on(database: Database, ticket: Ticket) -> list[tuple[str, str, float | None]]:
    with database.read() as unit:
        return [(one.name, one.source, one.score) for one in tag.list_tags(unit, [ticket.pk])[ticket.pk]]


def say(
    database: Database, ticket: Ticket, agent: Agent, word: Callable[..., Correction | None], name: str
) -> int:
    with database.write() as unit:
        said = word(unit, unit.session.get_one(Ticket, ticket.pk), name, by=agent)
        return said.pk if said else 0


def back(database: Database, ticket: Ticket, agent: Agent, correction: int) -> None:
    with database.write() as unit:
        verdicts.take_back(unit, unit.session.get_one(Ticket, ticket.pk), correction, by=agent)


def taught(database: Database) -> list[tuple[str, str, float | None]]:
    return [(one.kind, one.value, one.score) for one in rows(database, Correction)]


def test_an_accepted_tag_is_the_agents_and_teaches(database: Database, ticket: Ticket, agent: Agent) -> None:
    assert say(database, ticket, agent, verdicts.accept, "refund")
    assert on(database, ticket) == [("refund", "agent", 0.91)]
    assert taught(database) == [("tag_confirmed", "refund", 0.91)]
    (row,) = rows(database, Correction)
    assert row.text == "返金してください"
    assert [one.name for one in rows(database, Event)][-1] == "tag_confirmed"
    assert not say(database, ticket, agent, verdicts.accept, "refund")
    assert len(taught(database)) == 1


def test_an_accepted_suggestion_is_put_on(database: Database, ticket: Ticket, agent: Agent) -> None:
    assert say(database, ticket, agent, verdicts.accept, "exchange")
    assert ("exchange", "agent", None) in on(database, ticket)
    assert taught(database) == [("tag_added", "exchange", None)]


def test_a_refused_suggestion_teaches_but_blames_nobody(
    database: Database, ticket: Ticket, agent: Agent, brand: Brand, clock: StandingClock
) -> None:
    assert say(database, ticket, agent, verdicts.refuse, "exchange")
    assert not say(database, ticket, agent, verdicts.refuse, "exchange")
    assert taught(database) == [("tag_removed", "exchange", None)]
    with database.read() as unit:
        denied = [row.denied for row in lessons.gather(unit, brand.pk, fewest=1).rows]
        weeks = drift.list_weeks(unit, brand.pk)
    assert denied == [("exchange",)]
    assert [sum(week.tickets for week in weeks), sum(week.corrected for week in weeks)] == [1, 0]


@pytest.mark.parametrize(
    ("word", "name"),
    [
        (verdicts.accept, "refund"),
        (verdicts.refuse, "refund"),
        (verdicts.accept, "exchange"),
        (verdicts.refuse, "exchange"),
    ],
)
def test_what_is_taken_back_was_never_said(
    database: Database,
    ticket: Ticket,
    agent: Agent,
    word: Callable[..., Correction | None],
    name: str,
) -> None:
    before = on(database, ticket)
    said = say(database, ticket, agent, word, name)
    assert on(database, ticket) != before or name == "exchange"
    back(database, ticket, agent, said)
    assert on(database, ticket) == before
    assert taught(database) == []
    assert rows(database, Event)[-1].name == "undone"
    with pytest.raises(NotFound):
        back(database, ticket, agent, said)
    assert say(database, ticket, agent, word, name), "it can be said again"


def test_only_whoever_said_it_takes_it_back(
    database: Database, brand: Brand, ticket: Ticket, agent: Agent, lead: Agent
) -> None:
    said, other = say(database, ticket, agent, verdicts.refuse, "refund"), add_ticket(database, brand)
    with pytest.raises(NotFound):
        back(database, ticket, lead, said)
    with pytest.raises(NotFound):
        back(database, other, agent, said)
    assert taught(database) == [("tag_removed", "refund", 0.91)]


def test_what_went_on_since_is_not_undone(
    database: Database, ticket: Ticket, agent: Agent, lead: Agent, clock: StandingClock
) -> None:
    said = say(database, ticket, agent, verdicts.refuse, "refund")
    say(database, ticket, lead, verdicts.accept, "refund")
    with pytest.raises(Conflict):
        back(database, ticket, agent, said)
    late = say(database, ticket, agent, verdicts.refuse, "exchange")
    clock.advance(hours=2)
    with pytest.raises(Conflict):
        back(database, ticket, agent, late)
    assert len(taught(database)) == 3


def test_urgency_follows_the_tag_and_its_undoing(
    database: Database, brand: Brand, ticket: Ticket, agent: Agent
) -> None:
    def urgency(unit: Unit) -> int:
        return unit.session.get_one(Ticket, ticket.pk).urgency

    with database.write() as unit:
        tag.get_or_create(unit, brand.pk, "spam")
        row = unit.session.get_one(Ticket, ticket.pk)
        row.waiting_since = unit.now - timedelta(hours=40)
    said = say(database, ticket, agent, verdicts.accept, "spam")
    with database.read() as unit:
        assert urgency(unit) == 0
    back(database, ticket, agent, said)
    with database.read() as unit:
        assert urgency(unit) > 0
