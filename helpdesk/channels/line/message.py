"""What a LINE message says: words, what words cannot say, and files that have to be fetched soon."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from helpdesk.channels.given import mapping, place, words
from helpdesk.channels.incoming import Media

STICKER = "https://stickershop.line-scdn.net/stickershop/v1/sticker/{}/android/sticker.png"
FILES = {
    "image": ("image.jpg", "image/jpeg"),
    "video": ("video.mp4", "video/mp4"),
    "audio": ("audio.m4a", "audio/mp4"),
}
BESIDES = {"quotes": "quotedMessageId", "read_token": "markAsReadToken"}

Given = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    text: str = ""
    content: Mapping[str, Any] = field(default_factory=dict)
    media: tuple[Media, ...] = ()


def read(message: Given) -> Said:
    reader = TYPES.get(str(message.get("type")), _unsupported)
    said = reader(message)
    more = {name: str(message[given]) for name, given in BESIDES.items() if message.get(given)}
    return Said(said.text, {**said.content, **more}, said.media) if more else said


def _text(message: Given) -> Said:
    return Said(words(message, "text"))


def _media(message: Given) -> Said:
    """LINE keeps it for a while; of an album each picture is a message, with its place."""
    kind = str(message["type"])
    name, content_type = FILES[kind]
    provider = mapping(message, "contentProvider")
    ref = str(message.get("id") or "")
    if provider.get("type") == "external":
        ref = str(provider.get("originalContentUrl") or "")
    content: dict[str, Any] = {"type": kind}
    album = mapping(message, "imageSet")
    if album.get("id"):
        content["album"] = {name: album[name] for name in ("id", "index", "total") if name in album}
    if isinstance(message.get("duration"), int):
        content["milliseconds"] = message["duration"]
    return Said(content=content, media=(Media(ref, name, content_type),) if ref else ())


def _file(message: Given) -> Said:
    size = message.get("fileSize")
    name = words(message, "fileName")[:300]
    media = Media(str(message.get("id") or ""), name, size=size if isinstance(size, int) else None)
    return Said(content={"type": "file"}, media=(media,))


def _location(message: Given) -> Said:
    where = place(message.get("latitude"), message.get("longitude"))
    title, address = words(message, "title"), words(message, "address")
    return Said("\n".join(filter(None, (title, address))), {"type": "location", **where})


def _sticker(message: Given) -> Said:
    """Its meaning in LINE's own keywords, and what somebody wrote on it."""
    number = str(message.get("stickerId") or "")
    given = message.get("keywords")
    keywords = [one for one in given if isinstance(one, str)][:15] if isinstance(given, list) else []
    content = {"type": "sticker", "keywords": keywords, "package": str(message.get("packageId") or "")}
    if not (number.isascii() and number.isdecimal()):
        return Said(words(message, "text"), content)
    picture = STICKER.format(number)
    media = Media(picture, "sticker.png", "image/png")
    return Said(words(message, "text"), content | {"picture": picture}, (media,))


def _unsupported(message: Given) -> Said:
    return Said(content={"type": "unsupported", "kind": str(message.get("type") or "")[:60]})


TYPES: Mapping[str, Callable[[Given], Said]] = {
    "text": _text,
    "image": _media,
    "video": _media,
    "audio": _media,
    "file": _file,
    "location": _location,
    "sticker": _sticker,
}
