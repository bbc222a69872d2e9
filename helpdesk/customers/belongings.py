"""What is a customer's own, whose address brought which of it, and how it goes over to another customer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, func, update
from sqlmodel import col, select

from helpdesk import models
from helpdesk.customers.identify import normalise
from helpdesk.models import (
    ChannelAccount,
    Contact,
    Customer,
    Identity,
    Message,
    Refund,
    Shipment,
    Ticket,
    Visitor,
)
from helpdesk.store.db import Unit

OWNED: Mapping[str, Any] = {
    table.__tablename__: table
    for table in (getattr(models, name) for name in sorted(models.__all__))
    if "customer_id" in getattr(table, "model_fields", ())
}
BY_ADDRESS = (
    "identities",
    "visitors",
    "contacts",
    "tickets",
    "messages",
)  # the others hang on a ticket or visitor
SPOKEN_AS = {"sms": "phone", "call": "phone"}
FOLLOWING: Mapping[str, Sequence[Any]] = {"orders": (Shipment, Refund)}  # they say beside them whose they are
AT_ONCE = 500  # ids in one statement
Rows = dict[str, list[int]]
Address = tuple[str, str]


def all_of(unit: Unit, customer: Customer) -> Rows:
    """Every row of the customer's, by table."""
    found = {
        name: sorted(unit.session.exec(select(table.id).where(table.customer_id == customer.pk)))
        for name, table in OWNED.items()
    }
    return {name: ids for name, ids in found.items() if ids}


def brought_by(
    unit: Unit,
    home: Customer,
    identities: Sequence[Identity],
    *,
    tickets: Iterable[int] = (),
    since: datetime | None = None,
    before: Collection[int] = (),
) -> Rows:
    """What stands at `home` because these addresses wrote: their tickets with all that hangs on them, their words.

    `tickets` are theirs in any case. With `since` only what has come since then, but nothing that the messages `before`
    began. What another address of `home` said in one of the tickets stays with `home`.
    """
    mine = {(one.kind, one.value) for one in identities}
    theirs = sorted({*_still_there(unit, home, tickets), *_opened_by(unit, home, mine, since, before)})
    visitors = _visitors(unit, home, mine)
    found = {
        "identities": sorted(one.pk for one in identities),
        "visitors": visitors,
        "contacts": _contacts(unit, home, mine),
        "tickets": theirs,
        "messages": _messages(unit, home, mine, theirs, since),
    }
    for name, table in OWNED.items():
        if name not in BY_ADDRESS:
            found[name] = _hanging_on(unit, home, table, theirs, visitors, since)
    return {name: ids for name, ids in found.items() if ids}


def move(unit: Unit, rows: Mapping[str, Sequence[int]], source: Customer, target: Customer) -> None:
    """Those of `rows` that stand at `source`."""
    for name, ids in rows.items():
        table = OWNED[name]
        for some in _slices(ids):
            unit.session.execute(
                update(table)
                .where(col(table.id).in_(some), col(table.customer_id) == source.pk)
                .values(customer_id=target.pk)
            )
            for below in FOLLOWING.get(name, ()):
                unit.session.execute(
                    update(below)
                    .where(col(below.order_id).in_(some), col(below.buyer_id) == source.pk)
                    .values(buyer_id=target.pk)
                )


def part_talks(unit: Unit, *customers: Customer) -> None:
    """Visitors who were talking in a ticket that is somebody else's now talk in none: their next words open one."""
    foreign = select(Ticket.id).where(
        col(Ticket.id) == col(Visitor.ticket_id), col(Ticket.customer_id) != col(Visitor.customer_id)
    )
    unit.session.execute(
        update(Visitor)
        .where(col(Visitor.customer_id).in_([one.pk for one in customers]), foreign.exists())
        .values(ticket_id=None)
        .execution_options(synchronize_session="fetch")
    )


def writer_of(channel: str, sender: Mapping[str, Any]) -> Address:
    """Under which identity a message was written."""
    kind = SPOKEN_AS.get(channel, channel)
    return kind, normalise(kind, str(sender.get("reply_to") or sender.get("address") or ""))


def _opened_by(
    unit: Unit, home: Customer, mine: Collection[Address], since: datetime | None, before: Collection[int]
) -> list[int]:
    """A ticket is as old as its writer's clock says; when its first message came in is our own."""
    here = select(Ticket.id).where(Ticket.customer_id == home.pk)
    firsts = (
        select(func.min(Message.id))
        .where(Message.direction == "in", col(Message.ticket_id).in_(here))
        .group_by(col(Message.ticket_id))
    )
    rows = unit.session.exec(
        select(Message.id, Message.ticket_id, Message.channel, Message.sender).where(
            col(Message.id).in_(firsts), *_since(Message, since)
        )
    )
    return [
        ticket
        for pk, ticket, channel, sender in rows
        if writer_of(channel, sender) in mine and pk not in before
    ]


def _still_there(unit: Unit, home: Customer, tickets: Iterable[int]) -> list[int]:
    found: list[int] = []
    for some in _slices(sorted(tickets)):
        rows = unit.session.exec(
            select(Ticket.id).where(Ticket.customer_id == home.pk, col(Ticket.id).in_(some))
        )
        found += [pk for pk in rows if pk is not None]
    return found


def _messages(
    unit: Unit, home: Customer, mine: Collection[Address], tickets: Collection[int], since: datetime | None
) -> list[int]:
    known = unit.session.exec(
        select(Identity.kind, Identity.value).where(Identity.customer_id == home.pk)
    ).all()
    others = set(known) - set(mine)
    columns: tuple[Any, ...] = (
        Message.id,
        Message.ticket_id,
        Message.direction,
        Message.channel,
        Message.sender,
    )
    rows = unit.session.execute(
        sqlalchemy.select(*columns).where(col(Message.customer_id) == home.pk, *_since(Message, since))
    )
    at = set(tickets)
    return sorted(
        pk
        for pk, ticket, direction, channel, sender in rows
        if _goes_along(direction, writer_of(channel, sender), mine, others, ticket in at)
    )


def _goes_along(
    direction: str, writer: Address, mine: Collection[Address], others: Collection[Address], inside: bool
) -> bool:
    if direction != "in":
        return inside
    return writer in mine or (inside and writer not in others)


def _visitors(unit: Unit, home: Customer, mine: Collection[Address]) -> list[int]:
    keys = [value for kind, value in mine if kind == "chat"]
    if not keys:
        return []
    rows = unit.session.exec(
        select(Visitor.id).where(Visitor.customer_id == home.pk, col(Visitor.key).in_(keys))
    )
    return sorted(pk for pk in rows if pk is not None)


def _contacts(unit: Unit, home: Customer, mine: Collection[Address]) -> list[int]:
    rows = unit.session.exec(
        select(Contact.id, ChannelAccount.kind, Contact.address)
        .join(ChannelAccount, col(ChannelAccount.id) == col(Contact.account_id))
        .where(Contact.customer_id == home.pk)
    )
    return sorted(
        pk
        for pk, channel, address in rows
        if pk is not None and writer_of(channel, {"address": address}) in mine
    )


def _hanging_on(
    unit: Unit,
    home: Customer,
    table: Any,
    tickets: Sequence[int],
    visitors: Sequence[int],
    since: datetime | None,
) -> list[int]:
    found: list[int] = []
    for column, ids in (("ticket_id", tickets), ("visitor_id", visitors)):
        if column not in table.model_fields:
            continue
        for some in _slices(ids):
            on = col(getattr(table, column)).in_(some)
            rows = select(table.id).where(on, table.customer_id == home.pk, *_since(table, since))
            found += unit.session.exec(rows)
    return sorted(set(found))


def _since(table: Any, since: datetime | None) -> tuple[ColumnElement[bool], ...]:
    return () if since is None or "created_at" not in table.model_fields else (table.created_at >= since,)


def _slices(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[at : at + AT_ONCE] for at in range(0, len(ids), AT_ONCE))
