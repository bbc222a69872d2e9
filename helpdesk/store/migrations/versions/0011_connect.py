"""Connecting social channels: their health, what is renewed, what providers told."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy import Column

from helpdesk.models.base import Json

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = sqlmodel.sql.sqltypes.UTCDateTime()
TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    moment = sqlmodel.sql.sqltypes.UTCDateTime
    op.add_column("channel_accounts", Column("verified_at", moment(), nullable=True))
    op.add_column("channel_accounts", Column("removed_at", moment(), nullable=True))
    op.create_index("ix_inbound_events_account", "inbound_events", ["account_id", "id"], unique=False)
    _care()


def _care() -> None:
    """What is done for accounts in the background, and what was learned."""
    op.add_column("contacts", sa.Column("profile_next_at", MOMENT, nullable=True))
    op.add_column("contacts", sa.Column("profile_attempts", sa.Integer(), nullable=False, server_default="0"))
    op.create_index(op.f("ix_contacts_profile_next_at"), "contacts", ["profile_next_at"], unique=False)
    op.create_table(
        "account_duties",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("duty", TEXT(length=16), nullable=False),
        sa.Column("state", TEXT(length=10), nullable=False),
        sa.Column("standing", TEXT(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("data", Json(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("asked_at", MOMENT, nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("failing_since", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["channel_accounts.id"], name=op.f("fk_account_duties_account_id")
        ),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_account_duties_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_duties")),
        sa.UniqueConstraint("account_id", "duty", name=op.f("uq_account_duties_account_id_duty")),
    )
    op.create_index("ix_account_duties_claim", "account_duties", ["state", "next_at"], unique=False)
    op.create_table(
        "message_templates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", TEXT(length=24), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("external_id", TEXT(length=64), nullable=False),
        sa.Column("name", TEXT(length=512), nullable=False),
        sa.Column("language", TEXT(length=16), nullable=False),
        sa.Column("category", TEXT(length=40), nullable=False),
        sa.Column("state", TEXT(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("header", sa.Text(), nullable=False),
        sa.Column("header_format", TEXT(length=16), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("footer", sa.Text(), nullable=False),
        sa.Column("parameters", Json(), nullable=False),
        sa.Column("header_parameters", Json(), nullable=False),
        sa.Column("buttons", Json(), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["channel_accounts.id"], name=op.f("fk_message_templates_account_id")
        ),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_message_templates_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_templates")),
        sa.UniqueConstraint(
            "account_id", "name", "language", name=op.f("uq_message_templates_account_id_name_language")
        ),
        sa.UniqueConstraint("key", name=op.f("uq_message_templates_key")),
    )
    op.create_table(
        "read_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("state", TEXT(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("reason", TEXT(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["channel_accounts.id"], name=op.f("fk_read_marks_account_id")
        ),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_read_marks_brand_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_read_marks_contact_id")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_read_marks_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_read_marks")),
        sa.UniqueConstraint("contact_id", name=op.f("uq_read_marks_contact_id")),
    )
    op.create_index("ix_read_marks_claim", "read_marks", ["state", "next_at"], unique=False)
