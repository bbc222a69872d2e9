"""The search index by message, with kana folded, and indices for what the inbox asks for."""

from alembic import op

from helpdesk.store.search.rebuild import rebuild

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_customers_name", "customers", ["brand_id", "name"])
    op.drop_index("ix_customers_brand_id", "customers")
    op.create_index("ix_ticket_tags_tag", "ticket_tags", ["tag_id", "ticket_id"])
    op.drop_index("ix_ticket_tags_tag_id", "ticket_tags")
    live = ["brand_id", "status", "snoozed_until", "assignee_id", "urgency", "channel"]
    op.create_index("ix_tickets_live", "tickets", live)
    op.create_index("ix_tickets_age", "tickets", ["brand_id", "status", "created_at"])
    op.create_index("ix_tickets_assignee", "tickets", ["assignee_id", "brand_id", "status", "snoozed_until"])
    op.drop_index("ix_tickets_assignee_id", "tickets")
    op.drop_column("tickets", "unread")  # each agent's own since 0003
    rebuild(op.get_bind())
