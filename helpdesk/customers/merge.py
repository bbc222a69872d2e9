"""Two customers turn out to be one person, and perhaps later that they are not: everything moves, and moves back.

Who is merged into whom is a forest: a row stands at the root above the customer it came from. A merge remembers what
it moved, so that taking it back returns exactly that, wherever later merges have carried it, and with it what the
returning addresses have brought since.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func
from sqlmodel import col, select

from helpdesk.customers import belongings, particulars, told
from helpdesk.customers.belongings import OWNED as OWNED
from helpdesk.errors import Conflict, Invalid, NotFound
from helpdesk.i18n import lazy
from helpdesk.models import Agent, Customer, CustomerMerge, Identity, Order, PointsEntry
from helpdesk.store.db import Unit

UNDO_FOR = timedelta(days=90)
SPLIT = "split"  # the reason of what was never merged by anybody: an address taken off and put back


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
    hold(unit, source, target)
    require_apart(source, target)
    moved = belongings.all_of(unit, source)
    belongings.move(unit, moved, source, target)
    done = CustomerMerge(
        brand_id=target.brand_id,
        source_id=source.pk,
        target_id=target.pk,
        agent_id=by.pk if by else None,
        reason=reason,
        moved=moved,
        fields=particulars.take(source, target, fields or {}),
        created_at=unit.now,
    )
    source.merged_into_id = target.pk
    target.several_ways = True
    target.last_seen_at = _later(source.last_seen_at, target.last_seen_at)
    unit.session.add(done)
    unit.session.flush()
    recount(unit, source, target)
    told.tell(unit, "customers_merged", target, source, by=by, of=done)
    return done


def undo(unit: Unit, done: CustomerMerge, *, by: Agent | None) -> Customer:
    """The source stands by itself again, with all that was its own and what its addresses have brought since.

    Raises Conflict when it was undone before, Invalid after 90 days.
    """
    source = unit.session.get_one(Customer, done.source_id)
    home = hold_home(unit, unit.session.get_one(Customer, done.target_id), source)
    unit.session.refresh(done, with_for_update=True)
    require_undoable(unit, done)
    back = returning(unit, done, home)
    belongings.move(unit, back, home, source)
    belongings.part_talks(unit, source, home)
    forget(unit, above(unit, unit.session.get_one(Customer, done.target_id)), back)
    source.merged_into_id = None
    done.undone_at, done.undone_by_id = unit.now, by.pk if by else None
    unit.session.flush()
    refill(unit, unit.session.get_one(Customer, done.target_id), gone=done)
    recount(unit, source, home)
    told.tell(unit, "customers_parted", home, source, by=by, of=done)
    return source


def returning(unit: Unit, done: CustomerMerge, home: Customer) -> belongings.Rows:
    """What an undoing of this merge would take from `home`."""
    ids = done.moved.get("identities", ())
    identities = unit.session.exec(
        select(Identity).where(col(Identity.id).in_(ids), Identity.customer_id == home.pk)
    ).all()
    tickets = done.moved.get("tickets", ())
    before = frozenset(done.moved.get("messages", ()))
    since = belongings.brought_by(
        unit, home, identities, tickets=tickets, since=done.created_at, before=before
    )
    names = (*done.moved, *since)
    return {
        name: sorted({*done.moved.get(name, ()), *since.get(name, ())})
        for name in OWNED
        if name in names and name != "identities"
    } | {"identities": sorted(ids)}


def root(unit: Unit, customer: Customer) -> Customer:
    """Under whom a customer is found today."""
    return _way_up(unit, customer)[-1]


def members(unit: Unit, customer: Customer) -> list[Customer]:
    """The customer and everybody who is merged into them, also by way of others."""
    found = [customer]
    while below := unit.session.exec(
        select(Customer).where(
            col(Customer.merged_into_id).in_([one.pk for one in found]),
            col(Customer.id).not_in([one.pk for one in found]),
        )
    ).all():
        found += below
    return found


def above(unit: Unit, customer: Customer) -> list[CustomerMerge]:
    """The merges that have carried a customer's own to where it stands, nearest first."""
    found = []
    while customer.merged_into_id is not None:
        active = select(CustomerMerge).where(
            CustomerMerge.source_id == customer.pk, col(CustomerMerge.undone_at).is_(None)
        )
        found.append(unit.session.exec(active).one())
        customer = unit.session.get_one(Customer, customer.merged_into_id)
    return found


def list_merges(unit: Unit, customer: Customer) -> list[CustomerMerge]:
    """What stands merged into this customer, newest first."""
    active = select(CustomerMerge).where(
        CustomerMerge.target_id == customer.pk, col(CustomerMerge.undone_at).is_(None)
    )
    return list(
        unit.session.exec(active.order_by(col(CustomerMerge.created_at).desc(), col(CustomerMerge.id).desc()))
    )


def get_merge(unit: Unit, brand_ids: Sequence[int], key: str) -> CustomerMerge:
    found = unit.session.exec(
        select(CustomerMerge).where(CustomerMerge.key == key, col(CustomerMerge.brand_id).in_(brand_ids))
    ).first()
    if found is None:
        raise NotFound(lazy("this merge is not there"))
    return found


def require_apart(source: Customer, target: Customer) -> None:
    if source.pk == target.pk:
        raise Invalid(lazy("this is the same customer; choose another"), field="customer")
    if source.brand_id != target.brand_id:
        raise Invalid(lazy("customers of two brands stay apart"), field="customer")
    if source.merged_into_id is not None or target.merged_into_id is not None:
        raise Invalid(lazy("one of the two was merged before; open the customer again"), field="customer")


def require_undoable(unit: Unit, done: CustomerMerge) -> None:
    if done.undone_at is not None:
        raise Conflict(lazy("this merge was undone before"))
    if unit.now - done.created_at > UNDO_FOR:
        raise Invalid(lazy("a merge can be undone for 90 days"))


def forget(unit: Unit, merges: Sequence[CustomerMerge], rows: Mapping[str, Sequence[int]]) -> None:
    """These merges no longer carry these rows."""
    for done in merges:
        left = {name: sorted({*ids} - {*rows.get(name, ())}) for name, ids in done.moved.items()}
        done.moved = {name: ids for name, ids in left.items() if ids}


def carry(merges: Sequence[CustomerMerge], rows: Mapping[str, Sequence[int]]) -> None:
    """These merges have carried these rows as well."""
    for done in merges:
        names = {*done.moved, *rows}
        done.moved = {name: sorted({*done.moved.get(name, ()), *rows.get(name, ())}) for name in names}


def fetch_strays(unit: Unit, customer: Customer) -> None:
    """What was written for a customer at the moment of the merge goes where the rest has gone."""
    home = hold_home(unit, customer)
    rows = belongings.all_of(unit, customer)
    if home is customer or not rows:
        return
    belongings.move(unit, rows, customer, home)
    carry(above(unit, customer), rows)
    recount(unit, customer, home)
    unit.tell("customers_merged", home.brand_id, customer=home.pk)


def refill(unit: Unit, customer: Customer, *, gone: CustomerMerge | None = None) -> None:
    """What the customer, and whoever stands above, is called by those who are merged into them now."""
    at: Customer | None = customer
    while at is not None:
        standing = list_merges(unit, at)
        sources = {one.source_id: unit.session.get_one(Customer, one.source_id) for one in standing}
        particulars.settle(at, standing, sources, gone)
        at = unit.session.get(Customer, at.merged_into_id) if at.merged_into_id else None
        gone = None


def recount(unit: Unit, *customers: Customer) -> None:
    """Sums that stand in the customer's own row, from what is theirs now."""
    for customer in customers:
        points = select(func.coalesce(func.sum(col(PointsEntry.amount)), 0)).where(
            PointsEntry.customer_id == customer.pk
        )
        kept = case((col(Order.cancelled_at).is_(None), col(Order.total)), else_=0)
        bought = select(func.coalesce(func.sum(kept), 0), func.count()).where(
            Order.customer_id == customer.pk
        )
        customer.points = int(unit.session.exec(points).one())
        customer.spent, customer.orders_count = map(int, unit.session.exec(bought).one())


def hold(unit: Unit, *customers: Customer) -> None:
    """In one order, so that two merges at once never wait for each other."""
    unit.session.flush()
    for pk in sorted({one.pk for one in customers}):
        unit.session.get_one(Customer, pk, with_for_update=True, populate_existing=True)


def hold_home(unit: Unit, customer: Customer, *others: Customer) -> Customer:
    """The root above a customer, held with the whole way to it: nobody is merged or parted there meanwhile."""
    while True:
        way = _way_up(unit, customer)
        hold(unit, *way, *others)
        if way == _way_up(unit, customer):
            return way[-1]


def _way_up(unit: Unit, customer: Customer) -> list[Customer]:
    way = [customer]
    while (up := way[-1].merged_into_id) is not None:
        way.append(unit.session.get_one(Customer, up))
    return way


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(filter(None, (one, other)), default=None)
