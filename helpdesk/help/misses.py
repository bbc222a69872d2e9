"""Questions that no article answered: kept without who asked, told by how often, settled by the team.

Widgets search while their visitors type. Of a question that is being typed only its last form is kept, and nothing
of one that found something in the end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlmodel import col

from helpdesk.models import ArticleMiss
from helpdesk.store.db import Unit
from helpdesk.store.search.tokens import CJK, RUN, fold

TYPED_ON = timedelta(
    seconds=45
)  # a question that begins like one from so shortly ago is the same one, typed on
KEPT = timedelta(days=180)
LONGEST = 200
SHORTEST, SHORTEST_CJK = 4, 2
PRIVATE = re.compile(r"[^\s<>@]+@[^\s<>@]+|https?://\S+|[\d０-９][\d０-９\-－ー ()]{3,}[\d０-９]")


@dataclass(frozen=True, slots=True)
class Missed:
    """One question, however often it was asked; `key` names one of those times."""

    key: str
    query: str
    language: str
    times: int
    last_at: datetime


def is_typed_on(unit: Unit, brand_id: int, query: str) -> bool:
    """Whether a question of a moment ago without an answer is the beginning of this one, or this one of it."""
    folded = _folded(tidy(query))
    return bool(folded and _recent(unit, brand_id, folded))


def note(unit: Unit, brand_id: int, query: str, *, language: str, found: bool) -> None:
    """A question was asked, with or without finding an article."""
    said = tidy(query)
    folded = _folded(said)
    if not folded:
        return
    if before := [pk for pk, _said in _recent(unit, brand_id, folded)]:
        unit.session.execute(delete(ArticleMiss).where(col(ArticleMiss.id).in_(before)))
    if found or not _is_worth_it(folded):
        return
    unit.session.add(
        ArticleMiss(brand_id=brand_id, language=language, query=said, folded=folded, asked_at=unit.now)
    )


def list_missed(unit: Unit, brand_id: int, *, since: datetime, limit: int = 50) -> list[Missed]:
    """The questions still to be dealt with, the most frequent first."""
    last, times = func.max(col(ArticleMiss.asked_at)), func.count()
    rows = unit.rows(
        select(
            func.max(col(ArticleMiss.key)), func.max(col(ArticleMiss.query)), func.max(col(ArticleMiss.language)),
            times, last,
        )
        .where(
            col(ArticleMiss.brand_id) == brand_id, col(ArticleMiss.settled_at).is_(None),
            col(ArticleMiss.asked_at) >= since,
        )
        .group_by(col(ArticleMiss.folded))
        .order_by(times.desc(), last.desc())
        .limit(limit)
    )  # fmt: skip
    return [Missed(*row) for row in rows]


def find_missed(unit: Unit, brand_id: int, key: str) -> ArticleMiss | None:
    mine = (col(ArticleMiss.key) == key, col(ArticleMiss.brand_id) == brand_id)
    return unit.session.scalars(select(ArticleMiss).where(*mine)).first()


def settle(unit: Unit, missed: ArticleMiss) -> None:
    """The question in all of its times is dealt with; asked again it is new."""
    same = (col(ArticleMiss.brand_id) == missed.brand_id, col(ArticleMiss.folded) == missed.folded)
    unit.session.execute(update(ArticleMiss).where(*same).values(settled_at=unit.now))


def sweep(unit: Unit) -> int:
    gone = unit.session.execute(delete(ArticleMiss).where(col(ArticleMiss.asked_at) < unit.now - KEPT))
    return int(getattr(gone, "rowcount", 0))


def tidy(query: str) -> str:
    """On one line, without what could tell who asked: addresses and long numbers."""
    return PRIVATE.sub("…", " ".join(query.replace("\x00", "").split()))[:LONGEST].strip()


def _folded(said: str) -> str:
    return " ".join(RUN.findall(fold(said)))[:LONGEST]


def _recent(unit: Unit, brand_id: int, folded: str) -> Sequence[tuple[int, str]]:
    rows = unit.rows(
        select(col(ArticleMiss.id), col(ArticleMiss.folded)).where(
            col(ArticleMiss.brand_id) == brand_id,
            col(ArticleMiss.asked_at) >= unit.now - TYPED_ON,
            col(ArticleMiss.settled_at).is_(None),
        )
    )
    return [(pk, said) for pk, said in rows if said.startswith(folded) or folded.startswith(said)]


def _is_worth_it(folded: str) -> bool:
    return len(folded) >= (SHORTEST_CJK if CJK.search(folded) else SHORTEST)
