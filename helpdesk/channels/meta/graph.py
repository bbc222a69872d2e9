"""The Graph API: one address for Messenger, Instagram and WhatsApp, each call proved with the app's secret."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from helpdesk.channels.http import Api, Said
from helpdesk.channels.protocol import Account

if TYPE_CHECKING:
    import httpx2

BASE = "https://graph.facebook.com"
VERSION = "v25.0"
TOKEN_ENDED = 190
COME_BACK = frozenset(
    {1, 2, 4, 17, 32, 341, 613, 80006, 80007, 130429, 131000, 131016, 131048, 131056, 135000}
)


class Graph:
    """Calls for one account. Errors keep Meta's `code` and trace in their words."""

    def __init__(self, account: Account, http: httpx2.AsyncClient, *, name: str) -> None:
        self.account = account
        self._token = str(account.secrets.get("access_token") or "")
        base = str(account.config.get("api_base") or BASE).rstrip("/")
        self._base = f"{base}/{account.config.get('api_version') or VERSION}"
        self._api = Api(name, http, words=words, passes=_passes, account=_ended)

    async def post(self, path: str, body: Mapping[str, Any]) -> Said:
        return await self._api.call("POST", f"{self._base}/{path}", json=body, **self._proof())

    async def get(self, path: str, **query: str) -> Said:
        return await self._api.call("GET", f"{self._base}/{path}", **self._proof(query))

    async def file(self, url: str, *, most: int, signed_in: bool = False) -> tuple[bytes, str]:
        """WhatsApp's files want the token, those of Messenger and Instagram lie open for a while."""
        headers = {"Authorization": f"Bearer {self._token}"} if signed_in else {}
        return await self._api.file("GET", url, most=most, headers=headers)

    def _proof(self, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        secret = str(self.account.secrets.get("app_secret") or "")
        proof = hmac.new(secret.encode(), self._token.encode(), hashlib.sha256).hexdigest()
        params = {**(query or {}), **({"appsecret_proof": proof} if secret else {})}
        return {"headers": {"Authorization": f"Bearer {self._token}"}, "params": params}


def code(said: Said) -> int:
    error = said.get("error")
    given = error.get("code") if isinstance(error, dict) else 0
    return given if isinstance(given, int) else 0


def words(said: Said) -> str:
    error = said.get("error")
    if not isinstance(error, dict):
        return ""
    data = error.get("error_data")
    details = data.get("details") if isinstance(data, dict) else None
    trace = f"({error['fbtrace_id']})" if error.get("fbtrace_id") else ""
    numbers = "/".join(str(error[one]) for one in ("code", "error_subcode") if error.get(one))
    return " ".join(filter(None, (numbers, str(details or error.get("message") or ""), trace)))


def _passes(status: int, said: Said) -> bool:
    return code(said) in COME_BACK or status == 429 or (status >= 500 and not code(said))


def _ended(status: int, said: Said) -> bool:
    return code(said) in (TOKEN_ENDED, 102) or (status == 401 and not code(said))
