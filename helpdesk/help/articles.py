"""Writing articles: drafts that readers do not see, published when they are ready, archived when they are not needed.

What is live and what is being written are two texts, so that a published article can be worked on in peace.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlmodel import col

from helpdesk.access import Access
from helpdesk.errors import Conflict, Invalid, NotFound
from helpdesk.help import body as bodies
from helpdesk.help import index
from helpdesk.i18n import LANGUAGES, lazy
from helpdesk.models import Agent, Article, ArticleCategory, ArticleText
from helpdesk.store.db import Unit
from helpdesk.tickets import rich

LONGEST_KEYWORDS = 2_000


def create(unit: Unit, brand_id: int, *, category: ArticleCategory | None = None) -> Article:
    """At the end of the brand's articles, without any text yet."""
    last = unit.session.scalar(select(func.max(Article.position)).where(col(Article.brand_id) == brand_id))
    article = Article(
        brand_id=brand_id,
        category_id=category.pk if category else None,
        position=(last or 0) + 1,
        created_at=unit.now,
    )
    unit.session.add(article)
    unit.session.flush()
    return article


def get_article(unit: Unit, access: Access, key: str) -> Article:
    found = unit.session.scalars(select(Article).where(col(Article.key) == key)).first()
    if found is None:
        raise NotFound(lazy("this article does not exist any more"))
    access.require_brand(found.brand_id)
    return found


def list_texts(unit: Unit, article: Article) -> dict[str, ArticleText]:
    """By language."""
    rows = unit.session.scalars(select(ArticleText).where(col(ArticleText.article_id) == article.pk))
    return {one.language: one for one in rows}


def write(
    unit: Unit,
    article: Article,
    language: str,
    *,
    by: Agent | None,
    title: str,
    body: str,
    keywords: str = "",
    url: str = "",
    version: int | None = None,
) -> ArticleText:
    """Keep what was written; readers see it once it is published.

    `version` is the one that the writer began with: raises Conflict when somebody has changed the text since.
    """
    if language not in LANGUAGES:
        raise Invalid(lazy("this language is not spoken here"), field="language")
    text = list_texts(unit, article).get(language) or ArticleText(
        article_id=article.pk, language=language, version=0, updated_at=unit.now
    )
    if version is not None and version != text.version:
        raise Conflict(
            lazy("somebody else has changed this article since you opened it; your text is still in the form")
        )
    said = title.strip(), bodies.clean(body), _keywords(keywords), _address(url)
    if said == (text.title, text.body, text.keywords, text.url):
        return text
    text.title, text.body, text.keywords, text.url = said
    text.version += 1
    text.updated_at, text.updated_by_id = unit.now, by.pk if by else None
    unit.session.add(text)
    unit.session.flush()
    if text.published_at and article.archived_at is None:
        index.put(unit, article.brand_id, text)  # keywords are no text that readers see
    return text


def teach(unit: Unit, article: Article, words: str, *, language: str, by: Agent | None) -> None:
    """From now on these words find it, in the language they were asked in or in any that it is told in."""
    texts = list_texts(unit, article)
    text = texts.get(language) or next(iter(texts.values()), None)
    if text is None:
        raise Invalid(lazy("write something before you publish"), field="body")
    text.keywords = _keywords(f"{text.keywords}\n{words}")
    text.version += 1
    text.updated_at, text.updated_by_id = unit.now, by.pk if by else None
    unit.session.add(text)
    unit.session.flush()
    if text.published_at and article.archived_at is None:
        index.put(unit, article.brand_id, text)


def publish(unit: Unit, article: Article, text: ArticleText) -> None:
    """What was written is what readers see from now on. Raises Invalid when there is nothing to read."""
    if not text.title:
        raise Invalid(lazy("an article needs a title before it is published"), field="title")
    if not rich.text_of(text.body).strip():
        raise Invalid(lazy("write something before you publish"), field="body")
    text.live_title, text.live_body, text.published_at = text.title, text.body, unit.now
    unit.session.add(text)
    unit.session.flush()
    if article.archived_at is None:
        index.put(unit, article.brand_id, text)


def withdraw(unit: Unit, text: ArticleText) -> None:
    """Readers do not see it any more; what was written stays."""
    text.live_title, text.live_body, text.published_at = "", "", None
    unit.session.add(text)
    index.take(unit, text)


def archive(unit: Unit, article: Article) -> None:
    """Gone from lists and searches, with all of its languages; nothing of it is lost."""
    article.archived_at = article.archived_at or unit.now
    unit.session.add(article)
    for text in list_texts(unit, article).values():
        index.take(unit, text)


def restore(unit: Unit, article: Article) -> None:
    article.archived_at = None
    unit.session.add(article)
    for text in list_texts(unit, article).values():
        if text.published_at:
            index.put(unit, article.brand_id, text)


def place(unit: Unit, article: Article, category: ArticleCategory | None) -> None:
    article.category_id = category.pk if category else None
    unit.session.add(article)


def move(unit: Unit, article: Article, step: int) -> None:
    """Up or down among the articles of its category."""
    category = col(Article.category_id)
    same = category.is_(None) if article.category_id is None else category == article.category_id
    beside: Sequence[Article] = unit.session.scalars(
        select(Article)
        .where(col(Article.brand_id) == article.brand_id, same, col(Article.archived_at).is_(None))
        .order_by(col(Article.position), col(Article.id))
    ).all()
    order = [one for one in beside if one.pk != article.pk]
    order.insert(max(0, [one.pk for one in beside].index(article.pk) + step), article)
    for one, position in zip(order, sorted(one.position for one in beside), strict=True):
        one.position = position
        unit.session.add(one)


def is_changed(text: ArticleText) -> bool:
    """Whether something was written that readers do not see yet."""
    return text.published_at is not None and (text.title, text.body) != (text.live_title, text.live_body)


def _keywords(given: str) -> str:
    words = (" ".join(line.split()) for line in given.replace("、", "\n").replace(",", "\n").split("\n"))
    return "\n".join(dict.fromkeys(word for word in words if word))[:LONGEST_KEYWORDS]


def _address(given: str) -> str:
    url = given.strip()
    if url and not url.startswith(("https://", "http://")):
        raise Invalid(lazy("an address begins with https://"), field="url")
    return url[:1000]
