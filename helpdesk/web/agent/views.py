"""`/views`: saved views: made from the list's filter, named, shared, ordered, changed and deleted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.errors import Invalid, NotFound
from helpdesk.i18n import gettext as _
from helpdesk.inbox import choices, filter, views
from helpdesk.inbox.filter import SORTS, VIEWS, Filter
from helpdesk.inbox.tagging import read_book
from helpdesk.inbox.views import AUDIENCES
from helpdesk.models import Agent, View
from helpdesk.store.db import Unit
from helpdesk.web import forms, render, state
from helpdesk.web.agent.chips import address, chips, query_of


def index(request: Request, *, status: int = 200) -> Response:
    """All views this agent sees, each with what it shows and what may be done with it."""
    access = state.access(request)
    with state.parts(request).database.read() as unit:
        saved = views.list_views(unit, access, _order(state.agent(request)))
        teams = views.list_teams(unit, access)
        labels, named = read_book(unit, access).labels(), choices.read(unit, access)
    return render.page(
        request,
        "agent/views/index.html",
        status=status,
        saved=saved,
        audiences=_audiences(request, bool(teams)),
        teams=teams,
        to_view=lambda one: address(one.filter),
        said=lambda one: [
            _(VIEWS[one.filter.view]),
            *(chip.words for chip in chips(one.filter, labels, named)),
        ],
        sort=lambda one: _(SORTS[one.filter.order_by]),
    )


def new(request: Request, *, status: int = 200) -> Response:
    """A name for what the list shows now."""
    access = state.access(request)
    form = forms.of(request)
    given = _filter_of(form) if form.value("filter") else filter.parse(request.query_params)
    with state.parts(request).database.read() as unit:
        teams = views.list_teams(unit, access)
        labels, named = read_book(unit, access).labels(), choices.read(unit, access)
    return render.page(
        request,
        "agent/views/new.html",
        status=status,
        form=form,
        query=query_of(given),
        said=[_(VIEWS[given.view]), *(chip.words for chip in chips(given, labels, named))],
        sort=_(SORTS[given.order_by]),
        audiences=_audiences(request, bool(teams)),
        teams=teams,
    )


def create(request: Request) -> Response:
    form, access = forms.of(request), state.access(request)
    name = form.text("name", most=80, required=True)
    if form:
        try:
            with state.parts(request).database.write() as unit:
                view = views.create(unit, access, name=name, chosen=_filter_of(form), **_audience(form))
                chosen = views.filter_of(view)
        except Invalid as error:
            form.reject(error)
        else:
            return render.redirect(request, address(chosen), notice=_("The view is saved."))
    return new(request, status=422)


def update(request: Request) -> Response:
    """Name and audience."""
    form, access = forms.of(request), state.access(request)

    def change(unit: Unit, view: View) -> None:
        views.rename(unit, access, view, form.text("name", most=200))
        views.share(unit, access, view, **_audience(form))

    return _change(request, change, notice=_("The view is saved."))


def update_filter(request: Request) -> Response:
    """The view shows from now on what the list shows."""
    given = _filter_of(forms.of(request))
    with state.parts(request).database.write() as unit:
        view = views.get_own(unit, state.access(request), request.path_params["key"])
        views.change(unit, view, given)
        chosen = views.filter_of(view)
    return render.redirect(request, address(chosen), notice=_("The view is saved."))


def destroy(request: Request) -> Response:
    return _change(request, views.delete, notice=_("The view is deleted."))


def move(request: Request) -> Response:
    """One place up or down, in this agent's own order."""
    step = -1 if forms.of(request).value("to") == "up" else 1
    access, key = state.access(request), request.path_params["key"]
    with state.parts(request).database.write() as unit:
        agent = unit.session.get_one(Agent, access.agent_id)
        keys = [one.key for one in views.list_views(unit, access, _order(agent))]
        if key not in keys:
            raise NotFound("this view does not exist any more")
        views.put_in_order(unit, agent, views.moved(keys, key, by=step))
    return render.redirect(request, f"/views#view-{key}")


def order(request: Request) -> Response:
    """All at once, as somebody dragged them; `keys` with commas between."""
    keys = [key for key in forms.of(request).value("keys").split(",") if key.isalnum()]
    with state.parts(request).database.write() as unit:
        views.put_in_order(unit, unit.session.get_one(Agent, state.access(request).agent_id), keys)
    return Response(status_code=204)


def _change(request: Request, change: Callable[[Unit, View], None], *, notice: str) -> Response:
    with state.parts(request).database.write() as unit:
        view = views.get_own(unit, state.access(request), request.path_params["key"])
        change(unit, view)
    return render.redirect(request, "/views", notice=notice)


def _filter_of(form: forms.Form) -> Filter:
    """The list's query string, which the form carries along."""
    return filter.parse(dict(parse_qsl(form.value("filter").lstrip("?"))))


def _audience(form: forms.Form) -> dict[str, Any]:
    """`everyone`, `private`, or `team:12`."""
    audience, _colon, team = (form.value("audience") or "private").partition(":")
    return {"audience": audience, "team_id": int(team) if team.isascii() and team.isdecimal() else None}


def _audiences(request: Request, in_team: bool) -> dict[str, str]:
    """Sharing takes a right."""
    may = {"private": True, "team": in_team, "everyone": True}
    shares = state.access(request).may("share_views")
    return {name: words for name, words in AUDIENCES.items() if name == "private" or (shares and may[name])}


def _order(agent: Agent) -> list[str]:
    return list(agent.preferences.get("views", []))
