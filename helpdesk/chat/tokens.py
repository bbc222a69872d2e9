"""A visitor's token: made here, kept by the browser, known to us by its hash alone.

It carries our signature, so that a visitor becomes a row with the first message and not with every page that is
looked at.
"""

from __future__ import annotations

import hashlib
import secrets

from helpdesk.store.seal import Seal

PURPOSE = "chat visitor"
LONGEST = 200


def new_token(account_key: str, seal: Seal) -> str:
    name = secrets.token_urlsafe(24)
    return f"{name}.{seal.sign(PURPOSE, f'{account_key}:{name}', length=24)}"


def is_genuine(token: str, account_key: str, seal: Seal) -> bool:
    """Whether we made it, for this widget."""
    name, _dot, signature = token.partition(".")
    if len(token) > LONGEST or len(signature) != 24 or not token.isascii():
        return False
    return seal.signed(PURPOSE, f"{account_key}:{name}", signature)


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
