"""The demo brand's articles, written before the shop had its first customer, and what readers made of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlmodel import col, select

from helpdesk.demo.dice import dice
from helpdesk.help import articles, categories
from helpdesk.models import Agent, Article, ArticleMiss, ArticleText, ArticleVote
from helpdesk.store.db import Unit
from helpdesk.store.search.tokens import fold

LANGUAGES = ("ja", "en")
DAYS = 80
MOST_VIEWS = {"ja": 240, "en": 60}
VOTING = 0.2  # of those who open an article


def write(unit: Unit, brand_id: int, by: Agent | None) -> int:
    """How many there are now."""
    told = read()
    shelves = {
        one["key"]: categories.create(unit, brand_id, names=one["names"]) for one in told["categories"]
    }
    for one in told["articles"]:
        article = articles.create(unit, brand_id, category=shelves[one["category"]])
        for language in LANGUAGES:
            said = one[language]
            text = articles.write(
                unit, article, language, by=by, title=said["title"], body=said["body"],
                keywords="\n".join(said["keywords"]),
            )  # fmt: skip
            articles.publish(unit, article, text)
    return len(told["articles"])


def judge(unit: Unit, brand_id: int, now: datetime) -> None:
    """They were opened, voted on, and some questions found none of them."""
    rng = dice("articles")
    told = select(ArticleText, Article).join(Article, col(Article.id) == col(ArticleText.article_id))
    for text, article in unit.session.exec(told.where(Article.brand_id == brand_id)):
        text.views = rng.randint(8, MOST_VIEWS[text.language])
        text.updated_at = text.published_at = now - timedelta(days=rng.uniform(3, 160))
        unit.session.add(text)
        liked = rng.choice((0.9, 0.82, 0.74, 0.45))
        for _reader in range(round(text.views * VOTING)):
            at = now - timedelta(days=rng.uniform(0, DAYS))
            helpful = rng.random() < liked
            unit.session.add(
                ArticleVote(article_id=article.pk, language=text.language, helpful=helpful, created_at=at)
            )
    for one in read()["asked_in_vain"]:
        for _time in range(one["times"]):
            unit.session.add(
                ArticleMiss(
                    brand_id=brand_id,
                    language=one["language"],
                    query=one["words"],
                    folded=fold(one["words"]),
                    asked_at=now - timedelta(days=rng.uniform(0.1, 40)),
                )
            )


def read() -> dict[str, Any]:
    given: dict[str, Any] = yaml.safe_load(
        (Path(__file__).parent / "articles.yaml").read_text(encoding="utf-8")
    )
    return given
