"""What if a brand weighed urgency otherwise: how the head of its queue would stand. Nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_
from sqlmodel import col, select

from classifiers import Reason
from helpdesk.models import Brand, Customer, Status, Ticket
from helpdesk.store.db import Unit
from helpdesk.triage import known, rank
from helpdesk.triage.compare import place
from helpdesk.triage.known import Known
from helpdesk.triage.weights import Weights

FIRST = 50
LOOKED_AT = 500  # from so far behind a ticket may come to the head


@dataclass(frozen=True, slots=True)
class Move:
    """A ticket's urgency and place, now and then; places count from 1."""

    key: str
    number: int
    words: str
    customer: str
    before: int
    after: int
    was: int
    place: int
    reasons: tuple[Reason, ...]  # then

    @property
    def up(self) -> int:
        """So many places; below nothing it falls."""
        return self.was - self.place


@dataclass(frozen=True, slots=True)
class Preview:
    """`moves` in the order of then; `leaving` stood among the first and would no more."""

    moves: tuple[Move, ...]
    leaving: tuple[Move, ...]
    moved: int  # of those looked at
    looked_at: int


def preview(unit: Unit, brand: Brand, weights: Weights, *, first: int = FIRST) -> Preview:
    """By the brand's open tickets that nobody has put off. Both orders are of this moment."""
    tickets = _queue(unit, brand)
    beside = known.of_tickets(unit, tickets)
    names = _names(unit, tickets)
    before = {one.pk: reasons_by(one, beside[one.pk], unit.now) for one in tickets}
    after = {one.pk: reasons_by(one, beside[one.pk], unit.now, weights) for one in tickets}
    was, then = _places(tickets, before), _places(tickets, after)
    moves = [
        Move(
            key=one.key,
            number=one.number,
            words=one.subject or one.preview,
            customer=names.get(one.customer_id, ""),
            before=rank.score(before[one.pk]),
            after=rank.score(after[one.pk]),
            was=was[one.pk],
            place=then[one.pk],
            reasons=after[one.pk],
        )
        for one in tickets
    ]
    moves.sort(key=lambda move: move.place)
    return Preview(
        moves=tuple(moves[:first]),
        leaving=tuple(move for move in moves[first:] if move.was <= first),
        moved=sum(move.was != move.place for move in moves),
        looked_at=len(moves),
    )


def reasons_by(
    ticket: Ticket, beside: Known, now: datetime, weights: Weights | None = None
) -> tuple[Reason, ...]:
    """As the ticket would have them; an agent's own level stands whatever the weights."""
    if ticket.urgency_fixed is not None:
        return (rank.fixed(ticket.urgency_fixed),)
    return rank.reckon(ticket, beside, now=now, weights=weights)


def _queue(unit: Unit, brand: Brand) -> Sequence[Ticket]:
    snoozed = col(Ticket.snoozed_until)
    since = func.coalesce(col(Ticket.waiting_since), col(Ticket.created_at))
    return unit.session.exec(
        select(Ticket)
        .where(
            Ticket.brand_id == brand.pk,
            Ticket.status == Status.OPEN,
            or_(snoozed.is_(None), snoozed <= unit.now),
        )
        .order_by(col(Ticket.urgency).desc(), since, col(Ticket.id))
        .limit(LOOKED_AT)
    ).all()


def _names(unit: Unit, tickets: Sequence[Ticket]) -> dict[int, str]:
    wanted = {one.customer_id for one in tickets}
    rows = unit.session.exec(select(Customer.id, Customer.name).where(col(Customer.id).in_(wanted)))
    return {pk: name for pk, name in rows if pk is not None}


def _places(tickets: Sequence[Ticket], reasons: dict[int, tuple[Reason, ...]]) -> dict[int, int]:
    ordered = sorted(
        tickets,
        key=lambda one: place(rank.score(reasons[one.pk]), one.waiting_since or one.created_at, one.pk),
    )
    return {one.pk: at for at, one in enumerate(ordered, 1)}
