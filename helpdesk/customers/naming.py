"""What agents call a customer: by name, and a nameless visitor of a shop by the end of their key."""

from __future__ import annotations

from helpdesk.channels.registry import CONVERSATIONAL
from helpdesk.i18n import gettext as _
from helpdesk.i18n import person

CODE = 4  # letters of the key: enough to tell those apart who are there at one time


def called(name: str, key: str, channel: str = "") -> str:
    """`channel` is where they wrote, or the kind of what they are known by."""
    if name.strip():
        return person(name)
    if channel in CONVERSATIONAL:
        return _("Visitor %(code)s", code=key[-CODE:].upper())
    return _("Unknown")
