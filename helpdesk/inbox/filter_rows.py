"""A filter as conditions on tickets. Brand and status come apart, because the indices begin with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, false, func, or_, select
from sqlmodel import col
from sqlmodel.sql.sqltypes import UTCDateTime

from helpdesk import i18n
from helpdesk.access import Access
from helpdesk.inbox import filter_orders, search, search_query
from helpdesk.inbox.filter import Filter
from helpdesk.inbox.filter_values import timedelta_of
from helpdesk.models import (
    Agent,
    Brand,
    Customer,
    Draft,
    Follower,
    Status,
    Tag,
    Ticket,
    TicketSeen,
    TicketTag,
)
from helpdesk.store.db import Unit
from helpdesk.tickets.seen import NEVER
from helpdesk.triage.rank import LEVELS

URGENT = next(least for least, name in LEVELS if name == "urgent")
AWAKE = ("urgent", "unanswered", "mine", "unassigned", "waiting")
LIVE = {Status.OPEN, Status.PENDING}
COMMON = 2_000  # tickets with a tag, from which on a list soon finds a page of them
LATER = Unit(cast(Any, None), cast(Any, bindparam("now", type_=UTCDateTime())))
Condition = ColumnElement[bool]
Common = frozenset[tuple[str, ...]]


def conditions(unit: Unit, access: Access, chosen: Filter) -> list[Condition]:
    """Everything a row must meet: the agent's brands, the status, and what is chosen."""
    return [
        col(Ticket.brand_id).in_(access.brand_ids),
        col(Ticket.status).in_(chosen.statuses),
        *narrowing(unit, access, chosen),
    ]


def narrowing(
    unit: Unit,
    access: Access,
    chosen: Filter,
    found: search.Found | None = None,
    common: Common | None = None,
) -> list[Condition]:
    """The conditions without brand and status; what is `found` and `common` already is not looked for again."""
    others = _beside_words(unit, access, chosen, common)
    if chosen.q:
        found = found or find(unit, access, chosen)
        return [found.condition, *others]
    return [*_of_view(unit, access, chosen), *others]


def find(unit: Unit, access: Access, chosen: Filter) -> search.Found:
    """What the words of the filter find, among what the rest of it lets through."""
    query = search_query.parse(chosen.q, i18n.local(unit.now).date())
    others = _beside_words(unit, access, chosen)
    if query.unread is None:
        return search.run(unit, access, query, statuses=chosen.statuses, others=others)
    new = unread(access) if query.unread else ~unread(access)
    found = search.run(unit, access, query, statuses=chosen.statuses, others=[*others, new])
    return replace(found, condition=and_(found.condition, new))


def _beside_words(
    unit: Unit, access: Access, chosen: Filter, common: Common | None = None
) -> list[Condition]:
    common = common_tags(unit, access, chosen) if common is None else common
    return [
        *_of_ticket(unit, access, chosen),
        *_of_tags(access, chosen, common),
        *_of_customer(chosen),
        *_of_order(unit, chosen),
        *_of_dates(unit, chosen),
        *_of_agent(access, chosen),
    ]


def can_wait(chosen: Filter) -> bool:
    """Whether the conditions are the same at every moment but for `LATER.now` and `common_tags`.

    Such statements are built once.
    """
    passing = (chosen.q, chosen.waiting, chosen.order, chosen.created_from, chosen.created_to)
    return not any((*passing, chosen.updated_from, chosen.updated_to))


def common_tags(unit: Unit, access: Access, chosen: Filter) -> Common:
    """The groups of its tags that tickets are looked up for one by one: few are live, or many have them."""
    groups = _groups(chosen)
    if set(chosen.statuses) <= LIVE:
        return frozenset(groups)
    return frozenset(names for names in groups if _is_common(unit, access, names))


def in_view(unit: Unit, access: Access, view: str) -> Condition:
    """All of a built-in view, without a look at brands."""
    chosen = Filter(view=view)
    return and_(col(Ticket.status).in_(chosen.statuses), *_of_view(unit, access, chosen))


def unread(access: Access) -> Condition:
    """Something came in that this agent has not seen, and nobody has dealt with; or it was marked so."""
    seen = _seen(access)
    return or_(
        and_(col(Ticket.status) == Status.OPEN, ~exists(seen.where(is_read()))),
        exists(seen.where(col(TicketSeen.at) == NEVER)),
    )


def is_read() -> Condition:
    """Of a ticket and an agent's `TicketSeen`."""
    at, received = col(TicketSeen.at), col(Ticket.received_at)
    return and_(at > NEVER, or_(received.is_(None), received <= at))


def _seen(access: Access) -> Select[int]:
    return (
        select(col(TicketSeen.ticket_id))
        .where(col(TicketSeen.ticket_id) == col(Ticket.id), col(TicketSeen.agent_id) == access.agent_id)
        .correlate(Ticket)
    )


def _of_view(unit: Unit, access: Access, chosen: Filter) -> Iterable[Condition]:
    """What a built-in view means beside its status; with words it means nothing."""
    view, until = chosen.view, col(Ticket.snoozed_until)
    if view == "snoozed":
        yield until > unit.now
    elif view in AWAKE and not (chosen.status or chosen.snoozed):
        yield or_(until.is_(None), until <= unit.now)
    if view == "urgent":
        yield col(Ticket.urgency) >= URGENT
    elif view == "mine":
        yield col(Ticket.assignee_id) == access.agent_id
    elif view == "unassigned":
        yield col(Ticket.assignee_id).is_(None)


def _of_ticket(unit: Unit, access: Access, chosen: Filter) -> Iterable[Condition]:
    if chosen.channel:
        yield col(Ticket.channel).in_(chosen.channel)
    if chosen.language:
        yield col(Ticket.language).in_(chosen.language)
    if chosen.least:
        yield col(Ticket.urgency) >= chosen.least
    if chosen.urgency:
        yield or_(*(_level(name) for name in chosen.urgency))
    if chosen.assignee:
        yield _assigned(access, chosen.assignee)
    if chosen.team:
        yield col(Ticket.team_id).in_([int(one) for one in chosen.team])
    if chosen.brand:
        named = select(col(Brand.id)).where(col(Brand.key).in_(chosen.brand))
        yield col(Ticket.brand_id).in_(named)
    if chosen.snoozed:
        until = col(Ticket.snoozed_until)
        yield until > unit.now if chosen.snoozed == "yes" else or_(until.is_(None), until <= unit.now)
    if chosen.waiting:
        yield col(Ticket.waiting_since) <= unit.now - timedelta_of(chosen.waiting)


def _level(name: str) -> Condition:
    place = next(place for place, (_least, level) in enumerate(LEVELS) if level == name)
    points = col(Ticket.urgency)
    return (
        points >= LEVELS[place][0]
        if place == 0
        else points.between(LEVELS[place][0], LEVELS[place - 1][0] - 1)
    )


def _assigned(access: Access, wanted: tuple[str, ...]) -> Condition:
    assignee = col(Ticket.assignee_id)
    ways: list[Condition] = []
    if "me" in wanted:
        ways.append(assignee == access.agent_id)
    if "none" in wanted:
        ways.append(assignee.is_(None))
    if keys := [one for one in wanted if one not in ("me", "none")]:
        ways.append(assignee.in_(select(col(Agent.id)).where(col(Agent.key).in_(keys))))
    return or_(false(), *ways)


def _of_order(unit: Unit, chosen: Filter) -> Iterable[Condition]:
    if chosen.order:
        today = i18n.local(unit.now).date()
        yield from filter_orders.conditions(chosen.order, now=unit.now, today=today)


def _of_tags(access: Access, chosen: Filter, common: Common) -> Iterable[Condition]:
    for names in _groups(chosen):
        yield _tagged(access, names, each=names in common)
    if chosen.without:
        yield ~_tagged(access, chosen.without, each=True)


def _groups(chosen: Filter) -> list[tuple[str, ...]]:
    """A ticket has one tag of each group."""
    return [(name,) for name in chosen.tag] if chosen.match == "all" else [chosen.tag] if chosen.tag else []


def _is_common(unit: Unit, access: Access, names: tuple[str, ...]) -> bool:
    tags = select(col(Tag.id)).where(col(Tag.brand_id).in_(access.brand_ids), col(Tag.name).in_(names))
    some = select(col(TicketTag.ticket_id)).where(col(TicketTag.tag_id).in_(tags)).limit(COMMON).subquery()
    return unit.session.scalar(select(func.count()).select_from(some)) == COMMON


def _tagged(access: Access, names: tuple[str, ...], *, each: bool) -> Condition:
    """Each ticket is looked up, or the tag is the shorter list."""
    tags = select(col(Tag.id)).where(col(Tag.brand_id).in_(access.brand_ids), col(Tag.name).in_(names))
    on = select(col(TicketTag.ticket_id)).where(col(TicketTag.tag_id).in_(tags))
    if not each:
        return col(Ticket.id).in_(on)
    return exists(on.where(col(TicketTag.ticket_id) == col(Ticket.id)).correlate(Ticket))


def _of_customer(chosen: Filter) -> Iterable[Condition]:
    wanted: list[Condition] = []
    if "vip" in chosen.customer:
        wanted.append(col(Customer.vip).is_(True))
    if "new" in chosen.customer:
        wanted.append(col(Customer.orders_count) == 0)
    if chosen.tier:
        wanted.append(col(Customer.tier) == chosen.tier)
    if chosen.orders:
        wanted.append(col(Customer.orders_count) >= chosen.orders)
    if wanted:
        whose = select(col(Customer.id)).where(col(Customer.id) == col(Ticket.customer_id), *wanted)
        yield exists(whose.correlate(Ticket))


def _of_dates(unit: Unit, chosen: Filter) -> Iterable[Condition]:
    for moment, first, last in (
        (col(Ticket.created_at), chosen.created_from, chosen.created_to),
        (col(Ticket.last_message_at), chosen.updated_from, chosen.updated_to),
    ):
        if first:
            yield moment >= _midnight(first)
        if last and last < date.max.isoformat():
            yield moment < _midnight(last, days=1)


def _midnight(day: str, *, days: int = 0) -> datetime:
    """Where the agent is."""
    start = datetime.combine(date.fromisoformat(day) + timedelta(days=days), time())
    try:
        return start.replace(tzinfo=i18n.timezone()).astimezone(UTC)
    except OverflowError:  # the first or the last day that a calendar knows
        return start.replace(tzinfo=UTC)


def _of_agent(access: Access, chosen: Filter) -> Iterable[Condition]:
    """What is so for the asking agent alone."""
    me = access.agent_id
    if chosen.unread:
        yield unread(access)
    if chosen.following:
        followed = select(col(Follower.ticket_id)).where(col(Follower.agent_id) == me)
        yield col(Ticket.id).in_(followed)
    if chosen.draft:
        yield col(Ticket.id).in_(select(col(Draft.ticket_id)).where(col(Draft.agent_id) == me))
