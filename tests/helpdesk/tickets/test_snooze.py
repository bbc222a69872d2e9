from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from starlette.testclient import TestClient

from helpdesk.errors import Invalid
from helpdesk.models import Agent, Event, Ticket
from helpdesk.store.db import Database
from helpdesk.tickets import close as closing
from helpdesk.tickets import snooze
from tests.conftest import StandingClock
from tests.helpdesk.conftest import Deliver
from tests.helpdesk.stories import only, rows

NOW = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)  # a Monday, noon in Tokyo


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ("later", NOW + timedelta(hours=3)),
        ("tomorrow", datetime(2026, 1, 6, 0, 0, tzinfo=UTC)),
        ("next_week", datetime(2026, 1, 12, 0, 0, tzinfo=UTC)),
        ("monday", datetime(2026, 1, 12, 0, 0, tzinfo=UTC)),
        ("evening", datetime(2026, 1, 5, 9, 0, tzinfo=UTC)),
        ("reply", snooze.UNTIL_REPLY),
        ("2026-01-07T15:30", datetime(2026, 1, 7, 6, 30, tzinfo=UTC)),
    ],
)
def test_a_choice_is_a_moment_where_the_agent_is(choice: str, expected: datetime) -> None:
    assert snooze.decide_moment(choice, now=NOW, zone="Asia/Tokyo") == expected


def test_a_snoozed_ticket_leaves_the_list_and_comes_back_by_itself(
    client: TestClient, ticket: Ticket, clock: StandingClock
) -> None:
    assert client.post(f"/tickets/{ticket.key}/snooze", data={"until": "later"}).status_code == 303
    assert ticket.key not in client.get("/").text
    assert ticket.key in client.get("/?view=snoozed").text
    assert "Snoozed until" in client.get(f"/tickets/{ticket.key}").text
    clock.advance(hours=3, seconds=1)
    assert ticket.key in client.get("/").text


def test_it_can_be_woken_by_hand(client: TestClient, ticket: Ticket, database: Database) -> None:
    client.post(f"/tickets/{ticket.key}/snooze", data={"until": "tomorrow"})
    client.post(f"/tickets/{ticket.key}/wake")
    assert only(database, Ticket).snoozed_until is None
    assert [event.name for event in rows(database, Event)][-2:] == ["snoozed", "woken"]


def test_the_customers_next_words_wake_it(
    client: TestClient, ticket: Ticket, deliver: Deliver, database: Database
) -> None:
    client.post(f"/tickets/{ticket.key}/snooze", data={"until": "next_week"})
    deliver("急ぎです", in_reply_to="<first@example.jp>", message_id="<now@example.jp>")
    assert only(database, Ticket).snoozed_until is None


def test_a_senseless_snooze_is_refused(
    client: TestClient, ticket: Ticket, database: Database, agent: Agent
) -> None:
    assert client.post(f"/tickets/{ticket.key}/snooze", data={"until": "whenever"}).status_code == 422
    with database.write() as unit:
        row = unit.session.get_one(Ticket, ticket.pk)
        with pytest.raises(Invalid):
            snooze.until(unit, row, unit.now, by=agent)
        closing.close(unit, row, by=agent)
        with pytest.raises(Invalid):
            snooze.until(unit, row, unit.now + timedelta(hours=1), by=agent)


def test_only_what_makes_sense_now_is_offered() -> None:
    def offered(hour: int, day: int = 5) -> list[str]:
        now = datetime(2026, 1, day, hour, tzinfo=UTC)
        return [choice for choice, at in snooze.list_choices(now=now, zone="UTC") if at > now]

    assert offered(12, day=6) == ["later", "evening", "tomorrow", "monday", "next_week"]
    assert offered(17, day=6) == ["later", "tomorrow", "monday", "next_week"]
    assert "monday" not in offered(12, day=11)


def test_its_time_comes_with_an_event_and_a_word_in_the_head(
    client: TestClient, ticket: Ticket, clock: StandingClock, database: Database
) -> None:
    client.post(f"/tickets/{ticket.key}/snooze", data={"until": "later"})
    assert snooze.wake_due(database) == 0
    clock.advance(hours=3)
    assert snooze.wake_due(database) == 1
    assert snooze.wake_due(database) == 0
    woken = only(database, Ticket)
    assert (woken.snoozed_until, woken.waiting_since) == (None, ticket.waiting_since)
    event = rows(database, Event)[-1]
    assert (event.name, event.agent_id, event.data["reason"]) == ("woken", None, "time")
    assert "ticket-state-woken" in client.get(f"/tickets/{ticket.key}").text


def test_a_sleep_that_only_the_customer_ends_outlasts_the_clock(
    client: TestClient, ticket: Ticket, clock: StandingClock, deliver: Deliver, database: Database
) -> None:
    client.post(f"/tickets/{ticket.key}/snooze", data={"until": "reply"})
    clock.advance(days=10)
    assert snooze.wake_due(database) == 0
    assert ticket.key in client.get("/?view=snoozed").text
    assert "Snoozed until the customer writes" in client.get(f"/tickets/{ticket.key}").text
    deliver("返事です", in_reply_to="<first@example.jp>", message_id="<now@example.jp>", date="")
    assert only(database, Ticket).snoozed_until is None
