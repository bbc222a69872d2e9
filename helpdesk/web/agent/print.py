"""`/tickets/{key}/print`: the whole conversation with its customer and orders, for paper or a PDF."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.inbox import conversation, panel
from helpdesk.inbox.said import Said
from helpdesk.inbox.tagging import read_book
from helpdesk.web import render, state
from helpdesk.web.agent.inbox import CHANNELS


def show(request: Request) -> Response:
    """`?notes=0` leaves out what only colleagues may see."""
    access, key = state.access(request), request.path_params["key"]
    with state.parts(request).database.read() as unit:
        book = read_book(unit, access)
        talk = conversation.get(unit, access, key, book=book, everything=True)
        found = panel.for_ticket(unit, access, key)
    notes = request.query_params.get("notes") != "0"
    said = [
        entry for entry in talk.entries if isinstance(entry, Said) and (notes or entry.direction != "note")
    ]
    return render.page(
        request,
        "agent/ticket/print.html",
        block="body",
        talk=talk,
        ticket=talk.ticket,
        said=said,
        panel=found,
        notes=notes,
        channels=CHANNELS,
    )
