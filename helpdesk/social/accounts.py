"""Accounts of social channels as the web and the background need them."""

from __future__ import annotations

from urllib.parse import urlsplit

from sqlalchemy import update
from sqlmodel import col, select

from helpdesk.models import ChannelAccount
from helpdesk.settings import Settings
from helpdesk.store.db import Unit


def find_by_key(unit: Unit, kind: str, key: str) -> ChannelAccount | None:
    """A paused one as well: what comes meanwhile is kept."""
    wanted = select(ChannelAccount).where(ChannelAccount.key == key, ChannelAccount.kind == kind)
    return unit.session.exec(wanted).first()


def heard(unit: Unit, account_id: int) -> None:
    """A genuine call came: the connection stands."""
    unit.session.execute(
        update(ChannelAccount)
        .where(col(ChannelAccount.id) == account_id)
        .values(state="ok", state_text="", last_seen_at=unit.now)
        .execution_options(synchronize_session=False)
    )


def hook_url(settings: Settings, account: ChannelAccount) -> str:
    """What is copied into the provider's settings."""
    return f"{settings.base_url}/hooks/{account.kind}/{account.key}"


def called_url(settings: Settings, path: str, query: str) -> str:
    """The address as the provider called it, whatever a proxy made of it."""
    base = urlsplit(settings.base_url)
    return f"{base.scheme}://{base.netloc}{path}" + (f"?{query}" if query else "")
