"""Social channels: who can be written to and until when, names of messages at the provider, what happened to them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from helpdesk.models.base import Keyed, Table, json_field, text_field


class Contact(Keyed, table=True):
    """A person or group as one account of a channel knows it. `acted_at` is their newest act: it opens the window."""

    __tablename__ = "contacts"
    __table_args__ = (UniqueConstraint("account_id", "address"),)

    brand_id: int = Field(foreign_key="brands.id")
    account_id: int = Field(foreign_key="channel_accounts.id")
    address: str = Field(max_length=320)  # the provider's id
    customer_id: int = Field(foreign_key="customers.id", index=True)
    ticket_id: int | None = Field(default=None, foreign_key="tickets.id", index=True)  # what is talked in now
    name: str = Field(default="", max_length=200)
    language: str = Field(default="", max_length=8)
    picture: str = Field(default="", max_length=64)  # SHA-256 in the file store
    also: dict[str, Any] = json_field()  # other names of the same: {"phone", "username"}
    profile_at: datetime | None = None  # when the provider last said who this is
    profile_next_at: datetime | None = Field(default=None, index=True)  # when it is asked again, if at all
    profile_attempts: int = 0
    blocked: bool = False
    acted_at: datetime | None = None
    reply_token: str = Field(default="", max_length=200)  # a free answer, once
    reply_token_at: datetime | None = None
    created_at: datetime


class LineLink(Table, table=True):
    """A customer of the shop on the way to LINE and back: by its nonce we know them again. Good once, and not long."""

    __tablename__ = "line_links"

    brand_id: int = Field(foreign_key="brands.id")
    contact_id: int = Field(foreign_key="contacts.id", index=True)
    user_id: str = Field(max_length=200)  # the shop's own name for them, signed
    nonce_hash: str = Field(max_length=64, unique=True)
    created_at: datetime
    expires_at: datetime = Field(index=True)
    used_at: datetime | None = None


class MessageName(Table, table=True):
    """What a provider calls a message. A long answer that went in parts has several."""

    __tablename__ = "message_names"
    __table_args__ = (UniqueConstraint("account_id", "name"),)

    account_id: int = Field(foreign_key="channel_accounts.id")
    name: str = Field(max_length=300)
    message_id: int = Field(foreign_key="messages.id", index=True)


class MessageChange(Table, table=True):
    """An edit, a reaction, a receipt: kept under the message's name, because it may come before the message."""

    __tablename__ = "message_changes"
    __table_args__ = (Index("ix_message_changes_of", "account_id", "name"),)

    account_id: int = Field(foreign_key="channel_accounts.id")
    name: str = Field(max_length=300)
    what: str = Field(max_length=16)
    by: str = Field(default="", max_length=320)  # the contact's address
    at: datetime
    text: str = text_field()
    data: dict[str, Any] = json_field()


class MediaFetch(Table, table=True):
    """A file that still lies with the provider. `state`: queued, done, failed."""

    __tablename__ = "media_fetches"
    __table_args__ = (Index("ix_media_fetches_claim", "state", "next_at"),)

    brand_id: int = Field(foreign_key="brands.id")
    account_id: int = Field(foreign_key="channel_accounts.id")
    message_id: int = Field(foreign_key="messages.id", index=True)
    ref: str = text_field()
    name: str = Field(default="", max_length=300)
    content_type: str = Field(default="", max_length=120)
    sha256: str = Field(default="", max_length=64)  # where the provider told it
    state: str = Field(default="queued", max_length=16)
    attempts: int = 0
    next_at: datetime
    lease_until: datetime | None = None
    reason: str | None = Field(default=None)
    created_at: datetime


class DroppedFile(Table, table=True):
    """Bytes that were taken back: deleted from the store soon, unless something else names them."""

    __tablename__ = "dropped_files"

    sha256: str = Field(max_length=64)
    created_at: datetime
