"""Verified joins and one ticket for one question."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from helpdesk.models.base import Json

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

MOMENT = sqlmodel.sql.sqltypes.UTCDateTime()


def upgrade() -> None:
    op.add_column("customers", _flag("several_ways"))
    op.add_column("messages", _flag("proven"))
    op.add_column("tickets", sa.Column("asked_also", Json(), nullable=False, server_default="[]"))
    op.add_column(
        "brands",
        sa.Column(
            "same_question",
            sqlmodel.sql.sqltypes.AutoString(length=8),
            nullable=False,
            server_default="one",
        ),
    )
    op.create_table(
        "line_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("nonce_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("expires_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("used_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_line_links_brand_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_line_links_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_links")),
        sa.UniqueConstraint("nonce_hash", name=op.f("uq_line_links_nonce_hash")),
    )
    op.create_index(op.f("ix_line_links_contact_id"), "line_links", ["contact_id"], unique=False)
    op.create_index(op.f("ix_line_links_expires_at"), "line_links", ["expires_at"], unique=False)
    _story()


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())


def _story() -> None:
    """A customer's newest things are found without all the others."""
    op.add_column("orders", sa.Column("returned_at", MOMENT, nullable=True))
    for name in ("cancelled", "returned"):
        there = sa.text(f"{name}_at IS NOT NULL")
        op.create_index(
            f"ix_orders_{name}",
            "orders",
            ["customer_id", f"{name}_at"],
            sqlite_where=there,
            postgresql_where=there,
        )
    for table in ("shipments", "refunds"):
        _whose(table, "buyer_id", "orders", "order_id")
    _whose("chat_ratings", "customer_id", "tickets", "ticket_id")
    op.create_index("ix_shipments_shipped", "shipments", ["buyer_id", "shipped_at"])
    op.create_index("ix_shipments_delivered", "shipments", ["buyer_id", "delivered_at"])
    op.create_index("ix_refunds_buyer", "refunds", ["buyer_id", "created_at"])
    op.create_index("ix_chat_ratings_customer", "chat_ratings", ["customer_id", "created_at"])
    op.create_index("ix_tickets_of_customer", "tickets", ["customer_id", "created_at"])
    op.create_index("ix_tickets_closed_of_customer", "tickets", ["customer_id", "closed_at"])
    op.drop_index("ix_tickets_customer_id", "tickets")
    _site_visits()


def _whose(table: str, column: str, above: str, link: str) -> None:
    """The customer of the row above, beside the row itself."""
    with op.batch_alter_table(table) as batch:
        batch.add_column(sa.Column(column, sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f(f"fk_{table}_{column}"), "customers", [column], ["id"])
    op.execute(
        f"UPDATE {table} SET {column} = "
        f"(SELECT {above}.customer_id FROM {above} WHERE {above}.id = {table}.{link})"
    )


def _site_visits() -> None:
    op.create_table(
        "site_visits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("visitor_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("url", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_site_visits_brand_id")),
        sa.ForeignKeyConstraint(["visitor_id"], ["visitors.id"], name=op.f("fk_site_visits_visitor_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_site_visits_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_visits")),
    )
    op.create_index("ix_site_visits_customer", "site_visits", ["customer_id", "created_at"])
    op.create_index("ix_site_visits_visitor", "site_visits", ["visitor_id", "id"])
    op.create_index("ix_site_visits_age", "site_visits", ["created_at"])
