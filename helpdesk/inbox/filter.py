"""Which tickets a list shows: a view by name, narrowed by tag, channel, language or words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlmodel import col

from helpdesk.access import Access
from helpdesk.i18n import lazy
from helpdesk.models import Customer, Identity, Order, Status, Tag, Ticket, TicketTag
from helpdesk.store import search
from helpdesk.store.db import Unit
from helpdesk.triage.rank import LEVELS

URGENT = next(least for least, name in LEVELS if name == "urgent")
MOST_CUSTOMERS, MOST_TICKETS = 100, 300
VIEWS = {
    "urgent": lazy("Urgent"),
    "unanswered": lazy("Unanswered"),
    "mine": lazy("Assigned to me"),
    "unassigned": lazy("Unassigned"),
    "waiting": lazy("Waiting for reply"),
    "snoozed": lazy("Snoozed"),
    "closed": lazy("Closed"),
    "spam": lazy("Spam"),
}
KINDS = (
    "email",
    "phone",
    "line",
    "instagram",
    "messenger",
    "whatsapp",
    "x",
    "shop",
)  # the index begins with them
BY_RECENCY = ("closed", "spam")
_NUMBER = re.compile(r"#?(\d{1,9})")
_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Filter:
    """What the address bar says. Words are looked for in every view but spam."""

    view: str = "unanswered"
    tag: str = ""
    channel: str = ""
    language: str = ""
    q: str = ""

    @property
    def by_recency(self) -> bool:
        return bool(self.q) or self.view in BY_RECENCY

    def params(self, **other: str) -> dict[str, str]:
        """The query string's pairs, without what goes without saying."""
        said = asdict(self) | other
        if said["view"] == "unanswered":
            del said["view"]
        return {name: value for name, value in said.items() if value}


def parse(params: Mapping[str, str]) -> Filter:
    """The filter of a query string; unknown views fall back to the unanswered tickets."""
    view = params.get("view", "")
    return Filter(
        view=view if view in VIEWS else "unanswered",
        **{name: params.get(name, "").strip()[:100] for name in ("tag", "channel", "language", "q")},
    )


def conditions(unit: Unit, access: Access, chosen: Filter) -> list[ColumnElement[bool]]:
    """Everything a row must meet; the agent's brands first of all."""
    wanted: list[ColumnElement[bool]] = [col(Ticket.brand_id).in_(access.brand_ids)]
    if chosen.q:
        wanted += [col(Ticket.status) != Status.SPAM, _found(unit, access, chosen.q)]
    else:
        wanted.append(in_view(unit, access, chosen.view))
    if chosen.channel:
        wanted.append(col(Ticket.channel) == chosen.channel)
    if chosen.language:
        wanted.append(col(Ticket.language) == chosen.language)
    if chosen.tag:
        wanted.append(_tagged(chosen.tag, access))
    return wanted


def in_view(unit: Unit, access: Access, view: str) -> ColumnElement[bool]:
    status, snoozed = col(Ticket.status), col(Ticket.snoozed_until) > unit.now
    if view == "snoozed":
        return and_(status.in_((Status.OPEN, Status.PENDING)), snoozed)
    awake = or_(col(Ticket.snoozed_until).is_(None), col(Ticket.snoozed_until) <= unit.now)
    open_now = and_(status == Status.OPEN, awake)
    views = {
        "urgent": and_(open_now, col(Ticket.urgency) >= URGENT),
        "unanswered": open_now,
        "mine": and_(open_now, col(Ticket.assignee_id) == access.agent_id),
        "unassigned": and_(open_now, col(Ticket.assignee_id).is_(None)),
        "waiting": and_(status == Status.PENDING, awake),
        "closed": status == Status.CLOSED,
        "spam": status == Status.SPAM,
    }
    return views[view]


def _tagged(name: str, access: Access) -> ColumnElement[bool]:
    tagged = (
        select(col(TicketTag.ticket_id))
        .join(Tag, col(Tag.id) == col(TicketTag.tag_id))
        .where(col(Tag.brand_id).in_(access.brand_ids), col(Tag.name) == name)
    )
    return col(Ticket.id).in_(tagged)


def _found(unit: Unit, access: Access, words: str) -> ColumnElement[bool]:
    """Ids looked up beforehand: one list of them is quicker than any join of the ways to find them."""
    hits = search.find(unit, words, brand_ids=list(access.brand_ids))
    theirs = (
        select(col(Ticket.id), col(Ticket.last_message_at))
        .where(col(Ticket.customer_id).in_(find_customers(access, words)))
        .order_by(col(Ticket.last_message_at).desc())
        .limit(MOST_TICKETS)
    )
    found = [*hits, *unit.session.scalars(theirs)]
    ways: list[ColumnElement[bool]] = [col(Ticket.id).in_(found)]
    if number := _NUMBER.fullmatch(words):
        ways.append(col(Ticket.number) == int(number[1]))
    return or_(*ways)


def find_customers(access: Access, words: str) -> Select[int]:
    """Ids of customers by name, by the beginning of an address, or by an order number."""
    named: Select[int | None] = select(col(Customer.id)).where(
        col(Customer.brand_id).in_(access.brand_ids), col(Customer.name).contains(words, autoescape=True)
    )
    address = words.lower().lstrip("@")
    reached = select(col(Identity.customer_id)).where(
        col(Identity.brand_id).in_(access.brand_ids),
        col(Identity.kind).in_(KINDS),
        col(Identity.value).between(address, address + _LAST),
    )
    number = words.upper().lstrip("#")
    ordered = select(col(Order.customer_id)).where(
        col(Order.brand_id).in_(access.brand_ids), col(Order.number).between(number, number + _LAST)
    )
    return select(named.union(reached, ordered).limit(MOST_CUSTOMERS).subquery().c.id)
