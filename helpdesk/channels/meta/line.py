"""Requests to the Send API of Messenger, Instagram or WhatsApp, one after the other."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from helpdesk.channels.given import mappings
from helpdesk.channels.http import NoAnswer, Said
from helpdesk.channels.meta.graph import Graph
from helpdesk.channels.parts import once, send_parts
from helpdesk.channels.protocol import Account, Parcel, Receipt

if TYPE_CHECKING:
    import httpx2


class GraphLine:
    """A parcel's bytes are {"to", "requests": […]}. No key guards against repeats: after silence a person looks."""

    def __init__(self, account: Account, http: httpx2.AsyncClient, *, name: str) -> None:
        self._graph = Graph(account, http, name=name)
        self._http = http

    async def send(self, parcel: Parcel) -> Receipt:
        made = json.loads(parcel.raw)
        return await send_parts(parcel, made["to"], made["requests"], self._post)

    async def _post(self, _number: int, request: dict[str, Any]) -> list[str]:
        try:
            said = await self._graph.post(f"{self._graph.account.address}/messages", request)
        except NoAnswer as error:
            raise once(error) from error
        return _ids(said)

    async def close(self) -> None:
        await self._http.aclose()


def _ids(said: Said) -> list[str]:
    messages = said.get("messages")
    found = [one.get("id") for one in mappings(messages)]
    return [str(one) for one in (*found, said.get("message_id")) if one]
