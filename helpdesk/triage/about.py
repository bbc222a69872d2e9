"""What a ticket is about, from its customer's own words: which of their orders, and which of the shop's goods.

An order named by its number or by its parcel's is taken before the customer's last open one; what an agent put
aside is not taken again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

import sqlalchemy
from sqlalchemy import bindparam
from sqlmodel import col

from helpdesk.channels.incoming import Incoming
from helpdesk.commerce import order_numbers, orders, parcel_numbers
from helpdesk.commerce.spelling import plain
from helpdesk.models import Event, Order, Shipment, Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets import order as linking
from helpdesk.tickets import tag
from helpdesk.triage import catalogue, goods, learn

OWN = 60  # newest orders of a customer that are compared in every spelling
OPEN = ("placed", "shipped")
BY_AGENTS = ("order_linked", "order_unlinked", "undone")


def read(unit: Unit, ticket: Ticket, text: str) -> None:
    """After a customer's message, before it is ranked: the ticket's order and goods follow its words."""
    link_order(unit, ticket, text)
    name_goods(unit, ticket, text)


def words_of(incoming: Incoming) -> str:
    """What the customer wrote now, below its subject; never the quoted history."""
    return f"{incoming.subject}\n{incoming.reply or incoming.text}"


def link_order(unit: Unit, ticket: Ticket, text: str) -> None:
    """The customer's order that the text names; where it names none and nobody has decided, their last open one."""
    own = unit.rows(_own(), {"customer": ticket.customer_id})
    if not own:
        return
    decided, aside = _decided(unit, ticket) if ticket.messages_count > 1 else (False, set[int]())
    pk = _named(unit, ticket, text, own, aside)
    if pk is None and ticket.order_id is None and not decided:
        pk = next((row.id for row in own if row.state in OPEN), None)
    if pk is not None and pk != ticket.order_id:
        _link(unit, ticket, unit.session.get_one(Order, pk))


def name_goods(unit: Unit, ticket: Ticket, text: str) -> None:
    """The product category that the words name, as the ticket's own and as a tag that agents may take off."""
    named = categories(unit, ticket.brand_id, text)
    if not named:
        return
    refused = learn.list_refused(unit, ticket) if ticket.messages_count > 1 else set[str]()
    kept = [one for one in named if tag_of(one) not in refused]
    for one in kept:
        _tag(unit, ticket, one)
    if kept:
        ticket.category = kept[0][:80]


def categories(unit: Unit, brand_id: int, text: str) -> tuple[str, ...]:
    """Product categories that a text names, likeliest first."""
    return goods.find(text, catalogue.of_brand(unit, brand_id)).categories


def tag_of(category: str) -> str:
    """The stable name of a category's tag."""
    kept = "".join(one if one.isalnum() or one in " &.-_" else "-" for one in category.strip())
    return f"{tag.PRODUCT}:{kept}"[:59].strip()


def _named(unit: Unit, ticket: Ticket, text: str, own: Sequence[Any], aside: Collection[int]) -> int | None:
    by_number = {plain(row.number).strip(): row.id for row in reversed(own)}
    shapes = order_numbers.learn(tuple(by_number))
    for number in order_numbers.find(text, shapes):
        if (pk := by_number.get(number)) and pk not in aside:
            return int(pk)
    if (pk := _by_parcel(unit, ticket, text)) and pk not in aside:
        return pk
    if len(own) < OWN:
        return None
    older = orders.find_mentioned(unit, ticket.brand_id, text)
    theirs = older is not None and older.customer_id == ticket.customer_id and older.pk not in aside
    return older.pk if older and theirs else None


def _by_parcel(unit: Unit, ticket: Ticket, text: str) -> int | None:
    numbers = [one.number for one in parcel_numbers.find(text)]
    if not numbers:
        return None
    rows = unit.rows(_parcels(), {"customer": ticket.customer_id})
    theirs = {parcel_numbers.normalise(row.tracking_number): int(row.order_id) for row in reversed(rows)}
    return next((theirs[one] for one in numbers if one in theirs), None)


def _decided(unit: Unit, ticket: Ticket) -> tuple[bool, set[int]]:
    """Whether an agent has said which order it is, and the orders that they put aside."""
    aside: set[int] = set()
    decided = False
    for (data,) in unit.rows(_decisions(), {"ticket": ticket.pk}):
        was, became = (data.get(when) or {} for when in ("was", "became"))
        if "order_id" not in became:
            continue
        decided = True
        aside.discard(became["order_id"])
        if was.get("order_id"):
            aside.add(was["order_id"])
    return decided, aside


def _link(unit: Unit, ticket: Ticket, order: Order) -> None:
    """A change of mind is written to the ticket's log; the first guess is not worth a line."""
    if ticket.order_id is not None:
        linking.link(unit, ticket, order, by=None)
        return
    ticket.order_id = order.pk
    named = (str(item["category"]) for item in order.items if item.get("category"))
    ticket.category = next(named, ticket.category)


def _tag(unit: Unit, ticket: Ticket, category: str) -> None:
    name = tag_of(category)
    row = tag.get_or_create(unit, ticket.brand_id, name)
    if row.name == name and row.kind == "own":
        row.kind, row.labels = tag.PRODUCT, {"ja": category, "en": category}
    tag.add(unit, ticket, name, by=None, source="auto")


@cache
def _own() -> Any:
    wanted = sqlalchemy.select(col(Order.id), col(Order.number), col(Order.state))
    wanted = wanted.where(col(Order.customer_id) == bindparam("customer"))
    return wanted.order_by(col(Order.placed_at).desc(), col(Order.id).desc()).limit(OWN)


@cache
def _parcels() -> Any:
    wanted = sqlalchemy.select(col(Shipment.order_id), col(Shipment.tracking_number))
    wanted = wanted.join(Order, col(Order.id) == col(Shipment.order_id))
    wanted = wanted.where(
        col(Order.customer_id) == bindparam("customer"), col(Shipment.tracking_number) != ""
    )
    return wanted.order_by(col(Shipment.id).desc()).limit(3 * OWN)


@cache
def _decisions() -> Any:
    wanted = sqlalchemy.select(col(Event.data)).where(
        col(Event.ticket_id) == bindparam("ticket"),
        col(Event.name).in_(BY_AGENTS),
        col(Event.agent_id).is_not(None),
    )
    return wanted.order_by(col(Event.id))
