"""Does the classifier still fit what customers write? Week by week: how often it keeps silent, or is overruled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt

from sqlalchemy import ColumnElement, func, or_, select
from sqlmodel import col

from helpdesk.models import Correction, Direction, Message, Ticket, TicketTag
from helpdesk.store.db import Unit

WEEK = timedelta(days=7)
WEEKS = 8
ENOUGH = 50  # tickets of a week, below which its shares say nothing
LEAST = 0.05  # a smaller rise is no warning, however sure
LUCK = 2.0  # standard deviations


@dataclass(frozen=True, slots=True)
class Week:
    """Tickets with words that began in it; of these, how many got no tag by itself, on how many one was corrected."""

    begins: datetime
    tickets: int
    silent: int
    corrected: int

    @property
    def silence(self) -> float:
        return self.silent / self.tickets if self.tickets else 0.0

    @property
    def correction(self) -> float:
        return self.corrected / self.tickets if self.tickets else 0.0


def list_weeks(unit: Unit, brand_id: int, weeks: int = WEEKS) -> list[Week]:
    """The oldest first; the last one ends now."""
    return [_count(unit, brand_id, unit.now - WEEK * ago) for ago in range(weeks, 0, -1)]


def warnings(weeks: Sequence[Week]) -> list[str]:
    """Of the last week against those before it: `silence`, `correction`."""
    if len(weeks) < 2 or weeks[-1].tickets < ENOUGH:
        return []
    before, last = [one for one in weeks[:-1] if one.tickets], weeks[-1]
    tickets = sum(one.tickets for one in before)
    if tickets < ENOUGH:
        return []
    told = []
    if _rose(sum(one.silent for one in before) / tickets, last.silence, last.tickets):
        told.append("silence")
    if _rose(sum(one.corrected for one in before) / tickets, last.correction, last.tickets):
        told.append("correction")
    return told


def has_words() -> ColumnElement[bool]:
    """Of a ticket: its customer wrote something. A missed call or a lone picture says nothing that could be tagged."""
    written = select(col(Message.id)).where(
        col(Message.ticket_id) == col(Ticket.id),
        col(Message.direction) == Direction.IN,
        col(Message.text) != "",
    )
    return written.correlate(Ticket).exists()


def _rose(before: float, now: float, n: int) -> bool:
    return now - before > max(LEAST, LUCK * sqrt(max(before * (1 - before), 1 / n) / n))


def _count(unit: Unit, brand_id: int, begins: datetime) -> Week:
    here = (
        col(Ticket.brand_id) == brand_id,
        col(Ticket.created_at) >= begins,
        col(Ticket.created_at) < begins + WEEK,
        has_words(),
    )
    taken_off = select(col(Correction.ticket_id)).where(
        col(Correction.brand_id) == brand_id,
        col(Correction.kind) == "tag_removed",
        col(Correction.score).is_not(None),  # else it was only suggested, or somebody's own
    )
    put_on = select(col(Correction.ticket_id)).where(
        col(Correction.brand_id) == brand_id, col(Correction.kind) == "tag_added"
    )
    corrected = or_(col(Ticket.id).in_(taken_off), col(Ticket.id).in_(put_on))
    # A score stays on a tag that the classifier had found, whoever accepts it afterwards.
    found = select(col(TicketTag.ticket_id)).where(col(TicketTag.score).is_not(None))
    spoken = or_(col(Ticket.id).in_(found), col(Ticket.id).in_(taken_off))

    def count(*where: object) -> int:
        return int(unit.session.scalar(select(func.count()).select_from(Ticket).where(*here, *where)) or 0)  # type: ignore[arg-type]

    return Week(begins, count(), count(~spoken), count(corrected))
