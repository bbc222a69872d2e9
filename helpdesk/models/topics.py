"""What customers write about that no tag covers yet: each look for such topics, what it found, in which tickets."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from helpdesk.models.base import Keyed, SQLModel, Table, json_field, text_field


class TopicSearch(Table, table=True):
    """One look at a brand's tickets without an intent."""

    __tablename__ = "topic_searches"
    __table_args__ = (Index("ix_topic_searches_brand", "brand_id", "created_at"),)

    brand_id: int = Field(foreign_key="brands.id")
    state: str = Field(default="queued", max_length=16)  # running, done, failed
    agent_id: int | None = Field(default=None, foreign_key="agents.id")  # who asked; None: the week was over
    attempts: int = 0
    looked_at: int = 0  # so many tickets
    found: int = 0  # so many topics that await a decision
    lease_until: datetime | None = None
    error: str = text_field()
    created_at: datetime
    ended_at: datetime | None = None


class Topic(Keyed, table=True):
    """Tickets that are alike. Once decided it stays, so that the same topic is known when it comes again."""

    __tablename__ = "topics"
    __table_args__ = (Index("ix_topics_brand", "brand_id", "state"),)

    brand_id: int = Field(foreign_key="brands.id")
    language: str = Field(max_length=8)
    state: str = Field(
        default="open", max_length=16
    )  # tagged, dismissed, gone (the newest look found it no more)
    phrases: list[str] = json_field(list)  # the most telling first
    centre: dict[str, float] = json_field()  # terms and their weight, by which it is known again
    weeks: list[int] = json_field(list)  # tickets of each week, the oldest first
    size: int = 0
    tag: str = Field(default="", max_length=60)  # where its tickets went
    found_at: datetime
    seen_at: datetime
    decided_at: datetime | None = None
    decided_by_id: int | None = Field(default=None, foreign_key="agents.id")


class TopicTicket(SQLModel, table=True):
    __tablename__ = "topic_tickets"

    topic_id: int = Field(foreign_key="topics.id", primary_key=True)
    ticket_id: int = Field(foreign_key="tickets.id", primary_key=True, index=True)
    closeness: float = 0.0  # to the middle of its topic; 1 is nearest
