"""/settings/roles: the built-in roles and those of one's own, right by right."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from helpdesk import i18n
from helpdesk.access import BUILT_IN, RIGHTS
from helpdesk.errors import Conflict, Invalid
from helpdesk.i18n import gettext as _
from helpdesk.models import CustomRole
from helpdesk.people import accounts, roles
from helpdesk.web import forms, render, state, trail

HERE = "/settings/roles"


def index(request: Request, status: int = 200) -> Response:
    with state.parts(request).database.read() as unit:
        own, people = roles.list_roles(unit), accounts.list_agents(unit)
    columns = [(name, _(words), BUILT_IN[name]) for name, words in roles.BUILT_IN.items()]
    columns += [(role.key, role.name, frozenset(role.rights)) for role in own]
    holders = {key: sum(one.role == key for one in people) for key, _name, _rights in columns}
    return render.page(
        request,
        "agent/settings/roles.html",
        status=status,
        form=forms.of(request),
        columns=columns,
        holders=holders,
        own={role.key for role in own},
        rights=RIGHTS,
    )


def create(request: Request) -> Response:
    return _save(request, None) or index(request, 422)


def show(request: Request, status: int = 200) -> Response:
    with state.parts(request).database.read() as unit:
        role = roles.get_role(unit, request.path_params["key"])
    form = forms.of(request)
    chosen = form.list("rights") if form.data else role.rights
    return render.page(
        request, "agent/settings/role.html", status=status, form=form, role=role, chosen=chosen, rights=RIGHTS
    )


def update(request: Request) -> Response:
    return _save(request, request.path_params["key"]) or show(request, 422)


def destroy(request: Request) -> Response:
    with state.parts(request).database.write() as unit:
        role = roles.get_role(unit, request.path_params["key"])
        trail.note(request, unit, "role_deleted", role=role.name)
        roles.delete(unit, role)
    return render.redirect(request, HERE, notice=_("The role is deleted."))


def _save(request: Request, key: str | None) -> Response | None:
    """None when the form has to be shown again."""
    form = forms.of(request)
    name, rights = form.text("name", most=60, required=True), form.list("rights")
    if not form:
        return None
    try:
        with state.parts(request).database.write() as unit:
            if key is None:
                role, event, before = roles.create(unit, name=name, rights=rights), "role_added", None
            else:
                role, event = roles.get_role(unit, key), "role_changed"
                before = list(role.rights)
                roles.change(unit, role, name=name, rights=rights)
            trail.note(request, unit, event, role=role.name, rights=role.rights, before=before)
    except Invalid as error:
        form.reject(error)
        return None
    except Conflict as error:
        form.errors["name"] = i18n.told(error)
        return None
    return render.redirect(request, _place(role), notice=_("The role is saved."))


def _place(role: CustomRole) -> str:
    return f"{HERE}/{role.key}"
