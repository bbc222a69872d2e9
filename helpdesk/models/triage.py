"""What the team taught: corrections of tags and urgency, and which macro answered what."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from helpdesk.models.base import Table, json_field, text_field


class Correction(Table, table=True):
    """An agent overruled the classifier: training data with its origin."""

    __tablename__ = "corrections"

    brand_id: int = Field(foreign_key="brands.id", index=True)
    ticket_id: int = Field(foreign_key="tickets.id", index=True)
    agent_id: int = Field(foreign_key="agents.id")
    kind: str = Field(max_length=16)  # tag_added, tag_removed, urgency
    value: str = Field(default="", max_length=60)  # the tag's name, or the level
    score: float | None = None  # what the model had thought of it
    model_version: str = Field(default="", max_length=40)
    subject: str = text_field()
    text: str = text_field()
    language: str = Field(default="", max_length=8)
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
