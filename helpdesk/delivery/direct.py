"""What an answer on a social channel needs besides its words: leave to go, the free reply, a card, where files lie."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from helpdesk.channels.protocol import Account, File, Outgoing
from helpdesk.channels.social import CHANNELS
from helpdesk.channels.windows import Mode, Window, decide
from helpdesk.errors import Rejected
from helpdesk.i18n import gettext as _
from helpdesk.models import Attachment, Contact, Delivery, Message
from helpdesk.social import contacts, links
from helpdesk.store.db import Unit
from helpdesk.store.seal import Seal
from helpdesk.tickets import direct

REPLY_FOR = timedelta(seconds=50)  # a reply token of LINE is good for a minute


def complete(
    unit: Unit, outgoing: Outgoing, message: Message, account: Account, delivery: Delivery
) -> Outgoing:
    """Takes the reply token: it is good for one answer alone.

    Raises Rejected where the time to answer ran out while the message waited.
    """
    to = outgoing.to[0].address if outgoing.to else ""
    contact = contacts.find(unit, account.id, to)
    more: dict[str, Any] = {"choices": tuple(message.replies), **_said(message)}
    if contact is not None:
        window = _window(unit, contact, account)
        _require_open(account.kind, window, message, delivery)
        more["human"] = window.mode is Mode.HUMAN
        if taken := contacts.take_reply_token(contact):
            token, since = taken
            more |= {"reply_token": token, "reply_until": since + REPLY_FOR}
        contact.ticket_id = message.ticket_id  # what they write next answers this
    return replace(outgoing, subject="", **more)


def linked(unit: Unit, file: File, row: Attachment, seal: Seal, public_url: str) -> File:
    """With an address that the provider may fetch it from; none where the helpdesk has no public one."""
    return replace(file, url=links.url_of(seal, public_url, row.key, row.name, now=unit.now))


def _said(message: Message) -> dict[str, Any]:
    """A template instead of the words that it makes, a card beside them."""
    kind = message.content.get("type")
    if kind == direct.APPROVED:
        return {"template": message.content, "text": ""}
    return {"card": message.content, "text": message.text} if kind == direct.CARD else {}


def _window(unit: Unit, contact: Contact, account: Account) -> Window:
    rules = CHANNELS[account.kind].rules
    return decide(rules, acted_at=contact.acted_at, now=unit.now, blocked=contact.blocked)


def _require_open(kind: str, window: Window, message: Message, delivery: Delivery) -> None:
    """What waited is looked at again: nothing automatic ever passes for a person's late answer."""
    templated = message.content.get("type") == direct.APPROVED
    by_hand = delivery.by_hand and message.agent_id is not None and not message.automatic
    if why := direct.refusal(kind, window, templated=templated, by_hand=by_hand):
        raise Rejected(_(direct.WHY[why]))
