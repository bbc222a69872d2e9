"""Did a mail of ours come back? Delivery reports (RFC 3464) by their fields, others by what mail
systems write.
"""

from __future__ import annotations

import re

from helpdesk.channels.email.mime import address, automatic, bounce_text, charset, header
from helpdesk.channels.email.mime.header import Headers
from helpdesk.channels.email.mime.mail import Address, Bounce
from helpdesk.channels.email.mime.structure import Part

_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_MESSAGE_ID = re.compile(
    rb"(?im)^[ \t>]{0,12}message-id:[ \t]{0,9}(?:\r?\n[ \t]{1,9})?<?([^\s<>@]{1,250}@[^\s<>]{1,250})>?"
)
MAX_SEARCHED = 300_000


def find_bounce(root: Part, sender: Address | None, subject: str, text: str) -> Bounce | None:
    """What came back and why, None if this is not a bounce."""
    parts = _list_parts(root)
    report = next(
        (
            part
            for part in parts
            if part.content_type in ("message/delivery-status", "message/global-delivery-status")
        ),
        None,
    )
    if report is not None:
        found = _from_report(report)
        return _complete(found, parts, root, text) if found else None
    if _is_other_report(root, parts) and not bounce_text.is_refusal(sender, subject, text):
        return None
    if automatic.is_vacation_subject(subject):
        return None
    if bounce_text.is_bounce(root, sender, subject, text):
        return _complete(Bounce(None, None, None, None), parts, root, text)
    return None


def _list_parts(root: Part) -> list[Part]:
    out: list[Part] = []
    stack = [root]
    while stack:
        part = stack.pop()
        out.append(part)
        stack.extend(reversed(part.children))
    return out


def _is_other_report(root: Part, parts: list[Part]) -> bool:
    """Read receipts and complaints are reports too, but nothing came back."""
    kind = root.params.get("report-type", "").lower()
    if kind in ("disposition-notification", "feedback-report"):
        return True
    return any(
        p.content_type in ("message/disposition-notification", "message/feedback-report") for p in parts
    )


def _from_report(part: Part) -> Bounce | None:
    """The first recipient that failed; None if all were delivered."""
    groups = _groups(part.content())
    best: Bounce | None = None
    acted = False
    for group in groups:
        action = group.text("action").lower().split(" ")[0].split("(")[0]
        status = _first(_STATUS, group.text("status"))
        acted = acted or bool(action or status)
        if action in ("delivered", "relayed", "expanded") and not (status or "").startswith(("4", "5")):
            continue
        recipient = _recipient(group)
        if not (action or status or recipient):
            continue
        found = Bounce(recipient, status or None, group.text("diagnostic-code") or None, None)
        if best is None or (not best.recipient and recipient):
            best = found
    if best is None and not acted:
        return Bounce(None, None, None, None)
    return best


def _groups(data: bytes) -> list[Headers]:
    """The blocks of fields of a delivery report: the first speaks of the mail, the others of one
    recipient each."""
    out: list[Headers] = []
    for piece in re.split(rb"\n(?:\r*\n)+", data.strip()[:MAX_SEARCHED]):
        fields, _ = header.read_headers(piece)
        if fields.fields:
            out.append(fields)
    return out[:200]


def _recipient(group: Headers) -> str | None:
    for name in ("final-recipient", "original-recipient", "x-actual-recipient"):
        value = group.text(name)
        value = value.split(";", 1)[1] if ";" in value else value
        found = re.search(r"(?<![^\s<>,;\"])[^\s<>,;\"]+@[^\s<>,;\"]+", value)
        if found:
            return found[0]
    return None


def _complete(found: Bounce, parts: list[Part], root: Part, text: str) -> Bounce:
    """The report's facts, with what is missing looked for in the words and in the returned original."""
    words = text
    if not words.strip():
        words = charset.clean(charset.decode(root.raw[:MAX_SEARCHED]).text)
    diagnostic = found.diagnostic or bounce_text.find_diagnostic(words)
    status = found.status
    if status is None or status.endswith(".0.0"):
        status = (
            _first(_STATUS, diagnostic or "")
            or _first(_STATUS, words)
            or status
            or bounce_text.guess_status(words)
        )
    return Bounce(
        recipient=found.recipient or _failed_header(root) or bounce_text.find_recipient(words, root),
        status=status,
        diagnostic=diagnostic[:2_000] if diagnostic else None,
        original_message_id=_original_id(parts, root),
    )


def _failed_header(root: Part) -> str | None:
    found = address.read_addresses(root.headers.list_values("x-failed-recipients"))
    return found[0].address if found and found[0].address else None


def _original_id(parts: list[Part], root: Part) -> str | None:
    for part in parts:
        if part.content_type in (
            "message/rfc822",
            "text/rfc822-headers",
            "message/rfc822-headers",
            "message/global",
            "message/partial",
        ):
            inner, _ = header.read_headers(part.content()[:MAX_SEARCHED].lstrip())
            ids = address.read_ids(inner.list_values("message-id"))
            if ids:
                return ids[0]
    for part in parts:
        if not part.children:
            match = _MESSAGE_ID.search(part.content()[:MAX_SEARCHED])
            if match:
                return charset.clean(match[1].decode("utf-8", "replace"))
    ids = address.read_ids(root.headers.list_values("in-reply-to")) or address.read_ids(
        root.headers.list_values("references")
    )
    return ids[-1] if ids else None


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text[:MAX_SEARCHED])
    return match[1] if match else None
