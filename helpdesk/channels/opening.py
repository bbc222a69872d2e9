"""From the row of an account to plain data with its secrets opened, as channels want it."""

from __future__ import annotations

from helpdesk.channels.protocol import Account
from helpdesk.errors import Misconfigured
from helpdesk.models import ChannelAccount
from helpdesk.store.seal import Seal


def opened(row: ChannelAccount, seal: Seal) -> Account:
    """Raises Misconfigured after a change of the instance's key."""
    return Account(row.pk, row.kind, row.address, row.name, dict(row.config), seal.open(row.secrets))


def find_opened(row: ChannelAccount, seal: Seal) -> Account | None:
    """None after a change of the instance's key: this one waits for its secrets, the others go on."""
    try:
        return opened(row, seal)
    except Misconfigured:
        return None
