"""What is known of several talks before their next words join: asked in one statement each, and held until the end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, or_, select, union_all
from sqlmodel import col

from helpdesk.chat.live import STAYS_LIVE
from helpdesk.commerce.orders import mentioned_numbers
from helpdesk.intake.prepare import Prepared
from helpdesk.models import (
    Agent,
    BlockedSender,
    Correction,
    Customer,
    Delivery,
    Follower,
    InboundEvent,
    Message,
    Order,
    Status,
    Tag,
    Ticket,
    TicketTag,
    Visitor,
)
from helpdesk.models import Brand as BrandRow
from helpdesk.people.availability import has_vanished, is_here
from helpdesk.store.db import Unit
from helpdesk.triage.assess import ENDING

CHANGES = (
    "id", "received_at", "preview", "status", "waiting_since", "snoozed_until", "last_message_at", "messages_count",
    "sentiment", "text_reasons", "urgency", "urgency_reasons", "urgency_fixed", "updated_at",
)  # fmt: skip
TICKET = (  # what a talk needs to know of a running one
    "id", "key", "customer_id", "status", "assignee_id", "order_id", "category", "preview", "waiting_since",
    "last_message_at", "messages_count", "urgency_fixed", "text_reasons", "updated_at",
)  # fmt: skip


class Speaker(NamedTuple):
    """A visitor."""

    id: int
    key: str
    brand_id: int
    ticket_id: int | None
    customer_id: int | None


class Brand(NamedTuple):
    id: int
    timezone: str
    weights: dict[str, int]


@dataclass(slots=True)
class Known:
    said: dict[str, list[Prepared]]  # by the visitor's key, in their order
    speakers: dict[str, Speaker]
    brands: dict[int, Brand]
    running: dict[int, Any]  # tickets that go on
    tags_on: dict[int, dict[str, float | None]] = field(default_factory=dict)
    ending: dict[int, set[str]] = field(default_factory=dict)  # tags on them that hold for one message alone
    odd: set[str] = field(default_factory=set)  # visitors whose words go the way of all messages
    _tags: dict[tuple[int, str], int] = field(default_factory=dict)

    def tag(self, brand_id: int, name: str) -> int:
        return self._tags[brand_id, name]

    def ordinary(self) -> Iterator[tuple[Speaker, list[Prepared]]]:
        for key, said in self.said.items():
            speaker = self.speakers.get(key)
            if (
                speaker
                and key not in self.odd
                and all(map(self._plain, said))
                and self._goes_on(speaker, said)
            ):
                yield speaker, said

    def _plain(self, one: Prepared) -> bool:
        named = all((one.brand_id, tag) in self._tags for tag, _ in one.classification.tags)
        return named and not one.stored and not one.incoming.unattended

    def _goes_on(self, speaker: Speaker, said: list[Prepared]) -> bool:
        """A tag that holds for one message alone must not have to go again."""
        if speaker.ticket_id is None:
            return speaker.customer_id is None and not _ends(said[:-1])
        if speaker.ticket_id not in self.running or _ends(said[:-1]):
            return False
        ending = self.ending.get(speaker.ticket_id, set())
        return all(ending <= _named(one) for one in said)


def _named(one: Prepared) -> set[str]:
    return {tag for tag, _ in one.classification.tags}


def _ends(said: Sequence[Prepared]) -> bool:
    return any(_named(one) & set(ENDING) for one in said)


def hold(unit: Unit, event_ids: Sequence[int]) -> set[int]:
    """Those that nobody else has in hand, until the unit ends."""
    return {row[0] for row in unit.rows(_queued(), {"ids": list(event_ids), "now": unit.now})}


def find(unit: Unit, prepared: Sequence[Prepared]) -> Known:
    said: dict[str, list[Prepared]] = defaultdict(list)
    for one in sorted(prepared, key=lambda it: it.event_id):
        said[one.incoming.conversation].append(one)
    brand_ids = sorted({one.brand_id for one in prepared})
    speakers = {row.key: Speaker(*row) for row in unit.rows(_speakers(), {"keys": list(said)})}
    brands = {row[0]: Brand(*row) for row in unit.rows(_brands(), {"brands": brand_ids})}
    known = Known(said, speakers, brands, _running(unit, speakers.values(), prepared))
    _note_tags(unit, known, brand_ids, prepared)
    asked = {"brands": brand_ids, "keys": list(said)}
    known.odd |= {row[0] for row in unit.rows(_blocked(), asked)}
    known.odd |= _who_name_orders(unit, brand_ids, prepared)
    return known


def _running(unit: Unit, speakers: Any, prepared: Sequence[Prepared]) -> dict[int, Any]:
    """Tickets that the next words simply join."""
    ids = [one.ticket_id for one in speakers if one.ticket_id]
    silence = min((one.incoming.silence for one in prepared if one.incoming.silence), default=None)
    if not ids or silence is None:
        return {}
    found = {row.id: row for row in unit.rows(_tickets(), {"ids": ids, "since": unit.now - silence})}
    special = {row[0] for row in unit.rows(_special(), {"ids": ids})} if found else set()
    mine = {row.assignee_id for row in found.values() if row.assignee_id}
    agents = {one.pk: one for one in unit.session.scalars(_agents(), {"ids": list(mine)})} if mine else {}
    return {
        pk: row
        for pk, row in found.items()
        if pk not in special and _stays(row, agents.get(row.assignee_id), unit.now)
    }


def _stays(ticket: Any, agent: Agent | None, now: datetime) -> bool:
    """With whom it is; else chat.assignment has a word in it."""
    if agent is None:
        return True
    returns = now - ticket.last_message_at > STAYS_LIVE
    return not has_vanished(agent, now) and (is_here(agent, now) or not returns)


def _note_tags(unit: Unit, known: Known, brand_ids: list[int], prepared: Sequence[Prepared]) -> None:
    names = sorted({tag for one in prepared for tag, _ in one.classification.tags})
    if names:
        for brand_id, name, pk in unit.rows(_tags(), {"brands": brand_ids, "names": names}):
            known._tags[brand_id, name] = pk
    for ticket_id, name, source, score in (
        unit.rows(_on(), {"ids": list(known.running)}) if known.running else ()
    ):
        known.tags_on.setdefault(ticket_id, {})[name] = score
        if name in ENDING and source == "auto":
            known.ending.setdefault(ticket_id, set()).add(name)


def _who_name_orders(unit: Unit, brand_ids: list[int], prepared: Sequence[Prepared]) -> set[str]:
    named = {one.incoming.conversation: mentioned_numbers(one.incoming.text) for one in prepared}
    numbers = sorted({number for some in named.values() for number in some})
    if not numbers:
        return set()
    there = {row[0] for row in unit.rows(_orders(), {"brands": brand_ids, "numbers": numbers})}
    return {key for key, some in named.items() if there.intersection(some)}


@cache
def _queued() -> Any:
    free = or_(col(InboundEvent.lease_until).is_(None), col(InboundEvent.lease_until) < bindparam("now"))
    return (
        select(col(InboundEvent.id))
        .where(_in(InboundEvent.id, "ids"), col(InboundEvent.state) == "queued", free)
        .with_for_update(skip_locked=True)
    )


@cache
def _speakers() -> Any:
    """In the order of their ids, before any ticket, as everywhere."""
    columns = (Visitor.id, Visitor.key, Visitor.brand_id, Visitor.ticket_id, Visitor.customer_id)
    wanted = select(*map(col, columns)).where(_in(Visitor.key, "keys"))
    return wanted.order_by(col(Visitor.id)).with_for_update()


@cache
def _brands() -> Any:
    return select(col(BrandRow.id), col(BrandRow.timezone), col(BrandRow.urgency_weights)).where(
        _in(BrandRow.id, "brands")
    )


@cache
def _blocked() -> Any:
    return select(col(BlockedSender.value)).where(
        _in(BlockedSender.brand_id, "brands"),
        col(BlockedSender.kind) == "chat",
        _in(BlockedSender.value, "keys"),
    )


@cache
def _tickets() -> Any:
    return (
        select(*(getattr(Ticket, name) for name in TICKET), col(Customer.name), col(Customer.vip))
        .join(Customer, col(Customer.id) == col(Ticket.customer_id))
        .where(
            _in(Ticket.id, "ids"),
            col(Ticket.status).in_((Status.OPEN, Status.PENDING)),
            col(Ticket.order_id).is_(None),
            col(Ticket.last_message_at) >= bindparam("since"),
            or_(col(Customer.several_ways).is_(False), col(Ticket.first_response_at).is_not(None)),
        )
        .order_by(col(Ticket.id))
        .with_for_update(of=Ticket)
    )


@cache
def _special() -> Any:
    """Tickets of which somebody has to be told, or that have to be looked at more closely."""
    leaving = select(col(Message.ticket_id)).join(Delivery, col(Delivery.message_id) == col(Message.id))
    buying = select(col(Ticket.id)).join(Order, col(Order.customer_id) == col(Ticket.customer_id))
    return union_all(
        select(col(Follower.ticket_id)).where(_in(Follower.ticket_id, "ids")),
        select(col(Correction.ticket_id)).where(
            _in(Correction.ticket_id, "ids"), col(Correction.kind) == "tag_removed"
        ),
        leaving.where(
            _in(Message.ticket_id, "ids"), col(Delivery.state) == "queued", col(Delivery.scheduled)
        ),
        buying.where(_in(Ticket.id, "ids"), col(Order.state).in_(("placed", "shipped"))),
    )


@cache
def _agents() -> Any:
    return select(Agent).where(_in(Agent.id, "ids"))


@cache
def _tags() -> Any:
    return select(col(Tag.brand_id), col(Tag.name), col(Tag.id)).where(
        _in(Tag.brand_id, "brands"), _in(Tag.name, "names")
    )


@cache
def _on() -> Any:
    return (
        select(col(TicketTag.ticket_id), col(Tag.name), col(TicketTag.source), col(TicketTag.score))
        .join(Tag, col(Tag.id) == col(TicketTag.tag_id))
        .where(_in(TicketTag.ticket_id, "ids"))
    )


@cache
def _orders() -> Any:
    return select(col(Order.number)).where(_in(Order.brand_id, "brands"), _in(Order.number, "numbers"))


def _in(column: Any, name: str) -> Any:
    return col(column).in_(bindparam(name, expanding=True))
