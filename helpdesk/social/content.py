"""A few words for what words cannot say, where only words can stand: in lists, previews and search."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpdesk.i18n import gettext as _


def name_of(content: Mapping[str, Any]) -> str:
    """In the language in use; empty for plain words."""
    kind = str(content.get("type") or "")
    names = {
        "image": _("Picture"),
        "video": _("Video"),
        "audio": _("Voice message"),
        "file": _("File"),
        "sticker": _("Sticker"),
        "location": _("Location"),
        "contacts": _("Contact"),
        "button": _("Button pressed"),
        "order": _("Cart"),
        "story_mention": _("Mentioned you in a story"),
        "comment": _("Public comment"),
        "post": _("Public post"),
        "encrypted": _("Encrypted message; open it in X"),
        "call": _call(content),
        "taken_back": _("This message was taken back."),
        "unsupported": _("Unsupported message (%(kind)s)", kind=content.get("kind") or "?"),
    }
    if kind == "sticker" and content.get("keywords"):
        return f"{names[kind]}: {', '.join(map(str, content['keywords'][:3]))}"
    return names.get(kind, _("Shared link") if kind else "")


def _call(content: Mapping[str, Any]) -> str:
    if content.get("state") == "missed":
        return _("Missed call")
    return _("Call") if content.get("inbound", True) else _("Outgoing call")
