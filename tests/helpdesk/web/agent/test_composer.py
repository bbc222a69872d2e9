"""What the composer asks for before it offers anything: people, times, macros to look at."""

from __future__ import annotations

from datetime import datetime

import pytest
from starlette.testclient import TestClient

from helpdesk.models import Ticket
from helpdesk.web.agent.composer import plan_times

HTMX = {"HX-Request": "true"}


def test_the_composer_learns_of_people_and_times(ticket: Ticket, client: TestClient) -> None:
    found = client.get(f"/tickets/{ticket.key}/composer").json()
    assert set(found["kinds"]) == {"reply", "reply_all", "forward"}
    assert len(found["kinds"]["reply"]["to"]) == 1
    assert all(
        datetime.fromisoformat(one["at"]) > datetime.fromisoformat(found["now"]) for one in found["times"]
    )


@pytest.mark.parametrize(
    ("now", "times"),
    [
        ("2026-01-07T10:20", ["2026-01-07T12:00", "2026-01-08T09:00", "2026-01-12T09:00"]),
        ("2026-01-07T23:50", ["2026-01-08T09:00", "2026-01-12T09:00"]),
        ("2026-01-11T20:00", ["2026-01-12T09:00"]),
        ("2026-01-07T03:00", ["2026-01-08T09:00", "2026-01-12T09:00"]),
    ],
)
def test_times_to_send_are_when_somebody_reads(now: str, times: list[str]) -> None:
    found = plan_times(datetime.fromisoformat(now))
    assert [one.isoformat(timespec="minutes") for one in found] == times


def test_a_macro_is_shown_before_it_is_put_in(ticket: Ticket, client: TestClient) -> None:
    path = f"/tickets/{ticket.key}/macros/thank_you?preview=1"
    shown = client.get(path, headers=HTMX).text
    assert "draft-text" not in shown
    assert "ありがとう" in shown
    assert "kind words" in client.get(f"{path}&tongue=en", headers=HTMX).text
    assert "ありがとう" in client.get(f"{path}&tongue=tlh", headers=HTMX).text
