"""Text messages and calls in the normal form. A call is told of when it has ended; what it was stands in `content`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from helpdesk.channels.incoming import Change, Incoming, Media, What
from helpdesk.channels.meta.moment import moment
from helpdesk.channels.protocol import Person
from helpdesk.channels.webhook import digest, read_object

SMS, CALL = "sms", "call"
PHONE = "phone"  # the kind of identity: a number is the same person by voice and in writing
SILENCE = timedelta(days=3)
ENDED = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
MISSED = frozenset({"busy", "no-answer", "canceled"})
STATES = {"delivered": What.DELIVERED, "read": What.READ, "failed": What.FAILED, "undelivered": What.FAILED}

Form = Mapping[str, Any]


def parse_sms(raw: bytes, *, own: frozenset[str] = frozenset()) -> Incoming | Change:
    """Twilio's. Raises Invalid when the bytes are nothing of it."""
    form = read_object(raw)
    number = str(form.get("MessageSid") or "")
    if form.get("MessageStatus"):
        what = STATES.get(str(form["MessageStatus"]), What.NOTED)
        return _change(
            what, str(form.get("To") or ""), form, of=(number,), text=str(form.get("ErrorCode") or "")
        )
    count = str(form.get("NumMedia") or "0")
    files = [
        Media(str(form[f"MediaUrl{n}"]), f"file-{n + 1}", str(form.get(f"MediaContentType{n}") or ""))
        for n in range(min(int(count) if count.isdecimal() else 0, 10))
        if form.get(f"MediaUrl{n}")
    ]
    text = str(form.get("Body") or "")
    return _said(str(form.get("From") or ""), f"{SMS}:{number}", text, {}, number, media=tuple(files))


def parse_call(raw: bytes, *, own: frozenset[str] = frozenset()) -> Incoming | Change:
    """Twilio's and Aircall's, told apart by their shape."""
    told = read_object(raw)
    return _aircall(told) if "resource" in told else _twilio_call(told)


def _twilio_call(form: Form) -> Incoming | Change:
    number, state = str(form.get("CallSid") or ""), str(form.get("CallStatus") or "")
    inbound = str(form.get("Direction") or "inbound").startswith("inbound")
    other = str(form.get("From" if inbound else "To") or "")
    if url := form.get("RecordingUrl"):
        file = Media(f"{url}.mp3", "recording.mp3", "audio/mpeg")
        return _change(What.NOTED, other, form, of=(number,), media=(file,))
    if state not in ENDED:
        return _change(What.NOTED, other, form, of=(number,), data={"state": state})
    duration = str(form.get("CallDuration") or "0")
    content = {
        "type": CALL,
        "state": "missed" if inbound and state in MISSED else state,
        "seconds": int(duration) if duration.isdecimal() else 0,
        "inbound": inbound,
    }
    at = _rfc2822(str(form.get("Timestamp") or ""))
    return _said(other, f"{CALL}:{number}", "", content, number, at=at, echo=not inbound)


def _aircall(told: Form) -> Incoming | Change:
    data = told.get("data")
    call: Form = data if isinstance(data, dict) else {}
    number, event = str(call.get("id") or ""), str(told.get("event") or "")
    other, inbound = str(call.get("raw_digits") or ""), call.get("direction") != "outbound"
    recording = call.get("recording") or call.get("voicemail")
    files = (Media(str(recording), "recording.mp3", "audio/mpeg"),) if recording else ()
    if event != "call.ended":
        return _change(What.NOTED, other, told, of=(number,), media=files, data={"state": event})
    missed = inbound and not call.get("answered_at")
    content = {
        "type": CALL,
        "state": "missed" if missed else "completed",
        "seconds": call["duration"] if isinstance(call.get("duration"), int) else 0,
        "inbound": inbound,
        "url": str(call.get("direct_link") or ""),
    }
    who = call.get("contact")
    name = (
        " ".join(str(who[one]) for one in ("first_name", "last_name") if who.get(one))
        if isinstance(who, dict)
        else ""
    )
    at = moment(call.get("ended_at") or told.get("timestamp"))
    return _said(
        other, f"{CALL}:{number}", "", content, number, at=at, media=files, echo=not inbound, name=name
    )


def _said(
    other: str,
    fingerprint: str,
    text: str,
    content: dict[str, Any],
    number: str,
    *,
    at: datetime | None = None,
    name: str = "",
    **more: Any,
) -> Incoming:
    who = Person(name, other)
    return Incoming(
        sender=who,
        author=who,
        identity_kind=PHONE,
        fingerprint=fingerprint[:64],
        external_id=number,
        sent_at=at,
        text=text,
        reply=text,
        content=content,
        conversation=other,
        silence=SILENCE,
        **more,
    )


def _change(what: What, other: str, told: Form, **said: Any) -> Change:
    return Change(what, Person("", other), PHONE, digest(told), **said)


def _rfc2822(given: str) -> datetime | None:
    try:
        return parsedate_to_datetime(given) if given else None
    except ValueError:
        return None
