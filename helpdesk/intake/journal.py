"""The durable door: raw bytes become a row before anybody is told that they arrived."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select

from helpdesk.models import ChannelAccount, InboundEvent
from helpdesk.store import rows
from helpdesk.store.db import Unit

LANE = timedelta(seconds=2)  # in which chats are taken in together, before they wait with everything else


@dataclass(frozen=True, slots=True)
class Arrival:
    """What came: the bytes, the provider's id for them (else their SHA-256), and how they came."""

    raw: bytes
    external_id: str | None = None
    meta: dict[str, Any] = field(default_factory=dict)

    @property
    def identity(self) -> str:
        return self.external_id or hashlib.sha256(self.raw).hexdigest()


def record(
    unit: Unit,
    account: ChannelAccount,
    raw: bytes,
    *,
    external_id: str | None = None,
    meta: dict[str, Any] | None = None,
) -> InboundEvent | None:
    """The queued event, or None when this account has these very bytes (or this id) already."""
    return record_many(unit, account, [Arrival(raw, external_id, meta or {})])[0]


def record_many(
    unit: Unit, account: ChannelAccount, arrivals: Sequence[Arrival]
) -> list[InboundEvent | None]:
    """The same for many at once, in their order."""
    _lock(unit, account)
    identities = [one.identity for one in arrivals]
    there = set(
        unit.session.exec(
            select(InboundEvent.external_id).where(
                InboundEvent.account_id == account.id, col(InboundEvent.external_id).in_(identities)
            )
        )
    )
    events: list[InboundEvent | None] = []
    for one, identity in zip(arrivals, identities, strict=True):
        events.append(None if identity in there else _event(unit, account, one, identity))
        there.add(identity)
    new = [event for event in events if event]
    unit.session.add_all(new)
    unit.session.flush()
    for event in new:
        unit.tell("inbound_queued", account.brand_id, event=event.pk)
    return events


@dataclass(frozen=True, slots=True)
class Told:
    """A genuine call of a provider: what it tells one account. `aside`: why it cannot be taken in."""

    account_id: int
    brand_id: int
    arrivals: Sequence[Arrival]
    aside: str = ""

    def row(self, one: Arrival, now: datetime) -> dict[str, Any]:
        row = {"account_id": self.account_id, "brand_id": self.brand_id, "external_id": one.identity}
        row |= {"raw": one.raw, "meta": one.meta, "next_at": now, "received_at": now}
        if self.aside:
            return row | {"state": "quarantined", "reason": self.aside[:2000], "done_at": now}
        return row | {"state": "queued", "reason": None, "done_at": None}


def record_calls(unit: Unit, calls: Sequence[Told]) -> list[int]:
    """Many calls at once. How many events of each are new: whoever else writes the same one, it is there once."""
    given: dict[tuple[int, str], tuple[int, Arrival]] = {}
    for number, call in enumerate(calls):
        for one in call.arrivals:
            given.setdefault((call.account_id, one.identity), (number, one))
    made = rows.add_missing(
        unit,
        InboundEvent,
        [calls[number].row(one, unit.now) for number, one in given.values()],
        same=("account_id", "external_id"),
    )
    new, told = [0] * len(calls), dict[tuple[str, int], int]()
    for account_id, identity, pk in made:
        number, _one = given[account_id, identity]
        new[number] += 1
        name = "inbound_quarantined" if calls[number].aside else "inbound_queued"
        told[name, calls[number].brand_id] = pk
    for (name, brand_id), pk in told.items():
        unit.tell(name, brand_id, event=pk)
    return new


def record_talk(unit: Unit, brand_id: int, account_id: int, arrivals: Sequence[Arrival]) -> None:
    """What visitors said, of which the caller has made sure that it is not there yet."""
    rows.add(
        unit,
        InboundEvent,
        [
            {"brand_id": brand_id, "account_id": account_id, "external_id": one.external_id, "raw": one.raw}
            | {"meta": one.meta, "next_at": unit.now + LANE, "received_at": unit.now}
            for one in arrivals
        ],
    )
    unit.tell("talk_queued", brand_id)


def quarantine(unit: Unit, event: InboundEvent, reason: str) -> None:
    """Set aside with its reason; nothing is lost and the next message is not held up."""
    event.state, event.reason, event.done_at, event.lease_until = "quarantined", reason[:2000], unit.now, None
    unit.tell("inbound_quarantined", event.brand_id, event=event.pk)


def retry(unit: Unit, event: InboundEvent) -> None:
    """Queue a quarantined event again."""
    event.state, event.reason, event.attempts = "queued", None, 0
    event.next_at, event.lease_until = unit.now, None
    unit.tell("inbound_queued", event.brand_id, event=event.pk)


def _event(unit: Unit, account: ChannelAccount, one: Arrival, identity: str) -> InboundEvent:
    return InboundEvent(
        brand_id=account.brand_id,
        account_id=account.pk,
        external_id=identity,
        raw=one.raw,
        meta=one.meta,
        next_at=unit.now,
        received_at=unit.now,
    )


def _lock(unit: Unit, account: ChannelAccount) -> None:
    """Two workers that hold the same bytes must not both find nothing; SQLite's writing unit is alone anyway."""
    if not unit.sqlite:
        unit.session.exec(
            select(ChannelAccount.id).where(col(ChannelAccount.id) == account.id).with_for_update()
        )
