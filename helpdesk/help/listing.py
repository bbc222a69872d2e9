"""A brand's articles as the team sees them: what is live, what is being written, what readers thought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlmodel import col

from helpdesk import i18n
from helpdesk.help.votes import Votes
from helpdesk.i18n import LANGUAGES
from helpdesk.models import Agent, Article, ArticleText
from helpdesk.store.db import Unit
from helpdesk.store.search.tokens import fold


@dataclass(frozen=True, slots=True)
class Telling:
    """An article in one language. `state`: live, changed (live, with something newer written), or draft."""

    language: str
    title: str
    state: str
    url: str
    views: int
    updated_at: datetime
    writer: str


@dataclass(frozen=True, slots=True)
class Line:
    """One article; `tellings` in the order of the languages."""

    id: int
    key: str
    category_id: int | None
    archived: bool
    tellings: tuple[Telling, ...]
    votes: Votes = field(default_factory=Votes)

    @property
    def title(self) -> str:
        """In the reader's language, else in any."""
        own = (one.title for one in self.tellings if one.language == i18n.language() and one.title)
        return next(own, "") or next((one.title for one in self.tellings if one.title), "")

    @property
    def views(self) -> int:
        return sum(one.views for one in self.tellings)

    @property
    def updated_at(self) -> datetime | None:
        return max((one.updated_at for one in self.tellings), default=None)

    @property
    def writer(self) -> str:
        return max(self.tellings, key=lambda one: one.updated_at).writer if self.tellings else ""

    @property
    def missing(self) -> tuple[str, ...]:
        """Languages in which it is not told at all."""
        told = {one.language for one in self.tellings}
        return tuple(one for one in LANGUAGES if one not in told)


def list_lines(
    unit: Unit, brand_id: int, *, votes: dict[int, Votes] | None = None, archived: bool = False
) -> list[Line]:
    """In the team's order."""
    gone = col(Article.archived_at)
    rows = unit.rows(
        select(
            col(Article.id).label("article_id"), col(Article.key), col(Article.category_id), gone,
            col(ArticleText.language), col(ArticleText.title), col(ArticleText.live_title), _changed(),
            col(ArticleText.published_at), col(ArticleText.url), col(ArticleText.views),
            col(ArticleText.updated_at), col(Agent.name).label("writer"),
        )
        .outerjoin(ArticleText, col(ArticleText.article_id) == col(Article.id))
        .outerjoin(Agent, col(Agent.id) == col(ArticleText.updated_by_id))
        .where(col(Article.brand_id) == brand_id, gone.is_not(None) if archived else gone.is_(None))
        .order_by(col(Article.position), col(Article.id))
    )  # fmt: skip
    return _lines(rows, votes or {})


def matching(lines: Sequence[Line], words: str) -> list[Line]:
    """Those whose titles, whatever their state, hold every word; for what no search of live articles finds."""
    wanted = fold(words).split()
    return [
        line
        for line in lines
        if all(word in fold(" ".join(one.title for one in line.tellings)) for word in wanted)
    ]


def _changed() -> Any:
    differs = or_(
        col(ArticleText.title) != col(ArticleText.live_title),
        col(ArticleText.body) != col(ArticleText.live_body),
    )
    return and_(col(ArticleText.published_at).is_not(None), differs).label("changed")


def _lines(rows: Sequence[Any], votes: dict[int, Votes]) -> list[Line]:
    several: dict[int, list[Any]] = {}
    for row in rows:
        several.setdefault(row.article_id, []).append(row)
    return [
        Line(
            pk, texts[0].key, texts[0].category_id, texts[0].archived_at is not None,
            tuple(sorted((_telling(one) for one in texts if one.language), key=_order)), votes.get(pk, Votes()),
        )
        for pk, texts in several.items()
    ]  # fmt: skip


def _order(one: Telling) -> int:
    return LANGUAGES.index(one.language) if one.language in LANGUAGES else len(LANGUAGES)


def _telling(row: Any) -> Telling:
    state = "draft" if row.published_at is None else "changed" if row.changed else "live"
    return Telling(
        row.language, row.title or row.live_title, state, row.url, row.views, row.updated_at, row.writer or ""
    )
