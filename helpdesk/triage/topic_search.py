"""Looks for new topics: asked for by a person or once a week, done by a worker, and what becomes of the findings.

A topic that comes again is known by its tickets and its words: what was dismissed stays dismissed.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from helpdesk.errors import Conflict
from helpdesk.models import Agent, Brand, Ticket, Topic, TopicSearch, TopicTicket
from helpdesk.store.db import Unit
from helpdesk.triage import versions
from helpdesk.triage.untagged import WEEKS

UNDER_WAY = ("queued", "running")
MOST_ATTEMPTS = 3
LEASE = timedelta(minutes=10)
EVERY = timedelta(days=6, hours=12)  # so that "weekly" stays in the same night
ALIKE = 0.5  # cosine of two topics' words
SHARED = 0.3  # of the smaller one's tickets
KEPT = 20  # searches of a brand


@dataclass(frozen=True, slots=True)
class Found:
    """A topic as the other process gives it back; the nearest ticket first."""

    language: str
    phrases: tuple[str, ...]
    centre: Mapping[str, float]
    members: tuple[tuple[int, float], ...]


def ask(unit: Unit, brand_id: int, *, by: Agent | None) -> TopicSearch:
    """Look as soon as a worker is free. Raises Conflict while one looks already."""
    unit.session.get(Brand, brand_id, with_for_update=True)  # two who ask at once: the second sees the first
    if find_under_way(unit, brand_id):
        raise Conflict("somebody looks for topics of this brand already; wait for it")
    row = TopicSearch(brand_id=brand_id, agent_id=by.pk if by else None, created_at=unit.now)
    unit.session.add(row)
    unit.session.flush()
    unit.tell("topics_asked", brand_id)
    return row


def ask_weekly(unit: Unit) -> list[TopicSearch]:
    """For the brands where it is night and that nobody has looked at for a week."""
    asked = []
    for brand in unit.session.exec(select(Brand).order_by(col(Brand.id))).all():
        asleep = versions.is_night(unit, brand)
        last = find_last(unit, brand.pk) if asleep else None
        if asleep and (last is None or last.created_at <= unit.now - EVERY):
            asked.append(ask(unit, brand.pk, by=None))
    return asked


def find_last(unit: Unit, brand_id: int) -> TopicSearch | None:
    return unit.session.exec(_newest(brand_id)).first()


def find_under_way(unit: Unit, brand_id: int) -> TopicSearch | None:
    return unit.session.exec(_newest(brand_id).where(col(TopicSearch.state).in_(UNDER_WAY))).first()


def _newest(brand_id: int) -> SelectOfScalar[TopicSearch]:
    wanted = select(TopicSearch).where(TopicSearch.brand_id == brand_id)
    return wanted.order_by(col(TopicSearch.id).desc())


def claim(unit: Unit) -> TopicSearch | None:
    """The next one to do, leased to the caller. One whose worker died again and again is given up."""
    free = or_(col(TopicSearch.lease_until).is_(None), col(TopicSearch.lease_until) < unit.now)
    due = select(TopicSearch).where(col(TopicSearch.state).in_(UNDER_WAY), free)
    for row in unit.session.exec(due.order_by(col(TopicSearch.id)).with_for_update(skip_locked=True)):
        if row.attempts < MOST_ATTEMPTS:
            row.state, row.lease_until = "running", unit.now + LEASE
            row.attempts += 1
            return row
        fail(unit, row, f"the search was cut off {row.attempts} times")
    return None


def fail(unit: Unit, row: TopicSearch, why: str) -> None:
    row.state, row.error, row.lease_until, row.ended_at = "failed", why, None, unit.now
    unit.tell("model_topics_found", row.brand_id)


def finish(unit: Unit, row: TopicSearch, found: Iterable[Found], *, looked_at: int) -> list[Topic]:
    """Writes down what was found; open topics that were not found again go. Answers those that are open now."""
    known = _known(unit, row.brand_id)
    seen: set[int] = set()
    topics = []
    for one in found:
        topic = _recognise(unit, row, one, known, seen)
        seen.add(topic.pk)
        _fill(unit, topic, one)
        topics.append(topic)
    for topic, _tickets in known:
        if topic.state == "open" and topic.pk not in seen:
            drop(unit, topic)
    waiting = [topic for topic in topics if topic.state == "open"]
    row.state, row.lease_until, row.ended_at, row.error = "done", None, unit.now, ""
    row.looked_at, row.found = looked_at, len(waiting)
    _forget_old(unit, row.brand_id)
    unit.tell("model_topics_found", row.brand_id)
    return waiting


def drop(unit: Unit, topic: Topic) -> None:
    unit.session.execute(delete(TopicTicket).where(col(TopicTicket.topic_id) == topic.pk))
    unit.session.delete(topic)
    unit.session.flush()


def likeness(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Cosine of two weighings of terms."""
    product = sum(weight * other[term] for term, weight in one.items() if term in other)
    lengths = (math.sqrt(sum(weight * weight for weight in some.values())) for some in (one, other))
    return product / (math.prod(lengths) or 1.0)


def _known(unit: Unit, brand_id: int) -> list[tuple[Topic, set[int]]]:
    topics = unit.session.exec(select(Topic).where(Topic.brand_id == brand_id).order_by(col(Topic.id))).all()
    return [(topic, set(ticket_ids(unit, topic))) for topic in topics]


def ticket_ids(unit: Unit, topic: Topic) -> Sequence[int]:
    """The nearest first."""
    wanted = select(TopicTicket.ticket_id).where(TopicTicket.topic_id == topic.pk)
    return unit.session.exec(
        wanted.order_by(col(TopicTicket.closeness).desc(), col(TopicTicket.ticket_id))
    ).all()


def _recognise(
    unit: Unit, row: TopicSearch, found: Found, known: Sequence[tuple[Topic, set[int]]], seen: set[int]
) -> Topic:
    """The same topic as before, open or dismissed; one whose tag exists comes again as a new one that names it."""
    again = [
        (alike, topic)
        for topic, tickets in known
        if topic.pk not in seen
        and topic.language == found.language
        and (alike := _alike(found, topic, tickets)) >= 1
    ]
    best = max(again, key=lambda one: (one[1].state != "tagged", one[0], -one[1].pk), default=None)
    if best is not None and best[1].state != "tagged":
        return best[1]
    topic = Topic(
        brand_id=row.brand_id,
        language=found.language,
        tag=best[1].tag if best else "",
        found_at=unit.now,
        seen_at=unit.now,
    )
    unit.session.add(topic)
    unit.session.flush()
    return topic


def _alike(found: Found, topic: Topic, tickets: set[int]) -> float:
    """From 1 on it is the same."""
    mine = {pk for pk, _closeness in found.members}
    shared = len(mine & tickets) / max(1, min(len(mine), len(tickets)))
    return max(shared / SHARED, likeness(found.centre, topic.centre) / ALIKE)


def _fill(unit: Unit, topic: Topic, found: Found) -> None:
    ids = [pk for pk, _closeness in found.members]
    begun = dict(unit.rows(select(col(Ticket.id), col(Ticket.created_at)).where(col(Ticket.id).in_(ids))))
    topic.phrases, topic.centre = list(found.phrases), dict(found.centre)
    topic.size, topic.seen_at = len(begun), unit.now
    topic.weeks = by_week(begun.values(), unit.now)
    unit.session.execute(delete(TopicTicket).where(col(TopicTicket.topic_id) == topic.pk))
    unit.session.add_all(
        TopicTicket(topic_id=topic.pk, ticket_id=pk, closeness=closeness)
        for pk, closeness in found.members
        if pk in begun
    )
    unit.session.flush()


def by_week(moments: Iterable[datetime], now: datetime) -> list[int]:
    """How many in each of the last eight weeks, the oldest first."""
    counts = Counter((now - one) // timedelta(weeks=1) for one in moments)
    return [counts[ago] for ago in range(WEEKS - 1, -1, -1)]


def _forget_old(unit: Unit, brand_id: int) -> None:
    unit.session.flush()
    for row in unit.session.exec(_newest(brand_id).offset(KEPT)).all():
        unit.session.delete(row)
