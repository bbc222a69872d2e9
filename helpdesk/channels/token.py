"""A ticket's signed name: travels with a message and proves, when it comes back, which ticket is answered."""

from __future__ import annotations

import re

from helpdesk.store.seal import Seal

PURPOSE = "reply"
SIGNATURE_LENGTH = 16  # base32 characters: 80 bits
TOKEN = re.compile(rf"\bt_([a-z0-9]{{4,24}})_([a-z2-7]{{{SIGNATURE_LENGTH}}})(?![a-z0-9_])", re.IGNORECASE)


def token_of(ticket_key: str, seal: Seal) -> str:
    """t_<key>_<signature>, in characters that survive any mail system."""
    return f"t_{ticket_key}_{seal.sign(PURPOSE, ticket_key, length=SIGNATURE_LENGTH)}"


def find_ticket_key(text: str, seal: Seal) -> str | None:
    """The key of the ticket that a genuine token in the text names; forged tokens name nothing."""
    for found in TOKEN.finditer(text):
        key, signature = found[1].lower(), found[2].lower()
        if seal.signed(PURPOSE, key, signature):
            return key
    return None
