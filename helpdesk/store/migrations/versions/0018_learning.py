"""Which message a correction is about, so that it is forgotten with it; whether a brand hides private numbers;
what agents are told of that is about no ticket."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("corrections") as table:
        table.add_column(sa.Column("message_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("forgotten_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        table.create_foreign_key(op.f("fk_corrections_message_id"), "messages", ["message_id"], ["id"])
    op.create_index("ix_corrections_message_id", "corrections", ["message_id"])
    op.add_column("brands", sa.Column("hide_numbers", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("notifications") as table:
        table.alter_column("ticket_id", existing_type=sa.Integer(), nullable=True)
