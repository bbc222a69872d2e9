"""`/tickets/{key}/merge`: which ticket to merge with; `/merges` does it and `/merges/{merge}/undo` takes it apart."""

from __future__ import annotations

from sqlmodel import select
from starlette.requests import Request
from starlette.responses import Response

from helpdesk.errors import Invalid, NotFound
from helpdesk.i18n import gettext as _
from helpdesk.inbox import candidates, reach
from helpdesk.models import Merge, Status, Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets import merge
from helpdesk.triage import rank
from helpdesk.web import forms, render, state
from helpdesk.web.agent import answer
from helpdesk.web.agent import ticket as page
from helpdesk.web.agent.acting import acting
from helpdesk.web.agent.inbox import CHANNELS


def show(request: Request) -> Response:
    """Suggestions, or with `q` what was looked for; in a dialog, or as a page of its own."""
    words = request.query_params.get("q", "")[:100]
    with state.parts(request).database.read() as unit:
        ticket = reach.get_ticket(unit, state.access(request), request.path_params["key"])
        found = candidates.list_candidates(unit, ticket, words)
        own = candidates.describe(unit, ticket)
    block = "found" if request.query_params.get("part") == "found" else "dialog"
    return render.page(
        request,
        "agent/ticket/merge.html",
        block=block,
        ticket=ticket,
        own=own,
        found=found,
        words=words,
        query=answer.list_query(request),
        channels=CHANNELS,
    )


def create(request: Request) -> Response:
    """`other` is the other ticket's key; `into` says which of the two stays: `other` or `this`."""
    form = forms.of(request)
    with acting(request, hold=False) as at:
        wanted = form.value("other") or request.query_params.get("other", "")
        if not wanted:
            raise Invalid("choose the ticket to merge with", field="other")
        other = reach.get_ticket(at.unit, state.access(request), wanted[:40])
        source, target = (other, at.ticket) if form.value("into") == "this" else (at.ticket, other)
        row = merge.merge(at.unit, source, target, by=at.by)
        rank.rerank(at.unit, target)
    notice = _("Merged #%(source)s into #%(target)s.", source=source.number, target=target.number)
    undo = answer.undo_url(request, f"merges/{row.key}/undo", key=target.key)
    if target.key == request.path_params["key"]:
        return page.changed(request, notice=notice, undo=undo)
    return answer.go(request, target.key, notice=notice, undo=undo)


def destroy(request: Request) -> Response:
    """Two tickets again. The agent goes to the one that was taken out, or stays with `stay`."""
    with acting(request, hold=False) as at:
        row = _get(at.unit, at.ticket, request.path_params["merge"])
        source, target = merge.undo(at.unit, row, by=at.by)
        for ticket in (source, target):
            if ticket.status == Status.OPEN:
                rank.rerank(at.unit, ticket)
    notice = _(
        "#%(source)s and #%(target)s are two tickets again.", source=source.number, target=target.number
    )
    if forms.of(request).flag("stay"):
        return page.changed(request, notice=notice)
    return answer.go(request, source.key, notice=notice)


def _get(unit: Unit, target: Ticket, key: str) -> Merge:
    found = unit.session.exec(select(Merge).where(Merge.key == key, Merge.target_id == target.pk)).first()
    if found is None:
        raise NotFound("this merge does not exist; reload the page")
    return found
