"""`/tickets/{key}/macros`: the picker with its suggestions, and one macro filled with the ticket's facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sqlmodel import select
from starlette.requests import Request
from starlette.responses import Response

from helpdesk.automation import macro as automation
from helpdesk.commerce import words
from helpdesk.errors import NotFound
from helpdesk.help import answering
from helpdesk.help.search import Hit
from helpdesk.i18n import LANGUAGES, language, lazy, number
from helpdesk.i18n import gettext as _
from helpdesk.inbox import reach
from helpdesk.inbox.filter import parse
from helpdesk.inbox.tagging import label_of
from helpdesk.models import Agent, Tag, Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets import macro_actions
from helpdesk.web import render, state
from macros.errors import MacroNotFound
from macros.facts import VARIABLES
from macros.macro import Action
from macros.render import Draft, mark, unresolved

STATUSES = {"closed": lazy("Close ticket"), "pending": lazy("Wait for reply"), "open": lazy("Keep open")}


@dataclass(frozen=True, slots=True)
class Chip:
    """An action that will be done on sending, in words; `value` is what the form carries."""

    value: str
    words: str
    kind: str
    confirm: bool


@dataclass(frozen=True, slots=True)
class Hole:
    """A fact that is missing: its mark in the text and what it means."""

    mark: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Filled:
    """A macro as the composer takes it: text, what is missing, what will be done."""

    key: str = ""
    version: str = ""
    title: str = ""
    lang: str = ""
    text: str = ""
    known: tuple[str, ...] = ()
    missing: tuple[Hole, ...] = ()
    chips: tuple[Chip, ...] = ()
    confirmed: bool = False


def index(request: Request) -> Response:
    """The picker: what fits this ticket first, then everything that holds the words looked for."""
    parts, sought = state.parts(request), request.query_params.get("words", "").strip()[:100]
    asked_alone = request.query_params.get("only") == "fitting"
    with parts.database.read() as unit:
        ticket = reach.get_ticket(unit, state.access(request), request.path_params["key"])
        fitting = [] if sought else automation.suggestions(unit, ticket, parts.catalog, limit=3)
        told = [] if asked_alone else _articles(unit, ticket, sought)
    context: dict[str, Any] = {
        "ticket": ticket,
        "fitting": [one.macro for one in fitting],
        "found": parts.catalog.search(sought, language()),
        "articles": told,
        "query": f"?{urlencode(parse(request.query_params).params())}",
    }
    if asked_alone:
        return render.fragment(request, "agent/ticket/_suggestions.html", **context)
    return render.page(request, "agent/ticket/macros.html", block="found", **context)


def _articles(unit: Unit, ticket: Ticket, sought: str) -> list[Hit]:
    """Those that hold the words, or answer what the customer wrote."""
    return answering.matching(unit, ticket, sought) if sought else answering.fitting(unit, ticket)


def show(request: Request) -> Response:
    """The draft for htmx, without its text if it was put in before; else the page with the composer filled."""
    filled = fill(request, request.path_params["macro"])
    if request.query_params.get("preview"):
        return render.fragment(request, "agent/ticket/_macro_preview.html", draft=filled)
    if not render.wants_part(request):
        key = request.path_params["key"]
        return render.redirect(request, f"/tickets/{key}?macro={filled.key}#composer")
    again = {} if request.query_params.get("again") else {"inserted": True}
    return render.fragment(request, "agent/ticket/_draft.html", draft=filled, **again)


def fill(request: Request, key: str) -> Filled:
    """The macro `key` with what is known about the ticket of this request."""
    parts, access = state.parts(request), state.access(request)
    try:
        chosen = parts.catalog.get(key)
    except MacroNotFound as error:
        raise NotFound("this macro does not exist any more; choose another one") from error
    with parts.database.read() as unit:
        ticket = reach.get_ticket(unit, access, request.path_params["key"])
        agent = unit.session.get_one(Agent, access.agent_id)
        draft = automation.draft(unit, ticket, chosen, agent=agent, lang=_language(request))
        return _filled(unit, ticket, draft, chosen.title(language()))


def _language(request: Request) -> str:
    """Another one than the customer's, if the agent asked for it; `language` is the list's own filter."""
    asked = request.query_params.get("tongue", "")
    return asked if asked in LANGUAGES else ""


def no_draft() -> Filled:
    return Filled()


def chips_of(unit: Unit, ticket: Ticket, actions: tuple[Action, ...]) -> tuple[Chip, ...]:
    labels = _labels(unit, ticket)
    return tuple(
        Chip(macro_actions.write_action(one), _say(one, labels), one.kind, one.confirm) for one in actions
    )


def _filled(unit: Unit, ticket: Ticket, draft: Draft, title: str) -> Filled:
    known = {draft.text[span.start : span.end] for span in draft.spans if not span.missing}
    return Filled(
        key=draft.key,
        version=draft.version,
        title=title,
        lang=draft.lang,
        text=draft.text,
        known=tuple(sorted((one for one in known if len(one) > 1), key=len, reverse=True)),
        missing=tuple(Hole(mark(name), _meaning(name)) for name in draft.missing),
        chips=chips_of(unit, ticket, draft.actions),
    )


def holes(text: str) -> tuple[Hole, ...]:
    """What a text still lacks."""
    return tuple(Hole(found, _meaning(found.strip("〔〕"))) for found in unresolved(text))


def _meaning(name: str) -> str:
    return _(VARIABLES[name].meaning) if name in VARIABLES else name


def _labels(unit: Unit, ticket: Ticket) -> dict[str, str]:
    found = unit.session.exec(select(Tag).where(Tag.brand_id == ticket.brand_id))
    return {tag.name: label_of(tag.labels, tag.name) for tag in found}


def _say(action: Action, labels: dict[str, str]) -> str:
    value = str(action.value)
    if action.kind == "grant_points":
        why = words.reason(action.reason or "apology")
        return _("Give %(amount)s points (%(why)s)", amount=number(int(action.value)), why=why)
    said: dict[str, str] = {
        "add_tag": f"+ {labels.get(value, value)}",
        "remove_tag": f"− {labels.get(value, value)}",
        "status": _(STATUSES.get(value, value)),
        "assign": _("Assign to me") if value == "me" else _("Assign to %(name)s", name=value),
    }
    return said[action.kind]
