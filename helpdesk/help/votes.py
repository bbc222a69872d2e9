"""Whether articles helped: readers' votes, and what they come to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, cast, func, select
from sqlmodel import col

from helpdesk.help.reading import Told
from helpdesk.models import Article, ArticleVote
from helpdesk.store.db import Unit


@dataclass(frozen=True, slots=True)
class Votes:
    yes: int = 0
    no: int = 0

    @property
    def share(self) -> float | None:
        """Of those who voted, who was helped; None without a vote."""
        return self.yes / (self.yes + self.no) if self.yes + self.no else None


def vote(unit: Unit, told: Told, *, helpful: bool, visitor_id: int | None) -> None:
    """Of a known visitor the last word counts; the others are told apart by nothing."""
    if visitor_id is not None and (before := _find(unit, told.id, visitor_id)):
        before.helpful, before.language, before.created_at = helpful, told.language, unit.now
        unit.session.add(before)
        return
    unit.session.add(
        ArticleVote(
            article_id=told.id,
            language=told.language,
            visitor_id=visitor_id,
            helpful=helpful,
            created_at=unit.now,
        )
    )


def count(unit: Unit, brand_id: int, *, since: datetime | None = None) -> dict[int, Votes]:
    """Article id -> its votes."""
    yes = func.sum(cast(col(ArticleVote.helpful), Integer))
    wanted: Any = (
        select(col(ArticleVote.article_id), yes, func.count())
        .join(Article, col(Article.id) == col(ArticleVote.article_id))
        .where(col(Article.brand_id) == brand_id)
        .group_by(col(ArticleVote.article_id))
    )
    if since:
        wanted = wanted.where(col(ArticleVote.created_at) >= since)
    return {
        pk: Votes(int(helped or 0), int(given - (helped or 0))) for pk, helped, given in unit.rows(wanted)
    }


def count_of(unit: Unit, article: Article) -> Votes:
    """All that one article ever got."""
    theirs = select(col(ArticleVote.helpful), func.count()).where(col(ArticleVote.article_id) == article.pk)
    given = dict(unit.rows(theirs.group_by(col(ArticleVote.helpful))))
    return Votes(given.get(True, 0), given.get(False, 0))


def _find(unit: Unit, article_id: int, visitor_id: int) -> ArticleVote | None:
    theirs = (col(ArticleVote.article_id) == article_id, col(ArticleVote.visitor_id) == visitor_id)
    return unit.session.scalars(select(ArticleVote).where(*theirs)).first()
