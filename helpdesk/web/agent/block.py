"""`/tickets/{key}/block`: its sender's messages go to spam from now on; `/unblock` lets them in and the ticket out."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.errors import Invalid
from helpdesk.i18n import gettext as _
from helpdesk.inbox import reach
from helpdesk.models import Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets import block, log, sender
from helpdesk.tickets import close as closing
from helpdesk.web import forms, render, state
from helpdesk.web.agent import answer, going
from helpdesk.web.agent import ticket as page
from helpdesk.web.agent.acting import acting


def show(request: Request) -> Response:
    """Whom to block: the one address, or its whole domain."""
    with state.parts(request).database.read() as unit:
        ticket = reach.get_ticket(unit, state.access(request), request.path_params["key"])
        kind, address = sender.get_sender(unit, ticket)
    domain = block.clean(block.DOMAIN, address) if kind == block.EMAIL else ""
    return render.page(
        request,
        "agent/ticket/block.html",
        block="dialog",
        ticket=ticket,
        kind=kind,
        address=address,
        domain=domain,
        free=domain in block.FREE_MAIL,
        query=answer.list_query(request),
    )


def create(request: Request) -> Response:
    """`what` is address or domain; a free-mail domain needs `sure`. The ticket goes to spam."""
    form = forms.of(request)
    with acting(request) as at:
        following = going.find_next(at.unit, request, at.ticket)
        kind, value = sender.get_sender(at.unit, at.ticket)
        if form.value("what") == block.DOMAIN and kind == block.EMAIL:
            kind = block.DOMAIN
        block.require_no_free_mail(kind, value, sure=form.flag("sure"))
        row = block.block(at.unit, at.ticket.brand_id, kind, value, by=at.by)
        closing.mark_spam(at.unit, at.ticket, by=at.by)
        log.write(at.unit, at.ticket, "blocked", by=at.by, value=row.value)
    notice = _("%(sender)s is blocked: what comes lands in spam.", sender=row.value)
    return going.on(request, following, notice=notice, undo=answer.undo_url(request, "unblock"))


def destroy(request: Request) -> Response:
    """Not spam after all: everything that shuts out this sender is lifted, and the ticket is open again."""
    with acting(request) as at:
        for value in _lift(at.unit, at.ticket):
            log.write(at.unit, at.ticket, "unblocked", by=at.by, value=value)
        closing.reopen(at.unit, at.ticket, by=at.by)
        key = at.ticket.key
    notice = _("Not blocked any more, and open again.")
    if request.headers.get("hx-target") == "head" or not render.wants_part(request):
        return page.changed(request, notice=notice)
    return answer.go(request, key, notice=notice)


def _lift(unit: Unit, ticket: Ticket) -> list[str]:
    try:
        kind, value = sender.get_sender(unit, ticket)
    except Invalid:
        return []
    lifted = []
    while row := block.find_block(unit, ticket.brand_id, kind, [value]):
        lifted.append(row.value)
        block.unblock(unit, row)
    return lifted
