"""What an answer on a social channel needs besides its words: the free reply, a late writer's mark, where files lie."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from helpdesk.channels.protocol import Account, File, Outgoing
from helpdesk.channels.social import CHANNELS
from helpdesk.channels.windows import Mode, decide
from helpdesk.models import Attachment, Message
from helpdesk.social import contacts, links
from helpdesk.store.db import Unit
from helpdesk.store.seal import Seal

REPLY_FOR = timedelta(seconds=50)  # a reply token of LINE is good for a minute


def complete(unit: Unit, outgoing: Outgoing, message: Message, account: Account) -> Outgoing:
    """Takes the reply token: it is good for one answer alone."""
    to = outgoing.to[0].address if outgoing.to else ""
    contact = contacts.find(unit, account.id, to)
    more: dict[str, Any] = {"choices": tuple(message.replies)}
    if contact is not None:
        rules = CHANNELS[account.kind].rules
        window = decide(rules, acted_at=contact.acted_at, now=unit.now, blocked=contact.blocked)
        more["human"] = window.mode is Mode.HUMAN and message.agent_id is not None
        if taken := contacts.take_reply_token(contact):
            token, since = taken
            more |= {"reply_token": token, "reply_until": since + REPLY_FOR}
    return replace(outgoing, subject="", **more)


def linked(unit: Unit, file: File, row: Attachment, seal: Seal, public_url: str) -> File:
    """With an address that the provider may fetch it from; none where the helpdesk has no public one."""
    return replace(file, url=links.url_of(seal, public_url, row.key, row.name, now=unit.now))
