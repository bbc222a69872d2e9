"""One process alone reads a mailbox: a lease on the account, renewed while it is read."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import or_, update
from sqlmodel import col

from helpdesk.models import ChannelAccount
from helpdesk.store.db import Unit


def take(unit: Unit, account_id: int, holder: str, lease: timedelta) -> bool:
    """Take or renew. False while another holder's lease lasts."""
    free = or_(
        col(ChannelAccount.lease_until).is_(None),
        col(ChannelAccount.lease_until) < unit.now,
        col(ChannelAccount.lease_holder) == holder,
    )
    taken = (
        update(ChannelAccount)
        .where(col(ChannelAccount.id) == account_id, free)
        .values(lease_until=unit.now + lease, lease_holder=holder)
        .execution_options(synchronize_session=False)
    )
    return bool(getattr(unit.session.execute(taken), "rowcount", 0))


def give_back(unit: Unit, account_id: int, holder: str) -> None:
    """Whoever wants it may have it at once."""
    unit.session.execute(
        update(ChannelAccount)
        .where(col(ChannelAccount.id) == account_id, col(ChannelAccount.lease_holder) == holder)
        .values(lease_until=None, lease_holder="")
        .execution_options(synchronize_session=False)
    )
