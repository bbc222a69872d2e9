"""Two customers side by side, before they become one: what each is called, and what each would bring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ScalarSelect, func, select
from sqlmodel import col

from helpdesk.customers.identify import list_identities
from helpdesk.customers.particulars import FIELDS, combined
from helpdesk.models import Customer, Identity, Message, Order, PointsEntry, Status, Ticket
from helpdesk.store.db import Unit

COUNTED: Mapping[str, tuple[Any, tuple[Any, ...]]] = {
    "tickets": (Ticket, (col(Ticket.status) != Status.MERGED,)),
    "messages": (Message, ()),
    "orders": (Order, ()),
    "points_entries": (PointsEntry, ()),
}


@dataclass(frozen=True, slots=True)
class Side:
    """`counts` says how many of each would move."""

    customer: Customer
    identities: tuple[Identity, ...]
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Field:
    """`usual` is what it becomes when nobody chooses: `source`, `target` or, for a note, `both`."""

    name: str
    source: Any
    target: Any
    together: Any
    usual: str

    @property
    def same(self) -> bool:
        return bool(self.source == self.target)


@dataclass(frozen=True, slots=True)
class Comparison:
    source: Side
    target: Side
    fields: tuple[Field, ...]


def compare(unit: Unit, source: Customer, target: Customer) -> Comparison:
    usual = combined(source, target)
    fields = (_field(name, getattr(source, name), getattr(target, name), usual[name]) for name in FIELDS)
    return Comparison(_side(unit, source), _side(unit, target), tuple(fields))


def chosen(comparison: Comparison, picked: Mapping[str, str]) -> dict[str, Any]:
    """The values of the sides that were picked, by field: `source`, `target` or `both`."""
    found = {}
    for one in comparison.fields:
        values = {"source": one.source, "target": one.target, "both": one.together}
        if picked.get(one.name) in values:
            found[one.name] = values[picked[one.name]]
    return found


def _field(name: str, source: Any, target: Any, together: Any) -> Field:
    usual = "target" if together == target else "source" if together == source else "both"
    return Field(name, source, target, together, usual)


def _side(unit: Unit, customer: Customer) -> Side:
    counts = unit.session.execute(select(*(_count(name, customer) for name in COUNTED))).one()
    return Side(
        customer, tuple(list_identities(unit, customer.pk)), dict(zip(COUNTED, map(int, counts), strict=True))
    )


def _count(name: str, customer: Customer) -> ScalarSelect[int]:
    table, where = COUNTED[name]
    counted = select(func.count(col(table.id))).where(col(table.customer_id) == customer.pk, *where)
    return counted.scalar_subquery()
