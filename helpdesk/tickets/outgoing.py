"""What every answer of an agent has in common, by mail or in a conversation; compose and spoken say the rest."""

from __future__ import annotations

from typing import Any

from helpdesk.models import Agent, ChannelAccount, Direction, Message, Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets.letter import Letter


def begin(
    unit: Unit, ticket: Ticket, letter: Letter, account: ChannelAccount, by: Agent, *, key: str, **own: Any
) -> Message:
    """A message that waits to be sent; `own` is what its kind of channel adds or says otherwise."""
    common: dict[str, Any] = {
        "key": key,
        "brand_id": ticket.brand_id,
        "ticket_id": ticket.pk,
        "customer_id": ticket.customer_id,
        "account_id": account.pk,
        "agent_id": by.pk,
        "channel": account.kind,
        "direction": Direction.OUT,
        "sender": {"name": by.name, "address": account.address},
        "text": letter.text,
        "reply": letter.text,
        "language": ticket.language,
        "external_id": f"hd.{ticket.key}.{key}",
        "fingerprint": f"out:{key}",
        "macro_key": letter.macro[0] if letter.macro else None,
        "macro_version": letter.macro[1] if letter.macro else None,
        "state": "queued",
        "sent_at": letter.at or unit.now,
        "created_at": unit.now,
    }
    return Message(**common | own)
