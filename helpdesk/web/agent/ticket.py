"""`/tickets/{key}`: the conversation and its list; for htmx the conversation or the part that changed."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.commerce import words
from helpdesk.i18n import gettext as _
from helpdesk.inbox import conversation, mentioned, notifications, panel, reasons, showing
from helpdesk.inbox.alike import list_alike
from helpdesk.inbox.conversation import Conversation
from helpdesk.inbox.filter import parse
from helpdesk.inbox.tagging import Book, read_book
from helpdesk.models import Status, Ticket, new_key
from helpdesk.social import quota, reading
from helpdesk.store.db import Unit
from helpdesk.tickets import seen
from helpdesk.tickets.home import find_home
from helpdesk.web import render, state
from helpdesk.web.agent import answer, head, macro, visitor
from helpdesk.web.agent.answer import Undo
from helpdesk.web.agent.inbox import CHANNELS, list_pane, query_of


class Moved(Exception):
    """The ticket is part of another one now."""

    def __init__(self, home: Ticket) -> None:
        super().__init__(home.key)
        self.home = home


def show(request: Request) -> Response:
    """A merged ticket's address leads to the one that it is part of."""
    try:
        return _show(request)
    except Moved as moved:
        return _follow(request, moved.home)


def _show(request: Request) -> Response:
    """`?macro=` and `?mode=note` fill the composer without JavaScript."""
    wanted = request.query_params.get("macro", "")
    if wanted:
        filled = macro.fill(request, wanted)
        return conversation_page(request, draft=filled, body=filled.text)
    return conversation_page(request, mode="note" if request.query_params.get("mode") == "note" else "reply")


def conversation_page(request: Request, *, status: int = 200, shown: str = "", **composer: Any) -> Response:
    """All panes for the address bar, the conversation alone for htmx; `composer` fills the composer again.

    A page whose messages have the mark `shown` gets only what it lacks, where that is the end.
    """
    access, database = state.access(request), state.parts(request).database
    with database.read() as unit:
        book = read_book(unit, access)
        talk = _read(unit, request, book)
        above = head.context(unit, request, talk, problem=composer.pop("fields_problem", ""))
        above |= visitor.context(unit, talk.ticket)
    _mark_seen(request, talk)
    pane: dict[str, Any] = {"query": query_of(parse(request.query_params))}
    if not render.wants_part(request):
        with database.read() as unit:
            pane = list_pane(unit, access, request, current=talk.ticket.key, book=book)
    context = pane | talk_context(talk, book) | above | composer_context(request, **composer)
    if shown and (added := showing.find_added(talk, shown)) is not None:
        response = render.fragment(request, "agent/ticket/_added.html", added=added, after=shown, **context)
        response.headers.update({"HX-Retarget": "#composer", "HX-Reswap": "outerHTML"})
        return response
    return render.page(request, "agent/ticket/show.html", block="conversation", status=status, **context)


def messages(request: Request) -> Response:
    """The messages alone; 304 while nothing was added. An open conversation asks, so that its agent sees them."""
    try:
        context = messages_context(request)
    except Moved as moved:
        return _follow(request, moved.home)
    talk = context["talk"]
    news = talk.seen_at is not None and talk.seen_at > seen.NEVER and _mark_seen(request, talk)
    etag = f'"{context["mark"]}"'
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers={"ETag": etag})
    response = render.fragment(request, "agent/ticket/_changed.html", refreshed=True, **context)
    response.headers.update({"ETag": etag, "Cache-Control": "private, no-cache"})
    if news:
        response.headers["HX-Trigger"] = "inbox-changed"
    return response


def top(request: Request) -> Response:
    """The head alone."""
    try:
        context = messages_context(request)
    except Moved as moved:
        return _follow(request, moved.home)
    return render.fragment(request, "agent/ticket/_head.html", **context)


def head_again(request: Request, *, fields_problem: str) -> Response:
    """The head with what has to be filled in."""
    context = messages_context(request) | {"fields_problem": fields_problem, "fields_open": True}
    return render.fragment(request, "agent/ticket/_head.html", status=422, **context)


def side(request: Request) -> Response:
    """The customer panel beside the conversation."""
    with state.parts(request).database.read() as unit:
        found = panel.for_ticket(unit, state.access(request), request.path_params["key"])
    context = panel_context(found, parse(request.query_params))
    return render.fragment(request, "agent/ticket/_panel.html", **context)


def mentions(request: Request) -> Response:
    """What its messages name, below the customer's orders, and open tickets that say nearly the same."""
    with state.parts(request).database.read() as unit:
        ticket, found = mentioned.list_mentions(unit, state.access(request), request.path_params["key"])
        alike = list_alike(unit, ticket)
    query = answer.list_query(request)
    return render.fragment(
        request, "agent/ticket/_mentioned.html", ticket=ticket, mentions=found, alike=alike, query=query
    )


def changed(
    request: Request,
    *,
    notice: str = "",
    undo: Undo | None = None,
    tell: tuple[str, ...] = (),
    kind: str = "ok",
) -> Response:
    """After an action: back to the ticket, or for htmx its head and messages anew, with word to the list."""
    if not render.wants_part(request):
        return render.redirect(request, here(request), notice=notice, kind=kind)
    response = render.fragment(request, "agent/ticket/_changed.html", **messages_context(request))
    own = () if request.headers.get("hx-target") == "head" else (f"ticket-{request.path_params['key']}",)
    events: dict[str, Any] = dict.fromkeys(("inbox-changed", *tell, *own), True)
    if notice:
        events["notice"] = answer.told(notice, kind, undo)
    response.headers["HX-Trigger"] = json.dumps(events)
    return response


def here(request: Request) -> str:
    """The ticket's page with the list as it was."""
    return f"/tickets/{request.path_params['key']}{query_of(parse(request.query_params))}"


def messages_context(request: Request) -> dict[str, Any]:
    """The conversation as it is now, without the list."""
    with state.parts(request).database.read() as unit:
        book = read_book(unit, state.access(request))
        talk = _read(unit, request, book)
        above = head.context(unit, request, talk)
    return talk_context(talk, book) | above | {"query": query_of(parse(request.query_params))}


def talk_context(talk: Conversation, book: Book) -> dict[str, Any]:
    return {
        "talk": talk,
        "ticket": talk.ticket,
        "whys": reasons.say(talk.ticket.urgency_reasons, book.labels(talk.ticket.brand_id)),
        "mark": showing.mark(talk),
        "channels": CHANNELS,
    }


def composer_context(request: Request, **given: Any) -> dict[str, Any]:
    """`token` makes a repeated submission of one composer send once and give points once."""
    plain = {
        "mode": "reply",
        "body": "",
        "note": "",
        "problem": "",
        "draft": macro.no_draft(),
        "token": new_key(16),
        "fresh": given.keys() <= {"mode"},
    }
    return plain | given


def panel_context(found: panel.Panel, chosen: Any) -> dict[str, Any]:
    return {
        "panel": found,
        "customer": found.customer,
        "brand": found.brand,
        "ticket": found.ticket,
        "query": query_of(chosen),
        "grant_token": new_key(16),
        "reasons": [(name, words.reason(name)) for name in words.REASONS if name != "apology"],
        "reason": words.reason,
        "channels": CHANNELS,
    }


def _read(unit: Unit, request: Request, book: Book) -> Conversation:
    everything = request.query_params.get("earlier") == "1"
    key, new = request.path_params["key"], request.query_params.get("new", "")[:24]
    talk = conversation.get(unit, state.access(request), key, book=book, everything=everything, new=new)
    if talk.ticket.status == Status.MERGED:
        raise Moved(find_home(unit, talk.ticket))
    return talk


def _mark_seen(request: Request, talk: Conversation) -> bool:
    """Whether there was anything new to see."""
    if not seen.is_new(talk.ticket, talk.seen_at) and not talk.told:
        return False
    access = state.access(request)
    with state.parts(request).database.write() as unit:
        seen.mark(unit, talk.ticket, by=access.agent_id)
        reading.seen(unit, talk.ticket)
        quota.soon_needed(unit, talk.ticket)
        if talk.told:
            notifications.mark_read(unit, access, ticket_id=talk.ticket.pk)
    return True


def _follow(request: Request, home: Ticket) -> Response:
    words = _("This ticket was merged into #%(number)s.", number=home.number)
    return answer.go(request, home.key, notice=words, kind="info")
