"""/setup?token=…: the first administrator makes the account with the link that the console shows once."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from helpdesk import i18n
from helpdesk.errors import Invalid
from helpdesk.people import brands, setup_link
from helpdesk.people.passwords import SHORTEST
from helpdesk.web import forms, render, state, trail
from helpdesk.web.agent import login


def show(request: Request) -> Response:
    token = request.query_params.get("token", "")
    with state.parts(request).database.read() as unit:
        setup_link.check(unit, token)
    return _page(request, token)


def create(request: Request) -> Response:
    form, parts = forms.of(request), state.parts(request)
    token = form.value("token")
    name, email = form.text("name", most=120, required=True), form.text("email", most=254, required=True)
    brand = form.text("brand", most=120, required=True)
    try:
        hashed = parts.passwords.hash(form.secret("password"))
        if form:
            with parts.database.write() as unit:
                agent = setup_link.use(
                    unit, token, email=email, name=name, password_hash=hashed, language=i18n.language()
                )
                trail.note(request, unit, "first_account_made", by=agent)
                if not brands.list_all(unit):
                    brands.create_brand(
                        unit, name=brand, language=i18n.language(), timezone=parts.settings.timezone
                    )
            return login.let_in(request, agent, "/settings")
    except Invalid as error:
        form.reject(error)
    return _page(request, token, status=422)


def _page(request: Request, token: str, status: int = 200) -> Response:
    return render.page(
        request, "setup/show.html", status=status, form=forms.of(request), token=token, shortest=SHORTEST
    )
