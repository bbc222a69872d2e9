"""One event of Messenger or Instagram in the normal form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from helpdesk.channels.given import lasting, mapping, words
from helpdesk.channels.incoming import Change, Incoming, What
from helpdesk.channels.meta import message
from helpdesk.channels.meta.moment import moment
from helpdesk.channels.protocol import Person
from helpdesk.channels.webhook import digest, read_object

SILENCE = timedelta(days=3)
KINDS = {"page": "messenger", "instagram": "instagram"}

Told = Mapping[str, Any]


def parse(raw: bytes, *, own: frozenset[str] = frozenset()) -> Incoming | Change:
    """Raises Invalid when the bytes are no event."""
    told = read_object(raw)
    event = mapping(told, "event")
    if told.get("via") == "change":
        return _comment(told, event)
    for name, reader in READERS.items():
        if isinstance(event.get(name), dict):
            return reader(told, event)
    return _change(told, event, What.NOTED, data={"type": ",".join(sorted(event))[:200]})


def _message(told: Told, event: Told) -> Incoming | Change:
    given = mapping(event, "message")
    mid = str(given.get("mid") or "")
    echo = given.get("is_echo") is True
    if given.get("is_deleted") is True:
        return _change(told, event, What.UNSENT, of=(mid,))
    said = message.read(given)
    content = dict(said.content)
    if told.get("via") == "standby":  # another app has the conversation
        content["standby"] = True
    metadata = given.get("metadata")
    if echo and isinstance(metadata, str) and metadata:
        content["ours"] = metadata
    return _incoming(told, event, said.text, content, mid, media=said.media, echo=echo)


def _postback(told: Told, event: Told) -> Incoming:
    given = mapping(event, "postback")
    content = {"type": "button", "data": str(given.get("payload") or "")}
    return _incoming(told, event, words(given, "title"), content, str(given.get("mid") or ""))


def _comment(told: Told, change: Told) -> Incoming | Change:
    """A public comment; the answer to it goes as a private message, once and within a week."""
    value, field = mapping(change, "value"), str(change.get("field") or "")
    writer = mapping(value, "from")
    ours = str(writer.get("id") or "") in ("", str(told.get("account")))
    if field not in ("comments", "live_comments") or not value.get("id") or ours:
        return _change(told, change, What.NOTED, data={"type": field[:60]})
    media = mapping(value, "media")
    content = {"type": "comment", "comment": str(value["id"]), "media": str(media.get("id") or "")}
    if field == "live_comments":
        content["live"] = "yes"
    who = Person(words(writer, "username"), str(writer["id"]))
    return _made(told, who, who, words(value, "text"), content, str(value["id"]), at=told.get("time"))


def _incoming(told: Told, event: Told, text: str, content: dict[str, Any], mid: str, **more: Any) -> Incoming:
    customer = _customer(told, event)
    writer = Person("", _id(event, "sender")) if more.get("echo") else customer
    return _made(told, writer, customer, text, content, mid, at=event.get("timestamp"), **more)


def _made(
    told: Told,
    writer: Person,
    customer: Person,
    text: str,
    content: dict[str, Any],
    mid: str,
    *,
    at: object,
    **more: Any,
) -> Incoming:
    kind = _kind(told)
    return Incoming(
        sender=writer,
        author=customer,
        identity_kind=kind,
        fingerprint=f"{kind}:{digest(_same(told))}",
        external_id=mid or None,
        sent_at=moment(at),
        text=text,
        reply=text,
        content=content,
        conversation=customer.address,
        silence=SILENCE,
        **more,
    )


def _same(told: Told) -> Told:
    """What is equal when it is told again, also where its files have new addresses by then."""
    return {"account": told.get("account"), "event": lasting(told.get("event"))}


def _read(told: Told, event: Told) -> Change:
    """Messenger tells until when all is read, Instagram the one message."""
    given = mapping(event, "read")
    if mid := given.get("mid"):
        return _change(told, event, What.READ, of=(str(mid),))
    return _change(told, event, What.READ, until=moment(given.get("watermark")))


def _delivered(told: Told, event: Told) -> Change:
    given = mapping(event, "delivery")
    mids = tuple(str(one) for one in given.get("mids") or () if isinstance(one, str))
    return _change(told, event, What.DELIVERED, of=mids, until=moment(given.get("watermark")))


def _reacted(told: Told, event: Told) -> Change:
    given = mapping(event, "reaction")
    return _change(
        told,
        event,
        What.REACTED,
        of=(str(given.get("mid") or ""),),
        emoji=words(given, "emoji") or words(given, "reaction"),
        removed=given.get("action") == "unreact",
    )


def _edited(told: Told, event: Told) -> Change:
    given = mapping(event, "message_edit")
    return _change(told, event, What.EDITED, of=(str(given.get("mid") or ""),), text=words(given, "text"))


def _change(told: Told, event: Told, what: What, **said: Any) -> Change:
    identity = f"{told.get('via')}:{digest(told)}"
    return Change(
        what, _customer(told, event), _kind(told), identity, at=moment(event.get("timestamp")), **said
    )


def _customer(told: Told, event: Told) -> Person:
    """Of echoes the receiver: the account itself is never the customer."""
    sender, account = _id(event, "sender"), str(told.get("account") or "")
    ours = sender == account or mapping(event, "message").get("is_echo") is True
    return Person("", _id(event, "recipient") if ours else sender)


def _kind(told: Told) -> str:
    return KINDS.get(str(told.get("object")), "messenger")


def _id(event: Told, name: str) -> str:
    return str(mapping(event, name).get("id") or "")


READERS: Mapping[str, Callable[[Told, Told], Incoming | Change]] = {
    "message": _message,
    "postback": _postback,
    "read": _read,
    "delivery": _delivered,
    "reaction": _reacted,
    "message_edit": _edited,
}
