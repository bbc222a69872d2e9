"""What a WhatsApp message says: words, what words cannot say, and files by their id."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from helpdesk.channels.given import mapping, mappings, place, web_address, words
from helpdesk.channels.incoming import Media

FILES = ("image", "video", "audio", "document", "sticker")
ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "video/mp4": "mp4",
    "audio/ogg": "ogg",
}

Given = Mapping[str, Any]


@dataclass(slots=True)
class Said:
    text: str = ""
    content: dict[str, Any] = field(default_factory=dict)
    media: tuple[Media, ...] = ()


def read(event: Given) -> Said:
    kind = str(event.get("type") or "")
    said = _media(event, kind) if kind in FILES else READERS.get(kind, _unsupported)(event)
    context = mapping(event, "context")
    if context.get("id"):
        said.content["quotes"] = str(context["id"])
    if context.get("forwarded") or context.get("frequently_forwarded"):
        said.content["forwarded"] = True
    if referral := mapping(event, "referral"):
        said.content["referral"] = {
            "source_url": web_address(referral.get("source_url")),
            **{name: words(referral, name)[:500] for name in ("headline", "ctwa_clid")},
        }
    return said


def reason(event: Given) -> str:
    """Why something failed, by code and details: titles change."""
    errors = event.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    details = mapping(first, "error_data").get("details") or first.get("message") or first.get("title") or ""
    return f"{first.get('code', '')} {details}".strip()


def _text(event: Given) -> Said:
    return Said(words(mapping(event, "text"), "body"))


def _media(event: Given, kind: str) -> Said:
    given = mapping(event, kind)
    content_type = words(given, "mime_type").partition(";")[0].strip()
    name = words(given, "filename") or f"{kind}.{ENDINGS.get(content_type, 'bin')}"
    content: dict[str, Any] = {"type": "file" if kind == "document" else kind}
    if given.get("voice"):
        content["voice"] = True
    media = Media(str(given.get("id") or ""), name, content_type, sha256=_hex(words(given, "sha256")))
    return Said(words(given, "caption"), content, (media,) if media.ref else ())


def _location(event: Given) -> Said:
    given = mapping(event, "location")
    where: dict[str, Any] = {**place(given.get("latitude"), given.get("longitude"))}
    if address := web_address(given.get("url")):
        where["url"] = address
    text = "\n".join(filter(None, (words(given, "name"), words(given, "address"))))
    return Said(text, {"type": "location", **where})


def _contacts(event: Given) -> Said:
    given = event.get("contacts")
    lines = [_card(one) for one in mappings(given)]
    return Said("\n".join(lines), {"type": "contacts"})


def _card(contact: Given) -> str:
    phones = contact.get("phones")
    numbers = [words(one, "phone") for one in mappings(phones)]
    return " ".join(filter(None, (words(mapping(contact, "name"), "formatted_name"), *numbers)))


def _button(event: Given) -> Said:
    given = mapping(event, "button")
    return Said(words(given, "text"), {"type": "button", "data": words(given, "payload")})


def _interactive(event: Given) -> Said:
    given = mapping(event, "interactive")
    chosen = mapping(given, str(given.get("type") or ""))
    text = "\n".join(filter(None, (words(chosen, "title"), words(chosen, "description"))))
    return Said(text, {"type": "button", "data": words(chosen, "id")})


def _order(event: Given) -> Said:
    given = mapping(event, "order")
    items = mappings(given.get("product_items"))
    lines = [f"{one.get('product_retailer_id')} × {one.get('quantity')}" for one in items]
    return Said("\n".join(filter(None, (words(given, "text"), *lines))), {"type": "order"})


def _unsupported(event: Given) -> Said:
    content = {"type": "unsupported", "kind": str(event.get("type") or "")[:60]}
    return Said(content=content | ({"why": why} if (why := reason(event)) else {}))


def _hex(given: str) -> str:
    """WhatsApp writes digests in base64."""
    try:
        return base64.b64decode(given, validate=True).hex()
    except (binascii.Error, ValueError):
        return ""


READERS: Mapping[str, Callable[[Given], Said]] = {
    "text": _text,
    "location": _location,
    "contacts": _contacts,
    "button": _button,
    "interactive": _interactive,
    "order": _order,
}
