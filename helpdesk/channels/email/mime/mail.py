"""What one mail says, in a form that any part of the desk can use: the result of `parse_mail`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Address:
    """A person as written in a header; the address may be empty or malformed, as it came."""

    name: str
    address: str

    def as_json(self) -> dict[str, str]:
        """The person of the command line's output."""
        return {"name": self.name, "address": self.address}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with the mail, decoded; `inline` means that the text or HTML shows it."""

    name: str
    content_type: str
    content: bytes = field(repr=False)
    inline: bool = False
    content_id: str | None = None

    @property
    def size(self) -> int:
        """Bytes after decoding."""
        return len(self.content)

    @property
    def sha256(self) -> str:
        """The content's fingerprint in hex."""
        return hashlib.sha256(self.content).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """The attachment without its bytes."""
        return {
            "name": self.name,
            "content_type": self.content_type,
            "size": self.size,
            "inline": self.inline,
            "content_id": self.content_id,
            "sha256": self.sha256,
        }


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail of ours that could not be delivered (RFC 3464, or a mail system's own words)."""

    recipient: str | None
    status: str | None
    diagnostic: str | None
    original_message_id: str | None

    def as_json(self) -> dict[str, str | None]:
        """The four facts by name."""
        return {
            "recipient": self.recipient,
            "status": self.status,
            "diagnostic": self.diagnostic,
            "original_message_id": self.original_message_id,
        }


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail, decoded. Texts use \\n and hold no NUL, no lone surrogate and no undecoded escape."""

    message_id: str | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    date: datetime | None = None
    sender: Address | None = None
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    subject: str = ""
    text: str = ""
    reply: str = ""
    quoted: str = ""
    html: str | None = None
    attachments: tuple[Attachment, ...] = ()
    auto_reply: bool = False  # a machine wrote it
    notification: bool = False  # a machine wrote it of itself, as an answer to nothing
    bounce: Bounce | None = None
    list: bool = False
    problems: tuple[str, ...] = ()
    delivered_to: tuple[str, ...] = ()
    return_path: str | None = None
    automatic_headers: tuple[tuple[str, str], ...] = ()
    vouched_by: tuple[str, ...] = ()  # servers that say that the sender's address is no lie

    def as_json(self) -> dict[str, Any]:
        """The object of `helpdesk mail parse`, without the file name."""
        return {
            "message_id": self.message_id,
            "in_reply_to": self.in_reply_to,
            "references": [*self.references],
            "date": self.date.isoformat() if self.date else None,
            "from": self.sender.as_json() if self.sender else None,
            "to": [one.as_json() for one in self.to],
            "cc": [one.as_json() for one in self.cc],
            "reply_to": [one.as_json() for one in self.reply_to],
            "subject": self.subject,
            "text": self.text,
            "reply": self.reply,
            "quoted": self.quoted,
            "html": self.html,
            "attachments": [one.as_json() for one in self.attachments],
            "auto_reply": self.auto_reply,
            "bounce": self.bounce.as_json() if self.bounce else None,
            "list": self.list,
            "problems": [*self.problems],
        }
