"""Visitors of a shop's pages, what was said to and by them in order, and their files and ratings."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from helpdesk.models.base import Keyed, Table, json_field, text_field


class Visitor(Keyed, table=True):
    """Somebody who opened the chat. With `verified` the shop has vouched for `user_id`; name and e-mail are claims."""

    __tablename__ = "visitors"
    __table_args__ = (
        Index("ix_visitors_user", "account_id", "user_id"),
        Index("ix_visitors_unread", "unread_since"),
    )

    brand_id: int = Field(foreign_key="brands.id")
    account_id: int = Field(foreign_key="channel_accounts.id")
    customer_id: int | None = Field(default=None, foreign_key="customers.id", index=True)
    ticket_id: int | None = Field(default=None, foreign_key="tickets.id", index=True)  # what they talk in now
    user_id: str | None = Field(default=None, max_length=200)  # the shop's own name for them, signed
    verified: bool = False
    name: str = Field(default="", max_length=200)
    email: str = Field(default="", max_length=320)
    language: str = Field(default="ja", max_length=8)
    page: str = Field(default="", max_length=2000)
    title: str = Field(default="", max_length=300)
    referrer: str = Field(default="", max_length=2000)
    next_seq: int = 1
    read_seq: int = 0  # up to here the visitor has read
    seen_seq: int = 0  # up to here an agent has
    mailed_seq: int = 0  # up to here it went to them by mail
    mailed_at: datetime | None = None
    unread_since: datetime | None = None  # the oldest answer that they have neither read nor got by mail
    last_seen_at: datetime
    created_at: datetime


class VisitorToken(Table, table=True):
    """A browser's proof of being that visitor; only its SHA-256 is kept."""

    __tablename__ = "visitor_tokens"

    token_hash: str = Field(max_length=64, unique=True)
    visitor_id: int = Field(foreign_key="visitors.id", index=True)
    signed_until: datetime | None = None  # of a verified visitor it is good only so long after a signed hello
    created_at: datetime


class ChatLine(Keyed, table=True):
    """One thing said, in the visitor's own order. Never changed, so that every window shows the same.

    `client_key` is what the sender called it: the same one twice is one line. `writer`: visitor, agent or mail.
    """

    __tablename__ = "chat_lines"
    __table_args__ = (UniqueConstraint("visitor_id", "seq"), UniqueConstraint("visitor_id", "client_key"))

    visitor_id: int = Field(foreign_key="visitors.id")
    seq: int
    client_key: str = Field(max_length=64)
    writer: str = Field(max_length=8)
    name: str = Field(default="", max_length=200)
    text: str = text_field()
    html: str | None = Field(default=None)
    files: list[dict[str, Any]] = json_field(list)  # {"key", "name", "size", "content_type"}
    replies: list[str] = json_field(list)  # buttons below an answer; pressing one says it
    message_id: int | None = Field(default=None, foreign_key="messages.id", index=True)
    sent_at: datetime


class ChatFile(Keyed, table=True):
    """A file in a chat, sent by whomever; who knows its long key may fetch it."""

    __tablename__ = "chat_files"

    visitor_id: int = Field(foreign_key="visitors.id", index=True)
    name: str = Field(default="", max_length=300)
    content_type: str = Field(default="application/octet-stream", max_length=120)
    size: int = 0  # bytes
    sha256: str = Field(max_length=64)
    created_at: datetime
    sent_at: datetime | None = Field(
        default=None, index=True
    )  # with a message; what never is goes after a day


class ChatRating(Table, table=True):
    """What a visitor thought of a conversation, from 1 to 5; the last word counts."""

    __tablename__ = "chat_ratings"
    __table_args__ = (Index("ix_chat_ratings_customer", "customer_id", "created_at"),)

    brand_id: int = Field(foreign_key="brands.id")
    customer_id: int | None = Field(default=None, foreign_key="customers.id")
    visitor_id: int = Field(foreign_key="visitors.id", index=True)
    ticket_id: int = Field(foreign_key="tickets.id", unique=True)
    agent_id: int | None = Field(default=None, foreign_key="agents.id")  # whose conversation it was
    score: int
    comment: str = text_field()
    created_at: datetime


class SiteVisit(Table, table=True):
    """A page that a visitor opened for whom the shop has vouched; without what stood behind its question mark."""

    __tablename__ = "site_visits"
    __table_args__ = (
        Index("ix_site_visits_customer", "customer_id", "created_at"),
        Index("ix_site_visits_visitor", "visitor_id", "id"),
        Index("ix_site_visits_age", "created_at"),
    )

    brand_id: int = Field(foreign_key="brands.id")
    visitor_id: int = Field(foreign_key="visitors.id")
    customer_id: int = Field(foreign_key="customers.id")
    url: str = Field(max_length=2000)
    title: str = Field(default="", max_length=300)
    created_at: datetime
