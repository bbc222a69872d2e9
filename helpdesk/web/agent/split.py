"""`/tickets/{key}/split`: some of its messages become a ticket of their own; `/follow-up` begins a linked one."""

from __future__ import annotations

from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from classifiers import Model
from helpdesk.i18n import gettext as _
from helpdesk.inbox import reach
from helpdesk.models import Direction, Message, Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets import follow_up, split
from helpdesk.tickets.receive import line_of
from helpdesk.triage import about, assess
from helpdesk.web import forms, render, state
from helpdesk.web.agent import answer
from helpdesk.web.agent.acting import acting


def show(request: Request) -> Response:
    """The messages to choose from, newest first."""
    with state.parts(request).database.read() as unit:
        ticket = reach.get_ticket(unit, state.access(request), request.path_params["key"])
        said = select(Message).where(Message.ticket_id == ticket.pk)
        newest = said.order_by(col(Message.sent_at).desc(), col(Message.id).desc()).limit(200)
        messages = [(one, line_of(one)) for one in unit.session.exec(newest)]
    chosen = request.query_params.get("message", "")
    return render.page(
        request,
        "agent/ticket/split.html",
        block="dialog",
        ticket=ticket,
        messages=messages,
        chosen=chosen,
        query=answer.list_query(request),
    )


def create(request: Request) -> Response:
    """`messages` are keys. Merging the new ticket back undoes it."""
    keys = forms.of(request).list("messages")
    with acting(request) as at:
        new = split.split(at.unit, at.ticket, keys, by=at.by)
        _assess(at.unit, new, state.find_model(request, at.unit, new.brand_id))
        old, key = at.ticket.number, at.ticket.key
    notice = _("#%(new)s was split off #%(old)s.", new=new.number, old=old)
    url, seconds = answer.undo_url(request, "merges", key=new.key)
    back = f"{url}{'&' if '?' in url else '?'}other={key}"
    return answer.go(request, new.key, notice=notice, undo=(back, seconds))


def follow(request: Request) -> Response:
    """A new ticket of the same customer, in which the agent writes first."""
    with acting(request) as at:
        new = follow_up.follow_up(at.unit, at.ticket, by=at.by)
    return answer.go(
        request, new.key, notice=_("Follow-up #%(number)s: write the first message.", number=new.number)
    )


def _assess(unit: Unit, ticket: Ticket, model: Model | None) -> None:
    """The new ticket is tagged and ranked by its newest customer message, as if that had just come in."""
    theirs = select(Message).where(Message.ticket_id == ticket.pk, Message.direction == Direction.IN)
    newest = unit.session.exec(theirs.order_by(col(Message.sent_at).desc()).limit(1)).first()
    if newest is None or model is None:
        return
    words = newest.reply or newest.text
    about.read(unit, ticket, f"{newest.subject}\n{words}")
    assess.apply(unit, ticket, model.classify(words, subject=newest.subject))
