from __future__ import annotations

from helpdesk.models import Agent, Brand, Ticket
from helpdesk.store.db import Database
from helpdesk.triage import learn, mixed_up
from tests.conftest import StandingClock
from tests.helpdesk.conftest import Deliver
from tests.helpdesk.stories import rows

FIGURES = {"ja": {"confusions": [{"wanted": "return", "said": "exchange", "n": 4}]}, "en": {}}


def correct(database: Database, ticket: Ticket, by: Agent, *, off: str, on: str) -> None:
    with database.write() as unit:
        here = unit.session.get_one(Ticket, ticket.pk)
        learn.correct_tag(unit, here, off, by=by, added=False)
        learn.correct_tag(unit, here, on, by=by, added=True)


def test_what_the_team_corrected_comes_first_with_its_tickets(
    database: Database, ticket: Ticket, agent: Agent, brand: Brand
) -> None:
    correct(database, ticket, agent, off="order_status", on="refund")
    with database.read() as unit:
        first, second = mixed_up.list_pairs(unit, brand.pk, FIGURES)["ja"]
    assert (first.wanted, first.said, first.corrected, first.n) == ("refund", "order_status", 1, 0)
    assert [one.key for one in first.examples] == [ticket.key]
    assert (second.wanted, second.said, second.corrected, second.n) == ("return", "exchange", 0, 4)
    assert second.examples == ()


def test_what_was_taken_back_or_was_never_the_classifiers_is_no_confusion(
    database: Database, ticket: Ticket, agent: Agent, brand: Brand
) -> None:
    correct(database, ticket, agent, off="order_status", on="refund")
    correct(database, ticket, agent, off="refund", on="order_status")
    with database.read() as unit:
        assert mixed_up.list_pairs(unit, brand.pk, {}) == {}
    correct(database, ticket, agent, off="exchange", on="return")
    with database.read() as unit:
        assert mixed_up.list_pairs(unit, brand.pk, {}) == {}


def test_old_corrections_and_other_brands_say_nothing(
    database: Database, ticket: Ticket, agent: Agent, brand: Brand, other_brand: Brand, clock: StandingClock
) -> None:
    correct(database, ticket, agent, off="order_status", on="refund")
    with database.read() as unit:
        assert mixed_up.list_pairs(unit, other_brand.pk, {}) == {}
    clock.advance(days=200)
    with database.read() as unit:
        assert mixed_up.list_pairs(unit, brand.pk, {}) == {}


def test_of_many_tickets_the_newest_are_examples(
    database: Database, deliver: Deliver, agent: Agent, brand: Brand
) -> None:
    for at in range(5):
        deliver("荷物が届きません。", message_id=f"<{at}@a>", sender=f"{at}@example.jp")
    tickets = sorted(rows(database, Ticket), key=lambda one: one.pk)
    for one in tickets:
        correct(database, one, agent, off="order_status", on="refund")
    with database.read() as unit:
        (pair,) = mixed_up.list_pairs(unit, brand.pk, {})["ja"]
    assert pair.corrected == 5
    assert [one.key for one in pair.examples] == [one.key for one in tickets[:1:-1]]
