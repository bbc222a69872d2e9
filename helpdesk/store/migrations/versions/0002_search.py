"""The search index: what no model can describe, by hand for each kind of database."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE search_index USING fts5("
            'brand_id UNINDEXED, ticket_id UNINDEXED, words, tokenize="unicode61 remove_diacritics 0")'
        )
        return
    op.execute(
        "CREATE TABLE search_index (brand_id integer NOT NULL, ticket_id integer NOT NULL, words tsvector NOT NULL)"
    )
    op.execute("CREATE INDEX ix_search_index_words ON search_index USING gin (words)")
    op.execute("CREATE INDEX ix_search_index_ticket ON search_index (ticket_id)")


def downgrade() -> None:
    op.execute("DROP TABLE search_index")
