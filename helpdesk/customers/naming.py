"""What agents call a customer: by name, a caller without one by number, a nameless visitor by the end of their key."""

from __future__ import annotations

from helpdesk.channels.names import NAMES
from helpdesk.channels.registry import CONVERSATIONAL, NAMELESS
from helpdesk.i18n import gettext as _
from helpdesk.i18n import person

SHOP = "shop"
WHATSAPP = "whatsapp"  # its ids are mostly telephone numbers
CODE = 4  # letters of the key: enough to tell those apart who are there at one time


def called(name: str, key: str, channel: str = "", number: str = "") -> str:
    """`channel` is where they wrote, or the kind of what they are known by; `number` is their telephone's."""
    if name.strip():
        return person(name)
    if number:
        return number
    if channel in CONVERSATIONAL:
        return _("Visitor %(code)s", code=key[-CODE:].upper())
    return _("Unknown")


def address(kind: str, value: str, shown: str = "") -> str:
    """Under what a customer is known, as people read it: where it is a key that means nothing, the channel's name."""
    if kind == SHOP:
        return _("Shop account %(name)s", name=shown or value)
    if kind == WHATSAPP and value.isdecimal():
        return f"+{value}"
    if kind in NAMELESS and shown in ("", value):
        return _(NAMES.get(kind, kind))
    return shown or value
