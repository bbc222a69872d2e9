"""Raw mail as programs write it: charsets, HTML, quoted history, pictures, failed delivery."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from random import Random

from helpdesk.demo import shop
from helpdesk.demo.moments import TOKYO

PROGRAMS = ("iPhone Mail (22A100)", "Thunderbird", "Outlook 16.0", "Mail on Android 14", "")


REPORT = """\
From: Mail Delivery System <mailer-daemon@mx.example.net>
Return-Path: <>
Auto-Submitted: auto-replied
To: {support}
Subject: Undelivered Mail Returned to Sender
Date: {date}
Message-ID: <{name}@mx.example.net>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="{name}"

--{name}
Content-Type: text/plain; charset=us-ascii

This is the mail system at mx.example.net.

Your message could not be delivered.

<{to}>: {why}

--{name}
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; {to}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; {why}

--{name}
Content-Type: text/rfc822-headers

Message-ID: <{original}>
From: {support}
To: {to}

--{name}--
"""


@dataclass(frozen=True, slots=True)
class Letter:
    """What somebody writes. `answers` are the ids it refers to, the nearest last."""

    name: str
    address: str
    subject: str
    text: str
    at: datetime
    to: str = shop.ADDRESS
    answers: Sequence[str] = ()
    picture: bytes | None = None
    program: int = 0
    abroad: bool = False
    automatic: bool = False
    markup: bool = False
    old_charset: bool = False


def write(rng: Random, letter: Letter) -> bytes:
    """The mail's bytes, the same for the same letter and random state."""
    message = _head(rng, letter)
    charset = "iso-2022-jp" if letter.old_charset and _fits(letter.text, "iso-2022-jp") else "utf-8"
    encoding = "7bit" if charset != "utf-8" else "base64"
    message.set_content(letter.text, charset=charset, cte=encoding)
    if letter.markup:
        message.add_alternative(_markup(letter.text), subtype="html", cte="base64")
    if letter.picture:
        name = f"IMG_{rng.randint(1000, 9999)}.png"
        message.add_attachment(letter.picture, maintype="image", subtype="png", filename=name)
    _boundaries(rng, message)
    return message.as_bytes()


def report(rng: Random, *, to: str, original_id: str, at: datetime) -> bytes:
    """What a mail system says about a mailbox that does not exist (RFC 3464)."""
    raw = REPORT.format(
        to=to,
        support=shop.ADDRESS,
        original=original_id,
        date=format_datetime(at.astimezone(TOKYO)),
        name=f"{rng.getrandbits(72):018x}",
        why=f"550 5.1.1 <{to}>: Recipient address rejected: User unknown",
    )
    return raw.replace("\n", "\r\n").encode()


def _head(rng: Random, letter: Letter) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    zone = timezone(timedelta(hours=rng.choice((-8, -5, 0, 10)))) if letter.abroad else TOKYO
    domain = letter.address.rpartition("@")[2]
    message["From"] = Address(letter.name, addr_spec=letter.address)
    message["To"] = Address("Hinoki & Co.", addr_spec=letter.to)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.at.astimezone(zone))
    message["Message-ID"] = f"<{rng.getrandbits(96):024x}@{domain}>"
    if letter.answers:
        message["In-Reply-To"] = f"<{letter.answers[-1]}>"
        message["References"] = " ".join(f"<{one}>" for one in letter.answers)
    if letter.automatic:
        message["Auto-Submitted"] = "auto-replied"
    if PROGRAMS[letter.program]:
        message["X-Mailer"] = PROGRAMS[letter.program]
    return message


def _boundaries(rng: Random, message: EmailMessage) -> None:
    """Named by our own dice: the library's are different each time."""
    for part in message.walk():
        if part.is_multipart():
            part.set_boundary(f"part-{rng.getrandbits(64):016x}")


def _markup(text: str) -> str:
    paragraphs = "".join(f"<p>{html.escape(one).replace(chr(10), '<br>')}</p>" for one in text.split("\n\n"))
    return f'<html><body><div style="font-family:sans-serif">{paragraphs}</div></body></html>'


def _fits(text: str, charset: str) -> bool:
    try:
        text.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


__all__ = ["Letter", "report", "write"]
