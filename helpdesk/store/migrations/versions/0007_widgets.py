"""What a widget's campaigns and flows were good for; which files of a chat were really sent."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "widget_counts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("step", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("before", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["channel_accounts.id"], name=op.f("fk_widget_counts_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_widget_counts")),
        sa.UniqueConstraint(
            "account_id",
            "subject",
            "name",
            "step",
            "before",
            "day",
            name=op.f("uq_widget_counts_account_id_subject_name_step_before_day"),
        ),
    )
    op.create_table(
        "campaign_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("campaign", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("visitor_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["channel_accounts.id"], name=op.f("fk_campaign_answers_account_id")
        ),
        sa.ForeignKeyConstraint(["visitor_id"], ["visitors.id"], name=op.f("fk_campaign_answers_visitor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_answers")),
        sa.UniqueConstraint(
            "visitor_id", "campaign", "day", name=op.f("uq_campaign_answers_visitor_id_campaign_day")
        ),
    )
    op.create_index(op.f("ix_campaign_answers_account_id"), "campaign_answers", ["account_id"], unique=False)
    op.add_column("chat_files", sa.Column("sent_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    op.create_index(op.f("ix_chat_files_sent_at"), "chat_files", ["sent_at"], unique=False)
    op.execute("UPDATE chat_files SET sent_at = created_at")  # of those nobody knows whether they were sent
