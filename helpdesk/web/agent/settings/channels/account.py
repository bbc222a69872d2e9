"""/settings/channels/{key}: how one account is connected. A secret once saved is never shown again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.delivery import retry as sending
from helpdesk.errors import HelpdeskError, NotFound
from helpdesk.i18n import gettext as _
from helpdesk.models import ChannelAccount
from helpdesk.social import accounts, health, secrets, upkeep
from helpdesk.social.setup.table import get_setup
from helpdesk.web import forms, render, state
from helpdesk.web.agent.settings.channels import entered, frame


def show(request: Request, status: int = 200) -> Response:
    parts = state.parts(request)
    with parts.database.read() as unit:
        opened = frame.find(request, unit)
        people = health.list_people(unit, opened.account)
    account, setup = opened.account, opened.setup
    held = _held(request, account)
    shown = {one: secrets.shown(held, one, parts.database.clock()) for one in setup.secrets}
    return frame.page(
        request,
        "account",
        opened,
        status,
        hook=accounts.hook_url(parts.settings, account),
        config=account.config,
        shown=shown,
        # What was agreed on is shown until the provider has confirmed it: it has to be carried there.
        word=held.get(setup.made, "") if setup.made and account.verified_at is None else "",
        keep=entered.KEEP,
        people=people,
    )


def update(request: Request) -> Response:
    form, parts = forms.of(request), state.parts(request)
    with parts.database.read() as unit:
        opened = frame.find(request, unit)
    stored = frozenset(name for name, value in _held(request, opened.account).items() if value)
    given = entered.read(form, opened.setup, stored=stored)
    if not form:
        return show(request, 422)
    with parts.database.write() as unit:
        account = frame.hold(request, unit)
        new = upkeep.change(
            unit,
            parts.seal,
            account,
            name=given.name,
            config=given.config,
            given=given.secrets,
            keep=given.keep,
        )
        accounts.place(account, parts.settings)
        sending.hurry(unit, account.pk)
        health.look_again(unit, account)
        frame.note(request, unit, account, "channel_changed", secrets=new)
    return render.redirect(request, opened.path, notice=_("Saved. The account is checked again now."))


def end_old_secret(request: Request) -> Response:
    parts, name = state.parts(request), request.path_params["name"]
    with parts.database.write() as unit:
        account = frame.hold(request, unit)
        if name not in get_setup(account.kind).rotating:
            raise NotFound("there is no such secret")
        upkeep.end_old_secret(unit, parts.seal, account, name)
        frame.note(request, unit, account, "channel_secret_ended", secrets=[name])
    return _back(request, _("The old secret proves nothing any more."))


def renew_word(request: Request) -> Response:
    parts = state.parts(request)
    with parts.database.write() as unit:
        account = frame.hold(request, unit)
        upkeep.renew_word(unit, parts.seal, account)
        frame.note(request, unit, account, "channel_changed", secrets=[get_setup(account.kind).made])
    return _back(request, _("There is a new word. Enter it at the provider now."), "info")


def pause(request: Request) -> Response:
    with state.parts(request).database.write() as unit:
        account = frame.hold(request, unit)
        upkeep.pause(unit, account)
        frame.note(request, unit, account, "channel_paused")
    return _back(request, _("The channel is paused: messages still come in, answers wait."), "info")


def resume(request: Request) -> Response:
    with state.parts(request).database.write() as unit:
        account = frame.hold(request, unit)
        upkeep.resume(unit, account)
        sending.hurry(unit, account.pk)
        health.look_again(unit, account)
        frame.note(request, unit, account, "channel_resumed")
    return _back(request, _("The channel works again."))


def remove(request: Request) -> Response:
    with state.parts(request).database.write() as unit:
        account = frame.hold(request, unit)
        upkeep.remove(unit, account)
        sending.hurry(unit, account.pk)
        frame.note(request, unit, account, "channel_removed")
    notice = _("The account is removed. Its conversations stay in the inbox.")
    return render.redirect(request, frame.HERE, notice=notice, kind="info")


def check(request: Request) -> Response:
    """Everything is asked anew in the background."""
    with state.parts(request).database.write() as unit:
        health.look_again(unit, frame.hold(request, unit))
    return _back(request, _("The account is checked now; look again in a moment."), "info")


def _back(request: Request, notice: str, kind: str = "ok") -> Response:
    path = f"{frame.HERE}/{request.path_params['key']}"
    return render.redirect(request, path, notice=notice, kind=kind)


def _held(request: Request, account: ChannelAccount) -> Mapping[str, Any]:
    """Nothing where the key of the helpdesk has changed: then all has to be entered again."""
    try:
        return state.parts(request).seal.open(account.secrets)
    except HelpdeskError:
        return {}
