"""What the team taught the classifier, and the models that came of it."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from helpdesk.models.base import Json

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

MOMENT = sqlmodel.sql.sqltypes.UTCDateTime()


def upgrade() -> None:
    op.create_table(
        "model_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", _words(24), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", _words(16), nullable=False),
        sa.Column("reason", _words(16), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("progress", "attempts", "through", "rows", "own_rows")
        ),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("data_hash", _words(64), nullable=False),
        sa.Column("artifact", _words(64), nullable=False),
        sa.Column("figures", Json(), nullable=False),
        sa.Column("objections", Json(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("trained_at", MOMENT, nullable=True),
        sa.Column("activated_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_model_versions_agent_id")),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_model_versions_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_versions")),
        sa.UniqueConstraint("brand_id", "version", name=op.f("uq_model_versions_brand_id_version")),
        sa.UniqueConstraint("key", name=op.f("uq_model_versions_key")),
    )
    op.create_index("ix_model_versions_state", "model_versions", ["state", "brand_id"])
    op.create_table(
        "tag_aliases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("name", _words(60), nullable=False),
        sa.Column("into", _words(60), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_tag_aliases_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag_aliases")),
        sa.UniqueConstraint("brand_id", "name", name=op.f("uq_tag_aliases_brand_id_name")),
    )


def _words(most: int) -> sa.types.TypeEngine[str]:
    return sqlmodel.sql.sqltypes.AutoString(length=most)
