"""The normal form of a message from outside: every channel parses into it, the pipeline knows nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

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
class Media:
    """A file that still lies with the provider: fetched at once by the worker, never shown from there.

    `ref` is what the channel's `fetch` needs (an id or a URL); `size` in bytes, where it is told.
    """

    ref: str
    name: str = ""
    content_type: str = ""
    size: int | None = None
    sha256: str = ""  # hex, where the provider tells it: the bytes are held against it


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
    content: Mapping[str, Any] = field(default_factory=dict)  # what words cannot say; see docs/channels.md
    media: tuple[Media, ...] = ()
    reply_token: str = ""  # a free answer, once and soon
    echo: bool = False  # the brand's own words, said elsewhere than here
    vouched_by: tuple[
        str, ...
    ] = ()  # servers that say that the sender's address is no lie; not all are to be trusted


class What(StrEnum):
    """What can happen besides new words. Names a provider has for it stay in its folder."""

    EDITED = "edited"
    UNSENT = "unsent"
    REACTED = "reacted"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    CONNECTED = "connected"  # may be written to
    BLOCKED = "blocked"  # may not any more
    LINKED = "linked"  # has proved who they are at the shop
    NOTED = "noted"  # kept, nothing follows from it


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened to what was said before, or to who said it. Comes in any order, also before the words.

    `of` are the provider's ids of the messages that are meant, `until` instead means all sent until then.
    """

    what: What
    contact: Person
    identity_kind: str
    external_id: str
    at: datetime | None = None
    of: tuple[str, ...] = ()
    ours: str = ""  # our own id of the message, where the provider gives it back
    until: datetime | None = None
    text: str = ""
    emoji: str = ""
    removed: bool = False
    media: tuple[Media, ...] = ()  # what comes to it later, a recording for example
    data: Mapping[str, Any] = field(default_factory=dict)
