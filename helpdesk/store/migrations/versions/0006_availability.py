"""Who takes chats now: availability, capacity, when somebody was last there."""

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
