"""`/chats`: an agent's live chats side by side, above them who waits for somebody; each chat renews itself."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from helpdesk.chat.live import find_queue
from helpdesk.inbox import chats, notifications
from helpdesk.inbox.chats import Chat
from helpdesk.models import Draft, StagedFile, new_key
from helpdesk.store.db import Unit
from helpdesk.tickets import seen
from helpdesk.web import render, state
from helpdesk.web.agent.chips import CHANNELS
from helpdesk.web.agent.staged import described

Given = Mapping[str, Mapping[str, str]]


def index(request: Request) -> Response:
    return page(request)


def page(request: Request, *, status: int = 200, given: Given | None = None) -> Response:
    """`given` fills composers again, by the chat's key: the text, and what is wrong with it."""
    access = state.access(request)
    with state.parts(request).database.read() as unit:
        found = chats.list_chats(unit, access)
        context = _bar(unit, request, found) | _columns(unit, access.agent_id, found)
    _mark_seen(request, found)
    return render.page(request, "agent/chats/show.html", status=status, given=given or {}, **context)


def bar(request: Request) -> Response:
    """The tabs and the queue alone; 304 while they are as they were."""
    with state.parts(request).database.read() as unit:
        context = _bar(unit, request, chats.list_chats(unit, state.access(request), said=False))
    if request.headers.get("if-none-match") == context["bar_etag"]:
        return Response(status_code=304)
    return render.fragment(request, "agent/chats/_bar.html", **context)


def show(request: Request) -> Response:
    """One more column beside the others; for the address bar the ticket's page."""
    key = request.path_params["key"]
    access = state.access(request)
    with state.parts(request).database.read() as unit:
        found = [chats.get_chat(unit, access, key)]
        if not render.wants_part(request):
            return render.redirect(request, f"/tickets/{key}")
        context = _columns(unit, access.agent_id, found)
    _mark_seen(request, found)
    return render.fragment(request, "agent/chats/_column.html", chat=found[0], given={}, **context)


def talk(request: Request) -> Response:
    """Who it is and what was said; 304 while nothing was added."""
    access, key = state.access(request), request.path_params["key"]
    with state.parts(request).database.read() as unit:
        found = chats.get_chat(unit, access, key)
    _mark_seen(request, [found])
    if request.headers.get("if-none-match") == etag(found):
        return Response(status_code=304)
    return render.fragment(request, "agent/chats/_talk.html", chat=found, etag_of=etag, channels=CHANNELS)


def etag(chat: Chat) -> str:
    """Over what changes in it; a template asks, too."""
    ticket, card = chat.ticket, chat.visitor
    facts = (ticket.status, ticket.assignee_id, ticket.waiting_since, ticket.urgency, chat.talk)
    said = repr((*facts, chat.customer.name, card.name if card else "", ticket.snoozed_until))
    return f'"{hashlib.sha256(said.encode()).hexdigest()[:16]}"'


def _bar(unit: Unit, request: Request, found: Sequence[Chat]) -> dict[str, Any]:
    queue = find_queue(unit, state.access(request).brand_ids)
    facts = [(one.key, one.customer.name, one.waiting_since) for one in found]
    said = repr((facts, queue, request.state.agent.availability))
    return {
        "chats": found,
        "queue": queue,
        "waiting": sum(one.waiting_since is not None for one in found),
        "bar_etag": f'"{hashlib.sha256(said.encode()).hexdigest()[:16]}"',
    }


def _columns(unit: Unit, agent_id: int, found: Sequence[Chat]) -> dict[str, Any]:
    """What this agent has begun in them."""
    ids = {one.ticket.pk: one.key for one in found}
    drafts: dict[tuple[str, str], Draft] = {}
    staged: dict[tuple[str, str], list[dict[str, Any]]] = {}
    if ids:
        mine = select(Draft).where(Draft.agent_id == agent_id, col(Draft.ticket_id).in_(ids))
        drafts = {(ids[one.ticket_id], one.mode): one for one in unit.session.exec(mine)}
        files = select(StagedFile).where(StagedFile.agent_id == agent_id, col(StagedFile.ticket_id).in_(ids))
        for one in unit.session.exec(files.order_by(col(StagedFile.id))):
            staged.setdefault((ids[one.ticket_id], one.mode), []).append(described(one))
    return {
        "drafts": drafts,
        "staged": staged,
        "new_token": lambda: new_key(16),
        "etag_of": etag,
        "channels": CHANNELS,
    }


def _mark_seen(request: Request, found: Sequence[Chat]) -> None:
    """What stands on the screen is read; writes only where there was something new."""
    news = [one for one in found if one.told or seen.is_new(one.ticket, one.seen_at)]
    if not news:
        return
    access = state.access(request)
    with state.parts(request).database.write() as unit:
        for one in news:
            seen.mark(unit, one.ticket, by=access.agent_id)
            if one.told:
                notifications.mark_read(unit, access, ticket_id=one.ticket.pk)
