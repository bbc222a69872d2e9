"""What visitors say is taken many at a time, and each message as if it had come alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlmodel import col, select

from helpdesk.chat import files as chat_files
from helpdesk.chat.accounts import Widget, get_widget
from helpdesk.chat.visitors import Hello
from helpdesk.errors import HelpdeskError
from helpdesk.intake.taking import Said, Taken, take_many
from helpdesk.models import Brand, ChatFile, ChatLine, InboundEvent, Visitor, VisitorToken
from helpdesk.store.db import Database
from helpdesk.store.seal import Seal
from tests.helpdesk.chat.desk import add_widget


@pytest.fixture
def widget(database: Database, brand: Brand, seal: Seal) -> Widget:
    account = add_widget(database, brand, seal)
    with database.read() as unit:
        return get_widget(unit, account.address, seal)


def said(widget: Widget, key: str, text: str = "hello", *, who: str = "t1", **given: Any) -> Said:
    hello = given.pop("hello", Hello(language="en", page="https://shop.example/tea"))
    return Said(widget, hello, who, given.pop("visitor_id", None), key, text, **given)


def take(database: Database, *words: Said) -> list[Any]:
    with database.write() as unit:
        return take_many(unit, words)


def rows(database: Database, table: Any) -> list[Any]:
    with database.read() as unit:
        return list(unit.session.exec(select(table).order_by(col(table.id))))


def test_several_of_one_stranger_are_one_visitor_in_order(database: Database, widget: Widget) -> None:
    taken = take(
        database,
        said(widget, "k1", "one"),
        said(widget, "k1", "one"),
        said(widget, "k2", "two", hello=Hello(name="Hana", email="h@example.jp")),
        said(widget, "k1", "of somebody else", who="t2"),
    )
    assert [(one.seq, one.new) for one in taken] == [(1, True), (1, False), (2, True), (1, True)]
    assert taken[0].id == taken[1].id
    first, second = rows(database, Visitor)
    assert (first.next_seq, first.read_seq, first.email, first.page) == (
        3,
        2,
        "h@example.jp",
        "https://shop.example/tea",
    )
    assert second.next_seq == 2
    assert len(rows(database, VisitorToken)) == 2
    assert [(one.seq, one.text) for one in rows(database, ChatLine)] == [
        (1, "one"),
        (2, "two"),
        (1, "of somebody else"),
    ]
    journal = rows(database, InboundEvent)
    assert [json.loads(one.raw)["text"] for one in journal] == ["one", "two", "of somebody else"]
    assert journal[0].external_id == f"{first.key}:k1"


def test_the_same_visitor_goes_on_by_token_and_by_number(database: Database, widget: Widget) -> None:
    (first,) = take(database, said(widget, "k1"))
    taken = take(
        database,
        said(widget, "k2", who="t1"),
        said(widget, "k3", who="another window", visitor_id=first.visitor_id),
        said(widget, "k1", "said before"),
    )
    assert [(one.visitor_id, one.seq, one.new) for one in taken] == [
        (first.visitor_id, 2, True),
        (first.visitor_id, 3, True),
        (first.visitor_id, 1, False),
    ]
    assert rows(database, Visitor)[0].next_seq == 4


def test_what_cannot_be_taken_holds_up_nobody(database: Database, widget: Widget) -> None:
    (known,) = take(database, said(widget, "k0"))
    with database.write() as unit:
        visitor = unit.session.get_one(Visitor, known.visitor_id)
        file = chat_files.keep(
            unit, visitor, name="cup.png", content_type="image/png", size=3, sha256="0" * 64
        )
    taken = take(
        database,
        said(widget, "k1", visitor_id=4711, who="t9"),
        said(widget, "k2", attachments=["nothing"]),
        said(widget, "k3", "stranger's", who="t8", attachments=[file.key]),
        said(widget, "k4", "a cup", attachments=[file.key]),
    )
    assert [isinstance(one, HelpdeskError) for one in taken] == [True, True, True, False]
    assert isinstance(taken[3], Taken)
    assert taken[3].seq == 2
    line = rows(database, ChatLine)[-1]
    assert [one["name"] for one in line.files] == ["cup.png"]
    assert rows(database, ChatFile)[0].sent_at is not None
    assert [one.next_seq for one in rows(database, Visitor)] == [3, 1]


def test_a_token_is_good_at_its_own_widget_alone(
    database: Database, widget: Widget, brand: Brand, seal: Seal
) -> None:
    account = add_widget(database, brand, seal)
    with database.read() as unit:
        other = get_widget(unit, account.address, seal)
    take(database, said(widget, "k1"))
    (elsewhere,) = take(database, said(other, "k1", who="t1-elsewhere"))
    assert elsewhere.seq == 1
    assert {one.account_id for one in rows(database, Visitor)} == {widget.id, other.id}
