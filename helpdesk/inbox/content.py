"""What words cannot say, in the reader's words: a line with its sign, and a link where it is safe to follow one.

Pure; called by said and the pages that show messages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from helpdesk.channels.content import meaning_of, name_of
from helpdesk.i18n import gettext as _

FILES = frozenset({"image", "video", "audio", "file"})  # shown by what they are
MAP = "https://www.openstreetmap.org/?mlat={0}&mlon={1}#map=17/{0}/{1}"
BELOW = frozenset({"card", "location", "shared", "contacts", "sticker", *FILES})  # what the words introduce
ICONS = {
    "image": "image", "video": "video", "audio": "mic", "file": "paperclip", "sticker": "sticker",
    "location": "map-pin", "contacts": "contact", "button": "mouse-pointer-click", "order": "shopping-cart",
    "comment": "message-square", "post": "at-sign", "story_mention": "at-sign", "ephemeral": "eye-off",
    "encrypted": "lock", "taken_back": "undo-2", "unsupported": "circle-help", "template": "list",
    "card": "package", "approved": "file-text",
    "story": "image", "forwarded": "forward", "referral": "external-link", "standby": "circle-pause",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Extra:
    """`aside` is said more quietly. `link` leads to a page elsewhere, or to one of ours when it begins with /."""

    kind: str
    icon: str
    text: str
    aside: str = ""
    link: str = ""
    link_text: str = ""

    @property
    def above(self) -> bool:
        """Whether it stands over the words, because it says what they are."""
        return self.kind not in BELOW


@dataclass(frozen=True, slots=True)
class Reaction:
    emoji: str
    count: int


@dataclass(frozen=True, slots=True)
class Lost:
    """A file that could not be fetched, with the provider's words."""

    name: str
    why: str


def extras(content: Mapping[str, Any], *, key: str, files: bool, coming: bool) -> tuple[Extra, ...]:
    """`key` is the message's, `files` whether some of it are here, `coming` whether more are being fetched."""
    kind = str(content.get("type") or "")
    found: list[Extra] = []
    if kind in FILES:
        if not (files or coming or content.get("lost")):
            found.append(_plain(kind, content))
    elif kind and kind != "taken_back":
        found.append(MAKERS.get(kind, _shared if kind not in ICONS else _plain_of)(content, key))
    return (*found, *_around(content))


def reactions(*marks: Mapping[str, Any]) -> tuple[Reaction, ...]:
    """Each sign once, the most frequent first."""
    given = [one for mark in marks for one in (mark.get("reactions") or {}).values()]
    signs = [str(one.get("emoji") or "") for one in given]
    counts = {sign: signs.count(sign) for sign in signs if sign}
    return tuple(Reaction(sign, n) for sign, n in sorted(counts.items(), key=lambda one: -one[1]))


def lost(content: Mapping[str, Any]) -> tuple[Lost, ...]:
    """A sticker's picture is the maker's, not the customer's: its meaning is told anyway."""
    given = content.get("lost")
    if not isinstance(given, list) or content.get("type") == "sticker":
        return ()
    return tuple(Lost(str(one.get("name") or ""), str(one.get("why") or "")) for one in given)


def moment_of(marks: Mapping[str, Any], name: str) -> datetime | None:
    """When it happened to the message: `read_at`, `delivered_at`, `edited_at`, `taken_back_at`."""
    given = marks.get(name)
    try:
        return datetime.fromisoformat(given) if isinstance(given, str) else None
    except ValueError:
        return None


def safe(url: object) -> str:
    """An address of the web, or nothing: what a customer sends is never run."""
    if not isinstance(url, str):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("https", "http") and parts.hostname else ""


def length(seconds: int) -> str:
    """4:07, 1:02:30."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes}:{rest:02}"


def _around(content: Mapping[str, Any]) -> list[Extra]:
    """What goes with any kind of message."""
    found: list[Extra] = []
    if content.get("story"):
        url = content["story"].get("url") if isinstance(content["story"], dict) else ""
        found.append(_line("story", _("Answers your story"), link=safe(url), link_text=_("Open the story")))
    if content.get("forwarded"):
        found.append(_line("forwarded", _("Forwarded by the customer")))
    if isinstance(ad := content.get("referral"), dict):
        words = _("Came by the ad “%(name)s”", name=ad.get("headline") or ad.get("source_url") or "?")
        found.append(_line("referral", words, link=safe(ad.get("source_url")), link_text=_("Open the ad")))
    if content.get("standby"):
        found.append(_line("standby", _("Another app was answering this conversation then")))
    return found


def _sticker(content: Mapping[str, Any], key: str) -> Extra:
    return _line("sticker", _("Sticker"), aside=meaning_of(content))


def _location(content: Mapping[str, Any], key: str) -> Extra:
    place = content.get("latitude"), content.get("longitude")
    try:
        latitude, longitude = (round(float(one), 6) for one in place)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return _plain("location", content)
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):  # also what is no number
        return _plain("location", content)
    return _line(
        "location",
        _("Location"),
        aside=f"{latitude:g}, {longitude:g}",
        link=MAP.format(latitude, longitude),
        link_text=_("Open the map"),
    )


def _call(content: Mapping[str, Any], key: str) -> Extra:
    missed, inbound = content.get("state") == "missed", content.get("inbound", True)
    icon = "voicemail" if content.get("voicemail") else "phone-missed" if missed else "phone-incoming"
    asides = [str(content.get("outcome") or ""), str(content.get("agent") or "")]
    seconds = content.get("seconds")
    if isinstance(seconds, int) and seconds > 0:
        asides.insert(0, length(seconds))
    if content.get("by_hand"):
        asides.append(_("noted by hand"))
    if content.get("withheld"):
        asides.append(_("number withheld"))
    return Extra(
        "call missed" if missed else "call",
        icon if inbound else "phone-outgoing",
        name_of(content),
        aside=" · ".join(filter(None, asides)),
        link=safe(content.get("url")),
        link_text=_("Open the call"),
    )


def _button(content: Mapping[str, Any], key: str) -> Extra:
    return _line("button", name_of(content), aside=str(content.get("data") or "")[:200])


def _card(content: Mapping[str, Any], key: str) -> Extra:
    """An order as the customer was shown it."""
    rows = " · ".join(map(str, content.get("lines") or ()))
    title, link = str(content.get("title") or ""), safe(content.get("url"))
    return _line(
        "card", title or name_of(content), aside=rows, link=link, link_text=str(content.get("label") or "")
    )


def _approved(content: Mapping[str, Any], key: str) -> Extra:
    return _line("approved", name_of(content), aside=str(content.get("name") or ""))


def _unsupported(content: Mapping[str, Any], key: str) -> Extra:
    return _line(
        "unsupported",
        name_of(content),
        aside=str(content.get("why") or "")[:300],
        link=f"/messages/{key}/source",
        link_text=_("Show original"),
    )


def _shared(content: Mapping[str, Any], key: str) -> Extra:
    """A post, a reel, a page: its title and whose it is."""
    url = safe(content.get("url"))
    host = (urlsplit(url).hostname or "").removeprefix("www.") if url else ""
    kind = str(content.get("type"))
    title = str(content.get("title") or "")
    icon = ICONS.get(kind, "link")
    aside = " · ".join(filter(None, (title and name_of(content), host)))
    return Extra("shared", icon, title or name_of(content), aside, url, _("Open the page") if url else "")


def _plain_of(content: Mapping[str, Any], key: str) -> Extra:
    return _plain(str(content["type"]), content)


def _plain(kind: str, content: Mapping[str, Any]) -> Extra:
    return _line(kind, name_of(content))


def _line(kind: str, text: str, **more: str) -> Extra:
    return Extra(kind, ICONS.get(kind, "link"), text, **more)


MAKERS = {
    "card": _card,
    "approved": _approved,
    "sticker": _sticker,
    "location": _location,
    "call": _call,
    "button": _button,
    "unsupported": _unsupported,
    "template": _shared,
    "post": _shared,
    "ig_post": _shared,
    "comment": _shared,
    "story_mention": _shared,
}
