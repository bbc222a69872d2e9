"""What each part of urgency weighs, by brand."""

import sqlalchemy as sa
from alembic import op

from helpdesk.models.base import Json

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("brands", sa.Column("urgency_weights", Json(), nullable=False, server_default="{}"))
