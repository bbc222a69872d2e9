"""Articles that answer questions."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from helpdesk.models.base import Json

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    String, UTC = sqlmodel.sql.sqltypes.AutoString, sqlmodel.sql.sqltypes.UTCDateTime
    op.create_table(
        "article_categories",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", String(length=24), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("names", Json(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", UTC(), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_article_categories_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_categories")),
        sa.UniqueConstraint("key", name=op.f("uq_article_categories_key")),
    )
    op.create_index(op.f("ix_article_categories_brand_id"), "article_categories", ["brand_id"], unique=False)
    op.create_table(
        "articles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", String(length=24), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", UTC(), nullable=False),
        sa.Column("archived_at", UTC(), nullable=True),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_articles_brand_id")),
        sa.ForeignKeyConstraint(
            ["category_id"], ["article_categories.id"], name=op.f("fk_articles_category_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
        sa.UniqueConstraint("key", name=op.f("uq_articles_key")),
    )
    op.create_index(op.f("ix_articles_category_id"), "articles", ["category_id"], unique=False)
    op.create_index("ix_articles_order", "articles", ["brand_id", "position"], unique=False)
    op.create_table(
        "article_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("language", String(length=8), nullable=False),
        sa.Column("title", String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("keywords", sa.Text(), nullable=False),
        sa.Column("url", String(length=1000), nullable=False),
        sa.Column("live_title", String(length=200), nullable=False),
        sa.Column("live_body", sa.Text(), nullable=False),
        sa.Column("published_at", UTC(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("views", sa.Integer(), nullable=False),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_at", UTC(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_article_texts_article_id")),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["agents.id"], name=op.f("fk_article_texts_updated_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_texts")),
        sa.UniqueConstraint("article_id", "language", name=op.f("uq_article_texts_article_id_language")),
    )
    op.create_table(
        "article_tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text_id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("token", String(length=72), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_article_tokens_brand_id")),
        sa.ForeignKeyConstraint(["text_id"], ["article_texts.id"], name=op.f("fk_article_tokens_text_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_tokens")),
        sa.UniqueConstraint("text_id", "token", name=op.f("uq_article_tokens_text_id_token")),
    )
    op.create_index("ix_article_tokens_token", "article_tokens", ["brand_id", "token"], unique=False)
    op.create_table(
        "article_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", String(length=24), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("name", String(length=300), nullable=False),
        sa.Column("content_type", String(length=120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", String(length=64), nullable=False),
        sa.Column("created_at", UTC(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_article_files_article_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_files")),
        sa.UniqueConstraint("key", name=op.f("uq_article_files_key")),
    )
    op.create_index(op.f("ix_article_files_article_id"), "article_files", ["article_id"], unique=False)
    op.create_table(
        "article_votes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("language", String(length=8), nullable=False),
        sa.Column("visitor_id", sa.Integer(), nullable=True),
        sa.Column("helpful", sa.Boolean(), nullable=False),
        sa.Column("created_at", UTC(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_article_votes_article_id")),
        sa.ForeignKeyConstraint(["visitor_id"], ["visitors.id"], name=op.f("fk_article_votes_visitor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_votes")),
        sa.UniqueConstraint("article_id", "visitor_id", name=op.f("uq_article_votes_article_id_visitor_id")),
    )
    op.create_index("ix_article_votes_at", "article_votes", ["article_id", "created_at"], unique=False)
    op.create_table(
        "article_misses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", String(length=24), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("language", String(length=8), nullable=False),
        sa.Column("query", String(length=200), nullable=False),
        sa.Column("folded", String(length=200), nullable=False),
        sa.Column("asked_at", UTC(), nullable=False),
        sa.Column("settled_at", UTC(), nullable=True),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_article_misses_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_misses")),
        sa.UniqueConstraint("key", name=op.f("uq_article_misses_key")),
    )
    op.create_index("ix_article_misses_at", "article_misses", ["brand_id", "asked_at"], unique=False)
