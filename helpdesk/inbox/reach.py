"""A ticket, customer or delivery named by a URL, if the agent may see it; otherwise it is not there."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Select, bindparam, select
from sqlmodel import col

from helpdesk.access import Access
from helpdesk.customers.merge import root
from helpdesk.errors import NotFound
from helpdesk.models import Agent, Brand, ChannelAccount, Customer, Delivery, Message, Ticket
from helpdesk.people.colleagues import list_colleagues as list_colleagues
from helpdesk.store.db import Unit

Named = TypeVar("Named", Ticket, Customer, Delivery, Message)


def get_ticket(unit: Unit, access: Access, key: str, *, around: bool = False) -> Ticket:
    """With `around` its customer, brand and account are read in the same statement and cost nothing later."""
    return _get(unit, access, Ticket, key, _ticket_and_around() if around else None)


def get_customer(unit: Unit, access: Access, key: str) -> Customer:
    """Who was merged into somebody is found as who they are now."""
    return root(unit, _get(unit, access, Customer, key))


def get_delivery(unit: Unit, access: Access, key: str) -> Delivery:
    return _get(unit, access, Delivery, key)


def get_message(unit: Unit, access: Access, key: str) -> Message:
    return _get(unit, access, Message, key)


def find_colleague(unit: Unit, brand_id: int, key: str) -> Agent | None:
    return next((agent for agent in list_colleagues(unit, brand_id) if agent.key == key), None)


def _get(unit: Unit, access: Access, kind: type[Named], key: str, wanted: Select[Any] | None = None) -> Named:
    named = {"key": key, "brands": access.brand_ids}
    statement = _named(kind) if wanted is None else wanted
    found: Named | None = unit.session.scalars(statement, named).first()
    if found is None:
        raise NotFound("nothing is here, or it belongs to a brand that you may not see")
    return found


@cache
def _named(kind: type[Any]) -> Select[Any]:
    return select(kind).where(
        col(kind.key) == bindparam("key"), col(kind.brand_id).in_(bindparam("brands", expanding=True))
    )


@cache
def _ticket_and_around() -> Select[Any]:
    rows: tuple[Any, ...] = (Ticket, Customer, Brand, ChannelAccount)
    return (
        select(*rows)
        .join(Customer, col(Customer.id) == col(Ticket.customer_id))
        .join(Brand, col(Brand.id) == col(Ticket.brand_id))
        .outerjoin(ChannelAccount, col(ChannelAccount.id) == col(Ticket.account_id))
        .where(
            col(Ticket.key) == bindparam("key"),
            col(Ticket.brand_id).in_(bindparam("brands", expanding=True)),
        )
    )
