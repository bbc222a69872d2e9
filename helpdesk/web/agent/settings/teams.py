"""/settings/teams: who works together on a brand's tickets."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from helpdesk import i18n
from helpdesk.errors import Conflict, Invalid
from helpdesk.i18n import gettext as _
from helpdesk.people import brands, teams
from helpdesk.web import forms, render, state, trail

HERE = "/settings/teams"


def index(request: Request, status: int = 200) -> Response:
    access = state.access(request)
    with state.parts(request).database.read() as unit:
        found = teams.list_teams(unit, access.brand_ids)
        shops = brands.list_brands(unit, access.brand_ids)
    return render.page(
        request, "agent/settings/teams.html", status=status, form=forms.of(request), teams=found, brands=shops
    )


def create(request: Request) -> Response:
    form, access = forms.of(request), state.access(request)
    name = form.text("name", most=120, required=True)
    if form:
        try:
            with state.parts(request).database.write() as unit:
                brand = brands.get_brand(unit, access, form.value("brand"))
                team = teams.create(unit, brand.pk, name=name)
                trail.note(request, unit, "team_added", brand_id=brand.pk, team=team.name)
            return render.redirect(
                request, f"{HERE}/{team.key}", notice=_("The team is saved. Choose who is in it.")
            )
        except (Invalid, Conflict) as error:
            form.errors["name"] = i18n.told(error)
    return index(request, 422)


def show(request: Request, status: int = 200) -> Response:
    access = state.access(request)
    with state.parts(request).database.read() as unit:
        team = teams.get_team(unit, access, request.path_params["key"])
        members = next(
            one.members for one in teams.list_teams(unit, (team.brand_id,)) if one.team.id == team.id
        )
        candidates = teams.list_candidates(unit, team.brand_id)
    return render.page(
        request,
        "agent/settings/team.html",
        status=status,
        form=forms.of(request),
        team=team,
        candidates=candidates,
        chosen={one.key for one in members},
    )


def update(request: Request) -> Response:
    form, access = forms.of(request), state.access(request)
    name, members = form.text("name", most=120, required=True), form.list("members")
    if not form:
        return show(request, 422)
    try:
        with state.parts(request).database.write() as unit:
            team = teams.get_team(unit, access, request.path_params["key"])
            teams.change(unit, team, name=name, member_keys=members)
            trail.note(request, unit, "team_changed", brand_id=team.brand_id, team=name, members=len(members))
    except (Invalid, Conflict) as error:
        form.errors["name"] = i18n.told(error)
        return show(request, 422)
    return render.redirect(request, HERE, notice=_("The team is saved."))


def destroy(request: Request) -> Response:
    with state.parts(request).database.write() as unit:
        team = teams.get_team(unit, state.access(request), request.path_params["key"])
        trail.note(request, unit, "team_deleted", brand_id=team.brand_id, team=team.name)
        teams.delete(unit, team)
    return render.redirect(
        request, HERE, notice=_("The team is deleted; its tickets stay with their agents.")
    )
