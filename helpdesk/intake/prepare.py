"""All that can be done before the transaction: parse, classify, store the files. No lock is held meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import select

from classifiers import Classification, Model
from helpdesk.channels import registry
from helpdesk.channels.incoming import Incoming
from helpdesk.channels.protocol import File
from helpdesk.models import ChannelAccount, InboundEvent
from helpdesk.store.db import Database, Unit
from helpdesk.store.files import Files
from helpdesk.triage import assess


@dataclass(frozen=True, slots=True)
class Prepared:
    """`stored` pairs each file with its SHA-256 in the file store."""

    event_id: int
    brand_id: int
    account_id: int
    kind: str
    received_at: datetime
    incoming: Incoming
    classification: Classification
    stored: tuple[tuple[File, str], ...]


def prepare(database: Database, files: Files, model: Model, event_id: int) -> Prepared | None:
    """None when somebody else has finished the event. Raises Invalid for bytes that are no message."""
    with database.read() as unit:
        event = unit.session.get_one(InboundEvent, event_id)
        if event.state != "queued":
            return None
        kind, own = _account_facts(unit, event)
    incoming = registry.parse(kind, event.raw, own=own)
    if size := event.meta.get("truncated"):
        cut = f"only the first part of this message was taken in; it had {size:,} bytes"
        incoming = replace(incoming, problems=(*incoming.problems, cut))
    return Prepared(
        event_id=event_id,
        brand_id=event.brand_id,
        account_id=event.account_id,
        kind=kind,
        received_at=event.received_at,
        incoming=incoming,
        classification=assess.classify(model, incoming),
        stored=tuple((file, files.put(file.content)) for file in incoming.files),
    )


def _account_facts(unit: Unit, event: InboundEvent) -> tuple[str, frozenset[str]]:
    """The kind of channel and every address of that kind that the brand has."""
    accounts = unit.session.exec(
        select(ChannelAccount.id, ChannelAccount.kind, ChannelAccount.address).where(
            ChannelAccount.brand_id == event.brand_id
        )
    ).all()
    kind = next(kind for pk, kind, _ in accounts if pk == event.account_id)
    return kind, frozenset(address for _, other, address in accounts if other == kind)
