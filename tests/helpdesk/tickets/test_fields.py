"""The brand's own fields: what they take, and what a ticket needs before it may be closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from helpdesk.errors import Conflict, Invalid
from helpdesk.models import Agent, Brand, CustomField, Message, Ticket
from helpdesk.store.db import Database
from helpdesk.tickets import close as closing
from helpdesk.tickets import fields
from tests.helpdesk.desk import add_ticket
from tests.helpdesk.stories import rows

HTMX = {"HX-Request": "true", "HX-Target": "head"}
Make = Callable[..., CustomField]


@pytest.fixture
def make(database: Database, brand: Brand) -> Make:
    def make(name: str, kind: str = "text", **given: Any) -> CustomField:
        with database.write() as unit:
            values = {"labels": {"en": name.title()}, **given}
            return fields.create(unit, brand.pk, name=name, kind=kind, **values)

    return make


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("text", "  two   words ", "two words"),
        ("text", "", None),
        ("number", "1,200", 1200),
        ("number", "-0.5", -0.5),
        ("number", "0", 0),
        ("date", "2026-02-28", "2026-02-28"),
        ("list", "A::B", "A::B"),
    ],
)
def test_a_value_is_kept_as_its_kind(kind: str, typed: str, kept: object) -> None:
    field = CustomField(name="x", kind=kind, options=["A", "A::B"])
    assert fields.read_value(field, typed) == kept


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("number", "many"),
        ("number", "nan"),
        ("number", "1e99"),
        ("date", "2026-02-30"),
        ("list", "C"),
        ("text", "x" * 501),
    ],
)
def test_what_a_field_does_not_take_is_refused(kind: str, typed: str) -> None:
    with pytest.raises(Invalid) as caught:
        fields.read_value(CustomField(name="x", kind=kind, options=["A"]), typed)
    assert caught.value.field == "x"


def test_a_ticket_is_closed_only_with_its_required_fields(
    database: Database, brand: Brand, agent: Agent, make: Make
) -> None:
    make("reason", "list", options=["A::B"], required=True)
    count = make("count", "number", required=True)
    make("remark")
    ticket = add_ticket(database, brand)
    with database.write() as unit:
        row = unit.session.get_one(Ticket, ticket.pk)
        with pytest.raises(Invalid, match="Reason, Count") as caught:
            closing.close(unit, row, by=agent)
        assert caught.value.field == "field-reason"
        fields.set_value(unit, row, fields.get_field(unit, brand.pk, "reason"), "A::B", by=agent)
        fields.set_value(unit, row, count, "0", by=agent)
        closing.close(unit, row, by=agent)
    assert row.fields == {"reason": "A::B", "count": 0}


def test_the_helpdesk_itself_and_archived_fields_ask_for_nothing(
    database: Database, brand: Brand, agent: Agent, make: Make
) -> None:
    field = make("reason", required=True)
    by_itself, later = add_ticket(database, brand), add_ticket(database, brand)
    with database.write() as unit:
        closing.close(unit, unit.session.get_one(Ticket, by_itself.pk), by=None)
        fields.archive(unit, unit.session.get_one(CustomField, field.pk))
    with database.write() as unit:
        closing.close(unit, unit.session.get_one(Ticket, later.pk), by=agent)


def test_fields_are_named_once_ordered_and_bounded(database: Database, brand: Brand, make: Make) -> None:
    names = [f"field_{n}" for n in range(fields.MOST)]
    made = [make(name) for name in names]
    with pytest.raises(Conflict, match="at most 25"):
        make("one_more")
    with pytest.raises(Conflict):
        make("field_1")
    with database.write() as unit:
        fields.reorder(unit, brand.pk, [made[3].key, made[1].key])
        assert [one.name for one in fields.list_fields(unit, brand.pk)][:3] == [
            "field_3",
            "field_1",
            "field_0",
        ]
        fields.archive(unit, unit.session.get_one(CustomField, made[3].pk))
    with database.write() as unit:
        assert [one.name for one in fields.list_fields(unit, brand.pk, archived=True)] == ["field_3"]
        fields.restore(unit, fields.get_field(unit, brand.pk, "field_3"))
    with database.read() as unit:
        assert fields.list_fields(unit, brand.pk)[-1].name == "field_3"


@pytest.mark.parametrize(
    "given",
    [
        {"name": "Bad Name"},
        {"kind": "colour"},
        {"kind": "list", "options": []},
        {"kind": "list", "options": ["A::"]},
    ],
)
def test_a_senseless_field_is_refused(make: Make, given: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        make(**{"name": "fine", **given})


def test_closing_opens_the_fields_at_the_first_that_is_missing(
    database: Database, brand: Brand, client: TestClient, make: Make
) -> None:
    make("reason", required=True)
    ticket = add_ticket(database, brand)
    for headers in (HTMX, {}):
        answer = client.post(f"/tickets/{ticket.key}/close", headers=headers)
        assert answer.status_code == 422
        assert '<details class="ticket-fields" id="ticket-fields" open>' in answer.text
        assert "autofocus" in answer.text
    assert answer.text.count('id="ticket-fields"') == 1
    client.post(f"/tickets/{ticket.key}/fields/reason", data={"value": "because"}, headers=HTMX)
    assert client.post(f"/tickets/{ticket.key}/close", headers=HTMX).status_code == 200
    assert rows(database, Ticket)[0].status == "closed"
    log = client.get(f"/tickets/{ticket.key}/log").text
    assert "because" in log
    assert "Misaki Takahashi" in log


def test_send_and_close_sends_nothing_while_a_field_is_missing(
    database: Database, ticket: Ticket, client: TestClient, make: Make
) -> None:
    make("reason", required=True)
    sent = client.post(
        f"/tickets/{ticket.key}/reply",
        data={"body": "お待ちください", "close": "1", "token": "t"},
        headers=HTMX,
    )
    assert (sent.status_code, "Reason" in sent.text) == (422, True)
    assert [one.direction for one in rows(database, Message)] == ["in"]
    assert "お待ちください" in sent.text
