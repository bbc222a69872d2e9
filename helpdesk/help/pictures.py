"""Pictures in articles: kept once by their bytes, known by a key that nobody guesses."""

from __future__ import annotations

from sqlmodel import col, select

from helpdesk.errors import Invalid, NotFound
from helpdesk.i18n import lazy
from helpdesk.models import Article, ArticleFile, new_key
from helpdesk.store.db import Unit

KINDS = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"})
MOST = 100


def add(unit: Unit, article: Article, *, name: str, content_type: str, size: int, sha256: str) -> ArticleFile:
    """Raises Invalid for what is no picture that browsers show safely."""
    if content_type.lower() not in KINDS:
        raise Invalid(lazy("only PNG, JPEG, GIF, WebP and AVIF pictures fit in an article"), field="file")
    theirs = unit.session.exec(select(ArticleFile.id).where(ArticleFile.article_id == article.pk))
    if len(theirs.all()) >= MOST:
        raise Invalid(lazy("an article has at most %(most)s pictures"), field="file", most=MOST)
    file = ArticleFile(
        key=new_key(20),
        article_id=article.pk,
        name=name[:300],
        content_type=content_type.lower()[:120],
        size=size,
        sha256=sha256,
        created_at=unit.now,
    )
    unit.session.add(file)
    unit.session.flush()
    return file


def get(unit: Unit, key: str) -> ArticleFile:
    found = unit.session.exec(select(ArticleFile).where(col(ArticleFile.key) == key)).first()
    if found is None:
        raise NotFound(lazy("there is no such file"))
    return found
