"""Many tickets at once: what each action does, what is refused and why, and the way back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from helpdesk.access import Access
from helpdesk.automation.bulk import Bulk
from helpdesk.errors import Invalid
from helpdesk.models import Brand, ChannelAccount, Delivery, Event, Message
from helpdesk.store.db import Database
from tests.conftest import StandingClock
from tests.helpdesk.automation.jobs import CATALOG, STATE, Start, finish, go_back, now, tags_on, values
from tests.helpdesk.desk import add_ticket
from tests.helpdesk.talks import add_talk


@pytest.mark.parametrize(
    ("action", "params", "expected"),
    [
        ("close", {}, {"status": "closed"}),
        ("spam", {}, {"status": "spam"}),
        ("assign", {"agent": 1}, {"assignee_id": 1}),
        ("snooze", {"until": "2026-01-06T00:00:00+00:00"}, {"status": "open"}),
    ],
)
def test_every_ticket_is_changed_and_goes_back_as_it_was(
    database: Database,
    brand: Brand,
    access: Access,
    worker: Bulk,
    start: Start,
    clock: StandingClock,
    action: str,
    params: dict[str, Any],
    expected: dict[str, object],
) -> None:
    tickets = [add_ticket(database, brand, waited=10 * n) for n in range(5)]
    before = values(database, tickets, *STATE)
    clock.advance(minutes=1)
    job = start(action, tickets, **params)
    finish(worker)
    assert (now(database, job).state, now(database, job).changed) == ("done", 5)
    assert values(database, tickets, *expected) == [tuple(expected.values())] * 5
    assert values(database, tickets, *STATE) != before
    clock.advance(minutes=1)
    go_back(database, access, job, worker)
    assert now(database, job).state == "undone"
    assert values(database, tickets, *STATE) == before


def test_closed_tickets_are_reopened_and_closed_again(
    database: Database, brand: Brand, access: Access, worker: Bulk, start: Start, clock: StandingClock
) -> None:
    tickets = [add_ticket(database, brand, status="closed", closed_at=clock.now) for _ in range(3)]
    job = start("reopen", tickets)
    finish(worker)
    assert values(database, tickets, "status") == [("open",)] * 3
    go_back(database, access, job, worker)
    assert values(database, tickets, "status", "closed_at") == [("closed", clock.now)] * 3


def test_tags_are_added_where_they_were_not_and_only_those_go_away_again(
    database: Database, brand: Brand, access: Access, worker: Bulk, start: Start
) -> None:
    tickets = [add_ticket(database, brand) for _ in range(3)]
    finish_first = start("add_tag", tickets[:1], tag="recall")
    finish(worker)
    job = start("add_tag", tickets, tag="recall")
    finish(worker)
    assert now(database, finish_first).changed == 1
    assert now(database, job).changed == 2
    assert tags_on(database) == {(ticket.pk, "recall") for ticket in tickets}
    go_back(database, access, job, worker)
    assert tags_on(database) == {(tickets[0].pk, "recall")}


def test_what_already_is_as_wished_is_not_touched(
    database: Database, brand: Brand, worker: Bulk, start: Start
) -> None:
    closed = add_ticket(database, brand, status="closed")
    job = start("close", [closed])
    finish(worker)
    assert (now(database, job).done, now(database, job).changed) == (1, 0)
    with database.read() as unit:
        assert unit.session.exec(select(Event)).all() == []


def test_tickets_of_other_brands_are_left_out(
    database: Database, brand: Brand, other_brand: Brand, worker: Bulk, start: Start
) -> None:
    ours, foreign = add_ticket(database, brand), add_ticket(database, other_brand)
    job = start("close", [foreign, ours])
    assert job.ticket_ids == [ours.pk]
    finish(worker)
    assert values(database, [foreign], "status") == [("open",)]
    with pytest.raises(Invalid):
        start("close", [foreign])


def test_one_that_cannot_be_done_does_not_stop_the_others(
    database: Database, brand: Brand, worker: Bulk, start: Start
) -> None:
    tickets = [
        add_ticket(database, brand),
        add_ticket(database, brand, status="closed"),
        add_ticket(database, brand),
    ]
    job = start("snooze", tickets, until="2026-01-06T00:00:00+00:00")
    finish(worker)
    after = now(database, job)
    assert (after.state, after.changed) == ("done", 2)
    assert [(one["number"], one["reason"]) for one in after.failures] == [
        (tickets[1].number, "this ticket is done; reopen it first")
    ]


def test_a_failed_ticket_keeps_nothing_half_done_and_tells_nobody(
    database: Database, brand: Brand, worker: Bulk, start: Start
) -> None:
    ticket = add_ticket(database, brand)
    heard: list[str] = []
    job = start("macro", [ticket], macro=next(iter(CATALOG)).key)
    database.listeners.append(lambda happened: heard.extend(one.name for one in happened))
    finish(worker)  # the brand has no mailbox to send from, or facts are missing
    assert len(now(database, job).failures) == 1
    with database.read() as unit:
        assert unit.session.exec(select(Message)).all() == []
    assert heard == ["bulk_done"]


def test_a_macro_is_sent_to_each_and_taken_back_before_it_leaves(
    database: Database, brand: Brand, access: Access, worker: Bulk, start: Start
) -> None:
    macro = _without_facts()
    with database.write() as unit:
        unit.session.add(
            ChannelAccount(
                brand_id=brand.pk,
                kind="email",
                address="shop@aoba.example",
                name="青葉商店",
                created_at=unit.now,
            )
        )
    tickets = [add_ticket(database, brand, name=f"客 {n}") for n in range(3)]
    before = values(database, tickets, "status", "waiting_since", "assignee_id")
    job = start("macro", tickets, macro=macro)
    finish(worker)
    assert (now(database, job).changed, now(database, job).failures) == (3, [])
    with database.read() as unit:
        deliveries = unit.session.exec(select(Delivery)).all()
        assert {one.next_at for one in deliveries} == {unit.now + timedelta(seconds=60)}
        assert len(deliveries) == 3
    go_back(database, access, job, worker)
    assert now(database, job).failures == []
    with database.read() as unit:
        assert {one.state for one in unit.session.exec(select(Delivery))} == {"cancelled"}
    assert values(database, tickets, "status", "waiting_since", "assignee_id") == before


def test_a_macro_for_many_never_passes_for_a_persons_late_answer(
    database: Database, brand: Brand, worker: Bulk, start: Start
) -> None:
    late, _ = add_talk(database, brand, "messenger", ago=25 * 60)
    fresh, _ = add_talk(database, brand, "messenger", ago=5)
    job = start("macro", [late, fresh], macro=_without_facts())
    finish(worker)
    done = now(database, job)
    assert (done.changed, len(done.failures)) == (1, 1)
    assert "only a person may answer" in str(done.failures)
    with database.read() as unit:
        (delivery,) = unit.session.exec(select(Delivery))
    assert not delivery.by_hand


def test_tickets_of_one_customer_are_merged_into_the_oldest_and_taken_apart_again(
    database: Database, brand: Brand, access: Access, worker: Bulk, start: Start
) -> None:
    oldest, newer, newest = (add_ticket(database, brand, name="佐藤 由美") for _ in range(3))
    alone = add_ticket(database, brand, name="鈴木 健一")
    job = start("merge", [newest, alone, oldest, newer])
    finish(worker)
    tickets = [newer, newest, oldest, alone]
    assert values(database, tickets, "status", "merged_into_id") == [
        ("merged", oldest.pk),
        ("merged", oldest.pk),
        ("open", None),
        ("open", None),
    ]
    go_back(database, access, job, worker)
    assert now(database, job).failures == []
    assert values(database, tickets, "status") == [("open",)] * 4
    with pytest.raises(Invalid):
        start("merge", [alone, oldest])


@pytest.mark.parametrize(
    ("action", "params"),
    [
        ("explode", {}),
        ("add_tag", {"tag": "<b>"}),
        ("macro", {"macro": "unheard-of"}),
        ("macro", {"macro": "*points"}),
    ],
)
def test_what_cannot_be_done_is_refused_at_once(
    database: Database, brand: Brand, start: Start, action: str, params: dict[str, Any]
) -> None:
    ticket = add_ticket(database, brand)
    if params.get("macro") == "*points":
        params = {"macro": next(one.key for one in CATALOG if any(action.confirm for action in one.actions))}
    with pytest.raises(Invalid):
        start(action, [ticket], **params)


def _without_facts() -> str:
    """A macro that says nothing which a fresh ticket lacks."""
    plain = (one for one in CATALOG if not any(action.confirm for action in one.actions))
    wanted = ("order.", "shipment.", "refund.", "points.", "brand.", "agent.signature")
    return next(one.key for one in plain if not any(word in str(dict(one.body)) for word in wanted))
