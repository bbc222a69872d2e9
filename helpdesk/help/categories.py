"""What a brand's articles stand under, in an order that the team chooses."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select, update
from sqlmodel import col

from helpdesk import i18n
from helpdesk.errors import Invalid, NotFound
from helpdesk.i18n import LANGUAGES, lazy
from helpdesk.models import Article, ArticleCategory
from helpdesk.store.db import Unit

LONGEST = 60


def create(unit: Unit, brand_id: int, *, names: Mapping[str, str]) -> ArticleCategory:
    last = unit.session.scalar(
        select(func.max(ArticleCategory.position)).where(col(ArticleCategory.brand_id) == brand_id)
    )
    category = ArticleCategory(
        brand_id=brand_id, names=_names(names), position=(last or 0) + 1, created_at=unit.now
    )
    unit.session.add(category)
    unit.session.flush()
    return category


def get_category(unit: Unit, brand_id: int, key: str) -> ArticleCategory:
    mine = (col(ArticleCategory.key) == key, col(ArticleCategory.brand_id) == brand_id)
    found = unit.session.scalars(select(ArticleCategory).where(*mine)).first()
    if found is None:
        raise NotFound(lazy("there is no such category"))
    return found


def list_categories(unit: Unit, brand_id: int) -> list[ArticleCategory]:
    mine = select(ArticleCategory).where(col(ArticleCategory.brand_id) == brand_id)
    return list(unit.session.scalars(mine.order_by(col(ArticleCategory.position), col(ArticleCategory.id))))


def rename(unit: Unit, category: ArticleCategory, names: Mapping[str, str]) -> None:
    category.names = _names(names)
    unit.session.add(category)


def move(unit: Unit, category: ArticleCategory, step: int) -> None:
    beside = list_categories(unit, category.brand_id)
    here = [one.pk for one in beside].index(category.pk)
    beside.insert(max(0, here + step), beside.pop(here))
    for position, one in enumerate(beside, 1):
        one.position = position
        unit.session.add(one)


def remove(unit: Unit, category: ArticleCategory) -> None:
    """Its articles stay, without a category."""
    theirs = col(Article.category_id) == category.pk
    unit.session.execute(update(Article).where(theirs).values(category_id=None))
    unit.session.delete(category)


def name_of(category: ArticleCategory | None) -> str:
    """In the reader's language, else in any."""
    names = category.names if category else {}
    return str(names.get(i18n.language()) or next((one for one in names.values() if one), ""))


def _names(given: Mapping[str, str]) -> dict[str, str]:
    names = {language: " ".join(given.get(language, "").split())[:LONGEST] for language in LANGUAGES}
    if not any(names.values()):
        raise Invalid(lazy("the name is missing"), field=f"name_{i18n.language()}")
    return names
