"""An event that was told for an account which was not connected goes to that account when it is tried again.

It was set aside at the account whose address was called. Another account gets it only if the app that signed the call
is its own too: nobody connects somebody else's page and reads what was said there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlmodel import col, select

from helpdesk.channels.names import NAMES
from helpdesk.errors import Conflict
from helpdesk.i18n import gettext as _
from helpdesk.i18n import lazy
from helpdesk.intake import journal
from helpdesk.models import ChannelAccount, InboundEvent
from helpdesk.social import accounts
from helpdesk.social.secrets import OLD, in_force
from helpdesk.social.setup.table import get_setup
from helpdesk.store.db import Unit
from helpdesk.store.seal import Seal

MEANT = "for"  # in an event's meta: the kind and address of the account that it is for


def retry(unit: Unit, event: InboundEvent, seal: Seal) -> None:
    """Queue a quarantined event again, where it belongs. Raises Conflict while that account is not connected."""
    meant = event.meta.get(MEANT)
    if meant:
        kind, address = meant
        home = _find_home(unit, event, kind, address, seal)
        if home is None:
            raise Conflict(
                lazy(
                    "this is for %(kind)s %(account)s; connect that account with the same app, then try again"
                ),
                kind=_(NAMES[kind]) if kind in NAMES else kind,
                account=address,
            )
        if not _move(unit, event, home):
            return
    journal.retry(unit, event)


def retry_all(unit: Unit, events: Iterable[InboundEvent], seal: Seal) -> int:
    """Those that can be; the others stay where they are. Returns how many."""
    tried = 0
    for event in events:
        try:
            retry(unit, event, seal)
        except Conflict:
            continue
        tried += 1
    return tried


def _find_home(unit: Unit, event: InboundEvent, kind: str, address: str, seal: Seal) -> ChannelAccount | None:
    called = unit.session.get_one(ChannelAccount, event.account_id)
    proved = _signing(unit, called, seal)
    same = (one for one in accounts.list_at(unit, kind, address) if proved & _signing(unit, one, seal))
    return next(same, None)


def _signing(unit: Unit, account: ChannelAccount, seal: Seal) -> set[tuple[str, str]]:
    """By name, the secrets that its provider signs with."""
    secrets: Mapping[str, Any] = in_force(seal.open(account.secrets), unit.now) if account.secrets else {}
    names = get_setup(account.kind).rotating
    return {(name, str(value)) for name in names for one in (name, OLD + name) if (value := secrets.get(one))}


def _move(unit: Unit, event: InboundEvent, home: ChannelAccount) -> bool:
    """False when the account has it already, told at its own address meanwhile."""
    event.meta = {name: value for name, value in event.meta.items() if name != MEANT}
    there = select(InboundEvent.id).where(
        InboundEvent.account_id == home.pk,
        InboundEvent.external_id == event.external_id,
        col(InboundEvent.id) != event.pk,
    )
    if unit.session.exec(there).first():
        event.state, event.reason, event.done_at = "duplicate", None, unit.now
        return False
    event.account_id, event.brand_id = home.pk, home.brand_id
    return True
