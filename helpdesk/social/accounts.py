"""Accounts of social channels as the web and the background need them."""

from __future__ import annotations

from urllib.parse import urlsplit

from sqlalchemy import func, update
from sqlmodel import col, select

from helpdesk.models import ChannelAccount
from helpdesk.settings import Settings
from helpdesk.social.setup.table import get_setup
from helpdesk.store.db import Unit


def find_by_key(unit: Unit, kind: str, key: str) -> ChannelAccount | None:
    """A paused one as well: what comes meanwhile is kept. One that was removed is not there."""
    wanted = select(ChannelAccount).where(
        ChannelAccount.key == key, ChannelAccount.kind == kind, col(ChannelAccount.removed_at).is_(None)
    )
    return unit.session.exec(wanted).first()


def list_at(unit: Unit, kind: str, address: str) -> list[ChannelAccount]:
    """By what their provider calls them."""
    wanted = select(ChannelAccount).where(
        ChannelAccount.kind == kind,
        ChannelAccount.address == address,
        col(ChannelAccount.removed_at).is_(None),
    )
    return list(unit.session.exec(wanted.order_by(col(ChannelAccount.id))))


def heard(unit: Unit, account_id: int) -> None:
    """A genuine call came: the connection stands."""
    unit.session.execute(
        update(ChannelAccount)
        .where(col(ChannelAccount.id) == account_id)
        .values(
            state="ok",
            state_text="",
            last_seen_at=unit.now,
            verified_at=func.coalesce(col(ChannelAccount.verified_at), unit.now),
        )
        .execution_options(synchronize_session=False)
    )


def verified(unit: Unit, account_id: int) -> None:
    """The provider asked whether this is really us, and knew the word that was agreed on."""
    unit.session.execute(
        update(ChannelAccount)
        .where(col(ChannelAccount.id) == account_id)
        .values(verified_at=unit.now)
        .execution_options(synchronize_session=False)
    )


def hook_url(settings: Settings, account: ChannelAccount) -> str:
    """What is copied into the provider's settings."""
    return f"{settings.base_url}/hooks/{account.kind}/{account.key}"


def place(account: ChannelAccount, settings: Settings) -> None:
    """Where a provider is told with each message whom to call about it, our address stands in the account."""
    if told_by := get_setup(account.kind).told_by:
        account.config = {**account.config, told_by: hook_url(settings, account)}


def called_url(settings: Settings, path: str, query: str) -> str:
    """The address as the provider called it, whatever a proxy made of it."""
    base = urlsplit(settings.base_url)
    return f"{base.scheme}://{base.netloc}{path}" + (f"?{query}" if query else "")
