"""The chat as delivery sees it: an answer is sent by writing it into the visitor's conversation."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

from helpdesk.channels.protocol import Account, Outgoing, Parcel, Receipt, Traits

TRAITS = Traits(max_length=10_000, max_attachment_bytes=20_000_000, conversational=True)
Say = Callable[[Parcel], Receipt]


class Chat:
    """`say` writes the line; without it (in commands) answers are kept."""

    def __init__(self, say: Say | None = None) -> None:
        self._say = say

    @property
    def traits(self) -> Traits:
        return TRAITS

    def prepare(self, account: Account, outgoing: Outgoing) -> bytes:
        said = {"id": outgoing.id, "text": outgoing.text, "html": outgoing.html}
        return json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")

    def open(self, account: Account) -> ChatLine | None:
        return ChatLine(self._say) if self._say else None


class ChatLine:
    def __init__(self, say: Say) -> None:
        self._say = say

    async def send(self, parcel: Parcel) -> Receipt:
        """Raises Rejected when the visitor is not known any more."""
        return await asyncio.to_thread(self._say, parcel)

    async def close(self) -> None:
        """Nothing is held."""
