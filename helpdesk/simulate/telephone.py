"""Twilio and Aircall as writers of calls: text messages and telephone calls, in forms and in JSON."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from email.utils import format_datetime
from urllib.parse import urlencode

from helpdesk.simulate.deed import Deed, Request, b64, in_json

SHOP = "+81312345678"


def sms(
    deed: Deed, secrets: Mapping[str, str], account: str, *, again: bool = False, url: str = ""
) -> Request:
    if deed.kind in ("delivered", "read"):
        told = {"MessageSid": deed.of, "MessageStatus": deed.kind, "From": SHOP, "To": deed.who}
        return _form(told, secrets, url)
    form = {"MessageSid": f"SM{deed.number}", "From": deed.who, "To": SHOP, "Body": deed.text}
    if deed.kind in ("picture", "sticker"):
        name = "sticker" if deed.kind == "sticker" else "url"
        form |= {"NumMedia": "1", "MediaUrl0": str(deed.data[name]), "MediaContentType0": "image/png"}
    return _form(form | {"NumMedia": form.get("NumMedia", "0")}, secrets, url)


def phone(
    deed: Deed, secrets: Mapping[str, str], account: str, *, again: bool = False, url: str = ""
) -> Request:
    """A talk is told by Aircall, with who had it; everything else by Twilio."""
    if deed.kind == "talk":
        return _talk(deed, secrets)
    form = {"CallSid": f"CA{deed.of or deed.number}", "From": deed.who, "To": SHOP, "Direction": "inbound"}
    if deed.kind == "voicemail":
        recording = {"RecordingUrl": str(deed.data["recording"]), "RecordingSource": "RecordVerb"}
        return _form(
            form | recording | {"RecordingSid": f"RE{deed.number}", "RecordingStatus": "completed"},
            secrets,
            url,
        )
    return _form(
        form | {"CallStatus": "no-answer", "CallDuration": "0", "Timestamp": format_datetime(deed.at)},
        secrets,
        url,
    )


def _talk(deed: Deed, secrets: Mapping[str, str]) -> Request:
    ended = int(deed.at.timestamp())
    call = {
        "id": int(deed.number),
        "direct_link": f"https://assets.aircall.io/calls/{deed.number}",
        "direction": "inbound",
        "status": "done",
        "started_at": ended - 200,
        "answered_at": ended - 180,
        "ended_at": ended,
        "duration": 180,
        "raw_digits": deed.who,
        "user": {"name": deed.text},
    }
    told = {"resource": "call", "event": "call.ended", "timestamp": ended, "token": secrets["token"]}
    return Request(in_json(told | {"data": call}), {"content-type": "application/json"})


def _form(fields: Mapping[str, str], secrets: Mapping[str, str], url: str) -> Request:
    """Signed with the address and every field (HMAC-SHA1)."""
    said = url + "".join(name + value for name, value in sorted(fields.items()))
    signature = hmac.new(secrets["auth_token"].encode(), said.encode(), hashlib.sha1).digest()
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "x-twilio-signature": b64(signature),
    }
    return Request(urlencode(fields).encode(), headers)
