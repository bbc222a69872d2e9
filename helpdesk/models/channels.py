"""The two durable doors: what came in (journal) and what has to go out (deliveries)."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from helpdesk.models.base import Keyed, bytes_field, json_field, text_field


class ChannelAccount(Keyed, table=True):
    """A mailbox, a chat widget, a LINE account. Credentials lie sealed in `secrets`."""

    __tablename__ = "channel_accounts"
    __table_args__ = (UniqueConstraint("brand_id", "kind", "address"),)

    brand_id: int = Field(foreign_key="brands.id")
    kind: str = Field(max_length=16)
    address: str = Field(max_length=320)  # for e-mail the address in lower case
    name: str = Field(default="", max_length=120)  # shown as the sender
    config: dict[str, Any] = json_field()  # host, port … nothing secret
    secrets: str = text_field()  # store.seal
    active: bool = True
    state: str = Field(default="new", max_length=16)  # new, ok, failing
    state_text: str = text_field()
    cursor: dict[str, Any] = json_field()  # for IMAP {folder: {"uidvalidity", "uid"}}
    last_seen_at: datetime | None = None
    lease_until: datetime | None = None  # until then one process alone reads this mailbox
    lease_holder: str = Field(default="", max_length=80)
    sending_state: str = Field(default="new", max_length=16)  # new, ok, failing: of the outgoing server
    sending_text: str = text_field()
    verified_at: datetime | None = None  # when the provider was first known to be connected to our address
    removed_at: datetime | None = None  # switched off for good; its conversations stay
    created_at: datetime


class InboundEvent(Keyed, table=True):
    """The raw bytes as they came. `state`: queued, done, duplicate, ignored, quarantined."""

    __tablename__ = "inbound_events"
    __table_args__ = (
        UniqueConstraint("account_id", "external_id"),
        Index("ix_inbound_events_claim", "state", "next_at"),
        Index("ix_inbound_events_account", "account_id", "id"),
    )

    brand_id: int = Field(foreign_key="brands.id")
    account_id: int = Field(foreign_key="channel_accounts.id")
    external_id: str = Field(max_length=200)
    raw: bytes = bytes_field()
    meta: dict[str, Any] = json_field()  # how it came: {"via": "imap", "uid": 7}
    state: str = Field(default="queued", max_length=16)
    attempts: int = 0
    next_at: datetime
    lease_until: datetime | None = None
    reason: str | None = Field(default=None)  # why it is quarantined
    message_id: int | None = Field(default=None, index=True)
    received_at: datetime
    done_at: datetime | None = None


class Delivery(Keyed, table=True):
    """One message on its way out. `state`: queued, sent, failed, cancelled, kept (no server is configured)."""

    __tablename__ = "deliveries"
    __table_args__ = (Index("ix_deliveries_claim", "state", "next_at"),)

    brand_id: int = Field(foreign_key="brands.id")
    account_id: int = Field(foreign_key="channel_accounts.id")
    message_id: int = Field(foreign_key="messages.id", unique=True)
    external_id: str = Field(max_length=300, unique=True)  # the Message-ID of every attempt
    raw: bytes | None = bytes_field()  # made at the first attempt, the same at each later one
    state: str = Field(default="queued", max_length=16)
    attempts: int = 0
    next_at: datetime
    lease_until: datetime | None = None
    reason: str | None = Field(default=None)
    accepted: list[str] = json_field(
        list
    )  # recipients a server has taken it for; only the others are tried again
    scheduled: bool = False  # for a later time; given up when the customer writes first
    by_hand: bool = (
        True  # a person's answer to this one customer, sent at once: some providers take no other late
    )
    undo: dict[str, Any] = json_field()  # how the ticket was before, for taking the answer back
    created_at: datetime
    sent_at: datetime | None = None
