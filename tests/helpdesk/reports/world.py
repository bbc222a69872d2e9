"""A seeded shop with tickets of all kinds at awkward moments, and the plain recount of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from helpdesk.customers.identify import identify
from helpdesk.models import Agent, Brand, Customer, Message, Tag, Ticket, TicketTag
from helpdesk.reports.measures import Scope
from helpdesk.reports.period import Period
from helpdesk.store.db import Database, Unit

CHANNELS = ("email", "email", "chat", "line")
CATEGORIES = ("", "teapots", "=knives", "towels")
LANGUAGES = ("ja", "ja", "en")
TAGS = ("return", "refund", "order_status", "size_fit")
EDGES = (timedelta(), timedelta(microseconds=-1), timedelta(microseconds=1), timedelta(hours=1))


@dataclass
class Fact:
    """What a person with a pencil would write down of one ticket."""

    key: str
    brand_id: int
    channel: str
    language: str
    category: str
    status: str
    created: datetime
    closed: datetime | None
    answered: datetime | None
    first_in: datetime | None
    answers: list[datetime] = field(default_factory=list)
    tags: set[str] = field(default_factory=set)

    def moments(self, measure: str) -> Iterable[datetime]:
        if (self.status == "spam") != (measure == "spam"):
            return []
        if measure == "replied":
            return self.answers
        if measure in ("created", "spam"):
            return [self.created]
        at = self.answered if measure == "first_response" else self.closed
        if at is None or (measure != "first_response" and self.status != "closed"):
            return []
        timed = measure in ("first_response", "resolution")
        return [] if timed and (self.first_in is None or self.first_in > at) else [at]

    def counts(self, measure: str, period: Period) -> bool:
        return any(local_day(at, period.zone) in period.dates for at in self.moments(measure))

    def has(self, dimension: str, name: str) -> bool:
        if dimension == "tag":
            return name in self.tags if name else not self.tags
        return bool(getattr(self, dimension) == name)


def local_day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def recount(
    facts: Iterable[Fact], scope: Scope, measure: str, dimension: str = "", name: str = ""
) -> set[str]:
    """The keys of the tickets that a number stands for."""
    period = scope.period
    if dimension == "day":
        period = period.single(date.fromisoformat(name))
    return {
        fact.key
        for fact in facts
        if fact.brand_id in scope.brand_ids
        and fact.counts(measure, period)
        and (dimension in ("", "day") or fact.has(dimension, name))
    }


def fill(
    database: Database,
    brand: Brand,
    agent: Agent,
    zone: ZoneInfo,
    *,
    seed: int,
    n: int = 120,
    weeks: int = 10,
) -> list[Fact]:
    """Tickets of the `weeks` before the database's clock, many of them at the edge of a local day."""
    rng = Random(seed)
    with database.write() as unit:
        tags = {name: _tag(unit, brand, name) for name in TAGS}
        customer = identify(unit, brand.pk, "email", f"c{seed}@example.jp", name="山田 花子", language="ja")
        rest: list[Message | TicketTag] = []
        facts = [
            _ticket(unit, rest, brand, agent, customer, tags, rng, zone, weeks, number)
            for number in range(1, n + 1)
        ]
        unit.session.flush()
        unit.session.add_all(rest)
        return facts


def _tag(unit: Unit, brand: Brand, name: str) -> Tag:
    tag = Tag(brand_id=brand.pk, name=name, labels={"ja": name, "en": name.title()}, created_at=unit.now)
    unit.session.add(tag)
    unit.session.flush()
    return tag


def _moment(unit: Unit, rng: Random, zone: ZoneInfo, weeks: int) -> datetime:
    at = unit.now - timedelta(seconds=rng.randrange(weeks * 7 * 86_400))
    if rng.random() < 0.4:
        at = datetime.combine(local_day(at, zone), time(), zone).astimezone(UTC) + rng.choice(EDGES)
    return min(at, unit.now)


def _ticket(
    unit: Unit,
    rest: list[Message | TicketTag],
    brand: Brand,
    agent: Agent,
    customer: Customer,
    tags: dict[str, Tag],
    rng: Random,
    zone: ZoneInfo,
    weeks: int,
    number: int,
) -> Fact:
    created = _moment(unit, rng, zone, weeks)
    status = rng.choice(("open", "pending", "closed", "closed", "spam"))
    answers = sorted(
        created + timedelta(minutes=rng.randrange(1, 9000)) for _ in range(rng.choice((0, 1, 1, 3)))
    )
    closed = (
        created + timedelta(hours=rng.randrange(1, 300)) if status == "closed" or rng.random() < 0.1 else None
    )
    ticket = Ticket(
        id=brand.pk * 10_000 + number,  # known without asking the database, so that all rows go in at once
        brand_id=brand.pk, number=number, customer_id=customer.pk, channel=rng.choice(CHANNELS),
        subject=f"Question {number}", language=rng.choice(LANGUAGES),
        category=rng.choice(CATEGORIES), status=status,
        first_response_at=answers[0] if answers else None, closed_at=closed, last_message_at=created,
        created_at=created, updated_at=created,
    )  # fmt: skip
    unit.session.add(ticket)
    first_in = None
    if rng.random() < 0.9:
        first_in = created + timedelta(minutes=rng.choice((0, 0, 0, -30, 5)))
        _message(rest, ticket, "in", first_in)
        _message(rest, ticket, "in", created + timedelta(days=3))
        first_in = min(first_in, created + timedelta(days=3))
    _message(rest, ticket, "in", created - timedelta(hours=2), automatic=True)
    _message(rest, ticket, "note", created, agent_id=agent.pk)
    _message(rest, ticket, "out", created)  # no agent's: a rule's
    for at in answers:
        _message(rest, ticket, "out", at, agent_id=agent.pk)
    chosen = set(rng.sample(TAGS, rng.choice((0, 1, 1, 2))))
    rest += [TicketTag(ticket_id=ticket.pk, tag_id=tags[name].pk, created_at=created) for name in chosen]
    return Fact(
        ticket.key, brand.pk, ticket.channel, ticket.language, ticket.category, status, created, closed,
        answers[0] if answers else None, first_in, answers, chosen,
    )  # fmt: skip


def _message(
    rest: list[Message | TicketTag],
    ticket: Ticket,
    direction: str,
    at: datetime,
    *,
    agent_id: int | None = None,
    automatic: bool = False,
) -> None:
    rest.append(
        Message(
            brand_id=ticket.brand_id, ticket_id=ticket.pk, customer_id=ticket.customer_id,
            channel=ticket.channel,
            direction=direction, agent_id=agent_id, automatic=automatic, sent_at=at, created_at=at,
            fingerprint=f"{ticket.key}{direction}{at.isoformat()}{agent_id}{automatic}",
        )
    )  # fmt: skip
