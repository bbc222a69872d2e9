"""What was said: by customers, by agents, and among agents (notes)."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from helpdesk.models.base import Keyed, Table, json_field, text_field


class Direction(StrEnum):
    IN = "in"
    OUT = "out"
    NOTE = "note"


class Message(Keyed, table=True):
    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("brand_id", "fingerprint"),
        Index("ix_messages_external", "brand_id", "external_id"),
        Index("ix_messages_conversation", "ticket_id", "sent_at"),
        Index("ix_messages_timeline", "customer_id", "sent_at"),
        Index("ix_messages_sent", "brand_id", "direction", "sent_at"),
    )

    brand_id: int = Field(foreign_key="brands.id")
    ticket_id: int = Field(foreign_key="tickets.id")
    customer_id: int = Field(foreign_key="customers.id")
    account_id: int | None = Field(default=None, foreign_key="channel_accounts.id")
    agent_id: int | None = Field(default=None, foreign_key="agents.id")
    channel: str = Field(max_length=16)
    direction: str = Field(max_length=8)
    sender: dict[str, Any] = json_field()  # {"name", "address"}
    to: list[dict[str, Any]] = json_field(list)
    cc: list[dict[str, Any]] = json_field(list)
    bcc: list[dict[str, Any]] = json_field(list)
    subject: str = text_field()
    text: str = text_field()  # the whole readable body, nothing cut
    reply: str = text_field()  # what this writer wrote now; the rest is shown folded
    quoted: str = text_field()
    html: str | None = Field(default=None)  # sanitised
    language: str = Field(default="", max_length=8)
    external_id: str | None = Field(default=None, max_length=998)  # Message-ID without brackets
    in_reply_to: str | None = Field(default=None, max_length=998)
    references: list[str] = json_field(list)
    fingerprint: str = Field(max_length=64)  # the same message twice has the same
    automatic: bool = False  # an auto-reply, a bounce or list mail: never answered automatically
    unattended: bool = False  # nobody waits for an answer to it: an auto-reply or a bounce
    proven: bool = False  # of mail: the sender's domain vouches for its address, as our own mail server tells
    problems: list[str] = json_field(list)  # what parsing had to repair
    content: dict[str, Any] = json_field()  # what words cannot say: {"type": "sticker", …}
    marks: dict[str, Any] = json_field()  # what happened to it since: {"read_at", "reactions", "edited_at" …}
    state: str = Field(default="received", max_length=16)  # … queued, sent, failed, kept, taken_back
    failure: str | None = Field(default=None)  # the server's own words
    forwarded_id: int | None = Field(default=None)  # the message that this one passes on to somebody else
    replies: list[str] = json_field(
        list
    )  # of an answer in a chat: what its reader may press instead of typing
    macro_key: str | None = Field(default=None, max_length=80)
    macro_version: str | None = Field(default=None, max_length=16)
    inbound_id: int | None = Field(default=None)  # the journal row with the raw bytes
    sent_at: datetime  # by the writer's clock if believable, else when it reached us
    created_at: datetime


class Attachment(Keyed, table=True):
    """The bytes lie in the file store under their SHA-256."""

    __tablename__ = "attachments"

    brand_id: int = Field(foreign_key="brands.id")
    message_id: int = Field(foreign_key="messages.id", index=True)
    name: str = Field(default="", max_length=300)
    content_type: str = Field(default="application/octet-stream", max_length=120)
    size: int = 0  # bytes
    sha256: str = Field(max_length=64)
    inline: bool = False
    content_id: str | None = Field(default=None, max_length=300)


class StagedFile(Keyed, table=True):
    """A file uploaded while an answer is being written; it becomes an attachment when the answer is sent."""

    __tablename__ = "staged_files"

    brand_id: int = Field(foreign_key="brands.id")
    agent_id: int = Field(foreign_key="agents.id")
    ticket_id: int = Field(foreign_key="tickets.id", index=True)
    mode: str = Field(default="reply", max_length=8)
    name: str = Field(default="", max_length=300)
    content_type: str = Field(default="application/octet-stream", max_length=120)
    size: int = 0  # bytes
    sha256: str = Field(max_length=64)
    inline: bool = False
    content_id: str | None = Field(default=None, max_length=300)
    created_at: datetime


class Draft(Table, table=True):
    """What an agent has written on a ticket and not sent. `mode`: reply or note."""

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("agent_id", "ticket_id", "mode"),)

    agent_id: int = Field(foreign_key="agents.id")
    ticket_id: int = Field(foreign_key="tickets.id", index=True)
    mode: str = Field(default="reply", max_length=8)
    content: dict[str, Any] = json_field()  # {"text","html","to","cc","bcc","subject","macro","forward"}
    revision: int = 1  # a save that knows an older one is refused
    updated_at: datetime
