"""Every social channel on one page: who calls us, how it is read, how answers leave, and until when they may."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from helpdesk.channels.incoming import Change, Incoming
from helpdesk.channels.line.hook import LineHook
from helpdesk.channels.line.kind import Line
from helpdesk.channels.line.parse import parse as parse_line
from helpdesk.channels.meta.hook import MetaHook
from helpdesk.channels.meta.kind import Meta
from helpdesk.channels.meta.parse import parse as parse_meta
from helpdesk.channels.phone.hook import PhoneHook
from helpdesk.channels.phone.kind import Phone
from helpdesk.channels.phone.parse import parse_call, parse_sms
from helpdesk.channels.phone.sms import Sms
from helpdesk.channels.phone.twilio import TwilioHook
from helpdesk.channels.protocol import Kind
from helpdesk.channels.telegram.hook import TelegramHook
from helpdesk.channels.telegram.kind import Telegram
from helpdesk.channels.telegram.parse import parse as parse_telegram
from helpdesk.channels.webhook import Webhook
from helpdesk.channels.whatsapp.kind import WhatsApp
from helpdesk.channels.whatsapp.parse import parse as parse_whatsapp
from helpdesk.channels.windows import Rules
from helpdesk.channels.x.hook import XHook
from helpdesk.channels.x.kind import X
from helpdesk.channels.x.parse import parse as parse_x

DAY = timedelta(hours=24)
WEEK = timedelta(days=7)
META = MetaHook()
SAY_NOTHING = ("text/xml", "<Response></Response>")  # Twilio would read anything else to the customer


@dataclass(frozen=True, slots=True)
class Social:
    hook: Webhook
    parse: Callable[..., Incoming | Change]
    kind: Callable[[], Kind]
    rules: Rules
    thanks: tuple[str, str] = ("application/json", "{}")  # what a call is answered with: its type and words


CHANNELS: Mapping[str, Social] = {
    "line": Social(LineHook(), parse_line, Line, Rules(first_word=True)),
    "messenger": Social(META, parse_meta, lambda: Meta("messenger"), Rules(free=DAY, human=WEEK)),
    "instagram": Social(META, parse_meta, lambda: Meta("instagram"), Rules(free=DAY, human=WEEK)),
    "whatsapp": Social(META, parse_whatsapp, WhatsApp, Rules(free=DAY, templates=True)),
    "x": Social(XHook(), parse_x, X, Rules(first_word=True)),
    "telegram": Social(TelegramHook(), parse_telegram, Telegram, Rules()),
    "sms": Social(TwilioHook(), parse_sms, Sms, Rules(first_word=True), SAY_NOTHING),
    "phone": Social(PhoneHook(), parse_call, Phone, Rules(voice=True), SAY_NOTHING),
}
