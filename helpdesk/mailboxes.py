"""Mailboxes as administrators keep them: added, changed, paused. Credentials go in sealed and stay inside."""

from __future__ import annotations

import hmac
import secrets as random
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from helpdesk.access import Access
from helpdesk.errors import Conflict, NotFound
from helpdesk.i18n import lazy
from helpdesk.models import ChannelAccount
from helpdesk.people.accounts import tidy_email
from helpdesk.store.db import Unit
from helpdesk.store.seal import Seal

KIND = "email"
HOOK_TOKEN = "hook_token"  # noqa: S105


def add(
    unit: Unit,
    seal: Seal,
    *,
    brand_id: int,
    address: str,
    name: str = "",
    config: Mapping[str, Any] | None = None,
    secrets: Mapping[str, str] | None = None,
) -> ChannelAccount:
    """A mailbox without servers takes mail by hook and import, and keeps what it would send."""
    address = tidy_email(address)
    same = select(ChannelAccount).where(
        col(ChannelAccount.brand_id) == brand_id,
        col(ChannelAccount.kind) == KIND,
        col(ChannelAccount.address) == address,
    )
    if unit.session.scalars(same).first() is not None:
        raise Conflict(
            lazy("this address is a mailbox of this brand already; change that one"), address=address
        )
    account = ChannelAccount(
        brand_id=brand_id,
        kind=KIND,
        address=address,
        name=name,
        config=dict(config or {}),
        secrets=seal.close({HOOK_TOKEN: new_token(), **_given(secrets)}),
        created_at=unit.now,
    )
    unit.session.add(account)
    unit.session.flush()
    _saved(unit, account)
    return account


def change(
    unit: Unit,
    seal: Seal,
    account: ChannelAccount,
    *,
    name: str,
    config: Mapping[str, Any],
    secrets: Mapping[str, str] | None = None,
) -> None:
    """Empty secrets stay what they were. A changed mailbox is new again until it has been heard of."""
    if _another_box(account.config, config):
        account.cursor = {}  # the journal knows what was taken in already
    account.name, account.config = name, dict(config)
    if given := _given(secrets):
        account.secrets = seal.close({**seal.open(account.secrets), **given})
    account.state, account.state_text = "new", ""
    _saved(unit, account)


def _another_box(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Another server or user, or reading from an earlier day on: start from the beginning."""
    old, new = before.get("imap") or {}, after.get("imap") or {}
    moved = any(old.get(part) != new.get(part) for part in ("host", "user"))
    return moved or str(new.get("since") or "") < str(old.get("since") or "")


def pause(unit: Unit, account: ChannelAccount) -> None:
    """Neither read nor sent from until it is resumed; what waits, waits."""
    account.active = False
    _saved(unit, account)


def resume(unit: Unit, account: ChannelAccount) -> None:
    account.active, account.state, account.state_text = True, "new", ""
    _saved(unit, account)


def renew_hook_token(unit: Unit, seal: Seal, account: ChannelAccount) -> str:
    """A new token for /hooks/mime, shown once; the old one stops working."""
    token = new_token()
    account.secrets = seal.close({**seal.open(account.secrets), HOOK_TOKEN: token})
    unit.session.add(account)
    return token


def may_hook(seal: Seal, account: ChannelAccount, token: str) -> bool:
    """Whether this is the account's token; never for an account without one."""
    expected = str(seal.open(account.secrets).get(HOOK_TOKEN, ""))
    return bool(expected) and hmac.compare_digest(expected.encode(), token.encode())


def find_by_key(unit: Unit, key: str) -> ChannelAccount | None:
    return unit.session.scalars(select(ChannelAccount).where(col(ChannelAccount.key) == key)).first()


def get(unit: Unit, access: Access, key: str) -> ChannelAccount:
    found = find_by_key(unit, key)
    if found is None or found.kind != KIND:
        raise NotFound(lazy("there is no such mailbox"))
    access.require_brand(found.brand_id)
    return found


def list_mailboxes(unit: Unit, brand_ids: Iterable[int]) -> list[ChannelAccount]:
    query = select(ChannelAccount).where(
        col(ChannelAccount.brand_id).in_(list(brand_ids)), col(ChannelAccount.kind) == KIND
    )
    return list(unit.session.scalars(query.order_by(col(ChannelAccount.brand_id), col(ChannelAccount.id))))


def has_servers(account: ChannelAccount) -> tuple[bool, bool]:
    """Whether it (reads by IMAP, sends by SMTP)."""
    return bool((account.config.get("imap") or {}).get("host")), bool(
        (account.config.get("smtp") or {}).get("host")
    )


def _saved(unit: Unit, account: ChannelAccount) -> None:
    unit.session.add(account)
    unit.tell("account_saved", account.brand_id, account=account.pk)


def new_token() -> str:
    return random.token_urlsafe(24)


def _given(secrets: Mapping[str, str] | None) -> dict[str, str]:
    return {name: value for name, value in (secrets or {}).items() if value}
