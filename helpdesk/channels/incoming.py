"""The normal form of a message from outside: every channel parses into it, the pipeline knows nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from helpdesk.channels.protocol import File, Person


@dataclass(frozen=True, slots=True)
class Bounced:
    """What became of something we sent: for now that it could not be delivered."""

    message_id: str | None
    recipient: str
    status: str
    diagnostic: str

    @property
    def final(self) -> bool:
        """4.x.x only says that the server still tries."""
        return not self.status.startswith("4")


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file whose bytes lie in the file store already."""

    name: str
    content_type: str
    size: int
    sha256: str
    inline: bool = False
    content_id: str | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    sender: Person  # as it stands in the message
    author: Person  # who is meant by it: the customer (a form's Reply-To, for example)
    identity_kind: str  # under which `author.address` is an identity: email, line …
    fingerprint: str  # equal for the same message however it reached us
    answer_to: Person | None = None  # where the writer wants the answer, if they say (RFC 5322 3.6.2)
    external_id: str | None = None
    sent_at: datetime | None = None
    subject: str = ""
    text: str = ""
    reply: str = ""
    quoted: str = ""
    html: str | None = None
    to: tuple[Person, ...] = ()
    cc: tuple[Person, ...] = ()
    routed_to: tuple[str, ...] = ()  # every address it was sent to, for routing and signed reply addresses
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    files: tuple[File, ...] = ()
    automatic: bool = False
    unattended: bool = False  # nobody waits for an answer: an auto-reply (not any notification) or a bounce
    bounced: Bounced | None = None
    problems: tuple[str, ...] = ()
    kept: tuple[KeptFile, ...] = ()
    conversation: str = ""  # key of the visitor whose talk this is part of, where messages name no others
    consented: bool = False  # agreed, in the form before a chat, that it is stored
    silence: timedelta | None = None  # after so long the next message begins a new ticket
