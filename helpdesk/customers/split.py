"""One of a customer's addresses is somebody else's: it becomes a customer with what it has brought, or goes back.

It is kept as a merge that was undone at once: putting the address back makes that merge stand.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlmodel import col, select

from helpdesk.customers import belongings, told
from helpdesk.customers.belongings import Rows
from helpdesk.customers.identify import clean_name, list_identities
from helpdesk.customers.merge import (
    SPLIT,
    above,
    carry,
    forget,
    hold,
    hold_home,
    list_merges,
    members,
    recount,
    refill,
)
from helpdesk.customers.particulars import take
from helpdesk.errors import Conflict, Invalid
from helpdesk.i18n import lazy
from helpdesk.models import (
    Agent,
    Contact,
    Customer,
    CustomerMerge,
    Identity,
    Message,
    Order,
    PointsEntry,
)
from helpdesk.store.db import Unit


@dataclass(frozen=True, slots=True)
class Plan:
    """What would go along with an address: `rows` by themselves, of `orders` those that somebody chooses.

    `came_by` is the merge that brought the address, if it is the only one that this merge brought: undoing it is
    the better way.
    """

    identity: Identity
    rows: Rows
    orders: Sequence[Order]
    came_by: CustomerMerge | None


def plan_split(unit: Unit, customer: Customer, identity: Identity) -> Plan:
    """Raises Invalid when the customer is known by nothing else."""
    _require_others(unit, customer, identity)
    orders = unit.session.exec(
        select(Order).where(Order.customer_id == customer.pk).order_by(col(Order.placed_at).desc())
    ).all()
    came_by = _brought(unit, customer, identity)
    alone = came_by is not None and came_by.moved.get("identities") == [identity.pk]
    return Plan(
        identity, belongings.brought_by(unit, customer, [identity]), orders, came_by if alone else None
    )


def split_off(
    unit: Unit, customer: Customer, identity: Identity, *, by: Agent | None, orders: Collection[int] = ()
) -> CustomerMerge:
    """A customer of its own for the address. `orders` that are theirs go along, with the points for them."""
    hold(unit, customer)
    unit.session.refresh(identity)
    _require_others(unit, customer, identity)
    came_by = _brought(unit, customer, identity)
    new = _new(unit, customer, identity)
    hold(unit, new)
    rows = _with_orders(unit, customer, belongings.brought_by(unit, customer, [identity]), orders)
    belongings.move(unit, rows, customer, new)
    belongings.part_talks(unit, customer, new)
    forget(unit, [done for one in members(unit, customer) for done in list_merges(unit, one)], rows)
    done = CustomerMerge(
        brand_id=customer.brand_id,
        source_id=new.pk,
        target_id=came_by.source_id if came_by else customer.pk,
        agent_id=by.pk if by else None,
        reason=SPLIT,
        moved=rows,
        created_at=unit.now,
        undone_at=unit.now,
        undone_by_id=by.pk if by else None,
    )
    unit.session.add(done)
    unit.session.flush()
    recount(unit, customer, new)
    told.tell(unit, "customer_split", customer, new, by=by, of=done)
    return done


def put_back(unit: Unit, done: CustomerMerge, *, by: Agent | None) -> Customer:
    """The address and all that is its customer's stand where they stood before the splitting. Returns who has them.

    Raises Conflict when they were joined otherwise since.
    """
    new = unit.session.get_one(Customer, done.source_id)
    below = unit.session.get_one(Customer, done.target_id)
    home = hold_home(unit, below, new)
    unit.session.refresh(done, with_for_update=True)
    if done.reason != SPLIT or done.undone_at is None or new.merged_into_id is not None or home is new:
        raise Conflict(lazy("this address has been joined with a customer since; open it again"))
    rows = belongings.all_of(unit, new)
    belongings.move(unit, rows, new, home)
    carry(above(unit, below), rows)
    done.moved, done.fields = rows, take(new, below, {})
    done.created_at, done.undone_at, done.undone_by_id = unit.now, None, None
    done.agent_id = by.pk if by else None
    new.merged_into_id = below.pk
    unit.session.flush()
    if below is not home:
        refill(unit, unit.session.get_one(Customer, below.merged_into_id or home.pk))
    recount(unit, new, home)
    told.tell(unit, "customers_merged", home, new, by=by, of=done)
    return home


def _require_others(unit: Unit, customer: Customer, identity: Identity) -> None:
    if identity.customer_id != customer.pk:
        raise Invalid(lazy("this address is not the customer's any more; reload the page"), field="identity")
    if len(list_identities(unit, customer.pk)) < 2:
        raise Invalid(lazy("the customer is known by nothing else"), field="identity")


def _brought(unit: Unit, customer: Customer, identity: Identity) -> CustomerMerge | None:
    """The merge nearest to where the address came from."""
    found: CustomerMerge | None = None
    at = customer
    while step := next(
        (one for one in list_merges(unit, at) if identity.pk in one.moved.get("identities", ())), None
    ):
        found, at = step, unit.session.get_one(Customer, step.source_id)
    return found


def _new(unit: Unit, customer: Customer, identity: Identity) -> Customer:
    new = Customer(
        brand_id=customer.brand_id,
        name=_name(unit, customer, identity),
        language=customer.language,
        created_at=identity.created_at,
        last_seen_at=customer.last_seen_at,
    )
    unit.session.add(new)
    unit.session.flush()
    return new


def _name(unit: Unit, customer: Customer, identity: Identity) -> str:
    """As they call themselves at that address."""
    contact = unit.session.exec(
        select(Contact.name).where(
            Contact.customer_id == customer.pk, Contact.address == identity.value, Contact.name != ""
        )
    ).first()
    if contact:
        return contact
    said = unit.session.exec(
        select(Message.channel, Message.sender)
        .where(Message.customer_id == customer.pk, Message.direction == "in")
        .order_by(col(Message.id).desc())
        .limit(200)
    )
    theirs = (
        sender for channel, sender in said if belongings.writer_of(channel, sender) == _address(identity)
    )
    return clean_name(next((str(one["name"]) for one in theirs if one.get("name")), ""))


def _address(identity: Identity) -> belongings.Address:
    return identity.kind, identity.value


def _with_orders(unit: Unit, customer: Customer, rows: Rows, orders: Collection[int]) -> Rows:
    """Points that were earned or given for these orders are theirs too."""
    if not orders:
        return rows
    theirs = unit.session.exec(
        select(Order.id).where(Order.customer_id == customer.pk, col(Order.id).in_(orders))
    ).all()
    points = unit.session.exec(
        select(PointsEntry.id).where(
            PointsEntry.customer_id == customer.pk, col(PointsEntry.order_id).in_(theirs)
        )
    )
    found = {"orders": theirs, "points_entries": [*rows.get("points_entries", ()), *points]}
    return rows | {name: sorted({one for one in ids if one}) for name, ids in found.items() if ids}
