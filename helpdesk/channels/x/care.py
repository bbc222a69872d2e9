"""X besides messages: who somebody is, whose account this is, and tokens of two hours that replace each other."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import quote

from helpdesk.channels.care import CHECK, RENEW, Care, Profile, Renewal, Standing, lasting
from helpdesk.channels.http import Api, Said, open_http
from helpdesk.channels.protocol import Account
from helpdesk.channels.x.kind import BASE, words
from helpdesk.errors import Misconfigured
from helpdesk.i18n import gettext as _

SHORT = timedelta(hours=2)


class XCare(Care):
    knows_people = True

    def duties(self, account: Account) -> frozenset[str]:
        if not account.secrets.get("access_token"):
            return frozenset()
        renewable = account.secrets.get("refresh_token") and account.config.get("client_id")
        return frozenset({CHECK, RENEW} if renewable else {CHECK})

    async def check(self, account: Account) -> Standing:
        me = _data(await _get(account, "/2/users/me"))
        return Standing(f"@{me['username']}" if me.get("username") else str(me.get("name") or ""))

    async def profile(self, account: Account, address: str) -> Profile | None:
        path = f"/2/users/{quote(address, safe='')}?user.fields=name,username,profile_image_url"
        who = _data(await _get(account, path))
        if not who:
            return None
        username = str(who.get("username") or "")
        return Profile(
            str(who.get("name") or username),
            picture=str(who.get("profile_image_url") or ""),
            also={"username": username} if username else {},
        )

    async def renew(self, account: Account, now: datetime) -> Renewal | None:
        """The refresh token is good once: X gives the next one along."""
        client, secret = str(account.config["client_id"]), str(account.secrets.get("client_secret") or "")
        form = {
            "grant_type": "refresh_token",
            "refresh_token": str(account.secrets["refresh_token"]),
            "client_id": client,
        }
        async with open_http() as http:
            api = Api("X", http, words=_refusal, account=lambda *_given: False)
            said = await api.call(
                "POST",
                f"{_base(account)}/2/oauth2/token",
                data=form,
                auth=(client, secret) if secret else None,
            )
        if not said.get("access_token"):
            raise Misconfigured(_("X gave no access token; connect the account again"))
        given = {name: str(said[name]) for name in ("access_token", "refresh_token") if said.get(name)}
        return Renewal(given, now + lasting(said.get("expires_in"), SHORT))


async def _get(account: Account, path: str) -> Said:
    headers = {"Authorization": f"Bearer {account.secrets['access_token']}"}
    async with open_http() as http:
        return await Api("X", http, words=words).call("GET", f"{_base(account)}{path}", headers=headers)


def _base(account: Account) -> str:
    return str(account.config.get("api_base") or BASE)


def _data(said: Said) -> Said:
    data = said.get("data")
    return data if isinstance(data, dict) else {}


def _refusal(said: Said) -> str:
    """OAuth2 has words of its own."""
    return " ".join(str(said[name]) for name in ("error", "error_description") if said.get(name)) or words(
        said
    )
