"""Widgets as administrators keep them: listed, changed, switched off, their secret renewed."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from sqlmodel import col, select

from helpdesk.access import Access
from helpdesk.errors import Conflict, NotFound
from helpdesk.i18n import lazy
from helpdesk.models import ChannelAccount
from helpdesk.store.db import Unit
from helpdesk.store.seal import Seal

KIND = "chat"
SECRET, SECRET_BEFORE, SHOWN = "widget_secret", "widget_secret_before", "widget_secret_shown"


def list_accounts(unit: Unit, brand_ids: Iterable[int]) -> list[ChannelAccount]:
    """Those in use first."""
    found = select(ChannelAccount).where(
        ChannelAccount.kind == KIND, col(ChannelAccount.brand_id).in_(list(brand_ids))
    )
    return list(unit.session.exec(found.order_by(col(ChannelAccount.active).desc(), col(ChannelAccount.id))))


def get_account(unit: Unit, access: Access, key: str) -> ChannelAccount:
    """Raises NotFound, also for another brand's."""
    found = unit.session.exec(
        select(ChannelAccount).where(ChannelAccount.key == key, ChannelAccount.kind == KIND)
    ).first()
    if found is None:
        raise NotFound(lazy("there is no such widget"))
    access.require_brand(found.brand_id)
    return found


def change(unit: Unit, account: ChannelAccount, given: Mapping[str, Any], *, name: str | None = None) -> None:
    """Only what is given; the rest of the settings stays."""
    account.config = {**account.config, **given}
    if name is not None:
        account.name = name
    _saved(unit, account)


def switch(unit: Unit, account: ChannelAccount, *, on: bool) -> None:
    """Off, the launcher is drawn on no page any more; conversations stay, and go on by mail."""
    account.active = on
    _saved(unit, account)


def renew_secret(unit: Unit, seal: Seal, account: ChannelAccount) -> str:
    """Returns the new one. The present one signs as well until it is ended, so that no shopper is signed out."""
    kept = seal.open(account.secrets)
    if kept.get(SECRET_BEFORE):
        raise Conflict(lazy("two secrets are in use; end the old one before you make another"))
    fresh = secrets.token_urlsafe(32)
    before = str(kept.get(SECRET) or "") if kept.get(SHOWN) else ""  # nobody signs with what nobody has seen
    account.secrets = seal.close({SECRET: fresh, SECRET_BEFORE: before, SHOWN: "1"})
    _saved(unit, account)
    return fresh


def end_old_secret(unit: Unit, seal: Seal, account: ChannelAccount) -> None:
    """What was signed with it proves nothing from now on."""
    account.secrets = seal.close({**seal.open(account.secrets), SECRET_BEFORE: ""})
    _saved(unit, account)


def secrets_in_use(account: ChannelAccount, seal: Seal) -> int:
    """That somebody has seen: none, one, or two while a shop changes over."""
    kept = seal.open(account.secrets)
    return (1 + bool(kept.get(SECRET_BEFORE))) if kept.get(SHOWN) else 0


def _saved(unit: Unit, account: ChannelAccount) -> None:
    unit.session.add(account)
    unit.tell("account_saved", account.brand_id, account=account.pk)
