"""Telling a provider where to call us, where it takes that by its interface. Raises Rejected or Unavailable."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote

from helpdesk.channels.http import Api, Said, open_http
from helpdesk.channels.line.client import Client, Tokens
from helpdesk.channels.meta.graph import Graph
from helpdesk.channels.protocol import Account
from helpdesk.channels.telegram.kind import BASE
from helpdesk.errors import Rejected
from helpdesk.i18n import gettext as _

if TYPE_CHECKING:
    import httpx2

TOLD_OF = ("message", "edited_message", "callback_query", "my_chat_member", "message_reaction")
PAGE_FIELDS = (
    "messages,messaging_postbacks,message_echoes,message_reads,message_deliveries,message_reactions,"
    "message_edits,standby"
)

Announcer = Callable[[Account, str, "httpx2.AsyncClient"], Awaitable[None]]


async def announce(account: Account, url: str) -> None:
    """Whoever is not in ANNOUNCERS is told by hand."""
    async with open_http() as http:
        await ANNOUNCERS[account.kind](account, url, http)


async def _telegram(account: Account, url: str, http: httpx2.AsyncClient) -> None:
    token = quote(str(account.secrets.get("bot_token") or ""), safe=":")
    body = {
        "url": url,
        "secret_token": str(account.secrets.get("webhook_secret") or ""),
        "allowed_updates": list(TOLD_OF),
    }
    address = f"{account.config.get('api_base') or BASE}/bot{token}/setWebhook"
    await Api("Telegram", http, words=_telegrams).call("POST", address, json=body)


async def _line(account: Account, url: str, http: httpx2.AsyncClient) -> None:
    """LINE calls the address at once and says what came of it. Only its console switches calls on."""
    client = Client(account, http, Tokens())
    await client.call("PUT", "/v2/bot/channel/webhook/endpoint", {"endpoint": url})
    said = await client.call("POST", "/v2/bot/channel/webhook/test", {"endpoint": url})
    if not said.get("success"):
        words = " ".join(str(said[name]) for name in ("statusCode", "reason", "detail") if said.get(name))
        raise Rejected(_("LINE took the address, but its trial call failed: %(words)s", words=words))


async def _page(account: Account, url: str, http: httpx2.AsyncClient) -> None:
    """The address stands at the app; the page has to tell the app of its messages."""
    graph = Graph(account, http, name="Messenger")
    await graph.post(f"{quote(account.address, safe='')}/subscribed_apps", {"subscribed_fields": PAGE_FIELDS})


async def _whatsapp(account: Account, url: str, http: httpx2.AsyncClient) -> None:
    graph = Graph(account, http, name="WhatsApp")
    await graph.post(f"{quote(str(account.config.get('waba_id') or ''), safe='')}/subscribed_apps", {})


def _telegrams(said: Said) -> str:
    return str(said.get("description") or "")


ANNOUNCERS: Mapping[str, Announcer] = {
    "telegram": _telegram,
    "line": _line,
    "messenger": _page,
    "whatsapp": _whatsapp,
}
