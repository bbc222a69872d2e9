"""Accounts at the simulated providers, made when they are first played with."""

from __future__ import annotations

import secrets as random

from sqlmodel import select

from helpdesk.models import Brand, ChannelAccount
from helpdesk.store.db import Unit
from helpdesk.store.seal import Seal

NAMES = {
    "line": "LINE",
    "messenger": "Messenger",
    "instagram": "Instagram",
    "whatsapp": "WhatsApp",
    "telegram": "Telegram",
    "x": "X",
    "sms": "SMS",
    "phone": "Phone",
}
SECRETS = (
    *("channel_secret", "app_secret", "verify_token", "webhook_secret", "access_token", "bot_token"),
    *("consumer_secret", "auth_token", "token", "refresh_token"),
)
CONFIG = {
    "channel_id": "simulated",
    "account_sid": "AC1",
    "waba_id": "WABA",
    "client_id": "simulated",
    "mark_read": True,
}


def connect(unit: Unit, seal: Seal, brand: Brand, vendor: str, address: str) -> ChannelAccount:
    """One for each brand and provider; it asks the simulated server at `address`, wherever that listens this time."""
    name = f"simulated-{vendor}"
    account = unit.session.exec(
        select(ChannelAccount).where(
            ChannelAccount.brand_id == brand.pk, ChannelAccount.kind == vendor, ChannelAccount.address == name
        )
    ).first()
    if account is None:
        account = ChannelAccount(
            brand_id=brand.pk,
            kind=vendor,
            address=name,
            name=f"{brand.name} ({NAMES[vendor]})",
            secrets=seal.close(_secrets(vendor)),
            created_at=unit.now,
        )
        unit.session.add(account)
    account.config = {**account.config, **CONFIG, "api_base": address}
    unit.session.flush()
    return account


def _secrets(vendor: str) -> dict[str, str]:
    """LINE's token is asked for with the secret, so that this way is played too."""
    wanted = [one for one in SECRETS if not (vendor == "line" and one == "access_token")]
    return {name: random.token_hex(16) for name in wanted}
