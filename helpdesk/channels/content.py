"""A few words for what words cannot say, where only words can stand: in lists, previews and notifications."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpdesk.i18n import gettext as _
from helpdesk.i18n import lazy

NAMES = {
    "image": lazy("Picture"),
    "video": lazy("Video"),
    "audio": lazy("Voice message"),
    "file": lazy("File"),
    "sticker": lazy("Sticker"),
    "location": lazy("Location"),
    "contacts": lazy("Contact"),
    "button": lazy("Button pressed"),
    "order": lazy("Cart"),
    "card": lazy("Order card"),
    "approved": lazy("Approved template"),
    "template": lazy("Message with buttons"),
    "reel": lazy("Shared reel"),
    "ig_reel": lazy("Shared reel"),
    "post": lazy("Public post"),
    "ig_post": lazy("Shared post"),
    "comment": lazy("Public comment"),
    "story_mention": lazy("Mentioned you in a story"),
    "ephemeral": lazy("Vanishing picture or video"),
    "encrypted": lazy("Encrypted message; open it in X"),
    "taken_back": lazy("This message was taken back."),
}


def name_of(content: Mapping[str, Any]) -> str:
    """In the language in use; empty for plain words."""
    kind = str(content.get("type") or "")
    if not kind:
        return _("Answers your story") if content.get("story") else ""
    if kind == "sticker":
        meaning = meaning_of(content)
        return f"{_('Sticker')}: {meaning}" if meaning else _("Sticker")
    if kind == "call":
        return call_name(content)
    if kind == "unsupported":
        known = str(content.get("kind") or "")
        return _("Unsupported message (%(kind)s)", kind=known) if known else _("Unsupported message")
    return _(NAMES[kind]) if kind in NAMES else _("Shared link")


def meaning_of(content: Mapping[str, Any]) -> str:
    """Of a sticker, by the words that its maker gave it."""
    keywords = content.get("keywords")
    return ", ".join(map(str, keywords[:3])) if isinstance(keywords, list) else ""


def call_name(content: Mapping[str, Any]) -> str:
    inbound = content.get("inbound", True)
    if content.get("voicemail"):
        return _("Voicemail") if inbound else _("Left a voicemail")
    if content.get("state") == "missed":
        return _("Missed call")
    if not inbound and content.get("state") in ("no-answer", "busy", "failed", "canceled"):
        return _("Outgoing call, not answered")
    return _("Incoming call") if inbound else _("Outgoing call")
