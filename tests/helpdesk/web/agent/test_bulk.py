"""`/bulk`: from ticked rows to a job, its progress, its failures and the way back."""

from __future__ import annotations

import json
import re

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from helpdesk.automation.bulk import Bulk
from helpdesk.models import Brand, BulkJob, Ticket
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from macros.catalog import Catalog
from tests.helpdesk.desk import add_ticket, put_tag

HTMX = {"HX-Request": "true", "HX-Target": "bulk-progress"}


@pytest.fixture
def worker(database: Database, files: Files) -> Bulk:
    return Bulk(database, files, Catalog.load_builtin())


def finish(worker: Bulk) -> None:
    while worker.drain():
        pass


def statuses(database: Database) -> list[str]:
    with database.read() as unit:
        return sorted(unit.session.exec(select(Ticket.status)))


def job(database: Database) -> BulkJob:
    with database.read() as unit:
        return unit.session.exec(select(BulkJob)).one()


def test_ticked_tickets_are_closed_and_the_window_is_told_once(
    database: Database, brand: Brand, client: TestClient, worker: Bulk
) -> None:
    tickets = [add_ticket(database, brand) for _ in range(3)]
    begun = client.post(
        "/bulk", data={"action": "close", "ticket": [one.key for one in tickets[:2]]}, headers=HTMX
    )
    assert "bulk-begun" in begun.headers["hx-trigger"]
    watched = re.search(r'hx-get="(/bulk/\w+\?watched=1)"', begun.text)
    assert watched
    assert "hx-trigger" not in client.get(watched[1], headers=HTMX).headers
    finish(worker)
    ended = client.get(watched[1], headers=HTMX)
    told = json.loads(ended.headers["hx-trigger"])
    assert told["inbox-changed"]
    assert told["notice"]["text"] == "2 tickets changed."
    assert told["notice"]["action"]["url"] == f"/bulk/{job(database).key}/undo"
    assert "every 1s" not in ended.text
    assert statuses(database) == ["closed", "closed", "open"]


def test_everything_that_matches_is_meant_when_somebody_says_so(
    database: Database, brand: Brand, other_brand: Brand, client: TestClient, worker: Bulk
) -> None:
    tickets = [add_ticket(database, brand, language="en") for _ in range(60)]
    add_ticket(database, brand)
    add_ticket(database, other_brand, language="en")
    assert "60" in client.get("/inbox/count?language=en").text
    data = {"action": "spam", "ticket": tickets[0].key, "everything": "1", "filter": "?language=en"}
    client.post("/bulk", data=data)
    finish(worker)
    assert statuses(database) == ["open"] * 2 + ["spam"] * 60


def test_undo_by_the_notice_and_by_the_page(
    database: Database, brand: Brand, client: TestClient, worker: Bulk
) -> None:
    ticket = add_ticket(database, brand)
    plain = client.post("/bulk", data={"action": "close", "ticket": ticket.key})
    page = plain.headers["location"]
    finish(worker)
    assert "Undo" in client.get(page).text
    undone = client.post(f"{page}/undo", headers={"HX-Request": "true"})
    assert 'hx-swap-oob="true"' in undone.text
    finish(worker)
    assert statuses(database) == ["open"]
    assert "Undone" in client.get(page).text
    assert client.post(f"{page}/undo").status_code == 409


def test_failures_are_named_with_their_reasons(
    database: Database, brand: Brand, client: TestClient, worker: Bulk
) -> None:
    ticket = add_ticket(database, brand, status="closed")
    location = client.post(
        "/bulk", data={"action": "snooze", "until": "tomorrow", "ticket": ticket.key}
    ).headers["location"]
    finish(worker)
    page = client.get(location).text
    assert f"#{ticket.number}" in page
    assert "this ticket is done; reopen it first" in page
    assert location in client.get("/bulk").text


def test_a_foreign_ticket_is_not_touched_and_nothing_chosen_is_said(
    database: Database, brand: Brand, other_brand: Brand, client: TestClient
) -> None:
    foreign = add_ticket(database, other_brand)
    refused = client.post("/bulk", data={"action": "close", "ticket": foreign.key})
    assert refused.status_code == 422
    assert "hoose at least one ticket" in refused.text
    with database.read() as unit:
        assert unit.session.exec(select(BulkJob)).all() == []


def test_colleagues_jobs_are_not_shown(
    database: Database, brand: Brand, lead_client: TestClient, client: TestClient
) -> None:
    ticket = add_ticket(database, brand)
    location = lead_client.post("/bulk", data={"action": "close", "ticket": ticket.key}).headers["location"]
    assert client.get(location).status_code == 404
    assert client.post(f"{location}/undo").status_code == 404


@pytest.mark.parametrize(
    ("menu", "words"),
    [("assign", "Nobody"), ("tags", "Refund"), ("snooze", "Tomorrow morning"), ("macro", 'name="macro"')],
)
def test_each_menu_offers_its_choices(
    database: Database, brand: Brand, client: TestClient, menu: str, words: str
) -> None:
    put_tag(database, add_ticket(database, brand), "refund")
    assert words in client.get(f"/bulk/menu/{menu}").text


def test_assigning_to_me_to_nobody_and_to_a_stranger(
    database: Database, brand: Brand, client: TestClient, worker: Bulk
) -> None:
    ticket = add_ticket(database, brand)
    for who, expected in (("me", 1), ("", None)):
        client.post("/bulk", data={"action": "assign", "agent": who, "ticket": ticket.key})
        finish(worker)
        with database.read() as unit:
            assert unit.session.get_one(Ticket, ticket.pk).assignee_id == expected
    strange = client.post("/bulk", data={"action": "assign", "agent": "nobodyhere", "ticket": ticket.key})
    assert strange.status_code == 422
