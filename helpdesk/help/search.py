"""Articles for a customer's words, the best first: rather none than one that has nothing to do with it."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from helpdesk.help import terms
from helpdesk.help.excerpt import cut
from helpdesk.models import Article, ArticleText, ArticleToken
from helpdesk.store.db import Unit
from helpdesk.store.search.tokens import CJK, fold
from helpdesk.tickets import rich

HEADING = re.compile(r"<h3>.*?</h3>", re.DOTALL)
MOST_QUERY = 300  # characters
ENOUGH = 0.62  # a score below says that the words met by chance
NEAR = 0.4  # of the best score; what lies further behind is not about the question
FOREIGN = 0.5  # what a text counts that is in neither the reader's language nor that of the words
CANDIDATES = 3  # times as many articles as are wanted are looked at
SAME_LANGUAGE = 0.6  # a text in the reader's language is shown if it is found so well, compared to another


@dataclass(frozen=True, slots=True)
class Hit:
    """A live article; `language` is the one its title and excerpt are in."""

    key: str
    title: str
    excerpt: str
    language: str
    url: str = ""
    score: float = 0.0
    body: str = ""


def find(unit: Unit, brand_ids: Iterable[int], query: str, *, language: str, limit: int = 5) -> list[Hit]:
    """The articles that answer the words, in the reader's language where they are told in it."""
    wanted = terms.of_query(query[:MOST_QUERY])
    brands = sorted(brand_ids)
    if not wanted or not brands:
        return []
    scores = _score(unit, brands, wanted)
    articles = sorted(scores, key=lambda pk: (-max(scores[pk].values()), pk))[: limit * CANDIDATES]
    spoken = "ja" if CJK.search(fold(query)) else "en"
    found = [_choose(texts, scores[pk], language, spoken) for pk, texts in _told(unit, articles).items()]
    found.sort(key=lambda one: -one[1])
    least = max([ENOUGH, *(NEAR * score for _row, score in found[:1])])
    return [_hit(row, wanted, score) for row, score in found[:limit] if score >= least]


def featured(unit: Unit, brand_id: int, *, language: str, limit: int = 5) -> list[Hit]:
    """With nothing asked: the first ones in the order that the team gave them."""
    rows = unit.rows(
        _texts().where(col(Article.brand_id) == brand_id).order_by(col(Article.position), col(Article.id))
    )
    told: dict[str, Any] = {}
    for row in rows:
        if row.key not in told or row.language == language:
            told[row.key] = row
    return [_hit(row, (), 0.0) for row in list(told.values())[:limit]]


def _score(unit: Unit, brands: Sequence[int], wanted: Mapping[str, float]) -> dict[int, dict[str, float]]:
    """Article id -> language -> score: rare terms count more than those that stand everywhere."""
    rows = unit.rows(
        select(
            col(ArticleToken.token), col(ArticleToken.weight), col(ArticleText.article_id),
            col(ArticleText.language),
        )
        .join(ArticleText, col(ArticleText.id) == col(ArticleToken.text_id))
        .where(col(ArticleToken.brand_id).in_(brands), col(ArticleToken.token).in_(wanted))
    )  # fmt: skip
    if not rows:
        return {}
    sizes, known = _sizes(unit, brands), Counter((row.language, row.token) for row in rows)
    scores: dict[int, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in rows:
        rarity = _rarity(known[row.language, row.token], sizes.get(row.language, 1))
        scores[row.article_id][row.language] += wanted[row.token] * rarity * row.weight / 100
    return scores


def _sizes(unit: Unit, brands: Sequence[int]) -> dict[str, int]:
    """How many live texts there are in each language."""
    return dict(
        unit.rows(
            select(col(ArticleText.language), func.count())
            .join(Article, col(Article.id) == col(ArticleText.article_id))
            .where(
                col(Article.brand_id).in_(brands),
                col(ArticleText.published_at).is_not(None),
                col(Article.archived_at).is_(None),
            )
            .group_by(col(ArticleText.language))
        )
    )


def _rarity(holding: int, of: int) -> float:
    """1 for a term of one text among many, near 0 for one that stands in all; the measure of BM25, made relative."""
    of = max(of, 6)  # among a handful of texts nothing is common
    return math.log(1 + (of - holding + 0.5) / (holding + 0.5)) / math.log(1 + (of - 0.5) / 1.5)


def _choose(
    texts: Mapping[str, Any], scores: Mapping[str, float], language: str, spoken: str
) -> tuple[Any, float]:
    """Which of an article's texts is shown, and how well it answers.

    One in a language that is neither the reader's nor that of the words counts less, if there is one in theirs.
    """
    own = texts.get(language)
    just = {
        code: score * (1.0 if own is None or code in (language, spoken) else FOREIGN)
        for code, score in scores.items()
        if code in texts
    }
    best = max(just, key=lambda code: just[code], default="")
    score = just.get(best, 0.0)
    if spoken == "ja" and "ja" in texts:  # nobody types Japanese who would rather read another language
        return texts["ja"], score
    if own is not None and just.get(language, 0.0) >= SAME_LANGUAGE * score:
        return own, score
    return texts.get(best) or next(iter(texts.values())), score


def _told(unit: Unit, articles: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Article id -> its live texts by their language."""
    told: dict[int, dict[str, Any]] = {}
    if articles:
        for row in unit.rows(_texts().where(col(Article.id).in_(articles))):
            told.setdefault(row.article_id, {})[row.language] = row
    return told


def _texts() -> Any:
    return (
        select(
            col(Article.id).label("article_id"), col(Article.key), col(ArticleText.language),
            col(ArticleText.live_title), col(ArticleText.live_body), col(ArticleText.url),
        )
        .join(Article, col(Article.id) == col(ArticleText.article_id))
        .where(col(ArticleText.published_at).is_not(None), col(Article.archived_at).is_(None))
    )  # fmt: skip


def _hit(row: Any, wanted: Iterable[str], score: float) -> Hit:
    excerpt = cut(rich.text_of(HEADING.sub("", row.live_body)), frozenset(wanted))
    return Hit(row.key, row.live_title, excerpt, row.language, row.url, round(score, 3), row.live_body)
