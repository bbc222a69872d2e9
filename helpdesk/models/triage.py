"""What the team taught: corrections of tags and urgency, and which macro answered what."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from helpdesk.models.base import Keyed, Table, json_field, text_field


class Correction(Table, table=True):
    """An agent overruled the classifier: training data with its origin."""

    __tablename__ = "corrections"

    brand_id: int = Field(foreign_key="brands.id", index=True)
    ticket_id: int = Field(foreign_key="tickets.id", index=True)
    agent_id: int = Field(foreign_key="agents.id")
    kind: str = Field(max_length=16)  # tag_added, tag_removed, tag_confirmed, urgency
    value: str = Field(default="", max_length=60)  # the tag's name, or the level
    score: float | None = None  # what the model had thought of it
    model_version: str = Field(default="", max_length=40)
    subject: str = text_field()
    text: str = text_field()
    language: str = Field(default="", max_length=8)
    message_id: int | None = Field(default=None, foreign_key="messages.id", index=True)
    forgotten_at: datetime | None = None  # its words are gone with the message's
    created_at: datetime


class MacroVersion(Table, table=True):
    """A macro as it stood when it was first used, so that old answers stay explainable."""

    __tablename__ = "macros"
    __table_args__ = (UniqueConstraint("brand_id", "key", "version"),)

    brand_id: int = Field(foreign_key="brands.id")
    key: str = Field(max_length=80)
    version: str = Field(max_length=16)
    content: dict[str, Any] = json_field()
    created_at: datetime


class MacroUse(Table, table=True):
    __tablename__ = "macro_uses"

    brand_id: int = Field(foreign_key="brands.id", index=True)
    key: str = Field(max_length=80)
    version: str = Field(max_length=16)
    ticket_id: int = Field(foreign_key="tickets.id")
    message_id: int = Field(foreign_key="messages.id")
    agent_id: int = Field(foreign_key="agents.id")
    created_at: datetime


class ModelVersion(Keyed, table=True):
    """A model of one brand: asked for, being trained, serving, or kept to go back to."""

    __tablename__ = "model_versions"
    __table_args__ = (
        UniqueConstraint("brand_id", "version"),
        Index("ix_model_versions_state", "state", "brand_id"),
    )

    brand_id: int = Field(foreign_key="brands.id")
    version: int  # counts within the brand
    state: str = Field(default="queued", max_length=16)  # training, active, retired, candidate, failed
    reason: str = Field(default="asked", max_length=16)  # asked or night
    agent_id: int | None = Field(default=None, foreign_key="agents.id")  # who asked
    progress: int = 0  # per cent
    attempts: int = 0
    lease_until: datetime | None = None
    through: int = 0  # the newest correction that it could learn from
    rows: int = 0
    own_rows: int = 0  # of these, what the team taught
    data_hash: str = Field(default="", max_length=64)
    artifact: str = Field(default="", max_length=64)  # its name in the file store; "" once it is given up
    figures: dict[str, Any] = json_field()  # of rows it had not seen, by language and tag
    objections: list[dict[str, Any]] = json_field(list)  # why it does not serve
    error: str = text_field()
    created_at: datetime
    trained_at: datetime | None = None
    activated_at: datetime | None = None


class TagAlias(Table, table=True):
    """A tag that went into another: what was learnt of it, and what models still call it, is the other's."""

    __tablename__ = "tag_aliases"
    __table_args__ = (UniqueConstraint("brand_id", "name"),)

    brand_id: int = Field(foreign_key="brands.id")
    name: str = Field(max_length=60)
    into: str = Field(max_length=60)
    created_at: datetime
