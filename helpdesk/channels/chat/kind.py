"""The chat as delivery sees it: an answer is sent by writing it into the visitor's conversation."""

from __future__ import annotations

import json

from helpdesk.channels.protocol import Account, Line, Outgoing, Traits

TRAITS = Traits(max_length=10_000, max_attachment_bytes=20_000_000, conversational=True)


class Chat:
    """What leaves by it leaves nothing: delivery writes the line in the transaction that marks it as sent."""

    @property
    def traits(self) -> Traits:
        return TRAITS

    def prepare(self, account: Account, outgoing: Outgoing) -> bytes:
        return raw_of(outgoing.id, outgoing.text, outgoing.html)

    def open(self, account: Account) -> Line | None:
        """There is nothing to connect to."""
        return None


def raw_of(external_id: str, text: str, html: str | None) -> bytes:
    """What is kept of an answer that left."""
    said = {"id": external_id, "text": text, "html": html}
    return json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")
