"""What live articles are found by: rows of terms, written in the transaction that publishes."""

from __future__ import annotations

import re

from sqlalchemy import delete, insert
from sqlmodel import col

from helpdesk.help import terms
from helpdesk.models import ArticleText, ArticleToken
from helpdesk.store.db import Unit
from helpdesk.tickets import rich

HEADING = re.compile(r"<(h3|strong|b)>(.*?)</\1>", re.DOTALL)


def put(unit: Unit, brand_id: int, text: ArticleText) -> None:
    """Make a flushed text findable by what is live of it, in place of what it was found by before."""
    take(unit, text)
    headings = " ".join(rich.text_of(found[2]) for found in HEADING.finditer(text.live_body))
    weights = terms.of_article(text.live_title, text.keywords, headings, rich.text_of(text.live_body))
    rows = [
        {"text_id": text.pk, "brand_id": brand_id, "token": term, "weight": round(100 * weight)}
        for term, weight in weights.items()
    ]
    if rows:
        unit.session.execute(insert(ArticleToken), rows)


def take(unit: Unit, text: ArticleText) -> None:
    """Nobody finds it any more."""
    unit.session.execute(delete(ArticleToken).where(col(ArticleToken.text_id) == text.pk))
