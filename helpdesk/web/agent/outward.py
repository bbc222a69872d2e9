"""What a letter takes along on channels that have it: an order as a card, an approved template in place of words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlmodel import select

from helpdesk.commerce import orders
from helpdesk.commerce.card import card_of
from helpdesk.errors import Invalid
from helpdesk.i18n import lazy
from helpdesk.models import Brand, Order, Ticket
from helpdesk.social import templates
from helpdesk.store.db import Unit
from helpdesk.tickets import ways
from helpdesk.tickets.letter import Letter
from helpdesk.tickets.ways import Way
from helpdesk.web import forms

NO_ORDER = lazy("this order is not the customer's; choose another one for the ticket")
NO_WAY = lazy("a template needs a way to the customer; reload the page")


def is_wordless(form: forms.Form) -> bool:
    """Something else says it; on channels where pictures go without words, a file is enough."""
    files = form.flag("wordless") and (form.list("staged") or form.files("attachments"))
    return bool(form.value("card") or form.value("template") or files)


def complete(unit: Unit, ticket: Ticket, letter: Letter, form: forms.Form) -> Letter:
    """Raises Invalid for somebody else's order, a template that is gone or a place in it that is empty."""
    if letter.forwards:
        return letter
    if key := form.value("template")[:24]:
        return _with_template(unit, ticket, letter, key, [one[:1024] for one in form.list("parameter")])
    number = form.value("card")[:60]
    return replace(letter, card=_card(unit, ticket, number)) if number else letter


def _with_template(unit: Unit, ticket: Ticket, letter: Letter, key: str, values: list[str]) -> Letter:
    """Its words stand for what the agent may have begun to write."""
    way = _way(unit, ticket, letter)
    found = templates.get_template(unit, way.account, key)
    text = templates.fill(found, values)
    chosen = {"key": key, "values": values, **templates.outgoing(found, values)}
    return replace(letter, text=text, html="", template=chosen, card=None, replies=())


def _way(unit: Unit, ticket: Ticket, letter: Letter) -> Way:
    if letter.via:
        return ways.get_way(unit, ticket, letter.via)
    own = next((one for one in ways.list_ways(unit, ticket) if one.own), None)
    if own is None:
        raise Invalid(NO_WAY, field="via")
    return own


def _card(unit: Unit, ticket: Ticket, number: str) -> Mapping[str, Any]:
    found = unit.session.exec(
        select(Order).where(Order.brand_id == ticket.brand_id, Order.number == number)
    ).first()
    if found is None or (found.customer_id != ticket.customer_id and found.pk != ticket.order_id):
        raise Invalid(NO_ORDER, field="card")
    brand = unit.session.get_one(Brand, ticket.brand_id)
    return card_of(orders.get_card(unit, found), brand, language=ticket.language)
