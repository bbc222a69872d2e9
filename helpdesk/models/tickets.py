"""A ticket, what hangs on it, and what happened to it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from helpdesk.models.base import Keyed, SQLModel, Table, json_field

RUNNING_CHAT = text("channel = 'chat' AND status IN ('open', 'pending')")


class Status(StrEnum):
    OPEN = "open"  # the customer waits for us
    PENDING = "pending"  # we wait for the customer
    CLOSED = "closed"
    SPAM = "spam"
    MERGED = "merged"  # its messages live in another ticket until the merge is undone


class Ticket(Keyed, table=True):
    __tablename__ = "tickets"
    __table_args__ = (
        UniqueConstraint("brand_id", "number"),
        Index("ix_tickets_queue", "brand_id", "status", "urgency", "waiting_since"),
        Index("ix_tickets_recent", "brand_id", "status", "last_message_at"),
        Index("ix_tickets_created", "brand_id", "created_at"),
        Index("ix_tickets_age", "brand_id", "status", "created_at"),
        # all that the counts beside the views look at, so that they never touch the rows
        Index("ix_tickets_live", "brand_id", "status", "snoozed_until", "assignee_id", "urgency", "channel"),
        Index("ix_tickets_assignee", "assignee_id", "brand_id", "status", "snoozed_until"),
        Index("ix_tickets_closed", "brand_id", "closed_at"),
        Index("ix_tickets_of_customer", "customer_id", "created_at"),
        Index("ix_tickets_closed_of_customer", "customer_id", "closed_at"),
        Index("ix_tickets_answered", "brand_id", "first_response_at"),
        Index(
            "ix_tickets_chats",
            "assignee_id",
            "brand_id",
            sqlite_where=RUNNING_CHAT,
            postgresql_where=RUNNING_CHAT,
        ),
    )

    brand_id: int = Field(foreign_key="brands.id")
    number: int  # counts within the brand; people say it, URLs do not
    customer_id: int = Field(foreign_key="customers.id")
    account_id: int | None = Field(default=None, foreign_key="channel_accounts.id")
    channel: str = Field(max_length=16)
    subject: str = Field(default="", max_length=500)
    preview: str = Field(default="", max_length=300)  # the customer's newest words, one line
    language: str = Field(default="ja", max_length=8)
    status: str = Field(default=Status.OPEN.value, max_length=16)
    received_at: datetime | None = (
        None  # our clock at the customer's newest message; unread is measured by it
    )
    assignee_id: int | None = Field(default=None, foreign_key="agents.id")
    team_id: int | None = Field(default=None, foreign_key="teams.id")
    order_id: int | None = Field(default=None, foreign_key="orders.id", index=True)
    category: str = Field(default="", max_length=80)  # product category the ticket is about
    urgency: int = 0  # 0-100, what the queue is sorted by
    urgency_reasons: list[dict[str, Any]] = json_field(list)  # [{"code", "points", ...facts}], adds up
    urgency_fixed: int | None = None  # an agent's correction; wins until cleared
    sentiment: str = Field(default="neutral", max_length=16)
    text_reasons: list[dict[str, Any]] = json_field(list)  # what the words alone gave, for cheap re-ranking
    waiting_since: datetime | None = None  # first unanswered message of the customer
    snoozed_until: datetime | None = None
    first_response_at: datetime | None = None
    closed_at: datetime | None = None
    last_message_at: datetime
    messages_count: int = 0
    follow_up_of_id: int | None = Field(default=None, foreign_key="tickets.id")
    merged_into_id: int | None = Field(default=None, foreign_key="tickets.id", index=True)
    fields: dict[str, Any] = json_field()  # custom field's name -> value
    asked_also: list[dict[str, Any]] = json_field(
        list
    )  # where else: {"how": joined|linked, "channel", "key", "number"}
    created_at: datetime
    updated_at: datetime


class Tag(Keyed, table=True):
    __tablename__ = "tags"
    __table_args__ = (UniqueConstraint("brand_id", "name"),)

    brand_id: int = Field(foreign_key="brands.id")
    name: str = Field(max_length=60)  # stable id, for example order_status
    labels: dict[str, str] = json_field()  # language -> what people see
    colour: str = Field(default="", max_length=16)  # "", red, amber, green or blue
    kind: str = Field(default="intent", max_length=16)  # intent (the classifier's) or own
    created_at: datetime


class TicketTag(SQLModel, table=True):
    __tablename__ = "ticket_tags"
    __table_args__ = (Index("ix_ticket_tags_tag", "tag_id", "ticket_id"),)

    ticket_id: int = Field(foreign_key="tickets.id", primary_key=True)
    tag_id: int = Field(foreign_key="tags.id", primary_key=True)
    source: str = Field(default="auto", max_length=16)  # auto, agent, macro
    score: float | None = None
    created_at: datetime


class Event(Table, table=True):
    """One thing that happened: who, what, when. Never changed, never deleted."""

    __tablename__ = "events"

    brand_id: int = Field(foreign_key="brands.id")
    ticket_id: int | None = Field(default=None, foreign_key="tickets.id", index=True)
    customer_id: int | None = Field(default=None, foreign_key="customers.id", index=True)
    agent_id: int | None = Field(default=None, foreign_key="agents.id")
    name: str = Field(max_length=40)  # past tense: closed, assigned, tagged …
    data: dict[str, Any] = json_field()
    created_at: datetime


class View(Keyed, table=True):
    """A saved filter of the inbox with its order and columns. `audience`: private, team or everyone."""

    __tablename__ = "views"

    agent_id: int = Field(foreign_key="agents.id", index=True)  # who made it and may change it
    audience: str = Field(default="private", max_length=16)
    team_id: int | None = Field(default=None, foreign_key="teams.id")
    name: str = Field(max_length=80)
    filter: dict[str, Any] = json_field()  # what the address bar says
    sort: str = Field(default="urgency", max_length=24)
    columns: list[str] = json_field(list)
    position: int = 0
    created_at: datetime


class TicketSeen(SQLModel, table=True):
    """Until when an agent has read a ticket; what came in later is unread for that agent."""

    __tablename__ = "ticket_seen"

    agent_id: int = Field(foreign_key="agents.id", primary_key=True)
    ticket_id: int = Field(foreign_key="tickets.id", primary_key=True, index=True)
    at: datetime


class Follower(SQLModel, table=True):
    """An agent who wants to hear of every answer in a ticket."""

    __tablename__ = "followers"

    ticket_id: int = Field(foreign_key="tickets.id", primary_key=True)
    agent_id: int = Field(foreign_key="agents.id", primary_key=True, index=True)
    created_at: datetime


class Merge(Keyed, table=True):
    """One ticket joined to another, with all that is needed to take it apart again."""

    __tablename__ = "merges"

    brand_id: int = Field(foreign_key="brands.id")
    source_id: int = Field(foreign_key="tickets.id", index=True)
    target_id: int = Field(foreign_key="tickets.id", index=True)
    agent_id: int | None = Field(default=None, foreign_key="agents.id")
    moved: dict[str, Any] = json_field()
    created_at: datetime
    undone_at: datetime | None = None
    undone_by_id: int | None = Field(default=None, foreign_key="agents.id")


class CustomField(Keyed, table=True):
    """A field that a brand adds to its tickets. `kind`: text, number, date or list."""

    __tablename__ = "custom_fields"
    __table_args__ = (UniqueConstraint("brand_id", "name"),)

    brand_id: int = Field(foreign_key="brands.id")
    name: str = Field(max_length=60)  # stable id
    labels: dict[str, str] = json_field()  # language -> what people see
    kind: str = Field(default="text", max_length=16)
    options: list[str] = json_field(list)  # of a list; levels are parted by "::"
    required: bool = False  # before a ticket may be closed
    position: int = 0
    archived_at: datetime | None = None
    created_at: datetime


class BlockedSender(Keyed, table=True):
    """Whose messages go straight to spam."""

    __tablename__ = "blocked_senders"
    __table_args__ = (UniqueConstraint("brand_id", "kind", "value"),)

    brand_id: int = Field(foreign_key="brands.id")
    kind: str = Field(max_length=16)  # as of an identity, or "domain"
    value: str = Field(max_length=320)
    agent_id: int | None = Field(default=None, foreign_key="agents.id")
    created_at: datetime


class BulkJob(Keyed, table=True):
    """One action on many tickets, done in the background. `state`: queued, done, undoing, undone or failed."""

    __tablename__ = "bulk_jobs"
    __table_args__ = (Index("ix_bulk_jobs_claim", "state", "next_at"),)

    agent_id: int = Field(foreign_key="agents.id", index=True)
    action: str = Field(max_length=24)
    params: dict[str, Any] = json_field()
    ticket_ids: list[int] = json_field(list)
    done: int = 0  # of them; a crash goes on from here
    changed: int = 0  # tickets that were not already as wished
    failures: list[dict[str, Any]] = json_field(list)  # {"ticket", "reason"}
    undo: list[dict[str, Any]] = json_field(list)  # how each ticket was before
    state: str = Field(default="queued", max_length=16)
    attempts: int = 0
    next_at: datetime
    lease_until: datetime | None = None
    created_at: datetime
    done_at: datetime | None = None
