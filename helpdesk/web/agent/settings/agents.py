"""/settings/agents: who works here, as what and for which brands."""

from __future__ import annotations

import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.chat import takers
from helpdesk.chat.live import count_live
from helpdesk.errors import Conflict, Forbidden, Invalid
from helpdesk.i18n import gettext as _
from helpdesk.i18n import lazy
from helpdesk.models import Agent
from helpdesk.people import accounts, availability, brands, roles
from helpdesk.web import forms, render, state, trail

HERE = "/settings/agents"


def index(request: Request, status: int = 200) -> Response:
    access = state.access(request)
    with state.parts(request).database.read() as unit:
        agents = accounts.list_agents(unit)
        live = count_live(unit, [one.pk for one in agents])
        values: dict[str, Any] = {
            "agents": agents,
            "live": live,
            "states": {one.key: takers.state_of(one, live.get(one.pk, 0), unit.now) for one in agents},
            "brand_ids": accounts.list_brand_ids(unit),
            "brands": brands.list_brands(unit, access.brand_ids),
            "roles": roles.names(unit),
        }
    return render.page(request, "agent/settings/agents.html", status=status, form=forms.of(request), **values)


def create(request: Request) -> Response:
    """The new agent gets a password that is shown this once, to be changed after the first sign-in."""
    form, parts = forms.of(request), state.parts(request)
    name, email = form.text("name", most=120, required=True), form.text("email", most=254, required=True)
    role, password = form.value("role", "agent"), new_password()
    if form:
        hashed = parts.passwords.hash(password)
        try:
            with parts.database.write() as unit:
                agent = accounts.create_agent(
                    unit,
                    email=email,
                    name=name,
                    role=role,
                    password_hash=hashed,
                    language=form.choice("language", ("ja", "en"), "ja"),
                    timezone=parts.settings.timezone,
                    brand_ids=_brand_ids(request, form),
                )
                trail.note(request, unit, "agent_added", account=agent.email, role=role)
            return _with_password(request, agent, password)
        except Invalid as error:
            form.reject(error)
        except Conflict as error:
            form.errors["email"] = _(error.text)
    return index(request, 422)


def show(request: Request, status: int = 200) -> Response:
    with state.parts(request).database.read() as unit:
        found = accounts.get_agent(unit, request.path_params["key"])
        given = accounts.list_brand_ids(unit).get(found.pk, [])
        all_brands = brands.list_brands(unit, state.access(request).brand_ids)
        names = roles.names(unit)
    return render.page(
        request,
        "agent/settings/agent.html",
        status=status,
        who=found,
        given=given,
        brands=all_brands,
        roles=names,
        form=forms.of(request),
    )


def update(request: Request) -> Response:
    form = forms.of(request)
    name, role = form.text("name", most=120, required=True), form.value("role", "agent")
    if not form:
        return show(request, 422)
    active = form.flag("active")
    try:
        with state.parts(request).database.write() as unit:
            found = accounts.get_agent(unit, request.path_params["key"])
            before = f"{found.role}, {'active' if found.active else 'off'}"
            given = _brand_ids(request, form)
            capacity = form.integer(
                "chat_capacity", most=availability.MOST_CHATS, default=found.chat_capacity
            )
            if problem := form.errors.get("chat_capacity"):
                raise Invalid(problem, field="chat_capacity")
            chats = f", {found.chat_capacity} chats" if capacity != found.chat_capacity else ""
            accounts.change_agent(unit, found, name=name, role=role, active=active, brand_ids=given)
            availability.set_capacity(unit, found, capacity)
            after = f"{role}, {'active' if active else 'off'}"
            if chats:
                before, after = before + chats, f"{after}, {capacity} chats"
            trail.note(request, unit, "agent_changed", account=found.email, before=before, after=after)
    except Invalid as error:
        form.reject(error)
        return show(request, 422)
    return render.redirect(request, HERE, notice=_("The account is saved."))


def reset_password(request: Request) -> Response:
    """For somebody who cannot sign in any more; their browsers are signed out."""
    parts, password = state.parts(request), new_password()
    hashed = parts.passwords.hash(password)
    with parts.database.write() as unit:
        found = accounts.get_agent(unit, request.path_params["key"])
        if found.pk == state.agent(request).pk:
            raise Forbidden(lazy("change your own password in your profile"))
        accounts.set_password(unit, found, hashed)
        trail.note(request, unit, "password_reset", account=found.email)
    return _with_password(request, found, password)


def new_password() -> str:
    """Sixteen characters that can be read aloud."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def _with_password(request: Request, agent: Agent, password: str) -> Response:
    return render.page(request, "agent/settings/agent_password.html", who=agent, password=password)


def _brand_ids(request: Request, form: forms.Form) -> list[int]:
    allowed = {str(pk) for pk in state.access(request).brand_ids}
    return [int(pk) for pk in form.list("brands") if pk in allowed]
