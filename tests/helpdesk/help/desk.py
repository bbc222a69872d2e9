"""Articles for tests, written in one line."""

from __future__ import annotations

from helpdesk.help import articles
from helpdesk.models import Article, ArticleText
from helpdesk.store.db import Unit


def tell(
    unit: Unit,
    brand_id: int,
    *,
    ja: tuple[str, str] | None = None,
    en: tuple[str, str] | None = None,
    keywords: str = "",
    live: bool = True,
) -> Article:
    """An article with its title and body in one language or both."""
    article = articles.create(unit, brand_id)
    for language, said in (("ja", ja), ("en", en)):
        if said:
            text = articles.write(
                unit, article, language, by=None, title=said[0], body=said[1], keywords=keywords
            )
            if live:
                articles.publish(unit, article, text)
    return article


def text_of(unit: Unit, article: Article, language: str) -> ArticleText:
    return articles.list_texts(unit, article)[language]
