"""What the customer's messages name, looked up: orders, parcels, addresses, goods. Read beside the conversation.

A name proves nothing: whose an order or an address is says the shop, and a stranger's is marked as such.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlmodel import col

from helpdesk import i18n
from helpdesk.access import Access
from helpdesk.commerce import orders, parcel_numbers, words
from helpdesk.commerce.spelling import plain
from helpdesk.customers.numbers import spellings
from helpdesk.i18n import gettext as _
from helpdesk.inbox import heard, reach
from helpdesk.models import Brand, Customer, Identity, Order, Shipment, Ticket
from helpdesk.store.db import Unit
from helpdesk.store.search.tokens import fold
from helpdesk.triage import catalogue, entities
from helpdesk.triage.entities import Entities
from helpdesk.triage.goods import COLOURS, Catalogue

TEXT = 12_000
GAPS = re.compile(r"[^0-9A-Z]")


@dataclass(frozen=True, slots=True)
class Mention:
    """`link` leads to it; `order` is the number of one that the ticket can be linked with; `foreign` is not theirs."""

    icon: str
    shown: str
    fact: str
    link: str = ""
    order: str = ""
    foreign: bool = False


def list_mentions(unit: Unit, access: Access, key: str) -> tuple[Ticket, tuple[Mention, ...]]:
    """Of the newest messages; what is known anyway (the customer's own address) is left out."""
    ticket = reach.get_ticket(unit, access, key)
    brand = unit.session.get_one(Brand, ticket.brand_id)
    text = "\n".join(one.whole for one in heard.list_heard(unit, ticket))[:TEXT]
    shelf = catalogue.of_brand(unit, ticket.brand_id)
    found = entities.read(
        text,
        shapes=orders.learn_shapes(unit, ticket.brand_id),
        catalogue=shelf,
        currency=brand.currency,
    )
    ordered = _orders(unit, ticket, found.orders, text) if found.orders else []
    parcels = _parcels(unit, ticket, found) if found.parcels else []
    named = [*ordered, *parcels, *_addresses(unit, brand, ticket, found), *_goods(shelf, found)]
    return ticket, tuple(named)


def _orders(unit: Unit, ticket: Ticket, numbers: Sequence[str], text: str) -> list[Mention]:
    """In the shop's spelling; a bare row of digits that is no order is not worth a word."""
    spelled_out = GAPS.sub("", plain(text))
    wanted = select(col(Order.id), col(Order.number), col(Order.customer_id)).where(
        col(Order.brand_id) == ticket.brand_id, col(Order.number).in_(numbers)
    )
    there = {plain(row.number).strip(): row for row in unit.rows(wanted)}
    mentions = []
    for number in numbers:
        if row := there.get(number):
            linked, foreign = row.id == ticket.order_id, row.customer_id != ticket.customer_id
            fact = _("linked with this ticket") if linked else _whose(foreign)
            mentions.append(
                Mention("shopping-bag", row.number, fact, order="" if linked else row.number, foreign=foreign)
            )
        elif not number.isdecimal() and GAPS.sub("", number) in spelled_out:
            mentions.append(Mention("shopping-bag", number, _("no such order"), foreign=True))
    return mentions


def _parcels(unit: Unit, ticket: Ticket, found: Entities) -> list[Mention]:
    spelled = {one.number: _grouped(one.number) for one in found.parcels}
    wanted = (
        select(
            *(col(Shipment.tracking_number), col(Shipment.carrier), col(Shipment.tracking_url)),
            *(col(Order.number), col(Order.customer_id)),
        )
        .join(Order, col(Order.id) == col(Shipment.order_id))
        .where(
            col(Shipment.brand_id) == ticket.brand_id,
            col(Shipment.tracking_number).in_(sorted({one for some in spelled.values() for one in some})),
        )
        .order_by(col(Shipment.id))
    )
    there = {parcel_numbers.normalise(row.tracking_number): row for row in unit.rows(wanted)}
    return [_parcel(ticket, one, there.get(one.number)) for one in found.parcels]


def _grouped(number: str) -> set[str]:
    """Shops keep numbers with and without hyphens."""
    return {number, "-".join(number[at : at + 4] for at in range(0, len(number), 4))}


def _parcel(ticket: Ticket, one: parcel_numbers.ParcelNumber, row: Any) -> Mention:
    carrier = row.carrier if row else next(iter(one.carriers), "")
    link = (row.tracking_url if row else None) or parcel_numbers.find_link(carrier, one.number) or ""
    called = words.carrier(carrier) if carrier else ""
    foreign = row is not None and row.customer_id != ticket.customer_id
    fact = _("order %(number)s", number=row.number) if row else _("of no order that is known")
    if foreign:
        fact = f"{fact}, {_whose(True)}"
    return Mention("truck", one.number, " · ".join(filter(None, (called, fact))), link, foreign=foreign)


def _addresses(unit: Unit, brand: Brand, ticket: Ticket, found: Entities) -> list[Mention]:
    """Those that the customer is not known by: they may be somebody else's."""
    ways = [("email", one, frozenset({one})) for one in found.emails]
    ways += [("phone", one, spellings(one, brand.currency)) for one in found.phones]
    holders = _holders(unit, brand.pk, ways) if ways else {}
    mentions = []
    for kind, shown, spelled in ways:
        holder = next((holders[kind, one] for one in sorted(spelled) if (kind, one) in holders), None)
        if holder and holder[0] == ticket.customer_id:
            continue
        icon = "mail" if kind == "email" else "phone"
        if holder is None:
            mentions.append(Mention(icon, shown, _("of nobody that is known")))
            continue
        fact = _("known as %(name)s", name=i18n.person(holder[2])) if holder[2] else _whose(True)
        mentions.append(Mention(icon, shown, fact, f"/customers/{holder[1]}", foreign=True))
    return mentions


def _holders(
    unit: Unit, brand_id: int, ways: Iterable[tuple[str, str, frozenset[str]]]
) -> Mapping[tuple[str, str], tuple[int, str, str]]:
    """By kind and address: the customer's id, key and name."""
    named: list[ColumnElement[bool]] = [
        and_(col(Identity.kind) == kind, col(Identity.value).in_(sorted(spelled)))
        for kind, _shown, spelled in ways
    ]
    wanted = (
        select(
            *(col(Identity.kind), col(Identity.value)),
            *(col(Customer.id), col(Customer.key), col(Customer.name)),
        )
        .join(Customer, col(Customer.id) == col(Identity.customer_id))
        .where(col(Identity.brand_id) == brand_id, or_(*named))
    )
    return {(kind, value): (pk, key, name) for kind, value, pk, key, name in unit.rows(wanted)}


def _goods(shelf: Catalogue, found: Entities) -> list[Mention]:
    kinds = [*found.goods.sizes, *(_colour(one) for one in found.goods.colours)]
    named = [_product(shelf, sku) for sku in found.goods.skus]
    return [
        Mention("tag", name, " · ".join(one for one in kinds if fold(one) not in fold(name)))
        for name in named
    ]


def _product(shelf: Catalogue, sku: str) -> str:
    """Its name in the reader's language, as far as the letters tell."""
    names = shelf.called.get(sku) or (sku,)
    return next((one for one in names if one.isascii() == (i18n.language() != "ja")), names[0])


def _whose(foreign: bool) -> str:
    return _("of another customer") if foreign else _("of this customer")


def _colour(name: str) -> str:
    return COLOURS[name][0] if i18n.language() == "ja" and name in COLOURS else name
