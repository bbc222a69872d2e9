"""What stands beside a conversation: who the customer is, orders and parcels, points, earlier tickets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import aliased, undefer
from sqlmodel import col

from helpdesk.access import Access
from helpdesk.commerce import words
from helpdesk.commerce.orders import OrderCard, days_late, list_orders
from helpdesk.commerce.points import APOLOGY, WINDOW
from helpdesk.errors import NotFound
from helpdesk.i18n import gettext as _
from helpdesk.i18n import ngettext
from helpdesk.inbox.joins import Suggested, list_suggested
from helpdesk.models import Brand, Contact, Customer, Identity, PointsEntry, PointsRequest, Status, Ticket
from helpdesk.store.db import Unit

ORDERS = 5
EARLIER = 6
SILENT = timedelta(hours=48)
# Steps: ordered, shipped, on the way, delivered. What is reached, and whether the next one is in trouble.
REACHED = {
    "placed": 1,
    "not_shipped": 1,
    "late_to_ship": 1,
    "in_transit": 2,
    "late": 2,
    "delivered": 4,
    "returned": 4,
}
TROUBLE = ("late_to_ship", "late")
OVER = ("cancelled", "refunded", "returned")


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order card in words: steps of the parcel, lateness, where it was seen last."""

    card: OrderCard
    words: str
    detail: str
    trouble: bool
    over: bool
    steps: tuple[str, ...]
    carrier: str
    due: date | None


@dataclass(frozen=True, slots=True)
class Earlier:
    key: str
    number: int
    subject: str
    channel: str
    status: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Panel:
    customer: Customer
    brand: Brand
    ticket: Ticket | None
    identities: tuple[Identity, ...]
    orders: tuple[OrderLine, ...]
    tickets_count: int
    earlier: tuple[Earlier, ...]
    apology_points: int
    apology_grants: int
    waiting_requests: tuple[PointsRequest, ...]
    suggested: tuple[Suggested, ...] = ()  # who may be the same person
    face: str = ""  # says which picture of them is kept; empty without one


def for_ticket(unit: Unit, access: Access, key: str) -> Panel:
    found = unit.session.execute(
        select(Customer, Brand, Ticket, _face(), *_figures(unit))
        .join(Ticket, col(Ticket.customer_id) == col(Customer.id))
        .join(Brand, col(Brand.id) == col(Customer.brand_id))
        .where(col(Ticket.key) == key, col(Ticket.brand_id).in_(access.brand_ids))
        .options(undefer(Customer.number))
    ).first()
    if found is None:
        raise NotFound("this ticket does not exist, or it belongs to a brand that you may not see")
    customer, brand, ticket, face, *figures = found
    return _panel(unit, customer, brand, ticket, face, figures)


def for_customer(unit: Unit, access: Access, key: str) -> Panel:
    found = unit.session.execute(
        select(Customer, Brand, _face(), *_figures(unit))
        .join(Brand, col(Brand.id) == col(Customer.brand_id))
        .where(col(Customer.key) == key, col(Customer.brand_id).in_(access.brand_ids))
        .options(undefer(Customer.number))
    ).first()
    if found is None:
        raise NotFound("this customer does not exist, or belongs to a brand that you may not see")
    customer, brand, face, *figures = found
    return _panel(unit, customer, brand, None, face, figures)


def steps_of(state: str) -> tuple[str, ...]:
    """Four steps, each `done`, `trouble`, `now` or empty; none for an order that is over."""
    if state in ("cancelled", "refunded"):
        return ()
    reached = REACHED[state]
    ahead = "trouble" if state in TROUBLE else "now" if reached < 4 else ""
    return tuple("done" if place < reached else ahead if place == reached else "" for place in range(4))


def _panel(
    unit: Unit,
    customer: Customer,
    brand: Brand,
    ticket: Ticket | None,
    face: str | None,
    figures: Sequence[int],
) -> Panel:
    points, grants, tickets, requests = figures
    waiting = _requests(unit, customer) if requests else ()
    return Panel(
        customer=customer,
        brand=brand,
        ticket=ticket,
        identities=_identities(unit, customer),
        orders=tuple(_line(card, brand, unit.now) for card in list_orders(unit, customer.pk, limit=ORDERS)),
        tickets_count=tickets,
        earlier=_earlier(unit, customer, ticket),
        apology_points=points,
        apology_grants=grants,
        waiting_requests=waiting,
        suggested=list_suggested(unit, customer),
        face=(face or "")[:8],
    )


def _face() -> ScalarSelect[str]:
    """The newest picture that a provider gave of them."""
    newest = col(Contact.profile_at).desc(), col(Contact.id)
    theirs = select(col(Contact.picture)).where(
        col(Contact.customer_id) == col(Customer.id), col(Contact.picture) != ""
    )
    return theirs.order_by(*newest).limit(1).correlate(Customer).scalar_subquery()


def _figures(unit: Unit) -> tuple[ScalarSelect[int], ...]:
    """Apology points and their number in 90 days, tickets, and requests that wait for a lead."""
    recent = col(PointsEntry.created_at) >= unit.now - WINDOW
    apologies = select(func.coalesce(func.sum(col(PointsEntry.amount)), 0)).where(
        col(PointsEntry.customer_id) == col(Customer.id), col(PointsEntry.kind) == APOLOGY, recent
    )
    grants = select(func.count(col(PointsEntry.id))).where(
        col(PointsEntry.customer_id) == col(Customer.id), col(PointsEntry.kind) == APOLOGY, recent
    )
    every = aliased(Ticket)
    tickets = select(func.count(col(every.id))).where(
        col(every.customer_id) == col(Customer.id), col(every.status) != Status.MERGED
    )
    requests = select(func.count(col(PointsRequest.id))).where(
        col(PointsRequest.customer_id) == col(Customer.id), col(PointsRequest.state) == "waiting"
    )
    return tuple(one.correlate(Customer).scalar_subquery() for one in (apologies, grants, tickets, requests))


def _requests(unit: Unit, customer: Customer) -> tuple[PointsRequest, ...]:
    waiting = select(PointsRequest).where(
        col(PointsRequest.customer_id) == customer.pk, col(PointsRequest.state) == "waiting"
    )
    return tuple(unit.session.scalars(waiting.order_by(col(PointsRequest.id))))


def _identities(unit: Unit, customer: Customer) -> tuple[Identity, ...]:
    known = (
        select(Identity).where(col(Identity.customer_id) == customer.pk).order_by(col(Identity.id)).limit(12)
    )
    return tuple(unit.session.scalars(known))


def _earlier(unit: Unit, customer: Customer, ticket: Ticket | None) -> tuple[Earlier, ...]:
    columns = (
        Ticket.key,
        Ticket.number,
        Ticket.subject,
        Ticket.channel,
        Ticket.status,
        Ticket.last_message_at,
    )
    others = (
        select(*(col(column) for column in columns))
        .where(
            col(Ticket.customer_id) == customer.pk,
            col(Ticket.id) != (ticket.pk if ticket else 0),
            col(Ticket.status) != Status.MERGED,
        )
        .order_by(col(Ticket.last_message_at).desc(), col(Ticket.id).desc())
        .limit(EARLIER)
    )
    return tuple(Earlier(*row) for row in unit.session.execute(others))


def _line(card: OrderCard, brand: Brand, now: datetime) -> OrderLine:
    parcel = card.shipment
    return OrderLine(
        card=card,
        words=words.state(card.state),
        detail=_detail(card, brand, now),
        trouble=card.state in TROUBLE,
        over=card.state in OVER,
        steps=steps_of(card.state),
        carrier=words.carrier(parcel.carrier) if parcel else "",
        due=(parcel.expected_on if parcel else None) or card.order.promised_on,
    )


def _detail(card: OrderCard, brand: Brand, now: datetime) -> str:
    """What an agent would say about it: days late, hours without a scan, the place of the last one."""
    said = []
    parcel = card.shipment
    if card.state in TROUBLE and (late := days_late(card, now=now, zone=brand.timezone)):
        said.append(ngettext("%(num)s day late", "%(num)s days late", late))
    if parcel and parcel.last_scan_at and card.state in ("in_transit", "late"):
        if now - parcel.last_scan_at >= SILENT:
            hours = int((now - parcel.last_scan_at).total_seconds() // 3600)
            said.append(_("no scan for %(hours)s hours", hours=hours))
        if parcel.last_scan_place:
            said.append(parcel.last_scan_place)
    return " · ".join(said)
