"""Who asks which provider, by the kind of channel."""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk.channels.care import Care
from helpdesk.channels.line.care import LineCare
from helpdesk.channels.meta.care import MetaCare
from helpdesk.channels.phone.care import TwilioCare
from helpdesk.channels.telegram.care import TelegramCare
from helpdesk.channels.whatsapp.care import WhatsAppCare
from helpdesk.channels.x.care import XCare

CARERS: Mapping[str, Care] = {
    "line": LineCare(),
    "messenger": MetaCare("messenger", "Messenger"),
    "instagram": MetaCare("instagram", "Instagram"),
    "whatsapp": WhatsAppCare(),
    "x": XCare(),
    "telegram": TelegramCare(),
    "sms": TwilioCare(),
    "phone": TwilioCare(),
}
KNOW_PEOPLE = frozenset(name for name, one in CARERS.items() if one.knows_people)
COUNTED = frozenset(name for name, one in CARERS.items() if one.counts)
TELL_READING = frozenset(name for name, one in CARERS.items() if one.tells_reading)
