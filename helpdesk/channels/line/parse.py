"""One event of LINE in the normal form. Types that nobody knows yet are kept as what they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from helpdesk.channels.given import mapping
from helpdesk.channels.incoming import Change, Incoming, Media, What
from helpdesk.channels.line import message
from helpdesk.channels.line.hook import identity
from helpdesk.channels.protocol import Person
from helpdesk.channels.webhook import read_object

KIND = "line"
SILENCE = timedelta(days=3)

Event = Mapping[str, Any]


def parse(raw: bytes, *, own: frozenset[str] = frozenset()) -> Incoming | Change:
    """Raises Invalid when the bytes are no event."""
    event = read_object(raw)
    reader = EVENTS.get(str(event.get("type")), _noted)
    return reader(event)


def _message(event: Event) -> Incoming:
    given = mapping(event, "message")
    read = message.read(given)
    return _incoming(event, read.text, dict(read.content), str(given.get("id") or ""), read.media)


def _postback(event: Event) -> Incoming:
    """A button that was pressed. What it was called stands in the message that had it."""
    given = mapping(event, "postback")
    params = {str(name): str(value) for name, value in mapping(given, "params").items()}
    data = str(given.get("data") or "")
    content = {"type": "button", "data": data, "params": params}
    return _incoming(event, " ".join(params.values()), content, "", ())


def _incoming(
    event: Event, text: str, content: dict[str, Any], external_id: str, media: tuple[Media, ...]
) -> Incoming:
    talk = _talk(event)
    if event.get("mode") == "standby":  # another service answers now
        content["standby"] = True
    return Incoming(
        sender=_writer(event) or talk,
        author=talk,
        identity_kind=KIND,
        fingerprint=f"line:{identity(event).rpartition(':')[2]}",
        external_id=external_id or None,
        sent_at=_at(event),
        text=text,
        reply=text,
        content=content,
        media=media,
        conversation=talk.address,
        silence=SILENCE,
        reply_token=str(event.get("replyToken") or ""),
    )


def _unsent(event: Event) -> Change:
    """LINE asks that the words are neither shown nor kept any longer."""
    return _change(event, What.UNSENT, of=(str(mapping(event, "unsend").get("messageId") or ""),))


def _edited(event: Event) -> Change:
    given = mapping(event, "message")
    return _change(event, What.EDITED, of=(str(given.get("id") or ""),), text=message.read(given).text)


def _followed(event: Event) -> Change:
    return _change(event, What.CONNECTED, data={"again": bool(mapping(event, "follow").get("isUnblocked"))})


def _unfollowed(event: Event) -> Change:
    return _change(event, What.BLOCKED)


def _linked(event: Event) -> Change:
    given = mapping(event, "link")
    data = {"ok": given.get("result") == "ok", "nonce": str(given.get("nonce") or "")}
    return _change(event, What.LINKED, data=data)


def _noted(event: Event) -> Change:
    return _change(event, What.NOTED, data={"type": str(event.get("type") or "")})


def _change(event: Event, what: What, **said: Any) -> Change:
    return Change(what, _talk(event), KIND, identity(event), at=_at(event), **said)


def _talk(event: Event) -> Person:
    """A group is one conversation, whoever writes in it."""
    source = mapping(event, "source")
    return Person("", str(source.get("groupId") or source.get("roomId") or source.get("userId") or ""))


def _writer(event: Event) -> Person | None:
    user = mapping(event, "source").get("userId")
    return Person("", str(user)) if user else None


def _at(event: Event) -> datetime | None:
    given = event.get("timestamp")
    if not isinstance(given, int | float) or not 0 < given < 253_402_300_799_000:
        return None
    return datetime.fromtimestamp(given / 1000, UTC)


EVENTS: Mapping[str, Callable[[Event], Incoming | Change]] = {
    "message": _message,
    "postback": _postback,
    "unsend": _unsent,
    "messageEdited": _edited,
    "follow": _followed,
    "unfollow": _unfollowed,
    "accountLink": _linked,
}
