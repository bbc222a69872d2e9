"""A macro meets a ticket: its facts, the draft, the suggestions; tickets.macro_actions does what it brings along."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlmodel import col, select

from helpdesk import i18n
from helpdesk.commerce import orders, words
from helpdesk.commerce.orders import OrderCard
from helpdesk.models import (
    Agent,
    Brand,
    Customer,
    Identity,
    MacroUse,
    MacroVersion,
    Order,
    PointsEntry,
    Tag,
    Ticket,
    TicketTag,
)
from helpdesk.store.db import Unit
from macros import facts as say
from macros.catalog import Catalog
from macros.macro import Macro
from macros.match import Suggestion, suggest
from macros.render import Draft, render

USED_WITHIN = timedelta(days=90)


def draft(unit: Unit, ticket: Ticket, macro: Macro, *, agent: Agent, lang: str = "") -> Draft:
    """The macro's answer for this ticket, in the customer's language unless another one is asked for."""
    lang = lang or ticket.language
    return render(macro, facts_for(unit, ticket, agent, lang=lang), lang)


def suggestions(unit: Unit, ticket: Ticket, catalog: Catalog, *, limit: int = 3) -> list[Suggestion]:
    """What fits the ticket's tags and the state of its order, best first."""
    card = find_card(unit, ticket)
    return suggest(
        catalog,
        tags=_tags(unit, ticket),
        lang=ticket.language,
        order_state=card.state if card else "none",
        used=_used(unit, ticket),
        limit=limit,
    )


def facts_for(unit: Unit, ticket: Ticket, agent: Agent, *, lang: str = "") -> say.Facts:
    """Everything known about the ticket that a macro may say in `lang`; the rest stays missing."""
    lang = lang or ticket.language
    brand = unit.session.get_one(Brand, ticket.brand_id)
    customer = unit.session.get_one(Customer, ticket.customer_id)
    card = find_card(unit, ticket)
    return say.Facts(
        customer=_customer(unit, customer),
        ticket=say.Ticket(number=str(ticket.number), subject=ticket.subject or None, channel=ticket.channel),
        order=_order(card, lang, brand) if card else say.Order(),
        shipment=_shipment(card, brand) if card else say.Shipment(),
        refund=_refund(card, brand) if card else say.Refund(),
        points=_points(unit, customer, brand),
        brand=_brand(brand, lang),
        agent=say.Agent(name=agent.name, signature=agent.signature.strip() or agent.name),
    )


def find_card(unit: Unit, ticket: Ticket) -> OrderCard | None:
    """The order a ticket is about: the linked one, else the customer's open one, else the newest."""
    order = unit.session.get(Order, ticket.order_id) if ticket.order_id else None
    order = order or orders.find_open_order(unit, ticket.customer_id)
    if order is not None:
        return orders.get_card(unit, order)
    return next(iter(orders.list_orders(unit, ticket.customer_id, limit=1)), None)


def keep_version(unit: Unit, brand_id: int, macro: Macro) -> None:
    """Keep the wording as it was used, so that an old answer stays explainable."""
    known = select(MacroVersion.id).where(
        MacroVersion.brand_id == brand_id,
        MacroVersion.key == macro.key,
        MacroVersion.version == macro.version,
    )
    if unit.session.exec(known).first() is None:
        content = {"name": dict(macro.name), "subject": dict(macro.subject), "body": dict(macro.body)}
        unit.session.add(
            MacroVersion(
                brand_id=brand_id, key=macro.key, version=macro.version, content=content, created_at=unit.now
            )
        )


def _tags(unit: Unit, ticket: Ticket) -> dict[str, float]:
    found = unit.session.exec(
        select(Tag.name, TicketTag.score)
        .join(TicketTag, col(TicketTag.tag_id) == col(Tag.id))
        .where(TicketTag.ticket_id == ticket.id)
    )
    return {name: 1.0 if score is None else score for name, score in found}


def _used(unit: Unit, ticket: Ticket) -> dict[str, int]:
    found = unit.session.exec(
        select(MacroUse.key, func.count())
        .where(MacroUse.brand_id == ticket.brand_id, MacroUse.created_at >= unit.now - USED_WITHIN)
        .group_by(col(MacroUse.key))
    )
    return {key: int(times) for key, times in found}


def _customer(unit: Unit, customer: Customer) -> say.Customer:
    email = unit.session.exec(
        select(Identity.shown)
        .where(Identity.customer_id == customer.id, Identity.kind == "email")
        .order_by(col(Identity.id))
    ).first()
    family, given = _split(customer.name)
    return say.Customer(
        name=customer.name or None,
        family_name=family,
        given_name=given,
        email=email,
        language=customer.language,
        tier=customer.tier or None,
        points_balance=customer.points,
    )


def _split(name: str) -> tuple[str | None, str | None]:
    """Only a Japanese name in two parts can be told apart for certain: the family name comes first."""
    parts = name.split()
    if len(parts) == 2 and not name.isascii() and i18n.person(name, of="ja") != name:
        return parts[0], parts[1]
    return None, None


def _order(card: OrderCard, language: str, brand: Brand) -> say.Order:
    order = card.order
    with i18n.using(language, brand.timezone):
        status = words.state(card.state)
    return say.Order(
        number=order.number,
        placed_on=order.placed_at.astimezone(ZoneInfo(brand.timezone)).date(),
        total=say.Money(order.total, order.currency),
        items=_items(order, language),
        status=status,
        state=card.state,  # type: ignore[arg-type]
        promised_on=order.promised_on,
        address_line=str(order.address.get("line") or "") or None,
    )


def _items(order: Order, language: str) -> str | None:
    between = "、" if language == "ja" else ", "
    named = (
        f"{item.get('name', '')} ×{item['quantity']}"
        if item.get("quantity", 1) != 1
        else str(item.get("name", ""))
        for item in order.items
    )
    return between.join(name for name in named if name) or None


def _shipment(card: OrderCard, brand: Brand) -> say.Shipment:
    parcel = card.shipment
    if parcel is None:
        return say.Shipment()
    zone = ZoneInfo(brand.timezone)
    return say.Shipment(
        carrier=words.carrier(parcel.carrier) or None,
        tracking_number=parcel.tracking_number or None,
        tracking_url=parcel.tracking_url,
        shipped_on=parcel.shipped_at.astimezone(zone).date() if parcel.shipped_at else None,
        last_scan_on=parcel.last_scan_at.astimezone(zone).date() if parcel.last_scan_at else None,
        last_scan_place=parcel.last_scan_place or None,
        expected_on=parcel.expected_on,
        delivered_on=parcel.delivered_at.astimezone(zone).date() if parcel.delivered_at else None,
        state=parcel.state,
    )


def _refund(card: OrderCard, brand: Brand) -> say.Refund:
    if not card.refunds:
        return say.Refund()
    newest = card.refunds[-1]
    return say.Refund(
        amount=say.Money(newest.amount, newest.currency),
        on=newest.created_at.astimezone(ZoneInfo(brand.timezone)).date(),
        method=newest.method or None,
    )


def _points(unit: Unit, customer: Customer, brand: Brand) -> say.Points:
    today = unit.now.astimezone(ZoneInfo(brand.timezone)).date()
    expires = unit.session.exec(
        select(func.min(PointsEntry.expires_on)).where(
            PointsEntry.customer_id == customer.id,
            PointsEntry.amount > 0,
            col(PointsEntry.expires_on) >= today,
        )
    ).first()
    return say.Points(balance=customer.points, expires_on=expires)


def _brand(brand: Brand, language: str) -> say.Brand:
    free = brand.free_shipping_from
    return say.Brand(
        name=brand.name,
        url=brand.url,
        phone=brand.phone,
        return_days=brand.return_days,
        support_hours=brand.support_hours.get(language),
        free_shipping_from=say.Money(free, brand.currency) if free is not None else None,
    )
