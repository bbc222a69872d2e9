"""What the head of a ticket shows beside the conversation's own facts: how it sleeps, and until when it might."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from helpdesk.i18n import lazy
from helpdesk.inbox import risks, suggestions
from helpdesk.inbox.conversation import Conversation
from helpdesk.inbox.said import Said
from helpdesk.inbox.tagging import TagMark
from helpdesk.models import Status
from helpdesk.store.db import Unit
from helpdesk.tickets import snooze
from helpdesk.web import state

SNOOZES = {
    "later": lazy("In 3 hours"),
    "evening": lazy("This evening"),
    "tomorrow": lazy("Tomorrow morning"),
    "monday": lazy("Monday morning"),
    "next_week": lazy("In a week"),
}


def context(unit: Unit, request: Request, talk: Conversation, *, problem: str = "") -> dict[str, Any]:
    """`problem` opens the fields, with the focus on the first that is missing."""
    ticket, agent = talk.ticket, state.agent(request)
    return {
        "fields_problem": problem,
        "fields_open": problem != "" or "/fields/" in request.url.path,  # one after the other is filled in
        "snoozes": tuple(
            (choice, SNOOZES[choice], at.replace(second=0, microsecond=0))
            for choice, at in snooze.list_choices(now=unit.now, zone=agent.timezone)
        ),
        "asleep": ticket.snoozed_until is not None and ticket.snoozed_until > unit.now,
        "until_reply": ticket.snoozed_until == snooze.UNTIL_REPLY,
        "woken": _woken(talk, unit),
        "risks": risks.list_risks(ticket, {mark.name for mark in talk.tags}),
        "suggested": _suggested(request, talk),
    }


def _suggested(request: Request, talk: Conversation) -> tuple[TagMark, ...]:
    models = state.parts(request).models
    own = models.load(talk.model) if models and talk.model else None
    return suggestions.suggest(talk, own or models.builtin) if models else ()


def _woken(talk: Conversation, unit: Unit) -> bool:
    """Whether the ticket is back only because its time came: nobody has said anything since."""
    until = talk.ticket.snoozed_until
    if talk.ticket.status not in (Status.OPEN, Status.PENDING):
        return False
    if until is not None:
        return until <= unit.now
    for entry in reversed(talk.entries):
        if isinstance(entry, Said) or entry.name in (
            "snoozed",
            "assigned",
            "transferred",
            "returned",
            "reopened",
        ):
            return False
        if entry.name == "woken":
            return not entry.by
    return False
