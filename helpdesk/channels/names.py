"""What people call the channels, by the name in ChannelAccount.kind and Ticket.channel."""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk.i18n import lazy

NAMES: Mapping[str, str] = {
    "email": lazy("E-mail"),
    "chat": lazy("Chat"),
    "line": "LINE",
    "instagram": "Instagram",
    "messenger": "Messenger",
    "whatsapp": "WhatsApp",
    "x": "X",
    "telegram": "Telegram",
    "sms": "SMS",
    "phone": lazy("Phone"),
}
