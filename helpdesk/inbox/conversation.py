"""One ticket as an agent reads it: messages from oldest to newest with the events between them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, func, select
from sqlalchemy.orm import undefer
from sqlmodel import col

from helpdesk.access import Access
from helpdesk.errors import NotFound
from helpdesk.inbox import said
from helpdesk.inbox.arrange import Shown, arrange, find_new
from helpdesk.inbox.asked import Asked, asked, read_asked
from helpdesk.inbox.eventline import EventLine, lines
from helpdesk.inbox.said import Said
from helpdesk.inbox.tagging import Book, TagMark, marks, read_marks
from helpdesk.models import (
    Agent,
    Brand,
    ChannelAccount,
    Correction,
    Customer,
    Event,
    Follower,
    ModelVersion,
    Notification,
    Order,
    Team,
    Ticket,
    TicketSeen,
)
from helpdesk.store.db import Unit
from helpdesk.tickets.before import newest_of
from helpdesk.tickets.seen import is_new
from helpdesk.triage.rank import level

ASKER: BindParameter[int] = bindparam("agent")
NEWEST = 100
ALL = 2000
EVENTS = 500


@dataclass(frozen=True, slots=True)
class Conversation:
    """`newest` is the id of what the customer or a colleague last added, as `tickets.before` gives it.

    `entries` are all that was said and happened; `shown` the same with days, groups and the line above `new`.
    """

    ticket: Ticket
    customer: Customer
    brand: Brand
    assignee: Agent | None
    account: ChannelAccount | None
    order_number: str | None
    level: str
    tags: tuple[TagMark, ...]
    other_tags: tuple[TagMark, ...]
    entries: tuple[Said | EventLine, ...]
    more: bool
    newest: int
    shown: tuple[Shown, ...] = ()
    new: str = ""
    following: bool = False
    followers: int = 0
    told: bool = False  # whether unread notifications of the asking agent are about it
    seen_at: datetime | None = None  # until when the asking agent has read it
    asked: tuple[Asked, ...] = ()  # the brand's own fields
    team: str = ""
    model: str = ""  # the brand's own model that reads its messages; empty for the built-in one
    refused: tuple[str, ...] = ()  # tags that agents said it is not about

    @property
    def last_said(self) -> str:
        """Key of the newest message, so that a page can tell whether something was added."""
        return next((entry.key for entry in reversed(self.entries) if isinstance(entry, Said)), "")


def get(
    unit: Unit, access: Access, key: str, *, book: Book, everything: bool = False, new: str = ""
) -> Conversation:
    """The conversation of the ticket `key`; the newest hundred messages unless `everything` is asked for.

    `new` keeps the line above what was new when the ticket was opened.
    """
    asker = {"key": key, "brands": access.brand_ids, "agent": access.agent_id}
    row = unit.session.execute(_head(), asker).first()
    if row is None:
        raise NotFound("this ticket does not exist, or it belongs to a brand that you may not see")
    (
        ticket,
        customer,
        brand,
        assignee,
        account,
        order_number,
        marked,
        newest,
        seen_at,
        mine,
        followers,
        told,
        fields,
        team,
        model,
        refused,
    ) = row
    tags = read_marks(marked, book)
    on = {tag.name for tag in tags}
    spoken, more = said.read(unit, ticket, customer, ALL if everything else NEWEST, hide=brand.hide_numbers)
    happened = _events(unit, ticket, book.labels(ticket.brand_id), since=spoken[0].at if more else None)
    both: list[Said | EventLine] = [*spoken, *happened]
    entries = tuple(sorted(both, key=_place))
    if not new and is_new(ticket, seen_at):  # a bounce joins quietly and is nobody's news
        new = find_new(spoken, seen_at=seen_at)
    return Conversation(
        *(ticket, customer, brand, assignee, account, order_number, level(ticket.urgency), tags),
        other_tags=tuple(mark for mark in book.of_brand(ticket.brand_id) if mark.name not in on),
        entries=entries,
        more=more,
        newest=newest or 0,
        shown=arrange(entries, new=new),
        new=new,
        following=bool(mine),
        followers=followers,
        told=bool(told),
        seen_at=seen_at,
        asked=read_asked(fields, ticket.fields),
        team=team or "",
        model=model or "",
        refused=tuple((refused or "").split("\n")),
    )


def _place(entry: Said | EventLine) -> tuple[datetime, int, int]:
    return entry.at, 0 if isinstance(entry, Said) else 1, entry.order


@cache
def _head() -> Select[Any]:
    """Built once, as are all the statements of a page that is often asked for."""
    rows: tuple[Any, ...] = (Ticket, Customer, Brand, Agent, ChannelAccount)
    newest = newest_of(col(Ticket.id)).correlate(Ticket).scalar_subquery()
    seen = select(col(TicketSeen.at)).where(
        col(TicketSeen.ticket_id) == col(Ticket.id), col(TicketSeen.agent_id) == ASKER
    )
    followers = select(func.count()).where(col(Follower.ticket_id) == col(Ticket.id))
    mine = followers.where(col(Follower.agent_id) == ASKER)
    told = select(func.count()).where(
        col(Notification.ticket_id) == col(Ticket.id),
        col(Notification.agent_id) == ASKER,
        col(Notification.read_at).is_(None),
    )
    team = select(col(Team.name)).where(col(Team.id) == col(Ticket.team_id)).correlate(Ticket)
    judged = (one.correlate(Ticket).scalar_subquery() for one in (_model(), _refused()))
    mine_too = (newest, *(one.correlate(Ticket).scalar_subquery() for one in (seen, mine, followers, told)))
    beside = (*mine_too, asked(), team.scalar_subquery(), *judged)
    return (
        select(*rows, col(Order.number), marks().label("marks"), *beside)
        .join(Customer, col(Customer.id) == col(Ticket.customer_id))
        .join(Brand, col(Brand.id) == col(Ticket.brand_id))
        .outerjoin(Agent, col(Agent.id) == col(Ticket.assignee_id))
        .outerjoin(ChannelAccount, col(ChannelAccount.id) == col(Ticket.account_id))
        .outerjoin(Order, col(Order.id) == col(Ticket.order_id))
        .where(
            col(Ticket.key) == bindparam("key"),
            col(Ticket.brand_id).in_(bindparam("brands", expanding=True)),
        )
        .options(undefer(Customer.number))
    )


def _model() -> Select[Any]:
    return select(col(ModelVersion.artifact)).where(
        col(ModelVersion.brand_id) == col(Ticket.brand_id), col(ModelVersion.state) == "active"
    )


def _refused() -> Select[Any]:
    return select(func.aggregate_strings(col(Correction.value), "\n")).where(
        col(Correction.ticket_id) == col(Ticket.id), col(Correction.kind) == "tag_removed"
    )


def _events(unit: Unit, ticket: Ticket, labels: dict[str, str], *, since: datetime | None) -> list[EventLine]:
    found = [tuple(row) for row in unit.rows(_happened(), {"ticket": ticket.pk})]
    return [line for line in lines(reversed(found), labels) if since is None or line.at >= since]


@cache
def _happened() -> Select[Any]:
    return (
        select(col(Event.id), col(Event.created_at), col(Event.name), col(Event.data), col(Agent.name))
        .outerjoin(Agent, col(Agent.id) == col(Event.agent_id))
        .where(col(Event.ticket_id) == bindparam("ticket"))
        .order_by(col(Event.id).desc())
        .limit(EVENTS)
    )
