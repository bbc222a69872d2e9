"""Two tickets side by side: the same order as the queue's, and parts that add up to the difference."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from helpdesk.access import Access
from helpdesk.inbox import listing
from helpdesk.inbox.filter import Filter
from helpdesk.models import Brand
from helpdesk.store.db import Database
from helpdesk.triage.compare import Standing, compare, standing
from tests.helpdesk.desk import add_ticket

NOW = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
CODES = ("intent:refund", "intent:return", "wait", "vip", "cue:legal", "cue:calm", "sentiment:angry")
REASONS = st.lists(st.tuples(st.sampled_from(CODES), st.integers(-12, 40)), max_size=6)


@st.composite
def standings(draw: st.DrawFn) -> Standing:
    reasons = tuple(draw(REASONS))
    since = NOW - timedelta(hours=draw(st.integers(0, 3)))
    return Standing(draw(st.integers(1, 10_000)), sum(points for _, points in reasons), since, reasons)


@given(one=standings(), other=standings())
def test_the_parts_add_up_to_the_difference_and_the_order_does_not_hang_on_who_asks(
    one: Standing, other: Standing
) -> None:
    found = compare(one, other)
    assert sum(line.difference for line in found.lines) == found.difference >= 0
    assert sum(line.points_above for line in found.lines) == found.above.urgency
    if one.id != other.id:
        assert compare(other, one) == found


def test_what_decides() -> None:
    plain = Standing(1, 10, NOW, (("wait", 10),))
    longer = Standing(2, 10, NOW - timedelta(hours=1), (("vip", 10),))
    higher = Standing(3, 12, NOW, (("cue:legal", 12),))
    younger = Standing(4, 10, NOW, (("wait", 10),))
    assert (compare(plain, higher).above, compare(plain, higher).decided_by) == (higher, "urgency")
    assert (compare(plain, longer).above, compare(plain, longer).decided_by) == (longer, "waiting")
    assert (compare(younger, plain).above, compare(younger, plain).decided_by) == (plain, "age")


def test_different_intents_stand_side_by_side_and_the_greatest_difference_first() -> None:
    above = Standing(1, 28, NOW, (("intent:cancel_order", 20), ("vip", 8)))
    below = Standing(2, 9, NOW, (("intent:return", 6), ("wait", 3)))
    lines = compare(above, below).lines
    assert [(line.above, line.below, line.difference) for line in lines] == [
        ("intent:cancel_order", "intent:return", 14),
        ("vip", "", 8),
        ("", "wait", -3),
    ]


def test_the_queue_is_ordered_as_it_is_explained(database: Database, brand: Brand, access: Access) -> None:
    facts = [(50, 60.0), (50, 60.0), (50, 90.0), (80, 10.0), (0, 500.0)]
    tickets = [add_ticket(database, brand, urgency=points, waited=waited) for points, waited in facts]
    tickets.append(add_ticket(database, brand, urgency=50, waiting_since=None))
    with database.read() as unit:
        queue = listing.ids(unit, access, Filter(sort="urgency"), most=20)
    assert queue == [one.id for one in sorted(map(standing, tickets), key=lambda it: it.place)]
    for one, other in permutations(map(standing, tickets), 2):
        found = compare(one, other)
        assert queue.index(found.above.id) < queue.index(found.below.id)
