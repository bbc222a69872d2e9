"""A token that was renewed is kept sealed, once, whoever else is at it: administrators, or another process."""

from __future__ import annotations

from datetime import datetime, timedelta

from helpdesk.channels.care import Renewal
from helpdesk.channels.protocol import Account
from helpdesk.models import ChannelAccount
from helpdesk.social.secrets import SET_AT
from helpdesk.store.db import Unit
from helpdesk.store.seal import Seal

ENDLESS = timedelta(days=7)  # between two looks at a token that does not end
SOONEST = timedelta(minutes=1)


def keep(unit: Unit, seal: Seal, used: Account, renewal: Renewal) -> bool:
    """False when the secrets are not those any more that were `used` to ask: then the newer ones stay.

    Whoever asked with the present ones writes, however late: a token that replaced another is the only good one.
    """
    row = unit.session.get_one(ChannelAccount, used.id, with_for_update=True, populate_existing=True)
    held = seal.open(row.secrets)
    if any(held.get(name) != used.secrets.get(name) for name in renewal.secrets):
        return False
    if renewal.secrets:
        dates = {name: unit.now.isoformat() for name in renewal.secrets}
        row.secrets = seal.close(
            {**held, **renewal.secrets, SET_AT: {**dict(held.get(SET_AT) or {}), **dates}}
        )
    return True


def plan_next(until: datetime | None, now: datetime) -> datetime:
    """At half of the time that is left: as much again remains for whatever goes wrong."""
    if until is None:
        return now + ENDLESS
    return now + max((until - now) / 2, SOONEST)
