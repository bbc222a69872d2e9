"""What a channel's provider can be asked besides sending: who somebody is, how the account stands, what is left.

Each kind answers what its provider knows; the rest stays None. All raise Rejected (final) or Unavailable (later).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from helpdesk.channels.protocol import Account

LONGEST_SECONDS = 10 * 366 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Profile:
    """Somebody as the provider shows them. `picture` is where it lies, `trusted` origins it may lie at besides."""

    name: str = ""
    language: str = ""
    picture: str = ""
    also: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standing:
    """The account as its provider sees it.

    `hook` is the address that the provider calls: None where it does not tell, empty when it calls nobody.
    """

    name: str = ""
    hook: str | None = None
    complaint: str = ""  # what the provider says against our answers to its calls
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Quota:
    """Messages of this month. `limit` None: as many as wanted."""

    limit: int | None
    used: int


@dataclass(frozen=True, slots=True)
class Renewal:
    """`secrets` replace those of the same name; `until` is None for a token that does not end."""

    secrets: Mapping[str, str] = field(repr=False)
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """A text as the provider has it. Parameters are {"name", "example"} in order."""

    name: str
    language: str
    state: str
    body: str
    external_id: str = ""
    category: str = ""
    reason: str = ""
    header: str = ""
    header_format: str = ""
    footer: str = ""
    parameters: Sequence[Mapping[str, str]] = ()
    header_parameters: Sequence[Mapping[str, str]] = ()
    buttons: Sequence[Mapping[str, str]] = ()


def whole(told: object) -> int:
    """A number of messages; 0 for what is none."""
    return told if isinstance(told, int) and 0 <= told < 10**12 else 0


def lasting(told: object, otherwise: timedelta) -> timedelta:
    """For how long a token is good, of its seconds."""
    sane = isinstance(told, int | float) and 0 < told < LONGEST_SECONDS
    return timedelta(seconds=float(told)) if sane else otherwise  # type: ignore[arg-type]


CHECK, RENEW, QUOTA, TEMPLATES = "check", "renew", "quota", "templates"


class Care:
    """Of a kind about whose provider nothing is known. Kinds override what theirs can do."""

    knows_people = False  # `profile` is worth asking
    counts = False  # messages of a month are limited
    tells_reading = False  # `mark_read` does something

    def duties(self, account: Account) -> frozenset[str]:
        """What is worth doing again and again, with what is configured."""
        return frozenset()

    async def check(self, account: Account) -> Standing:
        """A light call that proves the credentials."""
        return Standing()

    async def profile(self, account: Account, address: str) -> Profile | None:
        """None for who is not known there, or does not want to be."""
        return None

    async def renew(self, account: Account, now: datetime) -> Renewal | None:
        """A fresh token, or None when the present one needs nothing."""
        return None

    async def quota(self, account: Account) -> Quota | None:
        return None

    async def templates(self, account: Account) -> Sequence[Template]:
        return ()

    async def mark_read(self, account: Account, to: str, message: str, token: str) -> None:
        """`message` is the provider's name of the newest that was read, `token` what came along with it."""
