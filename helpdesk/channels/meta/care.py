"""Messenger and Instagram besides messages: profiles, the page and its subscription, tokens that end, reading."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from helpdesk.channels.care import CHECK, RENEW, Care, Profile, Renewal, Standing, lasting
from helpdesk.channels.http import Api, Said, open_http
from helpdesk.channels.meta.graph import BASE, VERSION, Graph, words
from helpdesk.channels.protocol import Account
from helpdesk.errors import Misconfigured, Rejected
from helpdesk.i18n import gettext as _

INSTAGRAM_BASE = "https://graph.instagram.com"
FIELDS = {"messenger": "first_name,last_name,profile_pic", "instagram": "name,username,profile_pic"}
ABOUT = {"messenger": "id,name", "instagram": "id,name,username"}
LONG = timedelta(days=60)
YEAR_9999 = 253_402_300_799
TOO_FRESH = timedelta(hours=25)
FRESH = timedelta(days=30)  # with so much left a token is left alone


class MetaCare(Care):
    """`name` is `messenger` or `instagram`; WhatsApp shares the way of tokens. `title` is what it is called."""

    knows_people = True
    tells_reading = True

    def __init__(self, name: str, title: str) -> None:
        self._name = name
        self._title = title

    def duties(self, account: Account) -> frozenset[str]:
        if not account.secrets.get("access_token"):
            return frozenset()
        return frozenset({CHECK, RENEW} if _renewable(account) else {CHECK})

    async def check(self, account: Account) -> Standing:
        async with self._graph(account) as graph:
            me = await graph.get(_path(account.address), fields=ABOUT[self._name])
            hook = await self._subscribed(graph, account)
        return Standing(str(me.get("name") or me.get("username") or ""), hook=hook)

    async def profile(self, account: Account, address: str) -> Profile | None:
        async with self._graph(account) as graph:
            said = await graph.get(_path(address), fields=FIELDS[self._name])
        parts = (said.get("first_name"), said.get("last_name"))
        name = str(said.get("name") or " ".join(str(one) for one in parts if one))
        username = str(said.get("username") or "")
        return Profile(
            name or username,
            picture=str(said.get("profile_pic") or ""),
            also={"username": username} if username else {},
        )

    async def renew(self, account: Account, now: datetime) -> Renewal | None:
        async with open_http() as http:
            api = Api(self._title, http, words=words)
            if _own_login(account):
                return await _refreshed(api, account, now)
            until = await _end(api, account)
            if until is None or until - now > FRESH:
                return Renewal({}, until)
            return await _exchanged(api, account, now)

    async def mark_read(self, account: Account, to: str, message: str, token: str) -> None:
        body = {"recipient": {"id": to}, "sender_action": "mark_seen"}
        async with self._graph(account) as graph:
            await graph.post(f"{_path(account.address)}/messages", body)

    async def _subscribed(self, graph: Graph, account: Account) -> str | None:
        """Empty when the page tells no app of its messages; Meta does not say under which address it calls."""
        if self._name != "messenger":
            return None
        try:
            said = await graph.get(f"{_path(account.address)}/subscribed_apps")
        except Rejected:
            return None  # this right may be missing where all else works
        return "" if said.get("data") == [] else None

    @asynccontextmanager
    async def _graph(self, account: Account) -> AsyncIterator[Graph]:
        async with open_http() as http:
            yield Graph(account, http, name=self._title)


def _path(address: str) -> str:
    return quote(address, safe="")


def _renewable(account: Account) -> bool:
    exchange = account.config.get("app_id") and account.secrets.get("app_secret")
    return bool(exchange) or _own_login(account)


def _own_login(account: Account) -> bool:
    """Instagram's own sign-in instead of Facebook's."""
    if account.kind != "instagram":
        return False
    return (
        account.config.get("login") == "instagram"
        or str(account.config.get("api_base") or "") == INSTAGRAM_BASE
    )


async def _refreshed(api: Api, account: Account, now: datetime) -> Renewal:
    """Tokens of Instagram's own sign-in live 60 days and can be refreshed when they are a day old."""
    entered = account.secrets.get("set_at", {}).get("access_token")
    if entered and now - (since := datetime.fromisoformat(entered)) < TOO_FRESH:
        return Renewal({}, since + LONG)
    base = str(account.config.get("api_base") or INSTAGRAM_BASE)
    asked = {"grant_type": "ig_refresh_token", "access_token": str(account.secrets["access_token"])}
    return _renewal(await api.call("GET", f"{base}/refresh_access_token", params=asked), now)


async def _end(api: Api, account: Account) -> datetime | None:
    """When the token ends. None for never: tokens of pages and of system users."""
    asked = {
        "input_token": str(account.secrets["access_token"]),
        "access_token": f"{account.config['app_id']}|{account.secrets['app_secret']}",
    }
    said = await api.call("GET", f"{_base(account)}/debug_token", params=asked)
    told = said.get("data")
    given = told if isinstance(told, dict) else {}
    if given.get("is_valid") is False:
        why = given.get("error")
        raise Rejected("%(why)s", why=words({"error": why}) or _("Meta calls the access token invalid"))
    ends = given.get("expires_at")
    return datetime.fromtimestamp(ends, UTC) if isinstance(ends, int) and 0 < ends < YEAR_9999 else None


async def _exchanged(api: Api, account: Account, now: datetime) -> Renewal:
    asked = {
        "grant_type": "fb_exchange_token",
        "client_id": str(account.config["app_id"]),
        "client_secret": str(account.secrets["app_secret"]),
        "fb_exchange_token": str(account.secrets["access_token"]),
    }
    return _renewal(await api.call("GET", f"{_base(account)}/oauth/access_token", params=asked), now)


def _renewal(said: Said, now: datetime) -> Renewal:
    if not said.get("access_token"):
        raise Misconfigured(_("Meta gave no access token; enter a new one"))
    return Renewal({"access_token": str(said["access_token"])}, now + lasting(said.get("expires_in"), LONG))


def _base(account: Account) -> str:
    base = str(account.config.get("api_base") or BASE).rstrip("/")
    return f"{base}/{account.config.get('api_version') or VERSION}"
