"""A live article as its readers see it, and the count of how often it was opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import col

from helpdesk.errors import NotFound
from helpdesk.i18n import lazy
from helpdesk.models import Article, ArticleText
from helpdesk.store.db import Unit


@dataclass(frozen=True, slots=True)
class Told:
    """`language` is the one it is in, the reader's own if it is told in that; `others` are the further ones."""

    id: int
    text_id: int
    key: str
    title: str
    html: str
    url: str
    language: str
    updated_at: datetime
    others: tuple[str, ...] = ()


def get_live(unit: Unit, brand_id: int, key: str, *, language: str) -> Told:
    """Raises NotFound for what is no live article of the brand."""
    rows = unit.rows(
        select(
            col(Article.id).label("article_id"), col(Article.key), col(ArticleText.id), col(ArticleText.language),
            col(ArticleText.live_title), col(ArticleText.live_body), col(ArticleText.url),
            col(ArticleText.published_at),
        )
        .join(ArticleText, col(ArticleText.article_id) == col(Article.id))
        .where(
            col(Article.key) == key, col(Article.brand_id) == brand_id, col(Article.archived_at).is_(None),
            col(ArticleText.published_at).is_not(None),
        )
        .order_by(col(ArticleText.id))
    )  # fmt: skip
    if not rows:
        raise NotFound(lazy("this article does not exist, or it is not published"))
    row = next((one for one in rows if one.language == language), rows[0])
    return Told(
        row.article_id, row.id, row.key, row.live_title, row.live_body, row.url, row.language,
        row.published_at, tuple(one.language for one in rows if one.language != row.language),
    )  # fmt: skip


def count_view(unit: Unit, text_id: int) -> None:
    text = col(ArticleText.id) == text_id
    unit.session.execute(update(ArticleText).where(text).values(views=col(ArticleText.views) + 1))
