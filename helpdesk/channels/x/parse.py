"""One event of X in the normal form. Encrypted messages are told of, not read."""

from __future__ import annotations

import html
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from helpdesk.channels.given import lasting, mapping
from helpdesk.channels.incoming import Change, Incoming, Media, What
from helpdesk.channels.meta.moment import moment
from helpdesk.channels.protocol import Person
from helpdesk.channels.webhook import digest, read_object

KIND = "x"
SILENCE = timedelta(days=3)
PUBLIC = ("post.mention.create", "post.reply.create")

Told = Mapping[str, Any]


def parse(raw: bytes, *, own: frozenset[str] = frozenset()) -> Incoming | Change:
    """Raises Invalid when the bytes are no event."""
    told = read_object(raw)
    kind, event = str(told.get("type") or ""), mapping(told, "event")
    if kind == "dm" and event.get("type") == "message_create":
        return _message(told, event)
    if kind == "chat.received":
        return _encrypted(told, event)
    if kind in PUBLIC:
        return _post(told, event)
    if kind == "dm.read":
        return _change(told, event, What.READ, until=moment(event.get("created_timestamp")))
    return _change(told, event, What.NOTED, data={"type": kind})


def _message(told: Told, event: Told) -> Incoming:
    given = mapping(event, "message_create")
    data = mapping(given, "message_data")
    sender, owner = str(given.get("sender_id") or ""), str(told.get("owner") or "")
    echo = sender == owner
    other = str(mapping(given, "target").get("recipient_id") or "") if echo else sender
    customer = _person(told, other)
    media = _media(data)
    return _made(
        told,
        _person(told, sender) if echo else customer,
        customer,
        _text(data),
        {"type": media.content_type.partition("/")[0] or "file"} if media else {},
        external_id=str(event.get("id") or ""),
        at=event.get("created_timestamp"),
        media=(media,) if media else (),
        echo=echo,
    )


def _encrypted(told: Told, event: Told) -> Incoming:
    who = _person(told, str(event.get("sender_id") or ""))
    content = {"type": "encrypted", "conversation": str(event.get("conversation_id") or "")}
    return _made(
        told, who, who, "", content, external_id=str(told.get("id") or ""), at=event.get("created_at")
    )


def _post(told: Told, event: Told) -> Incoming | Change:
    """A public word: the agent answers it on X itself."""
    who = _person(told, str(event.get("author_id") or event.get("user_id") or ""))
    if who.address == str(told.get("owner")):  # our own answer in public
        return _change(told, event, What.NOTED, data={"type": "post"})
    number = str(event.get("id") or event.get("post_id") or "")
    known = number.isascii() and number.isdecimal()
    content = {"type": "post", "url": f"https://x.com/i/status/{number}" if known else ""}
    text = html.unescape(str(event.get("text") or ""))
    return _made(told, who, who, text, content, external_id=number, at=event.get("created_at"))


def _made(
    told: Told,
    writer: Person,
    customer: Person,
    text: str,
    content: dict[str, Any],
    *,
    external_id: str,
    at: object,
    **more: Any,
) -> Incoming:
    return Incoming(
        sender=writer,
        author=customer,
        identity_kind=KIND,
        fingerprint=f"{KIND}:{digest({'owner': told.get('owner'), 'event': lasting(told.get('event'))})}",
        external_id=external_id or None,
        sent_at=moment(at),
        text=text,
        reply=text,
        content=content,
        conversation=customer.address,
        silence=SILENCE,
        **more,
    )


def _text(data: Told) -> str:
    """With links as they were meant, without the one that stands for the attached file."""
    text = html.unescape(str(data.get("text") or ""))
    attached = mapping(mapping(data, "attachment"), "media").get("url")
    urls = mapping(data, "entities").get("urls")
    for one in urls if isinstance(urls, list) else ():
        if isinstance(one, dict) and one.get("url") and one.get("expanded_url"):
            meant = "" if one["url"] == attached else str(one["expanded_url"])
            text = text.replace(str(one["url"]), meant)
    return text.strip()


def _media(data: Told) -> Media | None:
    media = mapping(mapping(data, "attachment"), "media")
    ref = media.get("media_url_https") or media.get("media_url")
    return Media(str(ref), "picture.jpg", "image/jpeg") if ref else None


def _person(told: Told, number: str) -> Person:
    user = mapping(mapping(told, "users"), number)
    data = mapping(user, "data") or user
    return Person(str(data.get("name") or data.get("username") or ""), number)


def _change(told: Told, event: Told, what: What, **said: Any) -> Change:
    who = _person(told, str(event.get("sender_id") or ""))
    return Change(what, who, KIND, f"{told.get('id') or told.get('type')}:{digest(told)}", **said)
