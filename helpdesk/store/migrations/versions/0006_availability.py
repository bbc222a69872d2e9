"""Who takes chats now: availability, capacity, when somebody was last there."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from helpdesk.models.base import Json

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

RUNNING_CHAT = sa.text("channel = 'chat' AND status IN ('open', 'pending')")


def upgrade() -> None:
    moment = sqlmodel.sql.sqltypes.UTCDateTime
    word = sqlmodel.sql.sqltypes.AutoString(length=16)
    op.add_column("agents", sa.Column("availability", word, nullable=False, server_default="available"))
    op.add_column("agents", sa.Column("availability_at", moment(), nullable=True))
    op.add_column("agents", sa.Column("chat_capacity", sa.Integer(), nullable=False, server_default="3"))
    op.add_column("agents", sa.Column("chat_given_at", moment(), nullable=True))
    op.add_column("agents", sa.Column("present_at", moment(), nullable=True))
    op.add_column("agents", sa.Column("left_at", moment(), nullable=True))
    for table in ("messages", "chat_lines"):  # buttons that an answer offers the visitor
        op.add_column(table, sa.Column("replies", Json(), nullable=False, server_default="[]"))
    op.create_index(
        "ix_tickets_chats",
        "tickets",
        ["assignee_id", "brand_id"],
        unique=False,
        sqlite_where=RUNNING_CHAT,
        postgresql_where=RUNNING_CHAT,
    )
