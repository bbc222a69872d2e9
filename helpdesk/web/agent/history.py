"""`/tickets/{key}/log`: everything that happened to a ticket."""

from __future__ import annotations

from typing import Any

from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from helpdesk import i18n
from helpdesk.i18n import gettext as _
from helpdesk.i18n import lazy
from helpdesk.inbox import eventlog, reach
from helpdesk.inbox.filter import STATUSES
from helpdesk.inbox.tagging import read_book
from helpdesk.models import Agent, CustomField, Order, Team, Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets import fields
from helpdesk.web import render, state
from helpdesk.web.agent import answer

NAMES = {
    "status": lazy("Status"),
    "assignee_id": lazy("Assignee"),
    "team_id": lazy("Team"),
    "order_id": lazy("Order"),
    "category": lazy("Product category"),
    "urgency_fixed": lazy("Urgency set by hand"),
    "waiting_since": lazy("Waiting since"),
    "snoozed_until": lazy("Snoozed until"),
    "closed_at": lazy("Closed at"),
    "first_response_at": lazy("First answer"),
    "last_message_at": lazy("Newest message"),
    "messages_count": lazy("Messages"),
    "sentiment": lazy("Mood"),
}
TABLES: dict[str, Any] = {"assignee_id": Agent, "team_id": Team, "order_id": Order}


def show(request: Request) -> Response:
    with state.parts(request).database.read() as unit:
        access = state.access(request)
        ticket = reach.get_ticket(unit, access, request.path_params["key"])
        labels = read_book(unit, access).labels(ticket.brand_id)
        entries = eventlog.read(unit, ticket, labels)
        named = _labels(unit, ticket)
        known = _known(unit, entries)
    return render.page(
        request,
        "agent/ticket/log.html",
        ticket=ticket,
        entries=entries,
        name_of=lambda name: named.get(name, name.replace("_", " ")),
        say=lambda name, value: _say(name, value, known),
        query=answer.list_query(request),
    )


def _labels(unit: Unit, ticket: Ticket) -> dict[str, str]:
    own = unit.session.exec(select(CustomField).where(CustomField.brand_id == ticket.brand_id))
    return {name: _(words) for name, words in NAMES.items()} | {one.name: fields.label(one) for one in own}


def _known(unit: Unit, entries: list[eventlog.LogLine]) -> dict[tuple[str, int], str]:
    """Names behind the ids that stand in the log."""
    found: dict[tuple[str, int], str] = {}
    for name, table in TABLES.items():
        values = [value for entry in entries for one, *both in entry.changes if one == name for value in both]
        ids = {value for value in values if isinstance(value, int)}
        shown = table.number if table is Order else table.name
        if ids:
            rows = unit.session.exec(select(table.id, shown).where(col(table.id).in_(ids)))
            found |= {(name, pk): text for pk, text in rows}
    return found


def _say(name: str, value: Any, known: dict[tuple[str, int], str]) -> str:
    if value in (None, ""):
        return "—"
    if (name, value) in known if isinstance(value, int) else False:
        return known[name, value]
    if name == "status":
        return _(STATUSES[value]) if value in STATUSES else str(value)
    if at := eventlog.moment(value):
        return f"{i18n.day(at)} {i18n.clock(at)}" if at.year < 9000 else _("the customer writes")
    return str(value)
