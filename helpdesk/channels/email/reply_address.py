"""The address customers answer to: the mailbox's own, with the ticket's signed name after a plus sign."""

from __future__ import annotations

from helpdesk.channels.token import find_ticket_key
from helpdesk.store.seal import Seal

LONGEST_LOCAL_PART = 64  # RFC 5321 §4.5.3.1.1


def reply_address(address: str, token: str) -> str:
    """`support+t_k_s@shop.jp`; the plain address where the result would be too long for a mail system."""
    local, at, domain = address.rpartition("@")
    local = f"{local}+{token}"
    return f"{local}{at}{domain}" if at and len(local) <= LONGEST_LOCAL_PART else address


def ticket_of(address: str, seal: Seal) -> str | None:
    """The key of the ticket that this recipient address names, if its signature is ours."""
    local = address.rpartition("@")[0]
    plus = local.partition("+")[2]
    return find_ticket_key(plus, seal) if plus else None
