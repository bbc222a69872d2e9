"""Two customers turn out to be one person, and perhaps later that they are not: everything moves, and moves back.

Who is merged into whom is a forest: a row stands at the root above the customer it came from. A merge remembers what
it moved, so that taking it back returns exactly that, wherever later merges have carried it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import func, update
from sqlmodel import col, select

from helpdesk.errors import Conflict, Invalid, NotFound
from helpdesk.i18n import lazy
from helpdesk.models import (
    Agent,
    Contact,
    Customer,
    CustomerMerge,
    Event,
    Identity,
    Message,
    Order,
    PointsEntry,
    PointsRequest,
    Ticket,
    Visitor,
)
from helpdesk.store.db import Unit

OWNED: Mapping[str, Any] = {
    table.__tablename__: table
    for table in (Ticket, Message, Event, Order, PointsEntry, PointsRequest, Visitor, Contact, Identity)
}
FIELDS = ("name", "language", "tier", "vip", "region", "note")
UNDO_FOR = timedelta(days=90)
AT_ONCE = 500  # ids in one statement


def merge(
    unit: Unit,
    source: Customer,
    target: Customer,
    *,
    by: Agent | None,
    fields: Mapping[str, Any] | None = None,
    reason: str = "by_hand",
) -> CustomerMerge:
    """Everything of `source` becomes `target`'s; `fields` are what the target is called from now on.

    Raises Invalid for one and the same, another brand's or somebody merged before, who stands elsewhere now.
    """
    _hold(unit, source, target)
    _require_apart(source, target)
    chosen = _chosen(source, target, fields)
    done = CustomerMerge(
        brand_id=target.brand_id,
        source_id=source.pk,
        target_id=target.pk,
        agent_id=by.pk if by else None,
        reason=reason,
        moved=_move_all(unit, source, target),
        fields={name: [getattr(target, name), value] for name, value in chosen.items()},
        created_at=unit.now,
    )
    for name, value in chosen.items():
        setattr(target, name, value)
    source.merged_into_id = target.pk
    unit.session.add(done)
    unit.session.flush()
    recount(unit, source, target)
    unit.tell("customers_merged", target.brand_id, customer=target.pk)
    return done


def undo(unit: Unit, done: CustomerMerge, *, by: Agent | None) -> Customer:
    """The source stands by itself again, with all that was its own and what its addresses have brought since.

    Raises Conflict when it was undone before, Invalid after 90 days.
    """
    source = unit.session.get_one(Customer, done.source_id)
    home = root(unit, unit.session.get_one(Customer, done.target_id))
    _hold(unit, source, home)
    if done.undone_at is not None:
        raise Conflict(lazy("this merge was undone before"))
    if unit.now - done.created_at > UNDO_FOR:
        raise Invalid(lazy("a merge can be undone for 90 days"))
    back = {name: [*done.moved.get(name, ()), *_since(unit, done, home, name)] for name in OWNED}
    for name, ids in back.items():
        _move(unit, name, ids, home, source)
    _forget_above(unit, done, back)
    target = unit.session.get_one(Customer, done.target_id)
    for name, (before, after) in done.fields.items():
        if getattr(target, name) == after:  # somebody may have corrected it meanwhile
            setattr(target, name, before)
    source.merged_into_id = None
    done.undone_at, done.undone_by_id = unit.now, by.pk if by else None
    unit.session.flush()
    recount(unit, source, home)
    unit.tell("customers_parted", done.brand_id, customer=home.pk)
    return source


def root(unit: Unit, customer: Customer) -> Customer:
    """Under whom a customer is found today."""
    while customer.merged_into_id is not None:
        customer = unit.session.get_one(Customer, customer.merged_into_id)
    return customer


def get_merge(unit: Unit, brand_ids: Sequence[int], key: str) -> CustomerMerge:
    found = unit.session.exec(
        select(CustomerMerge).where(CustomerMerge.key == key, col(CustomerMerge.brand_id).in_(brand_ids))
    ).first()
    if found is None:
        raise NotFound(lazy("this merge is not there"))
    return found


def list_merges(unit: Unit, customer: Customer) -> list[CustomerMerge]:
    """What stands merged into this customer, newest first."""
    active = select(CustomerMerge).where(
        CustomerMerge.target_id == customer.pk, col(CustomerMerge.undone_at).is_(None)
    )
    return list(unit.session.exec(active.order_by(col(CustomerMerge.id).desc())))


def recount(unit: Unit, *customers: Customer) -> None:
    """Sums that stand in the customer's own row, from what is theirs now."""
    for customer in customers:
        points = select(func.coalesce(func.sum(col(PointsEntry.amount)), 0)).where(
            PointsEntry.customer_id == customer.pk
        )
        bought = select(func.coalesce(func.sum(col(Order.total)), 0), func.count()).where(
            Order.customer_id == customer.pk, col(Order.cancelled_at).is_(None)
        )
        customer.points = int(unit.session.exec(points).one())
        customer.spent, customer.orders_count = map(int, unit.session.exec(bought).one())


def _hold(unit: Unit, *customers: Customer) -> None:
    """In one order, so that two merges at once never wait for each other."""
    for pk in sorted(one.pk for one in customers):
        unit.session.get_one(Customer, pk, with_for_update=True, populate_existing=True)


def _require_apart(source: Customer, target: Customer) -> None:
    if source.pk == target.pk:
        raise Invalid(lazy("this is the same customer; choose another"), field="customer")
    if source.brand_id != target.brand_id:
        raise Invalid(lazy("customers of two brands stay apart"), field="customer")
    if source.merged_into_id is not None or target.merged_into_id is not None:
        raise Invalid(lazy("one of the two was merged before; open the customer again"), field="customer")


def _chosen(source: Customer, target: Customer, fields: Mapping[str, Any] | None) -> dict[str, Any]:
    """Unless somebody chose: the target's own words, where it has none the source's; nobody stops being a VIP."""
    own = {name: getattr(target, name) or getattr(source, name) for name in FIELDS}
    own["note"] = "\n".join(filter(None, dict.fromkeys((target.note, source.note))))
    wanted = own | {name: value for name, value in (fields or {}).items() if name in FIELDS}
    return {name: value for name, value in wanted.items() if value != getattr(target, name)}


def _move_all(unit: Unit, source: Customer, target: Customer) -> dict[str, list[int]]:
    moved: dict[str, list[int]] = {}
    for name, table in OWNED.items():
        ids = list(unit.session.exec(select(table.id).where(table.customer_id == source.pk)))
        if ids:
            _move(unit, name, ids, source, target)
            moved[name] = sorted(ids)
    return moved


def _move(unit: Unit, name: str, ids: Sequence[int], source: Customer, target: Customer) -> None:
    """Those of `ids` that stand at `source`."""
    table = OWNED[name]
    for at in range(0, len(ids), AT_ONCE):
        unit.session.execute(
            update(table)
            .where(col(table.id).in_(ids[at : at + AT_ONCE]), col(table.customer_id) == source.pk)
            .values(customer_id=target.pk)
        )


def _since(unit: Unit, done: CustomerMerge, home: Customer, name: str) -> list[int]:
    """What the returning addresses have brought since the merge: their tickets, and what stands in these."""
    identities = done.moved.get("identities", ())
    if not identities or name not in ("tickets", "messages", "events"):
        return []
    mine = {
        (one.kind, one.value)
        for one in unit.session.exec(select(Identity).where(col(Identity.id).in_(identities)))
    }
    new = unit.session.exec(
        select(Ticket).where(Ticket.customer_id == home.pk, col(Ticket.created_at) >= done.created_at)
    ).all()
    tickets = [one.pk for one in new if _opened_by(unit, one) & mine]
    if name == "tickets" or not tickets:
        return tickets
    table = OWNED[name]
    return list(unit.session.exec(select(table.id).where(col(table.ticket_id).in_(tickets))))


def _opened_by(unit: Unit, ticket: Ticket) -> set[tuple[str, str]]:
    first = unit.session.exec(
        select(Message)
        .where(Message.ticket_id == ticket.pk, Message.direction == "in")
        .order_by(col(Message.id))
    ).first()
    if first is None:
        return set()
    address = str(first.sender.get("reply_to") or first.sender.get("address") or "")
    kind = {"chat": "chat", "sms": "phone", "call": "phone"}.get(first.channel, first.channel)
    return {(kind, address.lower() if kind == "email" else address)}


def _forget_above(unit: Unit, done: CustomerMerge, back: Mapping[str, Sequence[int]]) -> None:
    """Later merges have carried these rows on: they no longer do."""
    customer = unit.session.get_one(Customer, done.target_id)
    while customer.merged_into_id is not None:
        above = unit.session.exec(
            select(CustomerMerge).where(
                CustomerMerge.source_id == customer.pk, col(CustomerMerge.undone_at).is_(None)
            )
        ).one()
        above.moved = {
            name: kept
            for name, ids in above.moved.items()
            if (kept := sorted(set(ids) - set(back.get(name, ()))))
        }
        customer = unit.session.get_one(Customer, customer.merged_into_id)
