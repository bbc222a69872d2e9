"""One person under two names: merged in either direction, parted, split off; nothing lost on the way."""

from __future__ import annotations

import json
import re

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from helpdesk.customers import suggest
from helpdesk.models import (
    AuditEntry,
    Brand,
    Customer,
    CustomerMerge,
    Event,
    Identity,
    MergeSuggestion,
    Ticket,
)
from helpdesk.store.db import Database
from tests.helpdesk.desk import add_ticket, customer_of
from tests.helpdesk.stories import only, rows

HTMX = {"HX-Request": "true"}


def now(database: Database, ticket: Ticket) -> Customer:
    """Whose the ticket is."""
    with database.read() as unit:
        return unit.session.get_one(Customer, unit.session.get_one(Ticket, ticket.pk).customer_id)


def test_somebody_else_is_found_by_words_but_not_oneself_or_another_brands(
    database: Database, brand: Brand, other_brand: Brand, client: TestClient, pair: tuple[Ticket, Ticket]
) -> None:
    this = customer_of(database, pair[0])
    add_ticket(database, brand, name="山田 太郎")
    foreign = customer_of(database, add_ticket(database, other_brand, name="山田 次郎"))
    found = client.get(
        f"/customers/{this.key}/merge", params={"q": "山田", "part": "found"}, headers=HTMX
    ).text
    assert "太郎" in found
    assert "花子" not in found
    assert "次郎" not in found
    likely = client.get(f"/customers/{this.key}/merge", headers=HTMX).text
    assert "ハナコ" in likely
    assert client.get(f"/customers/{this.key}/merge", params={"with": foreign.key}).status_code == 404
    assert client.get(f"/customers/{this.key}/merge", params={"with": this.key}).status_code == 422


@pytest.mark.parametrize("stays", ["this", "other"])
def test_merging_in_either_direction_takes_the_fields_that_were_picked(
    database: Database, client: TestClient, pair: tuple[Ticket, Ticket], stays: str
) -> None:
    this, other = customer_of(database, pair[0]), customer_of(database, pair[1])
    page = client.get(f"/customers/{this.key}/merge", params={"with": other.key, "stays": stays}).text
    assert "夜だけ電話可" in page
    assert page.count("<tr>") > 6
    name = "target" if stays == "other" else "source"  # ハナコ in both cases
    answer = client.post(
        f"/customers/{this.key}/merges",
        data={"other": other.key, "stays": stays, "pick-name": name, "pick-vip": "target"},
    )
    home = now(database, pair[0])
    assert now(database, pair[1]).pk == home.pk == (this if stays == "this" else other).pk
    assert (home.name, home.note, home.vip) == ("ハナコ", "夜だけ電話可", stays == "other")
    assert (home.orders_count, home.spent) == (1, 8640)
    assert answer.headers["location"] == f"/customers/{home.key}"
    assert only(database, MergeSuggestion).state == "accepted"
    assert "customers_merged" in {one.name for one in rows(database, AuditEntry)}
    told = {one.ticket_id for one in rows(database, Event) if one.name == "customers_merged"}
    assert {pair[0].pk, pair[1].pk} <= told
    assert "The customer was joined with" in client.get(f"/tickets/{pair[0].key}").text


def test_the_notice_undoes_and_both_stand_as_before(
    database: Database, client: TestClient, pair: tuple[Ticket, Ticket]
) -> None:
    this, other = customer_of(database, pair[0]), customer_of(database, pair[1])
    back = f"/tickets/{pair[1].key}"
    answer = client.post(
        f"/customers/{this.key}/merges",
        data={"other": other.key, "stays": "this", "back": back},
        headers=HTMX,
    )
    assert answer.headers["hx-redirect"] == back
    undo = json.loads(answer.headers["hx-trigger"])["notice"]["action"]["url"]
    assert client.post(undo, headers=HTMX).headers["hx-redirect"] == back
    for ticket, before in zip(pair, (this, other), strict=True):
        after = now(database, ticket)
        assert (after.pk, after.name, after.note, after.vip) == (
            before.pk,
            before.name,
            before.note,
            before.vip,
        )
        assert (after.orders_count, after.merged_into_id) == (
            before.orders_count or len(after.note) * 0,
            None,
        )
    assert client.post(undo, headers=HTMX).status_code == 409
    assert only(database, MergeSuggestion).state == "open"


def test_who_was_merged_away_is_found_as_who_they_are_now_and_listed_nowhere(
    database: Database, client: TestClient, pair: tuple[Ticket, Ticket]
) -> None:
    this, other = customer_of(database, pair[0]), customer_of(database, pair[1])
    client.post(f"/customers/{this.key}/merges", data={"other": other.key, "stays": "this"})
    led = client.get(f"/customers/{other.key}?only=orders")
    assert (led.status_code, led.headers["location"]) == (303, f"/customers/{this.key}?only=orders")
    client.post(f"/customers/{other.key}", data={"note": "neu"}, headers=HTMX)
    assert now(database, pair[0]).note == "neu"
    for path in ("/customers", "/customers?q=ハナコ", "/palette?q=ハナコ"):
        page = client.get(path, headers=HTMX).text
        assert f'/customers/{other.key}"' not in page
        assert f"/customers/{this.key}" in page
    assert pair[1].key in client.get("/?q=ハナコ").text


def test_the_customers_page_names_what_was_merged_and_parts_it_for_good(
    database: Database, client: TestClient, pair: tuple[Ticket, Ticket]
) -> None:
    this, other = customer_of(database, pair[0]), customer_of(database, pair[1])
    client.post(f"/customers/{this.key}/merges", data={"other": other.key, "stays": "this"})
    done = only(database, CustomerMerge)
    page = client.get(f"/customers/{this.key}").text
    assert "Merged into this customer" in page
    assert f"/customers/merges/{done.key}" in page
    plan = client.get(f"/customers/merges/{done.key}").text
    assert "What goes back to ハナコ" in plan
    assert re.search(r"Tickets</dt><dd class=\"num\">1<", plan)
    answer = client.post(f"/customers/merges/{done.key}/undo", data={"apart": "1"})
    assert answer.headers["location"] == f"/customers/{other.key}"
    with database.write() as unit:
        assert suggest.look(unit, unit.session.get_one(Customer, other.pk)) == []
        assert suggest.kept_apart(unit, *(unit.session.get_one(Customer, one.pk) for one in (this, other)))
    assert "undone by" in client.get("/customers/merges?show=done").text
    assert "This was undone" in client.get(f"/customers/merges/{done.key}").text


def test_who_was_parted_for_good_stays_apart_from_whom_they_were_taken_for_wherever_these_stand(
    database: Database, brand: Brand, client: TestClient, pair: tuple[Ticket, Ticket]
) -> None:
    this, other = customer_of(database, pair[0]), customer_of(database, pair[1])
    third = customer_of(database, add_ticket(database, brand, name="鈴木"))
    for source, target in ((other, this), (this, third)):
        client.post(f"/customers/{target.key}/merges", data={"other": source.key, "stays": "this"})
    first, second = rows(database, CustomerMerge)
    assert client.post(f"/customers/merges/{first.key}/undo", data={"apart": "1"}).status_code == 303
    with database.read() as unit:
        found = [unit.session.get_one(Customer, one.pk) for one in (this, other, third)]
        assert suggest.kept_apart(unit, found[1], found[2])
    client.post(f"/customers/merges/{second.key}/undo")
    with database.read() as unit:
        found = [unit.session.get_one(Customer, one.pk) for one in (this, other, third)]
        assert suggest.kept_apart(unit, found[1], found[0])
        assert not suggest.kept_apart(unit, found[1], found[2])


def test_after_ninety_days_the_page_says_that_it_stays(
    database: Database, client: TestClient, pair: tuple[Ticket, Ticket]
) -> None:
    this, other = customer_of(database, pair[0]), customer_of(database, pair[1])
    client.post(f"/customers/{this.key}/merges", data={"other": other.key, "stays": "this"})
    with database.write() as unit:
        done = unit.session.exec(select(CustomerMerge)).one()
        done.created_at = done.created_at.replace(year=done.created_at.year - 1)
    assert "these are over" in client.get(f"/customers/merges/{done.key}").text
    assert client.post(f"/customers/merges/{done.key}/undo", headers=HTMX).status_code == 422
    assert f"/customers/merges/{done.key}" not in client.get(f"/customers/{this.key}").text


def test_an_address_is_split_off_with_what_it_brought_and_put_back(
    database: Database, client: TestClient, pair: tuple[Ticket, Ticket]
) -> None:
    this, other = customer_of(database, pair[0]), customer_of(database, pair[1])
    client.post(f"/customers/{this.key}/merges", data={"other": other.key, "stays": "this"})
    with database.read() as unit:
        line = unit.session.exec(select(Identity).where(Identity.kind == "line")).one()
    page = client.get(f"/customers/{this.key}").text
    assert f"/customers/{this.key}/split?identity={line.pk}" in page
    plan = client.get(f"/customers/{this.key}/split", params={"identity": line.pk}).text
    assert "Undo the merge instead" in plan
    assert "HK-7" in plan
    answer = client.post(f"/customers/{this.key}/split", data={"identity": line.pk}, headers=HTMX)
    new = now(database, pair[1])
    assert new.pk not in (this.pk, other.pk)
    assert answer.headers["hx-redirect"] == f"/customers/{new.key}"
    assert "LINE" in client.get(f"/customers/{new.key}").text
    undo = json.loads(answer.headers["hx-trigger"])["notice"]["action"]["url"]
    assert client.post(undo, headers=HTMX).headers["hx-redirect"] == f"/customers/{this.key}"
    assert now(database, pair[1]).pk == this.pk
    assert client.get(f"/customers/{new.key}").headers["location"] == f"/customers/{this.key}"


def test_the_only_address_and_anothers_cannot_be_split_off(
    database: Database, client: TestClient, pair: tuple[Ticket, Ticket]
) -> None:
    this, other = customer_of(database, pair[0]), customer_of(database, pair[1])
    own, foreign = (
        next(one for one in rows(database, Identity) if one.customer_id == whose.pk)
        for whose in (this, other)
    )
    for identity, status in ((own.pk, 422), (foreign.pk, 404), ("x", 404), ("", 404)):
        answer = client.post(f"/customers/{this.key}/split", data={"identity": identity}, headers=HTMX)
        assert answer.status_code == status
    assert rows(database, CustomerMerge) == []
