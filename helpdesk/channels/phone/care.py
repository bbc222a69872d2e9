"""Twilio besides messages: whether the account is alive."""

from __future__ import annotations

from urllib.parse import quote

from helpdesk.channels.care import CHECK, Care, Standing
from helpdesk.channels.http import Api, open_http
from helpdesk.channels.phone.recording import BASE, words
from helpdesk.channels.protocol import Account
from helpdesk.errors import Rejected
from helpdesk.i18n import gettext as _


class TwilioCare(Care):
    def duties(self, account: Account) -> frozenset[str]:
        given = account.secrets.get("auth_token") and account.config.get("account_sid")
        return frozenset({CHECK}) if given else frozenset()

    async def check(self, account: Account) -> Standing:
        sid = str(account.config["account_sid"])
        url = f"{account.config.get('api_base') or BASE}/2010-04-01/Accounts/{quote(sid, safe='')}.json"
        async with open_http() as http:
            said = await Api("Twilio", http, words=words).call(
                "GET", url, auth=(sid, str(account.secrets["auth_token"]))
            )
        state = str(said.get("status") or "active")
        if state != "active":
            raise Rejected(_("Twilio calls this account %(state)s", state=state))
        return Standing(str(said.get("friendly_name") or ""))
