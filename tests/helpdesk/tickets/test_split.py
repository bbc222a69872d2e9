"""A ticket taken apart: what has not been said yet answers nobody."""

from __future__ import annotations

from datetime import timedelta

from helpdesk.models import Brand, Ticket
from helpdesk.store.db import Database
from helpdesk.tickets import split
from tests.helpdesk.desk import add_message, add_ticket


def take_apart(database: Database, ticket: Ticket, *keys: str) -> tuple[Ticket, Ticket]:
    with database.write() as unit:
        old = unit.session.get_one(Ticket, ticket.pk)
        return old, split.split(unit, old, keys, by=None)


def test_an_answer_taken_back_or_still_to_leave_does_not_count(database: Database, brand: Brand) -> None:
    ticket = add_ticket(database, brand)
    add_message(database, ticket, "別件", ago=90)
    asked = add_message(database, ticket, "質問", ago=60)
    undone = add_message(database, ticket, "取り消した", direction="out", ago=50, state="taken_back")
    with database.read() as unit:
        at = unit.now + timedelta(hours=9)
    later = add_message(database, ticket, "明日の返事", direction="out", state="queued", sent_at=at)
    _old, new = take_apart(database, ticket, asked.key, undone.key, later.key)
    assert (new.status, new.waiting_since, new.messages_count) == ("open", asked.sent_at, 1)
    assert (new.first_response_at, new.last_message_at) == (None, asked.sent_at)


def test_what_stays_waits_as_before(database: Database, brand: Brand) -> None:
    ticket = add_ticket(database, brand, messages_count=2)
    first = add_message(database, ticket, "質問", ago=60)
    add_message(database, ticket, "取り消した", direction="out", ago=50, state="taken_back")
    other = add_message(database, ticket, "別件", ago=30)
    old, new = take_apart(database, ticket, other.key)
    assert (old.status, old.messages_count) == ("open", 1)
    assert old.waiting_since == ticket.waiting_since or old.waiting_since == first.sent_at
    assert new.waiting_since == other.sent_at


def test_a_message_passed_on_answers_nobody_and_an_answer_goes_with_its_question(
    database: Database, brand: Brand
) -> None:
    ticket = add_ticket(database, brand)
    asked = add_message(database, ticket, "質問", ago=60)
    passed = add_message(database, ticket, "", direction="out", ago=50, forwarded_id=asked.pk)
    other = add_message(database, ticket, "別件", ago=40)
    answer = add_message(database, ticket, "別件の返事", direction="out", ago=30)
    with database.write() as unit:
        unit.session.get_one(Ticket, ticket.pk).first_response_at = answer.sent_at
    old, new = take_apart(database, ticket, other.key, answer.key)
    assert (new.status, new.waiting_since, new.first_response_at) == ("pending", None, answer.sent_at)
    assert (old.waiting_since, old.first_response_at) == (asked.sent_at, None)
    assert passed.ticket_id == old.pk
