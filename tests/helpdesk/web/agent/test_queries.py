"""How many queries a page costs, sign-in included; more rows never cost more queries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event
from starlette.testclient import TestClient

from helpdesk.models import Brand, Ticket
from helpdesk.store.db import Database
from tests.helpdesk.desk import add_message, add_order, add_ticket, customer_of, put_tag

MOST = 8


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            said.append(statement)

    event.listen(database._reader, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(database._reader, "before_cursor_execute", note)


@pytest.fixture
def busy(database: Database, brand: Brand) -> Ticket:
    """A ticket with many of everything, among others."""
    ticket = add_ticket(database, brand, urgency=99)
    with database.read() as unit:
        shipped = unit.now - timedelta(days=1)
    for n in range(8):
        add_message(database, ticket, f"message {n}", ago=n)
        add_order(database, ticket.customer_id, brand, f"HK-{n}", shipped_at=shipped)
        put_tag(database, ticket, f"tag-{n}")
        add_ticket(database, brand)
    return ticket


@pytest.fixture(autouse=True)
def warm(client: TestClient) -> None:
    """What a process asks once a minute is known."""
    client.get("/outbox")


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/",
            "/?q=1001",
            "/inbox/rows",
            "/tickets/{key}",
            "/tickets/{key}/messages",
            "/tickets/{key}/panel",
            "/tickets/{key}/mentions",
        ),
        *("/customers", "/tickets/{key}/assign"),
    ],
)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_page_costs_few_queries(
    database: Database, client: TestClient, busy: Ticket, path: str, headers: dict[str, str]
) -> None:
    with counted(database) as said:
        assert client.get(path.format(key=busy.key), headers=headers).status_code == 200
    assert len(said) <= MOST, "\n".join(said)


def test_a_customers_page_costs_as_much_with_a_long_story(
    database: Database, client: TestClient, busy: Ticket
) -> None:
    key = customer_of(database, busy).key
    with counted(database) as said:
        assert client.get(f"/customers/{key}").status_code == 200
    before = len(said)
    for n in range(30):
        add_message(database, busy, f"more {n}")
    with counted(database) as said:
        client.get(f"/customers/{key}")
    assert len(said) <= before
