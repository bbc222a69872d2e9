"""What customers write about that no tag covers: each look for such topics, the topics, and their tickets."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from helpdesk.models.base import Json

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

MOMENT = sqlmodel.sql.sqltypes.UTCDateTime()


def upgrade() -> None:
    op.create_table(
        "topic_searches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("state", _words(16), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("attempts", "looked_at", "found")),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_topic_searches_agent_id")),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_topic_searches_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_searches")),
    )
    op.create_index("ix_topic_searches_brand", "topic_searches", ["brand_id", "created_at"])
    op.create_table(
        "topics",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", _words(24), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("language", _words(8), nullable=False),
        sa.Column("state", _words(16), nullable=False),
        *(sa.Column(name, Json(), nullable=False) for name in ("phrases", "centre", "weeks")),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("tag", _words(60), nullable=False),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_topics_brand_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["agents.id"], name=op.f("fk_topics_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topics")),
        sa.UniqueConstraint("key", name=op.f("uq_topics_key")),
    )
    op.create_index("ix_topics_brand", "topics", ["brand_id", "state"])
    op.create_table(
        "topic_tickets",
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("closeness", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_topic_tickets_ticket_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_topic_tickets_topic_id")),
        sa.PrimaryKeyConstraint("topic_id", "ticket_id", name=op.f("pk_topic_tickets")),
    )
    op.create_index("ix_topic_tickets_ticket_id", "topic_tickets", ["ticket_id"])


def _words(most: int) -> sa.types.TypeEngine[str]:
    return sqlmodel.sql.sqltypes.AutoString(length=most)
