"""Accounts of social channels as administrators keep them: connected, changed, paused, removed.

Secrets go in sealed and stay inside; what is shown of them is in `secrets`.
"""

from __future__ import annotations

import secrets as random
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from sqlmodel import col, select

from helpdesk.access import Access
from helpdesk.errors import Conflict, Misconfigured, NotFound
from helpdesk.i18n import lazy
from helpdesk.models import ChannelAccount, new_key
from helpdesk.social import secrets
from helpdesk.social.setup.table import SETUPS, get_setup
from helpdesk.store.db import Unit
from helpdesk.store.seal import Seal

KEEP_OLD = timedelta(days=1)


def connect(
    unit: Unit,
    seal: Seal,
    *,
    brand_id: int,
    kind: str,
    address: str,
    name: str = "",
    config: Mapping[str, Any] | None = None,
    given: Mapping[str, str] | None = None,
) -> ChannelAccount:
    """A new account, or one that was removed before, with its conversations; its address for calls is new then."""
    setup = get_setup(kind)
    account = _find_same(unit, brand_id, kind, address)
    if account and account.removed_at is None:
        raise Conflict(lazy("this account is connected to this brand already; change that one"))
    if account is None:
        account = ChannelAccount(brand_id=brand_id, kind=kind, address=address, created_at=unit.now)
        unit.session.add(account)
    else:
        account.key, account.removed_at, account.verified_at = new_key(), None, None
        account.active, account.last_seen_at = True, None
    account.name = name
    account.config = {one: value for one, value in (config or {}).items() if value != ""}
    made = {setup.made: new_word()} if setup.made else {}
    account.secrets = seal.close(_entered(unit, {}, {**made, **(given or {})}))
    _saved(unit, account, anew=True)
    return account


def _find_same(unit: Unit, brand_id: int, kind: str, address: str) -> ChannelAccount | None:
    wanted = select(ChannelAccount).where(
        ChannelAccount.brand_id == brand_id, ChannelAccount.kind == kind, ChannelAccount.address == address
    )
    return unit.session.exec(wanted).first()


def change(
    unit: Unit,
    seal: Seal,
    account: ChannelAccount,
    *,
    name: str,
    config: Mapping[str, Any],
    given: Mapping[str, str],
    keep: timedelta = KEEP_OLD,
) -> list[str]:
    """Empty secrets stay what they were; config that is not named stays. Returns the names of new secrets.

    What was sealed with another key of the helpdesk is entered anew, and so is the word that we make ourselves.
    """
    setup, held = get_setup(account.kind), secrets.pruned(_held(seal, account), unit.now)
    new = sorted(one for one, value in given.items() if value and value != held.get(one))
    if setup.made and not held.get(setup.made):
        given, account.verified_at = {**given, setup.made: new_word()}, None
    account.name = name
    account.config = {one: value for one, value in {**account.config, **config}.items() if value != ""}
    account.secrets = seal.close(
        secrets.replace(held, given, rotating=setup.rotating, keep=keep, now=unit.now)
    )
    _saved(unit, account, anew=True)
    return new


def _held(seal: Seal, account: ChannelAccount) -> dict[str, Any]:
    try:
        return seal.open(account.secrets)
    except Misconfigured:
        return {}


def end_old_secret(unit: Unit, seal: Seal, account: ChannelAccount, name: str) -> None:
    account.secrets = seal.close(secrets.without_old(seal.open(account.secrets), name))
    _saved(unit, account)


def renew_word(unit: Unit, seal: Seal, account: ChannelAccount) -> None:
    """Another word to agree on with the provider, who has to confirm it anew."""
    made = get_setup(account.kind).made
    if not made:
        raise NotFound(lazy("no word is agreed on with this provider"))
    account.secrets = seal.close(_entered(unit, seal.open(account.secrets), {made: new_word()}))
    account.verified_at = None
    _saved(unit, account)


def pause(unit: Unit, account: ChannelAccount) -> None:
    """What comes is still taken in; answers wait."""
    account.active = False
    _saved(unit, account)


def resume(unit: Unit, account: ChannelAccount) -> None:
    account.active = True
    _saved(unit, account, anew=True)


def remove(unit: Unit, account: ChannelAccount) -> None:
    """Switched off for good: its secrets are forgotten, its conversations stay."""
    account.active, account.removed_at, account.secrets = False, unit.now, ""
    _saved(unit, account)


def list_accounts(unit: Unit, brand_ids: Iterable[int]) -> list[ChannelAccount]:
    wanted = select(ChannelAccount).where(
        col(ChannelAccount.brand_id).in_(list(brand_ids)),
        col(ChannelAccount.kind).in_(list(SETUPS)),
        col(ChannelAccount.removed_at).is_(None),
    )
    return list(unit.session.exec(wanted.order_by(col(ChannelAccount.brand_id), col(ChannelAccount.id))))


def get_account(unit: Unit, access: Access, key: str, *, hold: bool = False) -> ChannelAccount:
    """`hold`: to be changed, so that nobody else does at the same time."""
    wanted = select(ChannelAccount).where(
        ChannelAccount.key == key,
        col(ChannelAccount.kind).in_(list(SETUPS)),
        col(ChannelAccount.removed_at).is_(None),
        col(ChannelAccount.brand_id).in_(access.brand_ids),
    )
    found = unit.session.exec(wanted.with_for_update() if hold else wanted).first()
    if found is None:
        raise NotFound(lazy("there is no such channel"))
    return found


def new_word() -> str:
    return random.token_urlsafe(24)


def _entered(unit: Unit, held: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, Any]:
    return secrets.replace(held, given, rotating=(), keep=timedelta(), now=unit.now)


def _saved(unit: Unit, account: ChannelAccount, *, anew: bool = False) -> None:
    """`anew`: nobody knows yet whether it works."""
    if anew:
        account.state, account.state_text = "new", ""
        account.sending_state, account.sending_text = "new", ""
    unit.session.add(account)
    unit.session.flush()
    unit.tell("account_saved", account.brand_id, account=account.pk)
