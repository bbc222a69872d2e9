"""`/customers/merges`: what is asked about customers and what was joined; each merge, and how to take it apart."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.customers import merge, split, suggest
from helpdesk.errors import Invalid
from helpdesk.i18n import gettext as _
from helpdesk.inbox import joins
from helpdesk.models import Agent, Customer, CustomerMerge
from helpdesk.store.db import Unit
from helpdesk.web import forms, state, trail
from helpdesk.web.agent import coming_back, known
from helpdesk.web.agent.customer_merge import COUNTED, LABELS, named

SHOWN = ("suggested", "done")


def index(request: Request) -> Response:
    shown = request.query_params.get("show", "")
    shown = shown if shown in SHOWN else SHOWN[0]
    access = state.access(request)
    with state.parts(request).database.read() as unit:
        if shown == "suggested":
            context: dict[str, Any] = {"suggested": joins.list_all_suggested(unit, access)}
        else:
            found = joins.list_joined(unit, access, before=_before(request), most=joins.A_PAGE + 1)
            more = len(found) > joins.A_PAGE
            context = {
                "joined": [one for _pk, one in found[: joins.A_PAGE]],
                "next": found[joins.A_PAGE - 1][0] if more else None,
            }
    return known.page(request, "agent/customer/merges.html", part=shown, back=request.url.path, **context)


def show(request: Request) -> Response:
    """What would stand by itself again, before it is done."""
    with state.parts(request).database.read() as unit:
        done = _get(unit, request)
        home = merge.root(unit, unit.session.get_one(Customer, done.target_id))
        rows = merge.returning(unit, done, home) if done.undone_at is None else {}
        return known.page(
            request,
            "agent/customer/undo.html",
            block="dialog",
            done=done,
            joined=joins.get_joined(unit, done),
            counts={name: len(rows.get(name, ())) for name in COUNTED},
            counted=COUNTED,
            labels=LABELS,
            changes=[(name, *row[:2]) for name, row in done.fields.items() if row[0] != row[1]],
            home=home,
            verified=done.reason.startswith("verified"),
            back=coming_back.asked(request),
        )


def undo(request: Request) -> Response:
    """With `apart` nobody, and nothing, joins the two again. What was proven would be joined at once otherwise."""
    form, access = forms.of(request), state.access(request)
    with state.parts(request).database.write() as unit:
        done = _get(unit, request)
        by = unit.session.get_one(Agent, access.agent_id)
        home = merge.root(unit, unit.session.get_one(Customer, done.target_id))
        source = merge.undo(unit, done, by=by)
        suggest.parted(unit, done)
        if form.flag("apart") or done.reason.startswith("verified"):
            suggest.keep_apart(unit, source, unit.session.get_one(Customer, done.target_id), by=by)
            if asked := suggest.find_open(unit, source, home):
                suggest.reject(unit, asked, by=by)
        trail.note(
            request, unit, "customers_parted", brand_id=home.brand_id, parted=source.name, of=home.name
        )
    notice = _("%(name)s stands by themselves again.", name=named(source))
    return coming_back.go(request, coming_back.place(request, source), notice=notice)


def put_back(request: Request) -> Response:
    """A splitting is undone: the address and what it has brought stand where they stood."""
    with state.parts(request).database.write() as unit:
        done = _get(unit, request)
        if done.reason != merge.SPLIT:
            raise Invalid(_("this was no splitting; reload the page"))
        by = unit.session.get_one(Agent, state.access(request).agent_id)
        home = split.put_back(unit, done, by=by)
        trail.note(request, unit, "customer_put_back", brand_id=home.brand_id, customer=home.name)
    return coming_back.go(
        request,
        coming_back.place(request, home),
        notice=_("The address belongs to %(name)s again.", name=named(home)),
    )


def reject(request: Request) -> Response:
    """They are two people: never asked again, unless it was a slip."""
    access = state.access(request)
    with state.parts(request).database.write() as unit:
        asked = suggest.get(unit, access.brand_ids, request.path_params["key"])
        suggest.reject(unit, asked, by=unit.session.get_one(Agent, access.agent_id))
        one, other = (unit.session.get_one(Customer, pk) for pk in (asked.left_id, asked.right_id))
        trail.note(
            request, unit, "suggestion_rejected", brand_id=asked.brand_id, one=one.name, other=other.name
        )
    return coming_back.go(
        request,
        coming_back.asked(request) or "/customers/merges",
        notice=_("This will not be suggested again."),
        undo=f"/customers/suggestions/{asked.key}/ask{coming_back.query(request)}",
    )


def ask(request: Request) -> Response:
    """The refusal was a slip."""
    with state.parts(request).database.write() as unit:
        asked = suggest.get(unit, state.access(request).brand_ids, request.path_params["key"])
        if asked.state == "rejected":
            suggest.ask_again(unit, asked)
            one, other = (unit.session.get_one(Customer, pk) for pk in (asked.left_id, asked.right_id))
            trail.note(
                request,
                unit,
                "suggestion_asked_again",
                brand_id=asked.brand_id,
                one=one.name,
                other=other.name,
            )
    return coming_back.go(request, coming_back.asked(request) or "/customers/merges")


def _get(unit: Unit, request: Request) -> CustomerMerge:
    return merge.get_merge(unit, state.access(request).brand_ids, request.path_params["key"])


def _before(request: Request) -> int | None:
    given = request.query_params.get("before", "")
    return int(given) if given.isdecimal() and len(given) < 16 else None
