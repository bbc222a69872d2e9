"""LINE's servers: sending, profiles, files, quota. One access token for each account, renewed before it ends."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from helpdesk.channels.http import Api, read
from helpdesk.channels.protocol import Account
from helpdesk.errors import Misconfigured, Rejected
from helpdesk.i18n import gettext as _

if TYPE_CHECKING:
    import httpx2

API = "https://api.line.me"
DATA = "https://api-data.line.me"
EARLY_SECONDS = 60
USED = "Invalid reply token"
SPENT = "monthly limit"


@dataclass(slots=True)
class Tokens:
    """Shared by all who speak for an account; `get` for one account id at a time suffices."""

    held: dict[int, tuple[str, float]] = field(default_factory=dict)


class Client:
    """Raises Rejected for what LINE refuses for good, Unavailable for later, NoAnswer when nobody knows."""

    def __init__(self, account: Account, http: httpx2.AsyncClient, tokens: Tokens) -> None:
        self.account = account
        self._line = Api("LINE", http, words=_words, passes=_passes)
        self._tokens = tokens
        self._api = str(account.config.get("api_base") or API)
        self._data = str(account.config.get("data_base") or account.config.get("api_base") or DATA)

    async def reply(self, token: str, messages: list[dict[str, Any]]) -> Mapping[str, Any]:
        return await self.call("POST", "/v2/bot/message/reply", {"replyToken": token, "messages": messages})

    async def push(self, to: str, messages: list[dict[str, Any]], *, key: str) -> Mapping[str, Any]:
        """The same `key` is the same message for a day, however often it is sent."""
        headers = {"X-Line-Retry-Key": key}
        return await self.call("POST", "/v2/bot/message/push", {"to": to, "messages": messages}, headers)

    async def profile(self, user: str) -> Mapping[str, Any] | None:
        """None for who is not a friend or has not agreed."""
        try:
            return await self.call("GET", f"/v2/bot/profile/{quote(user, safe='')}")
        except Rejected as error:
            if error.data.get("status") == 404:
                return None
            raise

    async def about_me(self) -> Mapping[str, Any]:
        return await self.call("GET", "/v2/bot/info")

    async def file(self, message_id: str, *, most: int) -> tuple[bytes, str]:
        """At most `most` bytes. LINE deletes files after a time it does not name."""
        headers = {"Authorization": f"Bearer {await self._token()}"}
        url = f"{self._data}/v2/bot/message/{quote(message_id, safe='')}/content"
        return await self._line.file("GET", url, most=most, headers=headers)

    async def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Mapping[str, Any]:
        answer = await self._ask(method, f"{self._api}{path}", body, headers)
        said = read(answer)
        if answer.status_code >= 300 and answer.status_code != 409:  # 409: it was taken the first time
            raise self._line.failure(answer, said)
        return said

    async def _ask(
        self,
        method: str,
        url: str,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx2.Response:
        for again in (True, False):
            authorised = {"Authorization": f"Bearer {await self._token()}", **(headers or {})}
            answer = await self._line.ask(method, url, json=body, headers=authorised)
            if answer.status_code != 401 or not again or self._tokens.held.pop(self.account.id, None) is None:
                break
        return answer

    async def _token(self) -> str:
        """The one from the console, else one for a quarter of an hour."""
        given = str(self.account.secrets.get("access_token") or "")
        if given:
            return given
        token, until = self._tokens.held.get(self.account.id, ("", 0.0))
        if until > time.monotonic():
            return token
        form = {
            "grant_type": "client_credentials",
            "client_id": str(self.account.config.get("channel_id") or ""),
            "client_secret": str(self.account.secrets.get("channel_secret") or ""),
        }
        answer = await self._line.ask("POST", f"{self._api}/oauth2/v3/token", data=form)
        said = read(answer)
        if answer.status_code in (400, 401, 403):
            raise Misconfigured(_("LINE refuses the channel id or secret: %(words)s", words=_words(said)))
        if answer.status_code >= 300 or not said.get("access_token"):
            raise self._line.failure(answer, said)
        token = str(said["access_token"])
        self._tokens.held[self.account.id] = (
            token,
            time.monotonic() + float(said.get("expires_in") or 900) - EARLY_SECONDS,
        )
        return token


def _passes(status: int, said: Mapping[str, Any]) -> bool:
    """A month's limit does not pass by waiting a day: the agent has to know."""
    return status >= 500 or (status == 429 and SPENT not in str(said.get("message") or ""))


def _words(said: Mapping[str, Any]) -> str:
    """LINE's own, with the place in the message that it means."""
    given = said.get("details")
    details = "; ".join(
        f"{one.get('property')}: {one.get('message')}"
        for one in (given if isinstance(given, list) else ())
        if isinstance(one, dict)
    )
    plain = str(said.get("message") or said.get("error_description") or "")
    return " ".join(filter(None, (plain, details)))
