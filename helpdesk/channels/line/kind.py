"""LINE as delivery sees it: the free reply token first while it lasts, then push with a key that makes repeats safe."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from helpdesk.channels import guarded
from helpdesk.channels.http import NoAnswer, open_http
from helpdesk.channels.line import compose
from helpdesk.channels.line.client import USED, Client, Tokens
from helpdesk.channels.parts import once, send_parts
from helpdesk.channels.protocol import Account, Outgoing, Parcel, Receipt, Traits
from helpdesk.errors import Rejected

if TYPE_CHECKING:
    import httpx2

TRAITS = Traits(
    max_length=25_000,
    max_attachment_bytes=10_000_000,
    longest=compose.LONGEST,
    measure="utf16",
    most_choices=compose.MOST_CHOICES,
    longest_choice=compose.LONGEST_LABEL,
    cards=True,
    files_as_links=True,
)
REPLY_FOR = timedelta(seconds=50)  # LINE takes a reply token for a minute

Clock = Callable[[], datetime]


def _now() -> datetime:
    return datetime.now(UTC)


class Line:
    def __init__(self, tokens: Tokens | None = None, clock: Clock = _now) -> None:
        self._tokens = tokens or Tokens()
        self._clock = clock

    @property
    def traits(self) -> Traits:
        return TRAITS

    def prepare(self, account: Account, outgoing: Outgoing) -> bytes:
        return compose.compose(outgoing)

    def open(self, account: Account) -> LineLine | None:
        if not (account.secrets.get("channel_secret") or account.secrets.get("access_token")):
            return None
        http = open_http()
        return LineLine(Client(account, http, self._tokens), http, self._clock)

    async def fetch(self, account: Account, ref: str, *, most: int) -> tuple[bytes, str]:
        """What lies with LINE by the message's id, what lies elsewhere by its address."""
        if "://" in ref:
            return await guarded.fetch(ref, most=most, trusted=[str(account.config.get("api_base") or "")])
        async with open_http() as http:
            return await Client(account, http, self._tokens).file(ref, most=most)


class LineLine:
    def __init__(self, client: Client, http: httpx2.AsyncClient, clock: Clock) -> None:
        self._client = client
        self._http = http
        self._clock = clock

    async def send(self, parcel: Parcel) -> Receipt:
        made = json.loads(parcel.raw)

        async def post(number: int, request: dict[str, Any]) -> list[str]:
            return await self._request(made, request, first=number == 0)

        return await send_parts(parcel, made["to"], made["requests"], post)

    async def _request(self, made: dict[str, Any], request: dict[str, Any], *, first: bool) -> list[str]:
        until = compose.reply_until(made)
        if first and until and self._clock() < until:
            said = await self._reply(made["reply"]["token"], request["messages"])
            if said is not None:
                return _ids(said)
        return _ids(await self._client.push(made["to"], request["messages"], key=request["key"]))

    async def _reply(self, token: str, messages: list[dict[str, Any]]) -> Any:
        """None when the token is spent or stale. Nobody else uses it: spent after silence means that it was taken."""
        silence: NoAnswer | None = None
        for _attempt in range(2):
            try:
                return await self._client.reply(token, messages)
            except NoAnswer as error:
                silence = error
            except Rejected as error:
                if USED not in error.text:
                    raise
                return {} if silence else None
        assert silence
        raise once(silence)

    async def close(self) -> None:
        await self._http.aclose()


def _ids(said: Any) -> list[str]:
    sent = said.get("sentMessages") if isinstance(said, dict) else None
    return [str(one["id"]) for one in sent or () if isinstance(one, dict) and one.get("id")]
