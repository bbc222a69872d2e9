"""All that can be done before the transaction: parse, classify, store the files. No lock is held meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy
from sqlalchemy import bindparam
from sqlmodel import col, select

from classifiers import Classification, Model
from helpdesk.channels import registry
from helpdesk.channels.chat.parse import parse as parse_chat
from helpdesk.channels.email.config import trusted_checkers
from helpdesk.channels.incoming import Change, Incoming, KeptFile
from helpdesk.channels.protocol import File
from helpdesk.errors import Invalid
from helpdesk.models import ChannelAccount, InboundEvent
from helpdesk.store.db import Database, Unit
from helpdesk.store.files import Files
from helpdesk.triage import assess
from helpdesk.triage.serving import Models

MOST_ATTEMPTS = 20  # a message that kills its worker again and again must not do so for ever


@dataclass(frozen=True, slots=True)
class Stored:
    """A file of the message, whose bytes lie in the file store under `sha256`."""

    name: str
    content_type: str
    size: int
    sha256: str
    inline: bool
    content_id: str | None


@dataclass(frozen=True, slots=True)
class Prepared:
    """Holds no file contents: many of these wait for one transaction."""

    event_id: int
    brand_id: int
    account_id: int
    kind: str
    received_at: datetime
    incoming: Incoming
    classification: Classification
    stored: tuple[Stored, ...]


@dataclass(frozen=True, slots=True)
class PreparedChange:
    """No new words: something happened to earlier ones, or to who said them."""

    event_id: int
    brand_id: int
    account_id: int
    kind: str
    received_at: datetime
    change: Change


Ready = Prepared | PreparedChange


class Facts(NamedTuple):
    """Of an account: its kind, the addresses of that kind that the brand has, and who may vouch for senders."""

    kind: str
    own: frozenset[str]
    trusted: frozenset[str]


def prepare(
    database: Database, files: Files, models: Models, event_ids: Sequence[int]
) -> Iterator[tuple[int, Ready | Exception]]:
    """For each event that is still queued, what is to be written, or why it cannot be: read one after the other."""
    own: dict[int, Facts] = {}
    reading: dict[int, Model] = {}
    wanted = select(InboundEvent).where(col(InboundEvent.id).in_(event_ids), InboundEvent.state == "queued")
    with database.read() as unit:
        for event in unit.session.exec(
            wanted.order_by(col(InboundEvent.id)), execution_options={"yield_per": 1}
        ):
            if event.account_id not in own:
                own[event.account_id] = _account_facts(unit, event)
            if event.brand_id not in reading:
                reading[event.brand_id] = models.of(unit, event.brand_id)
            if event.attempts > MOST_ATTEMPTS:
                yield (
                    event.pk,
                    Invalid("the work on this message was cut off %(n)s times", n=event.attempts - 1),
                )
                continue
            try:
                yield event.pk, _prepare(event, own[event.account_id], files, reading[event.brand_id])
            except Exception as error:
                yield event.pk, error


def prepare_talks(database: Database, models: Models, *, most: int) -> list[tuple[int, Prepared | Exception]]:
    """What visitors said just now and nobody has looked at yet, oldest first."""
    with database.read() as unit:
        found = unit.rows(_in_lane(), {"now": unit.now, "most": most})
        reading = {brand_id: models.of(unit, brand_id) for brand_id in {one.brand_id for one in found}}
    talks: list[tuple[int, Prepared | Exception]] = []
    for event in found:
        try:
            talks.append((event.id, _prepare_talk(event, reading[event.brand_id])))
        except Exception as error:
            talks.append((event.id, error))
    return talks


def _prepare_talk(event: Any, model: Model) -> Prepared:
    return _prepared(event, "chat", parse_chat(event.raw), model)


@cache
def _in_lane() -> Any:
    columns = (InboundEvent.id, InboundEvent.brand_id, InboundEvent.account_id, InboundEvent.raw)
    return (
        sqlalchemy.select(*map(col, columns), col(InboundEvent.received_at))
        .join(ChannelAccount, col(ChannelAccount.id) == col(InboundEvent.account_id))
        .where(
            col(InboundEvent.state) == "queued",
            col(InboundEvent.next_at) > bindparam("now"),
            col(InboundEvent.attempts) == 0,
            col(ChannelAccount.kind) == "chat",
        )
        .order_by(col(InboundEvent.id))
        .limit(bindparam("most"))
    )


def _prepare(event: InboundEvent, account: Facts, files: Files, model: Model) -> Ready:
    kind = account.kind
    incoming = registry.parse(kind, event.raw, own=account.own)
    if isinstance(incoming, Change):
        return PreparedChange(event.pk, event.brand_id, event.account_id, kind, event.received_at, incoming)
    if size := event.meta.get("truncated"):
        cut = f"only the first part of this message was taken in; it had {size:,} bytes"
        incoming = replace(incoming, problems=(*incoming.problems, cut))
    if incoming.vouched_by:
        incoming = replace(incoming, vouched_by=tuple(account.trusted.intersection(incoming.vouched_by)))
    stored = tuple(_store(file, files) for file in incoming.files)
    return _prepared(event, kind, incoming, model, stored)


def _prepared(
    event: Any, kind: str, incoming: Incoming, model: Model, stored: tuple[Stored, ...] = ()
) -> Prepared:
    """`event` is a journalled one, or a row of its columns."""
    return Prepared(
        event_id=event.id,
        brand_id=event.brand_id,
        account_id=event.account_id,
        kind=kind,
        received_at=event.received_at,
        incoming=replace(incoming, files=()),
        classification=assess.classify(model, incoming),
        stored=(*stored, *map(_kept, incoming.kept)),
    )


def _store(file: File, files: Files) -> Stored:
    digest = files.put(file.content)
    return Stored(file.name, file.content_type, len(file.content), digest, file.inline, file.content_id)


def _kept(file: KeptFile) -> Stored:
    return Stored(file.name, file.content_type, file.size, file.sha256, file.inline, file.content_id)


def _account_facts(unit: Unit, event: InboundEvent) -> Facts:
    accounts = unit.session.exec(
        select(ChannelAccount.id, ChannelAccount.kind, ChannelAccount.address, ChannelAccount.config).where(
            ChannelAccount.brand_id == event.brand_id
        )
    ).all()
    kind, config = next((kind, config) for pk, kind, _, config in accounts if pk == event.account_id)
    own = frozenset(address for _, other, address, _ in accounts if other == kind)
    return Facts(kind, own, trusted_checkers(config))
