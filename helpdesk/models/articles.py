"""Articles that answer questions: their texts in each language, what finds them, and what readers thought."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from helpdesk.models.base import Keyed, Table, json_field, text_field


class ArticleCategory(Keyed, table=True):
    """What articles of a brand stand under; `names` by language."""

    __tablename__ = "article_categories"

    brand_id: int = Field(foreign_key="brands.id", index=True)
    names: dict[str, Any] = json_field()
    position: int = 0
    created_at: datetime


class Article(Keyed, table=True):
    """One answer, whatever the language it is told in. Archived ones are kept, but nobody finds them."""

    __tablename__ = "articles"
    __table_args__ = (Index("ix_articles_order", "brand_id", "position"),)

    brand_id: int = Field(foreign_key="brands.id")
    category_id: int | None = Field(default=None, foreign_key="article_categories.id", index=True)
    position: int = 0
    created_at: datetime
    archived_at: datetime | None = None


class ArticleText(Table, table=True):
    """An article in one language: `title` and `body` as they are being written, `live_…` as readers see them.

    `keywords` are other words that people ask with. `version` grows with each change, so that two writers
    notice each other. `views` counts how often it was opened by a customer.
    """

    __tablename__ = "article_texts"
    __table_args__ = (UniqueConstraint("article_id", "language"),)

    article_id: int = Field(foreign_key="articles.id")
    language: str = Field(max_length=8)
    title: str = Field(default="", max_length=200)
    body: str = text_field()
    keywords: str = text_field()
    url: str = Field(default="", max_length=1000)  # where it stands on the shop's own site, if it does
    live_title: str = Field(default="", max_length=200)
    live_body: str = text_field()
    published_at: datetime | None = None  # when what is live became so; nothing is live without
    version: int = 1
    views: int = 0
    updated_by_id: int | None = Field(default=None, foreign_key="agents.id")
    updated_at: datetime


class ArticleToken(Table, table=True):
    """What a live text is found by: one row for each of its tokens; `weight` says how much it is about that."""

    __tablename__ = "article_tokens"
    __table_args__ = (
        UniqueConstraint("text_id", "token"),
        Index("ix_article_tokens_token", "brand_id", "token"),
    )

    text_id: int = Field(foreign_key="article_texts.id")
    brand_id: int = Field(foreign_key="brands.id")
    token: str = Field(max_length=72)
    weight: int  # hundredths


class ArticleFile(Keyed, table=True):
    """A picture in an article; the article's readers may see it."""

    __tablename__ = "article_files"

    article_id: int = Field(foreign_key="articles.id", index=True)
    name: str = Field(default="", max_length=300)
    content_type: str = Field(default="application/octet-stream", max_length=120)
    size: int = 0  # bytes
    sha256: str = Field(max_length=64)
    created_at: datetime


class ArticleVote(Table, table=True):
    """Whether a reader was helped; of a known visitor the last word counts."""

    __tablename__ = "article_votes"
    __table_args__ = (
        UniqueConstraint("article_id", "visitor_id"),
        Index("ix_article_votes_at", "article_id", "created_at"),
    )

    article_id: int = Field(foreign_key="articles.id")
    language: str = Field(max_length=8)
    visitor_id: int | None = Field(default=None, foreign_key="visitors.id")
    helpful: bool
    created_at: datetime


class ArticleMiss(Keyed, table=True):
    """A question for which no article was found; `settled_at` once somebody has dealt with it."""

    __tablename__ = "article_misses"
    __table_args__ = (Index("ix_article_misses_at", "brand_id", "asked_at"),)

    brand_id: int = Field(foreign_key="brands.id")
    language: str = Field(max_length=8)
    query: str = Field(max_length=200)
    folded: str = Field(max_length=200)  # the same question is the same row here
    asked_at: datetime
    settled_at: datetime | None = None
