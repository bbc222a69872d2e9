"""Addresses of files for providers: signed, good for a week, of https alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import quote

from helpdesk.store.seal import Seal

GOOD_FOR = timedelta(days=7)
PURPOSE = "file-link"


def url_of(seal: Seal, public_url: str, key: str, name: str, *, now: datetime) -> str:
    """Empty where no provider could reach it."""
    if not public_url.startswith("https://") and "://127.0.0.1" not in public_url:
        return ""
    until = int((now + GOOD_FOR).timestamp())
    signature = seal.sign(PURPOSE, f"{key}:{until}", length=26)
    return f"{public_url}/files/{key}/{until}-{signature}/{quote(name or 'file', safe='')}"


def is_good(seal: Seal, key: str, given: str, now: datetime) -> bool:
    until, _, signature = given.partition("-")
    if not until.isdecimal() or len(given) > 60 or len(signature) != 26 or int(until) < now.timestamp():
        return False
    return seal.signed(PURPOSE, f"{key}:{until}", signature)
