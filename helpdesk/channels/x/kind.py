"""X as delivery sees it: fifteen messages in a quarter of an hour, one file a message, no key against repeats."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from helpdesk.channels import cards, guarded
from helpdesk.channels.cut import cut
from helpdesk.channels.http import Api, NoAnswer, Said, open_http
from helpdesk.channels.parts import once, send_parts
from helpdesk.channels.protocol import Account, Outgoing, Parcel, Receipt, Traits
from helpdesk.errors import Rejected
from helpdesk.i18n import gettext as _

if TYPE_CHECKING:
    import httpx2

BASE = "https://api.x.com"
LONGEST = 10_000


class X:
    @property
    def traits(self) -> Traits:
        return Traits(max_length=LONGEST, longest=LONGEST, files_as_links=True, once=True)

    def prepare(self, account: Account, outgoing: Outgoing) -> bytes:
        """Files go as links: uploading them needs a right of its own."""
        links = [f"{one.name}\n{one.url}" for one in outgoing.attachments if one.url]
        texts = cut("\n\n".join([cards.in_words(outgoing.text, outgoing.card), *links]), LONGEST)
        if not texts or not outgoing.to:
            raise Rejected(_("there is nothing in this message that could be sent"))
        return json.dumps(
            {"to": outgoing.to[0].address, "requests": [{"text": one} for one in texts]}
        ).encode()

    def open(self, account: Account) -> XLine | None:
        if not account.secrets.get("access_token"):
            return None
        return XLine(account, open_http())

    async def fetch(self, account: Account, ref: str, *, most: int) -> tuple[bytes, str]:
        return await guarded.fetch(ref, most=most, trusted=[str(account.config.get("api_base") or "")])


class XLine:
    def __init__(self, account: Account, http: httpx2.AsyncClient) -> None:
        self._account = account
        self._http = http
        self._api = Api("X", http, words=words)

    async def send(self, parcel: Parcel) -> Receipt:
        made = json.loads(parcel.raw)
        to = quote(made["to"], safe="")
        base = str(self._account.config.get("api_base") or BASE)
        headers = {"Authorization": f"Bearer {self._account.secrets['access_token']}"}

        async def post(_number: int, request: dict[str, Any]) -> list[str]:
            url = f"{base}/2/dm_conversations/with/{to}/messages"
            try:
                said = await self._api.call("POST", url, json=request, headers=headers)
            except NoAnswer as error:
                raise once(error) from error
            data = said.get("data")
            return [str(data["dm_event_id"])] if isinstance(data, dict) and data.get("dm_event_id") else []

        return await send_parts(parcel, made["to"], made["requests"], post)

    async def close(self) -> None:
        await self._http.aclose()


def words(said: Said) -> str:
    errors = said.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else said
    return " ".join(str(first[name]) for name in ("title", "detail") if first.get(name))
