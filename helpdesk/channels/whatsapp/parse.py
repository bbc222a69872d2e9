"""One event of the WhatsApp Cloud API in the normal form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from helpdesk.channels.given import lasting, mapping, mappings
from helpdesk.channels.incoming import Change, Incoming, What
from helpdesk.channels.meta.moment import moment
from helpdesk.channels.protocol import Person
from helpdesk.channels.webhook import digest, read_object
from helpdesk.channels.whatsapp import message

KIND = "whatsapp"
SILENCE = timedelta(days=3)
NAMED_BY = ("from", "from_user_id", "to", "to_user_id", "recipient_id", "recipient_user_id")
STATUSES = {
    "sent": What.NOTED,
    "delivered": What.DELIVERED,
    "read": What.READ,
    "played": What.READ,
    "failed": What.FAILED,
}

Told = Mapping[str, Any]


def parse(raw: bytes, *, own: frozenset[str] = frozenset()) -> Incoming | Change:
    """Raises Invalid when the bytes are no event."""
    told = read_object(raw)
    event = mapping(told, "event")
    via = told.get("via")
    if via == "statuses":
        return _status(told, event)
    if via in ("messages", "message_echoes") and event.get("id"):
        return _message(told, event, echo=via == "message_echoes")
    return _change(told, event, What.NOTED, data={"type": str(via), "text": message.reason(event)})


def _message(told: Told, event: Told, *, echo: bool) -> Incoming | Change:
    kind = str(event.get("type") or "")
    if kind == "reaction":
        given = mapping(event, "reaction")
        emoji = str(given.get("emoji") or "")
        meant = (str(given.get("message_id") or ""),)
        return _change(told, event, What.REACTED, of=meant, emoji=emoji, removed=not emoji)
    if kind == "revoke":
        return _change(told, event, What.UNSENT, of=(_original(event, "revoke"),))
    if kind == "edit":
        edited = message.read(mapping(mapping(event, "edit"), "message"))
        return _change(told, event, What.EDITED, of=(_original(event, "edit"),), text=edited.text)
    if kind == "system":
        return _system(told, event)
    return _incoming(told, event, echo=echo)


def _incoming(told: Told, event: Told, *, echo: bool) -> Incoming:
    said = message.read(event)
    customer = _customer(told, event, echo=echo)
    return Incoming(
        sender=Person("", str(event.get("from") or "")) if echo else customer,
        author=customer,
        identity_kind=KIND,
        fingerprint=f"{KIND}:{digest({'account': told.get('account'), 'event': lasting(event)})}",
        external_id=str(event["id"]),
        sent_at=moment(event.get("timestamp")),
        text=said.text,
        reply=said.text,
        content={**said.content, **_ids(told, event, echo=echo)},
        media=said.media,
        conversation=customer.address,
        silence=SILENCE,
        echo=echo,
    )


def _system(told: Told, event: Told) -> Change:
    """A new number of the same person."""
    given = mapping(event, "system")
    data = {
        "type": str(given.get("type") or ""),
        "phone": str(given.get("wa_id") or ""),
        "text": str(given.get("body") or ""),
    }
    return _change(told, event, What.NOTED, data=data)


def _status(told: Told, event: Told) -> Change:
    what = STATUSES.get(str(event.get("status")), What.NOTED)
    return _change(
        told,
        event,
        what,
        of=(str(event.get("id") or ""),),
        ours=str(event.get("biz_opaque_callback_data") or ""),
        text=message.reason(event),
        data={"status": str(event.get("status") or "")},
    )


def _change(told: Told, event: Told, what: What, **said: Any) -> Change:
    identity = f"{told.get('via')}:{digest(told)}"
    return Change(what, _customer(told, event), KIND, identity, at=moment(event.get("timestamp")), **said)


def _customer(told: Told, event: Told, *, echo: bool = False) -> Person:
    """By the id that survives a change of number, where there is one."""
    contact = _contact(told, event)
    phone = str(
        event.get("to" if echo else "from") or event.get("recipient_id") or contact.get("wa_id") or ""
    )
    name = str(mapping(contact, "profile").get("name") or "")
    lasting_id = contact.get("user_id") or event.get("to_user_id" if echo else "from_user_id")
    return Person(name, str(lasting_id or event.get("recipient_user_id") or phone))


def _ids(told: Told, event: Told, *, echo: bool) -> dict[str, str]:
    contact = _contact(told, event)
    found = {
        "phone": contact.get("wa_id") or event.get("to" if echo else "from"),
        "user_id": contact.get("user_id") or event.get("to_user_id" if echo else "from_user_id"),
        "username": mapping(contact, "profile").get("username"),
    }
    return {name: str(value) for name, value in found.items() if value}


def _contact(told: Told, event: Told) -> Told:
    """Of several in one call the one that the event names; the only one also where it names nobody."""
    given = told.get("contacts")
    contacts = mappings(given)
    meant = {str(event[name]) for name in NAMED_BY if event.get(name)}
    found = [one for one in contacts if meant & {str(one.get("wa_id")), str(one.get("user_id"))}]
    if found:
        return found[0]
    return contacts[0] if len(contacts) == 1 else {}


def _original(event: Told, name: str) -> str:
    return str(mapping(event, name).get("original_message_id") or "")
