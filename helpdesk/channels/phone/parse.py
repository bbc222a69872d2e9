"""Text messages and calls in the normal form. A call is told of when it has ended; what it was stands in `content`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from helpdesk.channels.given import web_address
from helpdesk.channels.incoming import Change, Incoming, Media, What
from helpdesk.channels.meta.moment import moment
from helpdesk.channels.protocol import Person
from helpdesk.channels.webhook import digest, read_object

SMS, CALL = "sms", "call"
VOICEMAIL = "voicemail"
PHONE = "phone"  # the kind of identity: a number is the same person by voice and in writing
NUMBER = re.compile(r"\+?[\d ()-]{3,}$")
# What stands in place of a number that is not shown: words, or those words on a telephone's keys.
WITHHELD = frozenset(
    {"anonymous", "restricted", "unknown", "unavailable", "private", "+266696687", "+7378742833"}
    | {"+2562533", "+8656696", "+86282452253"}
)
SILENCE = timedelta(days=3)
ENDED = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
MISSED = frozenset({"busy", "no-answer", "canceled"})
STATES = {"delivered": What.DELIVERED, "read": What.READ, "failed": What.FAILED, "undelivered": What.FAILED}

Form = Mapping[str, Any]


def parse_sms(raw: bytes, *, own: frozenset[str] = frozenset()) -> Incoming | Change:
    """Twilio's. Raises Invalid when the bytes are nothing of it."""
    form = read_object(raw)
    number = str(form.get("MessageSid") or "")
    if not number:  # a telephone call's, sent to the wrong address
        return _change(What.NOTED, str(form.get("From") or ""), form, data={"state": "call"})
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
    content = {"type": _kind_of(files[0].content_type)} if files else {}
    return _said(str(form.get("From") or ""), f"{SMS}:{number}", text, content, number, media=tuple(files))


def _kind_of(content_type: str) -> str:
    kind = content_type.partition("/")[0]
    return kind if kind in ("image", "audio", "video") else "file"


def parse_call(raw: bytes, *, own: frozenset[str] = frozenset()) -> Incoming | Change:
    """Twilio's and Aircall's, told apart by their shape."""
    told = read_object(raw)
    return _aircall(told) if "resource" in told else _twilio_call(told)


def _twilio_call(form: Form) -> Incoming | Change:
    number, state = str(form.get("CallSid") or ""), str(form.get("CallStatus") or "")
    inbound = str(form.get("Direction") or "inbound").startswith("inbound")
    other = str(form.get("From" if inbound else "To") or "")
    if url := form.get("RecordingUrl"):
        return _twilio_recording(form, other, number, str(url))
    if state not in ENDED:
        return _change(What.NOTED, other, form, of=(number,), data={"state": state})
    duration = str(form.get("CallDuration") or "0")
    missed = inbound and state in MISSED
    content = {
        "type": CALL,
        "state": "missed" if missed else state,
        "seconds": int(duration) if duration.isdecimal() and not missed else 0,
        "inbound": inbound,
    }
    at = _rfc2822(str(form.get("Timestamp") or ""))
    return _call(other, number, content, at=at)


def _twilio_recording(form: Form, other: str, number: str, url: str) -> Change:
    """What the caller was asked to say after the tone is a message to us; a recorded talk is not."""
    if form.get("RecordingStatus") in ("in-progress", "absent", "failed"):
        return _change(What.NOTED, other, form, of=(number,), data={"state": "recording"})
    file = Media(f"{url}.mp3", "recording.mp3", "audio/mpeg")
    data = {VOICEMAIL: True} if form.get("RecordingSource") == "RecordVerb" else {}
    return _change(What.NOTED, other, form, of=(number,), media=(file,), data=data)


def _aircall(told: Form) -> Incoming | Change:
    data = told.get("data")
    call: Form = data if isinstance(data, dict) else {}
    number, event = str(call.get("id") or ""), str(told.get("event") or "")
    other, inbound = str(call.get("raw_digits") or ""), call.get("direction") != "outbound"
    recording = call.get("recording") or call.get("voicemail")
    files = (Media(str(recording), "recording.mp3", "audio/mpeg"),) if recording else ()
    left = {VOICEMAIL: True} if call.get("voicemail") and not call.get("recording") else {}
    if event != "call.ended":
        return _change(What.NOTED, other, told, of=(number,), media=files, data=left or {"state": event})
    talked = bool(call.get("answered_at"))
    content = {
        "type": CALL,
        "state": "completed" if talked else "missed" if inbound else "no-answer",
        "seconds": call["duration"] if talked and isinstance(call.get("duration"), int) else 0,
        "inbound": inbound,
        "url": web_address(call.get("direct_link")),
        "agent": _name(call.get("user"), "name"),
        **left,
    }
    at = moment(call.get("ended_at") or told.get("timestamp"))
    name = _name(call.get("contact"), "first_name", "last_name")
    return _call(other, number, content, at=at, media=files, name=name)


def _name(given: object, *parts: str) -> str:
    return " ".join(str(given[one]) for one in parts if given.get(one)) if isinstance(given, dict) else ""


def _call(other: str, number: str, content: dict[str, Any], **more: Any) -> Incoming:
    """A number that is withheld is nobody's: each such call stands alone."""
    withheld = not other or other.lower() in WITHHELD
    shown = NUMBER.match(other) and not withheld
    other = re.sub(r"[^\d+]", "", other) if shown else other
    return _said(
        f"withheld-{number}" if withheld else other,
        f"{CALL}:{number}",
        "",
        content | ({"withheld": True} if withheld else {}),
        number,
        kind=PHONE if shown else CALL,
        echo=not content["inbound"],
        **more,
    )


def _said(
    other: str,
    fingerprint: str,
    text: str,
    content: dict[str, Any],
    number: str,
    *,
    kind: str = PHONE,
    at: datetime | None = None,
    name: str = "",
    **more: Any,
) -> Incoming:
    who = Person(name, other)
    return Incoming(
        sender=who,
        author=who,
        identity_kind=kind,
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
        read = parsedate_to_datetime(given)
    except (ValueError, OverflowError):
        return None
    if not 1990 < read.year < 2200:
        return None
    return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
