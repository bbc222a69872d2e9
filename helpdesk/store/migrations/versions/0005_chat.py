"""The chat: visitors with their tokens, what was said in order, files and ratings."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from helpdesk.models.base import Json

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "visitors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=24), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("email", sqlmodel.sql.sqltypes.AutoString(length=320), nullable=False),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(length=8), nullable=False),
        sa.Column("page", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("referrer", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("next_seq", sa.Integer(), nullable=False),
        sa.Column("read_seq", sa.Integer(), nullable=False),
        sa.Column("seen_seq", sa.Integer(), nullable=False),
        sa.Column("mailed_seq", sa.Integer(), nullable=False),
        sa.Column("mailed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("unread_since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("last_seen_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["channel_accounts.id"], name=op.f("fk_visitors_account_id")),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_visitors_brand_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_visitors_customer_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_visitors_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visitors")),
        sa.UniqueConstraint("key", name=op.f("uq_visitors_key")),
    )
    op.create_index(op.f("ix_visitors_customer_id"), "visitors", ["customer_id"], unique=False)
    op.create_index(op.f("ix_visitors_ticket_id"), "visitors", ["ticket_id"], unique=False)
    op.create_index("ix_visitors_unread", "visitors", ["unread_since"], unique=False)
    op.create_index("ix_visitors_user", "visitors", ["account_id", "user_id"], unique=False)
    op.create_table(
        "chat_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=24), nullable=False),
        sa.Column("visitor_id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("content_type", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["visitor_id"], ["visitors.id"], name=op.f("fk_chat_files_visitor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_files")),
        sa.UniqueConstraint("key", name=op.f("uq_chat_files_key")),
    )
    op.create_index(op.f("ix_chat_files_visitor_id"), "chat_files", ["visitor_id"], unique=False)
    op.create_table(
        "chat_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=24), nullable=False),
        sa.Column("visitor_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("client_key", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("writer", sqlmodel.sql.sqltypes.AutoString(length=8), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("files", Json(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("sent_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_chat_lines_message_id")),
        sa.ForeignKeyConstraint(["visitor_id"], ["visitors.id"], name=op.f("fk_chat_lines_visitor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_lines")),
        sa.UniqueConstraint("key", name=op.f("uq_chat_lines_key")),
        sa.UniqueConstraint("visitor_id", "client_key", name=op.f("uq_chat_lines_visitor_id_client_key")),
        sa.UniqueConstraint("visitor_id", "seq", name=op.f("uq_chat_lines_visitor_id_seq")),
    )
    op.create_index(op.f("ix_chat_lines_message_id"), "chat_lines", ["message_id"], unique=False)
    op.create_table(
        "chat_ratings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("visitor_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_chat_ratings_agent_id")),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_chat_ratings_brand_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_chat_ratings_ticket_id")),
        sa.ForeignKeyConstraint(["visitor_id"], ["visitors.id"], name=op.f("fk_chat_ratings_visitor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_ratings")),
        sa.UniqueConstraint("ticket_id", name=op.f("uq_chat_ratings_ticket_id")),
    )
    op.create_index(op.f("ix_chat_ratings_visitor_id"), "chat_ratings", ["visitor_id"], unique=False)
    op.create_table(
        "visitor_tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("visitor_id", sa.Integer(), nullable=False),
        sa.Column("signed_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["visitor_id"], ["visitors.id"], name=op.f("fk_visitor_tokens_visitor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visitor_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_visitor_tokens_token_hash")),
    )
    op.create_index(op.f("ix_visitor_tokens_visitor_id"), "visitor_tokens", ["visitor_id"], unique=False)
