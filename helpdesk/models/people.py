"""Who works here: brands, agents, teams, and how an agent is signed in."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field

from helpdesk.models.base import Keyed, SQLModel, Table, json_field, text_field


class Role(StrEnum):
    AGENT = "agent"
    LEAD = "lead"
    ADMIN = "admin"


class Availability(StrEnum):
    AVAILABLE = "available"
    AWAY = "away"


class Brand(Keyed, table=True):
    """A shop. Everything a customer is or writes belongs to exactly one."""

    __tablename__ = "brands"

    name: str = Field(max_length=120)
    language: str = Field(default="ja", max_length=8)
    timezone: str = Field(default="Asia/Tokyo", max_length=64)
    currency: str = Field(default="JPY", max_length=3)
    url: str | None = None
    phone: str | None = None
    support_hours: dict[str, str] = json_field()  # language -> words for customers
    return_days: int | None = 14
    free_shipping_from: int | None = None  # minor units of `currency`
    ship_cutoff_hour: int = 14  # local hour after which today's parcels have left
    signatures: dict[str, str] = json_field()  # language -> text under each mail
    reopen_days: int = 14  # a reply within so many days reopens a closed ticket
    same_question: str = Field(default="one", max_length=8)  # asked on several channels: one, linked or off
    hide_numbers: bool = True  # payment cards and My Number, on screen (customers.private_numbers)
    urgency_weights: dict[str, int] = json_field()  # what weighs otherwise than usual (triage.weights)
    points_per_grant: int = 1000
    points_agent_day: int = 5000
    points_customer_90d: int = 2000
    next_ticket_number: int = 1
    created_at: datetime


class Agent(Keyed, table=True):
    __tablename__ = "agents"

    email: str = Field(max_length=254, unique=True)  # lower case
    name: str = Field(max_length=120)
    role: str = Field(default=Role.AGENT.value, max_length=16)
    password_hash: str | None = None
    language: str = Field(default="ja", max_length=8)
    timezone: str = Field(default="Asia/Tokyo", max_length=64)
    theme: str = Field(default="system", max_length=8)
    signature: str = text_field()
    preferences: dict[str, Any] = json_field()  # {"after_close", "sound", "desktop", "views": [keys] …}
    active: bool = True
    availability: str = Field(
        default=Availability.AVAILABLE.value, max_length=16
    )  # their own word, for chats
    availability_at: datetime | None = None  # since when
    chat_capacity: int = 3  # live chats that the helpdesk gives them at once; 0 is none
    chat_given_at: datetime | None = None  # when they last got one
    present_at: datetime | None = None  # a window of theirs was last heard of
    left_at: datetime | None = None  # the last window went; None while one is open
    created_at: datetime
    last_seen_at: datetime | None = None


class AgentBrand(SQLModel, table=True):
    """Which brands an agent may see; admins see all."""

    __tablename__ = "agent_brands"

    agent_id: int = Field(foreign_key="agents.id", primary_key=True)
    brand_id: int = Field(foreign_key="brands.id", primary_key=True)


class CustomRole(Keyed, table=True):
    """A role beside agent, lead and admin; agents carry its key as their role."""

    __tablename__ = "roles"

    name: str = Field(max_length=60, unique=True)
    rights: list[str] = json_field(list)
    created_at: datetime


class Team(Keyed, table=True):
    __tablename__ = "teams"

    brand_id: int = Field(foreign_key="brands.id", index=True)
    name: str = Field(max_length=120)


class TeamAgent(SQLModel, table=True):
    __tablename__ = "team_agents"

    team_id: int = Field(foreign_key="teams.id", primary_key=True)
    agent_id: int = Field(foreign_key="agents.id", primary_key=True)


class SignIn(Table, table=True):
    """A signed-in browser. Only the token's SHA-256 is kept, so a stolen database signs nobody in."""

    __tablename__ = "sign_ins"

    token_hash: str = Field(max_length=64, unique=True)
    agent_id: int = Field(foreign_key="agents.id", index=True)
    created_at: datetime
    expires_at: datetime
    last_seen_at: datetime
    user_agent: str = Field(default="", max_length=300)


class SetupLink(Table, table=True):
    """A one-time link: the first admin of a fresh database makes the account with it."""

    __tablename__ = "setup_links"

    token_hash: str = Field(max_length=64, unique=True)
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


class Notification(Keyed, table=True):
    """What an agent should know of: a mention, an assignment, an answer in a followed ticket."""

    __tablename__ = "notifications"
    __table_args__ = (Index("ix_notifications_agent", "agent_id", "read_at", "id"),)

    agent_id: int = Field(foreign_key="agents.id")
    brand_id: int = Field(foreign_key="brands.id")
    ticket_id: int | None = Field(default=None, foreign_key="tickets.id", index=True)  # None: of no ticket
    message_id: int | None = Field(default=None, foreign_key="messages.id")
    by_id: int | None = Field(default=None, foreign_key="agents.id")
    name: str = Field(max_length=24)  # past tense: mentioned, assigned, answered …
    data: dict[str, Any] = json_field()
    created_at: datetime
    read_at: datetime | None = None


class AuditEntry(Table, table=True):
    """What was done to the helpdesk itself: settings, sign-ins, exports. Only ever added."""

    __tablename__ = "audit_entries"

    brand_id: int | None = Field(default=None, foreign_key="brands.id")
    agent_id: int | None = Field(default=None, foreign_key="agents.id", index=True)
    name: str = Field(max_length=60)  # past tense: signed_in, mailbox_changed …
    data: dict[str, Any] = json_field()
    address: str = Field(default="", max_length=64)  # from where
    created_at: datetime = Field(index=True)
