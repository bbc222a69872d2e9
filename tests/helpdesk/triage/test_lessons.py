from __future__ import annotations

from dataclasses import replace

import pytest

from classifiers import Row
from helpdesk.models import Agent, Brand, Correction, Tag, Ticket
from helpdesk.store.db import Database
from helpdesk.tickets import close, tag, tag_list
from helpdesk.triage import learn, lessons
from tests.conftest import StandingClock
from tests.helpdesk.stories import only, rows

ADDED, REMOVED, CONFIRMED = "tag_added", "tag_removed", "tag_confirmed"


@pytest.mark.parametrize(
    ("kinds", "verdict"),
    [
        ([ADDED], True),
        ([REMOVED], False),
        ([CONFIRMED], True),
        ([ADDED, REMOVED], None),
        ([REMOVED, ADDED], None),
        ([CONFIRMED, REMOVED], False),
        ([ADDED, REMOVED, ADDED], True),
    ],
)
def test_the_last_word_counts_and_what_was_taken_back_does_not(
    kinds: list[str], verdict: bool | None
) -> None:
    assert lessons.verdicts([(kind, "refund") for kind in kinds]).get("refund") is verdict


def names(database: Database, ticket: Ticket) -> set[str]:
    with database.read() as unit:
        return {on.name for on in tag.list_tags(unit, [ticket.pk])[ticket.pk]}


def test_an_untouched_ticket_teaches_nothing(database: Database, ticket: Ticket) -> None:
    assert names(database, ticket) == {"order_status"}
    with database.read() as unit:
        assert lessons.gather(unit, ticket.brand_id) == lessons.Lessons((), 0)


def test_a_tag_taken_off_is_a_strong_no_and_says_nothing_of_others(
    database: Database, ticket: Ticket, agent: Agent
) -> None:
    with database.write() as unit:
        learn.correct_tag(
            unit, unit.session.get_one(Ticket, ticket.pk), "order_status", by=agent, added=False
        )
    with database.read() as unit:
        (row,) = lessons.gather(unit, ticket.brand_id).rows
    assert (row.tags, row.denied, row.weight, row.lang) == ((), ("order_status",), 5, "ja")
    assert row.text.strip() == "荷物が届きません。"


def test_a_tag_put_on_says_what_it_is_about_beside_what_was_left(
    database: Database, ticket: Ticket, agent: Agent
) -> None:
    with database.write() as unit:
        learn.correct_tag(unit, unit.session.get_one(Ticket, ticket.pk), "refund", by=agent, added=True)
    with database.read() as unit:
        found = lessons.gather(unit, ticket.brand_id)
    assert [(row.tags, row.denied, row.weight) for row in found.rows] == [
        (("order_status", "refund"), None, 5)
    ]
    assert found.through == only(database, Correction).pk


def test_accepting_the_classifiers_tag_is_a_yes(database: Database, ticket: Ticket, agent: Agent) -> None:
    with database.write() as unit:
        here = unit.session.get_one(Ticket, ticket.pk)
        assert not learn.correct_tag(unit, here, "order_status", by=agent, added=True)
        assert not learn.correct_tag(unit, here, "order_status", by=agent, added=True)
    assert only(database, Correction).kind == CONFIRMED
    with database.read() as unit:
        (row,) = lessons.gather(unit, ticket.brand_id).rows
    assert (row.tags, row.denied, row.weight) == (("order_status",), (), 5)


def test_kept_when_an_agent_closed_is_a_faint_yes(
    database: Database, ticket: Ticket, agent: Agent, clock: StandingClock
) -> None:
    opened = clock.now
    clock.advance(minutes=5)
    with database.write() as unit:
        close.close(unit, unit.session.get_one(Ticket, ticket.pk), by=agent)
    with database.read() as unit:
        (row,) = lessons.gather(unit, ticket.brand_id).rows
        assert lessons.gather(unit, ticket.brand_id, until=opened).rows == ()
    assert (row.tags, row.denied, row.weight) == (("order_status",), (), 0.5)


def test_nobody_learns_from_a_ticket_that_closed_by_itself(database: Database, ticket: Ticket) -> None:
    with database.write() as unit:
        close.close(unit, unit.session.get_one(Ticket, ticket.pk), by=None)
    with database.read() as unit:
        assert lessons.gather(unit, ticket.brand_id).rows == ()


def test_an_urgency_set_by_an_agent_grades_the_text_alone(
    database: Database, ticket: Ticket, agent: Agent
) -> None:
    with database.write() as unit:
        learn.correct_urgency(unit, unit.session.get_one(Ticket, ticket.pk), "urgent", by=agent)
    with database.read() as unit:
        (row,) = lessons.gather(unit, ticket.brand_id).rows
    assert (row.urgency, row.tags, row.denied) == (3, (), ())


def test_what_was_known_then_can_be_told_again(database: Database, ticket: Ticket, agent: Agent) -> None:
    with database.write() as unit:
        here = unit.session.get_one(Ticket, ticket.pk)
        learn.correct_tag(unit, here, "order_status", by=agent, added=False)
    with database.read() as unit:
        then = lessons.gather(unit, ticket.brand_id)
    with database.write() as unit:
        learn.correct_tag(unit, unit.session.get_one(Ticket, ticket.pk), "refund", by=agent, added=True)
    with database.read() as unit:
        assert lessons.gather(unit, ticket.brand_id, through=then.through) == then
        assert lessons.gather(unit, ticket.brand_id) != then


def test_a_tag_that_went_into_another_keeps_what_was_learnt(
    database: Database, ticket: Ticket, agent: Agent
) -> None:
    with database.write() as unit:
        here = unit.session.get_one(Ticket, ticket.pk)
        learn.correct_tag(unit, here, "festival", by=agent, added=True)
        learn.correct_tag(unit, here, "matsuri", by=agent, added=True)
        for old, new in (("matsuri", "festival"), ("festival", "events")):
            source = tag.get_or_create(unit, ticket.brand_id, old)
            tag_list.merge(unit, source, tag.get_or_create(unit, ticket.brand_id, new))
    assert names(database, ticket) == {"order_status", "events"}
    with database.read() as unit:
        (row,) = lessons.gather(unit, ticket.brand_id, fewest=1).rows
    assert row.tags == ("events",)


def test_an_own_tag_is_learnt_from_five_examples_on() -> None:
    few = [Row(f"lantern {n}", "en", ("festival",), denied=()) for n in range(4)]
    beside = Row("my money and the lantern", "en", ("festival", "refund"))
    denied = Row("no lantern", "en", (), denied=("festival",))
    assert lessons.without_rare([*few, denied], 5) == [denied]
    assert lessons.without_rare([few[0], beside], 5) == [replace(beside, tags=("refund",))]
    assert lessons.without_rare([*few, beside], 5) == [*few, beside]


def test_a_deleted_tag_is_not_learnt_and_not_brought_back(
    database: Database, ticket: Ticket, agent: Agent
) -> None:
    with database.write() as unit:
        here = unit.session.get_one(Ticket, ticket.pk)
        learn.correct_tag(unit, here, "festival", by=agent, added=True)
        tag_list.delete(unit, tag.get_or_create(unit, ticket.brand_id, "festival"))
        unit.session.flush()
        assert tag.add_automatic(unit, here, {"festival": 0.9}) == set()
        assert lessons.gather(unit, ticket.brand_id, fewest=1).rows == ()


def test_a_model_that_still_says_the_old_name_sets_the_new_tag(database: Database, ticket: Ticket) -> None:
    with database.write() as unit:
        old, new = (tag.get_or_create(unit, ticket.brand_id, name) for name in ("matsuri", "festival"))
        tag_list.merge(unit, old, new)
        here = unit.session.get_one(Ticket, ticket.pk)
        assert tag.add_automatic(unit, here, {"matsuri": 0.9, "refund": 0.8}) == {"festival", "refund"}
    assert "matsuri" not in {one.name for one in rows(database, Tag)}


def test_another_brands_corrections_stay_its_own(
    database: Database, ticket: Ticket, agent: Agent, other_brand: Brand
) -> None:
    with database.write() as unit:
        learn.correct_tag(unit, unit.session.get_one(Ticket, ticket.pk), "refund", by=agent, added=True)
    with database.read() as unit:
        assert lessons.gather(unit, other_brand.pk).rows == ()
