"""Telegram besides messages: who somebody is, and what it says of its calls to us."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from helpdesk.channels.care import CHECK, Care, Profile, Standing
from helpdesk.channels.http import Api, Said, open_http
from helpdesk.channels.protocol import Account
from helpdesk.channels.telegram.kind import BASE, words


class TelegramCare(Care):
    knows_people = True

    def duties(self, account: Account) -> frozenset[str]:
        return frozenset({CHECK}) if account.secrets.get("bot_token") else frozenset()

    async def check(self, account: Account) -> Standing:
        """An error of long ago stays in what it tells; it matters while calls are waiting."""
        me = await _call(account, "getMe", {})
        hook = await _call(account, "getWebhookInfo", {})
        complaint = str(hook.get("last_error_message") or "") if hook.get("pending_update_count") else ""
        name = f"@{me['username']}" if me.get("username") else str(me.get("first_name") or "")
        return Standing(name, hook=str(hook.get("url") or ""), complaint=complaint)

    async def profile(self, account: Account, address: str) -> Profile | None:
        who = await _call(account, "getChat", {"chat_id": address})
        parts = (who.get("first_name"), who.get("last_name"))
        name = str(who.get("title") or " ".join(str(one) for one in parts if one))
        photo = who.get("photo")
        username = str(who.get("username") or "")
        return Profile(
            name or username,
            picture=str(photo.get("small_file_id") or "") if isinstance(photo, dict) else "",
            also={"username": username} if username else {},
        )


async def _call(account: Account, method: str, body: dict[str, Any]) -> Said:
    token = quote(str(account.secrets["bot_token"]), safe=":")
    url = f"{account.config.get('api_base') or BASE}/bot{token}/{method}"
    async with open_http() as http:
        said = await Api("Telegram", http, words=words).call("POST", url, json=body)
    result = said.get("result")
    return result if isinstance(result, dict) else {}
