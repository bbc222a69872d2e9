"""What is done for accounts at providers in the background, and what was learned: health, quota, templates, reading."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from helpdesk.models.base import Keyed, Table, json_field, text_field


class AccountDuty(Table, table=True):
    """Something that is done for an account again and again: check, renew, quota, templates.

    `state`: queued, off (does not apply now). `standing` is how it went last: new, ok, failing with `text`.
    """

    __tablename__ = "account_duties"
    __table_args__ = (
        UniqueConstraint("account_id", "duty"),
        Index("ix_account_duties_claim", "state", "next_at"),
    )

    brand_id: int = Field(foreign_key="brands.id")
    account_id: int = Field(foreign_key="channel_accounts.id")
    duty: str = Field(max_length=16)
    state: str = Field(default="queued", max_length=10)
    standing: str = Field(default="new", max_length=10)
    text: str = text_field()  # the provider's words when it fails
    data: dict[str, Any] = json_field()  # what was learned at the last success
    attempts: int = 0  # since the last success
    next_at: datetime
    lease_until: datetime | None = None
    asked_at: datetime | None = None
    done_at: datetime | None = None  # the last success
    failing_since: datetime | None = None
    created_at: datetime


class MessageTemplate(Keyed, table=True):
    """A text that the provider has to approve before it may be sent. `state` as the provider calls it, lower case."""

    __tablename__ = "message_templates"
    __table_args__ = (UniqueConstraint("account_id", "name", "language"),)

    brand_id: int = Field(foreign_key="brands.id")
    account_id: int = Field(foreign_key="channel_accounts.id")
    external_id: str = Field(default="", max_length=64)
    name: str = Field(max_length=512)
    language: str = Field(max_length=16)
    category: str = Field(default="", max_length=40)
    state: str = Field(default="", max_length=40)  # approved, pending, rejected, paused, disabled …
    reason: str = text_field()  # why it was rejected
    header: str = text_field()
    header_format: str = Field(default="", max_length=16)  # text, image, video, document, location
    body: str = text_field()
    footer: str = text_field()
    parameters: list[dict[str, Any]] = json_field(list)  # of the body: {"name", "example"} in order
    header_parameters: list[dict[str, Any]] = json_field(list)
    buttons: list[dict[str, Any]] = json_field(list)  # {"type", "text", "url"}
    seen_at: datetime  # when the provider last named it


class ReadMark(Table, table=True):
    """An agent has read what a contact wrote; the provider is told. `state`: queued, done, failed."""

    __tablename__ = "read_marks"
    __table_args__ = (Index("ix_read_marks_claim", "state", "next_at"),)

    brand_id: int = Field(foreign_key="brands.id")
    account_id: int = Field(foreign_key="channel_accounts.id")
    contact_id: int = Field(foreign_key="contacts.id", unique=True)
    message_id: int = Field(foreign_key="messages.id")  # the newest that was read
    state: str = Field(default="queued", max_length=10)
    attempts: int = 0
    next_at: datetime
    lease_until: datetime | None = None
    reason: str | None = Field(default=None)
