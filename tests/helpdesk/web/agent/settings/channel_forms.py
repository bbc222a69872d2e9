"""What is typed in to connect an account of each kind, and a call as LINE makes it."""

from __future__ import annotations

from starlette.testclient import TestClient

from helpdesk.models import ChannelAccount
from helpdesk.simulate.vendors import VENDORS, Deed
from helpdesk.store.db import Database

HEX = "0123456789abcdef0123456789abcdef"
OTHER = "fedcba9876543210fedcba9876543210"
FORMS: dict[str, dict[str, str]] = {
    "line": {"address": "@aoba", "channel_id": "2001234567", "channel_secret": HEX},
    "messenger": {"address": "10201", "app_secret": HEX, "access_token": "EAAB-page-token"},
    "instagram": {"address": "17841", "app_secret": HEX, "access_token": "IGAA-token-long"},
    "whatsapp": {
        "address": "10800",
        "waba_id": "22001",
        "app_secret": HEX,
        "access_token": "EAAG-token-long",
    },
    "telegram": {"address": "@aoba_bot", "bot_token": "12345678:AAbbccddeeffgghhiijjkk"},
    "sms": {"address": "+81 3-1234-5678", "account_sid": "AC" + HEX, "auth_token": "twilio-token"},
    "phone": {"address": "+81312345678", "token": "aircall-token"},
    "x": {"address": "998877", "consumer_secret": "consumer-secret", "access_token": "bearer-of-x-user"},
}


def row(database: Database, account: ChannelAccount) -> ChannelAccount:
    with database.read() as unit:
        return unit.session.get_one(ChannelAccount, account.pk)


def call(client: TestClient, account: ChannelAccount, secret: str, number: int = 1) -> int:
    """As LINE calls, signed with `secret`."""
    deed = Deed("text", "U1", account.created_at, str(number), text="こんにちは")
    request = VENDORS["line"](deed, {"channel_secret": secret}, account.address)
    return client.post(
        f"/hooks/line/{account.key}", content=request.body, headers=dict(request.headers)
    ).status_code
