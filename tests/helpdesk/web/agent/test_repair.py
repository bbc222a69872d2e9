"""What went wrong on a social channel is told with what to do: files that are lost, answers that nobody is sure of."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from helpdesk.models import (
    Brand,
    ChannelAccount,
    Delivery,
    MediaFetch,
    Message,
    Ticket,
)
from helpdesk.store.db import Database
from tests.helpdesk.desk import add_ticket
from tests.helpdesk.stories import only
from tests.helpdesk.web.agent.line_desk import add, page


@pytest.fixture
def line(database: Database, brand: Brand) -> ChannelAccount:
    with database.write() as unit:
        account = ChannelAccount(brand_id=brand.pk, kind="line", address="L", created_at=unit.now)
        unit.session.add(account)
    return account


@pytest.fixture
def ticket(database: Database, brand: Brand, line: ChannelAccount) -> Ticket:
    return add_ticket(database, brand, channel="line", account_id=line.pk)


def lose(database: Database, message: Message) -> MediaFetch:
    with database.write() as unit:
        row = MediaFetch(
            brand_id=message.brand_id,
            account_id=message.account_id or 0,
            message_id=message.pk,
            ref="1",
            name="領収書.pdf",
            state="failed",
            attempts=9,
            reason="410",
            next_at=unit.now,
            created_at=unit.now,
        )
        unit.session.add(row)
        unit.session.get_one(Message, message.pk).content = {
            "type": "file",
            "lost": [{"name": "領収書.pdf", "why": "LINE 410: gone"}],
        }
    return row


def test_a_lost_file_says_why_and_is_fetched_again(
    database: Database, ticket: Ticket, client: TestClient
) -> None:
    message = add(database, ticket, content={"type": "file"})
    lose(database, message)
    assert "領収書.pdf could not be fetched" in page(client, ticket)
    url = f"/tickets/{ticket.key}/messages/{message.key}/files"
    assert client.post(url).status_code == 303
    row = only(database, MediaFetch)
    assert (row.state, row.attempts, row.reason) == ("queued", 0, None)
    assert only(database, Message).content == {"type": "file"}
    assert "is being fetched" in page(client, ticket)
    assert client.post(url).status_code == 409  # nothing is lost any more


def test_a_lost_file_is_fetched_for_its_own_ticket_alone(
    database: Database, brand: Brand, ticket: Ticket, client: TestClient
) -> None:
    message = add(database, ticket, content={"type": "file"})
    lose(database, message)
    other = add_ticket(database, brand, name="別の人")
    assert client.post(f"/tickets/{other.key}/messages/{message.key}/files").status_code == 404
    assert only(database, MediaFetch).state == "failed"


@pytest.fixture
def unsure(database: Database, ticket: Ticket, line: ChannelAccount) -> Delivery:
    message = add(
        database,
        ticket,
        "届きましたか",
        direction="out",
        state="failed",
        failure="LINE did not answer",
        marks={"unsure_at": "2026-01-05T02:00:00+00:00"},
    )
    with database.write() as unit:
        delivery = Delivery(
            brand_id=ticket.brand_id,
            account_id=line.pk,
            message_id=message.pk,
            external_id="d",
            state="failed",
            next_at=unit.now,
            created_at=unit.now,
        )
        unit.session.add(delivery)
    return delivery


def test_where_nobody_is_sure_somebody_looks_and_says_so(
    database: Database, ticket: Ticket, client: TestClient, unsure: Delivery
) -> None:
    text = page(client, ticket)
    assert "Sent, but not sure whether it arrived" in text and "Send again" in text
    url = f"/tickets/{ticket.key}/deliveries/{unsure.key}/arrived"
    assert client.post(url).status_code == 303
    message = only(database, Message)
    assert (message.state, message.failure, message.marks) == ("sent", None, {})
    assert only(database, Delivery).state == "sent"
    assert "The answer has arrived after all" in page(client, ticket)
    assert client.post(url).status_code == 409


def test_sending_again_ends_the_doubt(
    database: Database, ticket: Ticket, client: TestClient, unsure: Delivery
) -> None:
    """Said by the one who looked: a page that shows an older state sends nothing twice."""
    url = f"/tickets/{ticket.key}/deliveries/{unsure.key}/retry"
    assert 'name="looked" value="1"' in page(client, ticket)
    assert client.post(url).status_code == 409
    assert only(database, Message).state == "failed"
    assert client.post(url, data={"looked": "1"}).status_code == 303
    message = only(database, Message)
    assert message.state == "queued" and message.marks == {}
