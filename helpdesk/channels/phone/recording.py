"""Files of telephone providers. Twilio's own addresses want the account's name and token; nobody else is told them."""

from __future__ import annotations

import base64
from urllib.parse import urlsplit

from helpdesk.channels import guarded
from helpdesk.channels.http import Said
from helpdesk.channels.protocol import Account

BASE = "https://api.twilio.com"


async def fetch(account: Account, ref: str, *, most: int) -> tuple[bytes, str]:
    """The bytes and their type, also where Twilio sends us on to whoever keeps them. Raises Rejected or Unavailable."""
    base = urlsplit(str(account.config.get("api_base") or BASE))
    name, token = account.config.get("account_sid") or "", account.secrets.get("auth_token") or ""
    proof = base64.b64encode(f"{name}:{token}".encode()).decode()
    trusted = [f"{base.scheme}://{base.netloc}"]
    return await guarded.fetch(ref, most=most, trusted=trusted, headers={"Authorization": f"Basic {proof}"})


def words(said: Said) -> str:
    """What Twilio says of a fault."""
    return " ".join(str(said[name]) for name in ("code", "message") if said.get(name))
