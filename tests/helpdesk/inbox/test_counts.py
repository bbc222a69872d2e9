"""Numbers beside the views agree with the lists they stand beside."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk.access import Access
from helpdesk.inbox import counts, listing
from helpdesk.inbox.filter import Filter
from helpdesk.models import Brand
from helpdesk.store.db import Database
from tests.helpdesk.desk import add_ticket


def test_each_number_is_what_its_list_holds(
    database: Database, brand: Brand, other_brand: Brand, access: Access
) -> None:
    with database.read() as unit:
        later = unit.now + timedelta(hours=1)
    for given in (
        {"urgency": 95},
        {"urgency": 95, "assignee_id": access.agent_id, "channel": "line"},
        {"snoozed_until": later},
        {"status": "pending"},
        {"status": "pending", "snoozed_until": later},
        {"status": "closed"},
        {"status": "spam"},
    ):
        add_ticket(database, brand, **given)
    add_ticket(database, other_brand, urgency=95)
    with database.read() as unit:
        found = counts.read(unit, access)
        lengths = {view: len(listing.rows(unit, access, Filter(view=view)).rows) for view in counts.COUNTED}
    assert found.views == lengths
    assert found.views["snoozed"] == 2
    assert found.channels == {"email": 1, "line": 1}


def test_nothing_waiting_counts_as_zero(database: Database, brand: Brand, access: Access) -> None:
    with database.read() as unit:
        found = counts.read(unit, access)
    assert set(found.views.values()) == {0}
    assert found.channels == {}


def test_counting_stops_at_its_bound(
    database: Database, brand: Brand, access: Access, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counts, "BOUND", 3)
    for _ in range(5):
        add_ticket(database, brand)
    with database.read() as unit:
        assert counts.read(unit, access).views["unanswered"] == 3
