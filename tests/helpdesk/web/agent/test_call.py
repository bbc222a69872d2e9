"""Writing a telephone call down: on a ticket, on a customer's page, and what it does to who is waiting."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from helpdesk.customers import timeline
from helpdesk.customers.timeline import Asked
from helpdesk.models import Agent, Customer, Message, Ticket
from helpdesk.store.db import Database
from tests.helpdesk.stories import rows

TALKED = {"way": "out", "outcome": "talked", "minutes": "6", "note": "Sends a new bowl on Monday."}


def logged(database: Database) -> Message:
    return next(one for one in rows(database, Message) if one.content.get("by_hand"))


def current(database: Database, ticket: Ticket) -> Ticket:
    with database.read() as unit:
        return unit.session.get_one(Ticket, ticket.pk)


def test_a_talk_ends_the_waiting(
    database: Database, client: TestClient, ticket: Ticket, agent: Agent
) -> None:
    answer = client.post(f"/tickets/{ticket.key}/call", data=TALKED)
    assert answer.status_code == 303
    message, now = logged(database), current(database, ticket)
    assert (message.content["seconds"], message.content["inbound"]) == (360, False)
    assert (now.status, now.waiting_since, now.assignee_id) == ("pending", None, agent.pk)
    assert now.first_response_at == message.sent_at
    shown = client.get(f"/tickets/{ticket.key}").text
    assert "Sends a new bowl on Monday." in shown


def test_nobody_but_colleagues_reads_it(database: Database, client: TestClient, ticket: Ticket) -> None:
    client.post(f"/tickets/{ticket.key}/call", data=TALKED)
    assert logged(database).direction == "note"


def test_it_stands_among_the_calls_of_the_customer(
    database: Database, client: TestClient, ticket: Ticket
) -> None:
    client.post(f"/tickets/{ticket.key}/call", data=TALKED)
    client.post(f"/tickets/{ticket.key}/notes", data={"body": "Be kind to her."})
    with database.read() as unit:
        calls, notes = (
            timeline.page(unit, ticket.customer_id, asked=Asked(kinds=[kind])).entries
            for kind in ("calls", "notes")
        )
    assert [(one.kind, one.data["text"]) for one in calls] == [("call", TALKED["note"])]
    assert [one.data["text"] for one in notes] == ["Be kind to her."]


def test_whoever_did_not_answer_still_waits(database: Database, client: TestClient, ticket: Ticket) -> None:
    client.post(f"/tickets/{ticket.key}/call", data=TALKED | {"outcome": "no_answer"})
    now = current(database, ticket)
    assert (now.status, now.waiting_since) == ("open", ticket.waiting_since)
    assert logged(database).content["seconds"] == 0


def test_the_ticket_can_be_closed_with_it(database: Database, client: TestClient, ticket: Ticket) -> None:
    client.post(f"/tickets/{ticket.key}/call", data=TALKED | {"done": "1"})
    assert current(database, ticket).status == "closed"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"outcome": "sold"}, "choose how the call ended"),
        ({"minutes": "9999"}, "whole number"),
        ({"at": "2999-01-01T10:00"}, "has not happened yet"),
        ({"at": "yesterday"}, "choose a day and a time"),
    ],
)
def test_a_call_that_cannot_be_comes_back_with_every_word(
    database: Database, client: TestClient, ticket: Ticket, given: dict[str, str], said: str
) -> None:
    answer = client.post(f"/tickets/{ticket.key}/call", data=TALKED | given)
    assert answer.status_code == 422
    assert said in answer.text
    assert TALKED["note"] in answer.text
    assert not [one for one in rows(database, Message) if one.content]


def test_the_same_form_twice_is_one_call(database: Database, client: TestClient, customer: Customer) -> None:
    for _again in range(2):
        answer = client.post(f"/customers/{customer.key}/call", data=TALKED | {"token": "t1"})
        assert answer.status_code == 303
    assert len(rows(database, Message)) == len(rows(database, Ticket)) == 1


def test_the_same_form_twice_at_once_is_one_call(
    database: Database, client: TestClient, customer: Customer
) -> None:
    form = TALKED | {"token": "t2"}
    before = len(rows(database, Ticket))
    with ThreadPoolExecutor(4) as hands:
        sent = [hands.submit(client.post, f"/customers/{customer.key}/call", data=form) for _ in range(4)]
        answers = [one.result() for one in sent]
    assert {one.status_code for one in answers} == {303}
    assert len({one.headers["location"] for one in answers}) == 1
    assert len([one for one in rows(database, Message) if one.content.get("by_hand")]) == 1
    assert len(rows(database, Ticket)) == before + 1


def test_a_call_of_no_ticket_begins_one(
    database: Database, client: TestClient, customer: Customer, agent: Agent, clock: Any
) -> None:
    before = clock.now - timedelta(hours=2)
    form = {"way": "in", "outcome": "no_answer", "at": before.isoformat(), "subject": "Ring her back"}
    answer = client.post(f"/customers/{customer.key}/call", data=form)
    (ticket,) = rows(database, Ticket)
    assert answer.headers["location"] == f"/tickets/{ticket.key}"
    assert (ticket.channel, ticket.subject, ticket.assignee_id) == ("phone", "Ring her back", agent.pk)
    assert (ticket.status, ticket.waiting_since) == ("open", before)
    assert logged(database).content["state"] == "missed"
    assert client.get(f"/tickets/{ticket.key}").status_code == 200


def test_an_open_ticket_of_theirs_can_be_chosen(
    database: Database, client: TestClient, ticket: Ticket, customer: Customer
) -> None:
    assert f'value="{ticket.key}"' in client.get(f"/customers/{customer.key}/call").text
    client.post(f"/customers/{customer.key}/call", data=TALKED | {"ticket": ticket.key})
    assert logged(database).ticket_id == ticket.pk


def test_a_ticket_of_somebody_else_cannot_be_chosen(
    database: Database, client: TestClient, customer: Customer
) -> None:
    answer = client.post(f"/customers/{customer.key}/call", data=TALKED | {"ticket": "of-another"})
    assert answer.status_code == 404
    assert rows(database, Message) == []
