"""Tickets and customers by what has a name of its own: people, addresses, orders, parcels, tags, numbers.

Every lookup begins at an index and is bounded; words inside of messages are `store.search`'s.
"""

from __future__ import annotations

import json
import re
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, or_, select, union_all
from sqlmodel import col

from helpdesk.access import Access
from helpdesk.models import Customer, Identity, Order, Shipment, Tag, Ticket, TicketTag
from helpdesk.store.db import Unit

MOST_CUSTOMERS, MOST_TICKETS, MOST_READ = 100, 300, 2_000
KINDS = (
    "email",
    "phone",
    "line",
    "instagram",
    "messenger",
    "whatsapp",
    "x",
    "telegram",
    "shop",
)  # the index begins with them
_NUMBER = re.compile(r"[#＃]?(\d{1,9})")
_LAST = "\U0010ffff"
NOW = func.coalesce(col(Customer.merged_into_id), col(Customer.id))  # whose everything is


def list_named(unit: Unit, access: Access, said: str) -> list[int]:
    """The newest tickets of the customers, the order, the parcel, the tag or the number of this name."""
    pk, brand = col(Ticket.id), col(Ticket.brand_id).in_(access.brand_ids)
    arms = [select(pk).where(col(Ticket.customer_id).in_(find_customers(access, said, inside=False)))]
    if (buyers := _of_parcel(access, said)) is not None:
        arms.append(select(pk).where(col(Ticket.customer_id).in_(buyers)))
    if number := _NUMBER.fullmatch(said):
        arms.append(select(pk).where(brand, col(Ticket.number) == int(number[1])))
    arms.append(_tagged(access, said))
    some = (arm.limit(MOST_READ).subquery() for arm in arms)
    every = union_all(*(select(*one.c) for one in some)).subquery().c[0]
    newest = select(every).distinct().where(every.is_not(None)).order_by(every.desc()).limit(MOST_TICKETS)
    return [pk for (pk,) in unit.rows(newest)]


def find_customers(access: Access, said: str, *, orders: bool = True, inside: bool = True) -> Select[int]:
    """Ids of customers by the beginning of a name or an address, or by an order number.

    With `inside` also by what stands inside of a name: that reads every name. Who was merged into somebody is found
    as that one.
    """
    address, number = said.lower().lstrip("@"), said.upper().lstrip("#")
    ways: list[Select[int | None]] = [
        select(NOW).where(
            col(Customer.brand_id).in_(access.brand_ids),
            or_(*(_begins(col(Customer.name), one) for one in dict.fromkeys((said, said.title())))),
        ),
        select(col(Identity.customer_id)).where(
            col(Identity.brand_id).in_(access.brand_ids),
            col(Identity.kind).in_(KINDS),
            _begins(col(Identity.value), address),
        ),
    ]
    if inside:
        ways.append(
            select(NOW).where(
                col(Customer.brand_id).in_(access.brand_ids),
                col(Customer.name).contains(said, autoescape=True),
            )
        )
    if orders:
        ways.append(
            select(col(Order.customer_id)).where(
                col(Order.brand_id).in_(access.brand_ids), _begins(col(Order.number), number)
            )
        )
    some = [way.limit(MOST_CUSTOMERS).subquery() for way in ways]
    return select(union_all(*(select(*one.c) for one in some)).subquery().c[0])


def find_buyers(access: Access, said: str) -> Select[int]:
    """Ids of customers with an order of this number, or of one that begins so."""
    number = said.upper().lstrip("#")
    return (
        select(col(Order.customer_id))
        .where(col(Order.brand_id).in_(access.brand_ids), _begins(col(Order.number), number))
        .limit(MOST_CUSTOMERS)
    )


def _of_parcel(access: Access, said: str) -> Select[int] | None:
    number = said.replace("-", "").strip()
    if len(number) < 8 or not number.isalnum():
        return None
    return (
        select(col(Order.customer_id))
        .join(Shipment, col(Shipment.order_id) == col(Order.id))
        .where(
            col(Shipment.brand_id).in_(access.brand_ids),
            or_(*(_begins(col(Shipment.tracking_number), one) for one in dict.fromkeys((said, number)))),
        )
        .limit(MOST_CUSTOMERS)
    )


def _tagged(access: Access, said: str) -> Select[int]:
    """With a tag of exactly this name, or this label in any language."""
    labels = cast(col(Tag.labels), String)
    written = {f'"{said}"', json.dumps(said), f'"{said.capitalize()}"'}
    named = or_(
        col(Tag.name) == said.lower(), *(labels.contains(one, autoescape=True) for one in sorted(written))
    )
    tags = select(col(Tag.id)).where(and_(col(Tag.brand_id).in_(access.brand_ids), named))
    return (
        select(col(TicketTag.ticket_id))
        .where(col(TicketTag.tag_id).in_(tags))
        .order_by(col(TicketTag.tag_id).desc(), col(TicketTag.ticket_id).desc())
    )


def _begins(column: Any, said: str) -> ColumnElement[bool]:
    between: ColumnElement[bool] = column.between(said, said + _LAST)
    return between
