from __future__ import annotations

from collections.abc import Sequence

from helpdesk.models import Agent, Brand, Tag, Ticket
from helpdesk.store.db import Database
from helpdesk.tickets import tag, tag_list
from helpdesk.triage import learn, tag_hints
from helpdesk.triage.measured import Reached, TagLine
from helpdesk.triage.tag_hints import Hint, Hints
from tests.conftest import StandingClock
from tests.helpdesk.conftest import Deliver
from tests.helpdesk.stories import rows


def hints(database: Database, brand: Brand, lines: Sequence[TagLine] = ()) -> Hints:
    with database.read() as unit:
        tags = [one for one, _ in tag_list.list_used(unit, brand.pk)]
        return tag_hints.find(unit, brand.pk, tags, lines)


def test_a_tag_that_is_taken_off_again_and_again_is_told(
    database: Database, deliver: Deliver, agent: Agent, brand: Brand, clock: StandingClock
) -> None:
    for at in range(8):
        deliver("荷物が届きません。", message_id=f"<{at}@a>", sender=f"{at}@example.jp")
    taken = sorted(rows(database, Ticket), key=lambda one: one.pk)
    for one in taken[:4]:
        with database.write() as unit:
            learn.correct_tag(
                unit, unit.session.get_one(Ticket, one.pk), "order_status", by=agent, added=False
            )
    assert hints(database, brand).listed == ()
    with database.write() as unit:
        here = unit.session.get_one(Ticket, taken[4].pk)
        learn.correct_tag(unit, here, "order_status", by=agent, added=False)
    assert hints(database, brand).listed == (Hint("taken_off", "order_status", 5, 8),)
    clock.advance(days=60)
    assert hints(database, brand).listed == ()


def test_an_own_tag_tells_how_many_examples_it_lacks(
    database: Database, ticket: Ticket, agent: Agent, brand: Brand
) -> None:
    with database.write() as unit:
        tag_list.create(unit, brand.pk, name="engraving", labels={}, colour="")
        here = unit.session.get_one(Ticket, ticket.pk)
        learn.correct_tag(unit, here, "engraving", by=agent, added=True)
    assert hints(database, brand).listed == (Hint("learning", "engraving", 1, 5),)


def test_weak_figures_are_told_for_tags_that_exist(database: Database, brand: Brand) -> None:
    with database.write() as unit:
        tag.ensure_tags(unit, brand)
    weak = Reached(n=40, shown=20, hits=10, precision=0.5, recall=0.25, f1=0.33)
    fine = Reached(n=40, shown=36, hits=34, precision=0.94, recall=0.85, f1=0.89)
    lines = [TagLine("refund", {"ja": weak, "en": fine}), TagLine("nobody knows", {"ja": weak})]
    assert hints(database, brand, lines).listed == (
        Hint("wrong", "refund", 10, 20, "ja"), Hint("missed", "refund", 10, 40, "ja"),
    )  # fmt: skip


def test_what_no_ticket_carries_is_listed_once_it_had_time(
    database: Database, ticket: Ticket, brand: Brand, clock: StandingClock
) -> None:
    assert hints(database, brand).unused == ()
    clock.advance(days=80)
    with database.write() as unit:
        tag.add(unit, unit.session.get_one(Ticket, ticket.pk), "refund", by=None)
    clock.advance(days=11)
    unused = hints(database, brand).unused
    assert "refund" not in unused and "order_status" in unused
    assert set(unused) < {one.name for one in rows(database, Tag)}
