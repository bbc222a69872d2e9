"""`/tickets/{key}/ways`: by which way an answer would go, what it may be, and which others there are."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from helpdesk import i18n
from helpdesk.automation import filling
from helpdesk.automation import macro as automation
from helpdesk.channels.cut import MEASURES, cut
from helpdesk.commerce.card import card_of
from helpdesk.inbox import reach, sending
from helpdesk.inbox.sending import TRAITS, Sending
from helpdesk.models import Agent, Brand, MessageTemplate, Ticket
from helpdesk.social import templates
from helpdesk.store.db import Unit
from helpdesk.web import forms, render, state
from helpdesk.web.agent.inbox import CHANNELS
from helpdesk.web.agent.letter import hold_of

LONGEST = 200_000  # characters that are cut for counting


def show(request: Request) -> Response:
    """Empty where nobody can be written to."""
    asked, agent = request.query_params, state.agent(request)
    with state.parts(request).database.read() as unit:
        ticket = reach.get_ticket(unit, state.access(request), request.path_params["key"])
        found = sending.look(unit, ticket, asked.get("via", "")[:40], hold=hold_of(agent))
        if found is None:
            return Response(status_code=204)
        brand = unit.session.get_one(Brand, ticket.brand_id)
        context = {
            "ticket": ticket,
            "sending": found,
            "channels": CHANNELS,
            "order_card": _card(unit, ticket, brand) if found.social else None,
            **_filled(unit, ticket, brand, agent, found, asked.get("template", "")[:24]),
        }
    return render.fragment(request, "agent/ticket/_ways.html", **context)


def pieces(request: Request) -> Response:
    """In how many messages the words go by this kind of channel."""
    form = forms.of(request)
    traits = TRAITS.get(form.value("kind")[:16])
    if traits is None or traits.longest is None:
        return JSONResponse({"messages": 1})
    parts = cut(form.value("body")[:LONGEST], traits.longest, MEASURES[traits.measure])
    return JSONResponse({"messages": max(1, len(parts))})


def _card(unit: Unit, ticket: Ticket, brand: Brand) -> dict[str, Any] | None:
    found = automation.find_card(unit, ticket)
    return card_of(found, brand, language=ticket.language) if found else None


def _filled(
    unit: Unit, ticket: Ticket, brand: Brand, agent: Agent, found: Sending, key: str
) -> dict[str, Any]:
    """The template that was chosen, or the first in the customer's language, with what is known."""
    chosen = _choose(found.templates, key, ticket.language)
    if chosen is None:
        return {"template": None, "values": [], "preview": ""}
    lang = chosen.language[:2].lower()
    facts = automation.facts_for(unit, ticket, agent, lang=lang if lang in ("ja", "en") else ticket.language)
    with i18n.using(lang if lang in ("ja", "en") else "en", brand.timezone):
        values = filling.guess(chosen.parameters, facts)
    return {"template": chosen, "values": values, "preview": templates.preview(chosen, values)}


def _choose(found: tuple[MessageTemplate, ...], key: str, language: str) -> MessageTemplate | None:
    same = (one for one in found if one.language[:2].lower() == language)
    named = (one for one in found if one.key == key)
    return next(named, None) or next(same, None) or next(iter(found), None)
