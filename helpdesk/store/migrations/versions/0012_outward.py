"""What leaves for social channels: whether a person answers."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    by_hand = sa.Column("by_hand", sa.Boolean(), nullable=False, server_default=sa.true())
    op.add_column("deliveries", by_hand)
