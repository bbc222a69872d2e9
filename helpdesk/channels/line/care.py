"""LINE besides messages: profiles, the bot and its webhook, the month's quota, tokens of 30 days, reading."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from helpdesk.channels.care import (
    CHECK,
    QUOTA,
    RENEW,
    Care,
    Profile,
    Quota,
    Renewal,
    Standing,
    lasting,
    whole,
)
from helpdesk.channels.http import Api, Said, open_http
from helpdesk.channels.line.assertion import assertion
from helpdesk.channels.line.client import API, Client, Tokens
from helpdesk.channels.protocol import Account
from helpdesk.errors import Misconfigured, Rejected
from helpdesk.i18n import gettext as _

ASSERTED = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
MONTH = timedelta(days=30)
LASTING = ("short", "v2.1")  # of config["token"]: kept and renewed, others are asked for as needed


class LineCare(Care):
    knows_people = True
    counts = True
    tells_reading = True

    def __init__(self, tokens: Tokens | None = None) -> None:
        self._tokens = tokens or Tokens()

    def duties(self, account: Account) -> frozenset[str]:
        if not (account.secrets.get("channel_secret") or account.secrets.get("access_token")):
            return frozenset()
        renewed = {RENEW} if account.config.get("token") in LASTING else set()
        return frozenset({CHECK, QUOTA, *renewed})

    async def check(self, account: Account) -> Standing:
        async with self._client(account) as client:
            me = await client.about_me()
            return Standing(
                str(me.get("displayName") or ""),
                hook=await _hook(client),
                facts={name: me[name] for name in ("basicId", "chatMode", "markAsReadMode") if name in me},
            )

    async def profile(self, account: Account, address: str) -> Profile | None:
        """A group has a name and a picture as well, a room has neither."""
        async with self._client(account) as client:
            if address.startswith("R"):
                return None
            if address.startswith("C"):
                said = await _or_none(client, f"/v2/bot/group/{quote(address, safe='')}/summary")
                name = "groupName"
            else:
                said, name = await client.profile(address), "displayName"
        if said is None:
            return None
        return Profile(
            str(said.get(name) or ""),
            str(said.get("language") or "").partition("-")[0].lower(),
            str(said.get("pictureUrl") or ""),
        )

    async def quota(self, account: Account) -> Quota | None:
        """The limit first: a message that goes out in between is rather counted than missed."""
        async with self._client(account) as client:
            limit = await client.call("GET", "/v2/bot/message/quota")
            used = await client.call("GET", "/v2/bot/message/quota/consumption")
        limited = limit.get("type") == "limited"
        return Quota(whole(limit.get("value")) if limited else None, whole(used.get("totalUsage")))

    async def renew(self, account: Account, now: datetime) -> Renewal | None:
        base = str(account.config.get("api_base") or API)
        channel = str(account.config.get("channel_id") or "")
        if account.config.get("token") == "v2.1":
            url, form = (
                f"{base}/oauth2/v2.1/token",
                {
                    "grant_type": "client_credentials",
                    "client_assertion_type": ASSERTED,
                    "client_assertion": assertion(account, channel, now),
                },
            )
        else:
            url, form = (
                f"{base}/v2/oauth/accessToken",
                {
                    "grant_type": "client_credentials",
                    "client_id": channel,
                    "client_secret": str(account.secrets.get("channel_secret") or ""),
                },
            )
        said = await _token(url, form)
        until = now + lasting(said.get("expires_in"), MONTH)
        return Renewal({"access_token": str(said["access_token"])}, until)

    async def mark_read(self, account: Account, to: str, message: str, token: str) -> None:
        if token:
            async with self._client(account) as client:
                await client.call("POST", "/v2/bot/chat/markAsRead", {"markAsReadToken": token})

    @asynccontextmanager
    async def _client(self, account: Account) -> AsyncIterator[Client]:
        async with open_http() as http:
            yield Client(account, http, self._tokens)


async def _hook(client: Client) -> str:
    """Empty when none is entered there, or it is switched off."""
    said = await _or_none(client, "/v2/bot/channel/webhook/endpoint") or {}
    return str(said.get("endpoint") or "") if said.get("active") else ""


async def _or_none(client: Client, path: str) -> Mapping[str, Any] | None:
    try:
        return await client.call("GET", path)
    except Rejected as error:
        if error.data.get("status") == 404:
            return None
        raise


async def _token(url: str, form: Mapping[str, str]) -> Said:
    async with open_http() as http:
        said = await Api("LINE", http, words=_words, account=lambda *_given: False).call(
            "POST", url, data=dict(form)
        )
    if not said.get("access_token"):
        raise Misconfigured(_("LINE gave no access token; check the channel id and the key"))
    return said


def _words(said: Said) -> str:
    return " ".join(str(said[name]) for name in ("error", "error_description", "message") if said.get(name))
