"""From the row of an account to plain data with its secrets opened, as channels want it."""

from __future__ import annotations

from helpdesk.channels.protocol import Account
from helpdesk.models import ChannelAccount
from helpdesk.store.seal import Seal


def opened(row: ChannelAccount, seal: Seal) -> Account:
    """Raises Misconfigured after a change of the instance's key."""
    return Account(row.pk, row.kind, row.address, row.name, dict(row.config), seal.open(row.secrets))
