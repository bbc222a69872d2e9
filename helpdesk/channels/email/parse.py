"""Mail bytes to the normal form: who is meant, what makes it the same mail twice, what it answers."""

from __future__ import annotations

import hashlib
import re

from helpdesk.channels.email.mime import Address, Mail, parse_mail
from helpdesk.channels.incoming import Bounced, Incoming
from helpdesk.channels.protocol import File, Person
from helpdesk.errors import Invalid

NOBODY = re.compile(
    r"(?:no|donot|do-not|not)[-_.]?reply|mailer-daemon|postmaster|notifications?@|noreply", re.IGNORECASE
)
ADDRESS = re.compile(r"[^@\s<>\"]{1,64}@[^@\s<>\"]{1,255}")


def parse(raw: bytes, *, own: frozenset[str] = frozenset()) -> Incoming:
    """`own` are the brand's mailbox addresses in lower case. Raises Invalid when nothing can be made of the bytes."""
    if not raw.strip():
        raise Invalid("the message is empty; nothing came with it")
    mail = parse_mail(raw)
    sender = _sender(mail)
    if sender is None:
        raise Invalid("no sender address stands in From, Sender, Reply-To or Return-Path")
    author = _author(mail, sender, own)
    bounced = mail.bounce is not None
    from_form = author.address != sender.address  # a person wrote it, though a machine sent it
    return Incoming(
        sender=sender,
        author=author,
        answer_to=_answer_to(mail, own),
        identity_kind="email",
        fingerprint=fingerprint(mail, raw),
        external_id=mail.message_id,
        sent_at=mail.date,
        subject=mail.subject,
        text=mail.text,
        reply=mail.reply,
        quoted=mail.quoted,
        html=mail.html,
        to=_people(mail.to),
        cc=_people(mail.cc),
        routed_to=tuple(dict.fromkeys([*mail.delivered_to, *(one.address for one in (*mail.to, *mail.cc))])),
        in_reply_to=mail.in_reply_to,
        references=mail.references,
        files=tuple(
            File(one.name, one.content_type, one.content, one.inline, one.content_id)
            for one in mail.attachments
        ),
        automatic=not from_form and (mail.auto_reply or mail.list or bounced),
        unattended=not from_form and ((mail.auto_reply and not mail.notification) or bounced),
        bounced=_bounced(mail),
        problems=mail.problems,
        vouched_by=() if from_form else mail.vouched_by,
    )


def fingerprint(mail: Mail, raw: bytes) -> str:
    """SHA-256 over what a resend keeps: id, people, subject and words. Transport headers do not count.

    A mail without an id is only ever equal to the very same bytes: forms send many in one second.
    """
    if not mail.message_id:
        return hashlib.sha256(raw).hexdigest()
    date = mail.date.isoformat() if mail.date else ""
    files = [one.sha256 for one in mail.attachments]
    sender = mail.sender.address.lower() if mail.sender else ""
    answer_to = " ".join(sorted(one.address.lower() for one in mail.reply_to))
    parts = [mail.message_id, date, sender, answer_to, mail.subject, " ".join(mail.text.split()), *files]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _sender(mail: Mail) -> Person | None:
    for one in (mail.sender, *mail.reply_to):
        if one and one.address:
            return Person(one.name, one.address)
    return Person("", mail.return_path) if mail.return_path else None


def _author(mail: Mail, sender: Person, own: frozenset[str]) -> Person:
    """A shop's contact form writes from the shop's own or a no-reply address and names the customer in Reply-To."""
    impersonal = sender.address.lower() in own or NOBODY.search(sender.address)
    return (_answer_to(mail, own) or sender) if impersonal else sender


def _answer_to(mail: Mail, own: frozenset[str]) -> Person | None:
    for one in mail.reply_to:
        if ADDRESS.fullmatch(one.address) and one.address.lower() not in own:
            return Person(one.name, one.address)
    return None


def _people(addresses: tuple[Address, ...]) -> tuple[Person, ...]:
    return tuple(Person(one.name, one.address) for one in addresses)


def _bounced(mail: Mail) -> Bounced | None:
    if mail.bounce is None:
        return None
    bounce = mail.bounce
    return Bounced(
        bounce.original_message_id, bounce.recipient or "", bounce.status or "", bounce.diagnostic or ""
    )
