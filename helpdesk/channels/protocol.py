"""What every kind of channel offers to delivery. Channels know neither HTTP nor the database.

A kind prepares the bytes of a message once, then sends the same bytes until the provider has taken them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Traits:
    """How kinds differ, as data: no code outside a channel's folder asks which channel it is."""

    supports_subject: bool = False
    supports_copies: bool = False  # cc
    max_length: int | None = None  # characters of one message
    max_attachment_bytes: int | None = None
    reply_window: timedelta | None = None  # after the customer's newest message
    longest: int | None = None  # of one message by `measure`; longer words go in several
    measure: str = "characters"  # one of cut.MEASURES
    most_choices: int = 0  # quick replies beside one answer
    longest_choice: int = 0  # characters that a button shows
    cards: bool = False  # an order may be shown as a card; elsewhere it is said in words
    files_as_links: bool = False  # the provider takes no files that are not pictures
    once: bool = (
        False  # it has no key against repeats: what may have been taken is never sent again by itself
    )
    conversational: bool = (
        False  # said to whoever is there: no address, subject, signature or time to take it back
    )


@dataclass(frozen=True, slots=True)
class Account:
    """A ChannelAccount with its secrets opened, as plain data. Never log one."""

    id: int
    kind: str
    address: str
    name: str
    config: Mapping[str, Any]
    secrets: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class File:
    name: str
    content_type: str
    content: bytes = field(repr=False)
    inline: bool = False
    content_id: str | None = None
    url: str = ""  # a signed address for providers that fetch files themselves
    preview_url: str = ""  # of a small JPEG, for pictures


@dataclass(frozen=True, slots=True)
class Quote:
    """Earlier words below the answer, and the line that says whose they were; `forwarded` ones are not marked."""

    attribution: str
    text: str
    forwarded: bool = False


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to a customer. `id` is the same at every attempt; `thread` is the ticket's signed token."""

    id: str
    sender: Person
    to: tuple[Person, ...]
    text: str
    date: datetime
    html: str | None = None  # the same words formatted, where the agent formatted them
    cc: tuple[Person, ...] = ()
    subject: str = ""
    language: str = ""
    thread: str | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    quote: Quote | None = None
    attachments: tuple[File, ...] = ()
    automatic: bool = False
    reply_token: str = ""  # a free answer, until `reply_until`
    reply_until: datetime | None = None
    choices: tuple[str, ...] = ()  # quick replies offered with it
    card: Mapping[str, Any] | None = None  # an order as a card; see docs/channels.md
    human: bool = False  # an agent wrote it after the free window: marked so where the provider asks for it
    template: Mapping[str, Any] | None = None  # {"name", "language", "parameters"} instead of free words
    answers: str = ""  # the provider's id of the message or comment that this replies to


@dataclass(frozen=True, slots=True)
class Parcel:
    """Prepared bytes on their way: what is sent at every attempt."""

    id: str
    raw: bytes = field(repr=False)
    recipients: tuple[str, ...]
    automatic: bool = False
    accepted: tuple[str, ...] = ()  # what was taken at an earlier attempt, as its receipt said
    once: bool = False  # an attempt that is cut off leaves open whether it was taken


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the provider said: its id, who is served, who is refused for good, who has to wait."""

    id: str
    accepted: tuple[str, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)
    waiting: Mapping[str, str] = field(default_factory=dict)
    known_as: tuple[str, ...] = ()  # the provider's ids, by which it tells of reading and reactions


class Line(Protocol):
    """A way to the provider, kept open for a burst of messages."""

    async def send(self, parcel: Parcel) -> Receipt:
        """Raises Rejected (final) or Unavailable (again later, the same parcel)."""

    async def close(self) -> None: ...


class Fetches(Protocol):
    """A kind whose customers' files lie with the provider."""

    async def fetch(self, account: Account, ref: str, *, most: int) -> tuple[bytes, str]:
        """The bytes, at most `most`, and their type where it is told. Raises Rejected or Unavailable."""


class Kind(Protocol):
    @property
    def traits(self) -> Traits: ...

    def prepare(self, account: Account, outgoing: Outgoing) -> bytes:
        """The bytes to send; pure. Raises Rejected where no valid message can be made."""

    def open(self, account: Account) -> Line | None:
        """A line for this account, or None where nothing to send with is configured."""
