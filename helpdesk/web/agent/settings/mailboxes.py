"""/settings/mailboxes: where mail comes from and leaves by. A password once saved is never shown again."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from helpdesk import i18n, mailboxes
from helpdesk.delivery import retry as sending
from helpdesk.errors import Conflict, HelpdeskError, Invalid
from helpdesk.i18n import gettext as _
from helpdesk.models import ChannelAccount
from helpdesk.people import brands
from helpdesk.store.db import Unit
from helpdesk.web import forms, render, state, trail

HERE = "/settings/mailboxes"
PLUS_HOSTS = ("gmail.com", "googlemail.com", "outlook.com", "office365.com", "fastmail.com", "mail.me.com")
TLS = ("tls", "starttls", "none")
SECRETS = ("imap_password", "smtp_password", "oauth_client_secret", "oauth_refresh_token")


def index(request: Request) -> Response:
    access = state.access(request)
    with state.parts(request).database.read() as unit:
        found = mailboxes.list_mailboxes(unit, access.brand_ids)
        names = {brand.pk: brand.name for brand in brands.list_brands(unit, access.brand_ids)}
    return render.page(
        request,
        "agent/settings/mailboxes.html",
        mailboxes=found,
        brand_names=names,
        has=mailboxes.has_servers,
    )


def new(request: Request, status: int = 200) -> Response:
    return _page(request, None, status)


def create(request: Request) -> Response:
    form = forms.of(request)
    address, name = form.text("address", most=254, required=True), form.text("name", most=120)
    config, secrets = read_config(form), read_secrets(form)
    try:
        if form:
            parts, access = state.parts(request), state.access(request)
            with parts.database.write() as unit:
                brand = brands.get_brand(unit, access, form.value("brand"))
                account = mailboxes.add(
                    unit,
                    parts.seal,
                    brand_id=brand.pk,
                    address=address,
                    name=name,
                    config=config,
                    secrets=secrets,
                )
                trail.note(request, unit, "mailbox_added", brand_id=brand.pk, mailbox=account.address)
            return render.redirect(
                request, f"{HERE}/{account.key}", notice=_("The mailbox is saved. Test it now.")
            )
    except Invalid as error:
        form.errors["address" if error.field == "email" else error.field] = i18n.told(error)
    except Conflict as error:
        form.errors["address"] = i18n.told(error)
    return new(request, 422)


def show(request: Request, status: int = 200, *, token: str = "") -> Response:
    with state.parts(request).database.read() as unit:
        account = mailboxes.get(unit, state.access(request), request.path_params["key"])
    return _page(request, account, status, token=token)


def update(request: Request) -> Response:
    form, parts = forms.of(request), state.parts(request)
    name, config, secrets = form.text("name", most=120), read_config(form), read_secrets(form)
    if not form:
        return show(request, 422)
    with parts.database.write() as unit:
        account = mailboxes.get(unit, state.access(request), request.path_params["key"])
        kept = {
            name: value for name, value in account.config.items() if name not in ("imap", "smtp", "oauth")
        }
        for part in ("imap", "smtp"):  # what other parts keep in there, folders for example, stays
            if part in config:
                config[part] = {**(account.config.get(part) or {}), **config[part]}
        mailboxes.change(unit, parts.seal, account, name=name, config={**kept, **config}, secrets=secrets)
        sending.hurry(unit, account.pk)
        _note(request, unit, account, "mailbox_changed", secrets=sorted(secrets))
    return render.redirect(request, f"{HERE}/{account.key}", notice=_("The mailbox is saved. Test it now."))


def pause(request: Request) -> Response:
    with state.parts(request).database.write() as unit:
        account = mailboxes.get(unit, state.access(request), request.path_params["key"])
        mailboxes.pause(unit, account)
        _note(request, unit, account, "mailbox_paused")
    return render.redirect(request, HERE, notice=_("The mailbox is paused; what waits, waits."), kind="info")


def resume(request: Request) -> Response:
    with state.parts(request).database.write() as unit:
        account = mailboxes.get(unit, state.access(request), request.path_params["key"])
        mailboxes.resume(unit, account)
        sending.hurry(unit, account.pk)
        _note(request, unit, account, "mailbox_resumed")
    return render.redirect(request, HERE, notice=_("The mailbox works again."))


def renew_token(request: Request) -> Response:
    """The one answer that shows the token for /hooks/mime."""
    parts = state.parts(request)
    with parts.database.write() as unit:
        account = mailboxes.get(unit, state.access(request), request.path_params["key"])
        token = mailboxes.renew_hook_token(unit, parts.seal, account)
        _note(request, unit, account, "mailbox_changed", secrets=["hook_token"])
    return show(request, token=token)


def read_config(form: forms.Form) -> dict[str, Any]:
    """As `channels.email.config` reads it; a server without a host is left out."""
    config: dict[str, Any] = {}
    for part in ("imap", "smtp"):
        host, user = form.text(f"{part}_host", most=253), form.text(f"{part}_user", most=254)
        port, tls = (
            form.integer(f"{part}_port", most=65535),
            form.choice(f"{part}_tls", TLS, "tls" if part == "imap" else "starttls"),
        )
        if host:
            config[part] = {"host": host, "tls": tls, "user": user, **({"port": port} if port else {})}
    if "imap" in config:
        config["imap"]["since"] = form.day("imap_since")
    config["plus_addressing"] = form.flag("plus_addressing")
    config["authserv"] = form.text("authserv", most=253)
    if client := form.text("oauth_client_id", most=300):
        config["oauth"] = {
            "client_id": client,
            "token_url": form.text("oauth_token_url", most=500, required=True),
            "scope": form.text("oauth_scope", most=500),
        }
    return config


def read_secrets(form: forms.Form) -> dict[str, str]:
    return {name: form.secret(name).strip("\r\n") for name in SECRETS if form.secret(name)}


def _note(request: Request, unit: Unit, account: ChannelAccount, event: str, **data: Any) -> None:
    trail.note(request, unit, event, brand_id=account.brand_id, mailbox=account.address, **data)


def _page(request: Request, account: ChannelAccount | None, status: int, *, token: str = "") -> Response:
    access, parts = state.access(request), state.parts(request)
    with parts.database.read() as unit:
        found = brands.list_brands(unit, access.brand_ids)
    return render.page(
        request,
        "agent/settings/mailbox.html",
        status=status,
        account=account,
        config=account.config if account else {},
        stored=_stored(request, account),
        form=forms.of(request),
        brands=found,
        plus=_plus(request, account),
        plus_hosts=PLUS_HOSTS,
        token=token,
        hook=f"{parts.settings.base_url}/hooks/mime/{account.key}" if account else "",
    )


def _plus(request: Request, account: ChannelAccount | None) -> bool:
    """Whether answers come to name+ticket@: as just sent, as saved, and off where nothing is known yet."""
    form = forms.of(request)
    if form.data:
        return form.flag("plus_addressing")
    return bool(account and account.config.get("plus_addressing", False))


def _stored(request: Request, account: ChannelAccount | None) -> frozenset[str]:
    """Names of the secrets that are set; their values stay sealed."""
    if account is None:
        return frozenset()
    try:
        return frozenset(
            name for name, value in state.parts(request).seal.open(account.secrets).items() if value
        )
    except HelpdeskError:
        return frozenset()
