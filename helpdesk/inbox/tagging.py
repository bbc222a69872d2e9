"""Tags beside a ticket, read in the same query as the ticket itself. Used by listing and conversation."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ScalarSelect, String, bindparam, cast, func, select
from sqlmodel import col

from helpdesk.access import Access
from helpdesk.i18n import language
from helpdesk.models import Brand, Tag, Ticket, TicketTag
from helpdesk.store.db import Unit

TAGS = (
    select(
        *(col(Brand.id), col(Brand.name), col(Tag.id), col(Tag.name)),
        *(cast(col(Tag.labels), String).label("labels"), col(Tag.colour)),
    )
    .outerjoin(Tag, col(Tag.brand_id) == col(Brand.id))
    .where(col(Brand.id).in_(bindparam("brands", expanding=True)))
    .order_by(col(Brand.id), col(Tag.name))
)


@dataclass(frozen=True, slots=True)
class TagMark:
    """A tag as people see it. `score` is what the classifier thought, where it was the classifier."""

    name: str
    label: str
    colour: str
    source: str = ""
    score: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Book:
    """What a page looks up again and again: the agent's brands, and their tags in the reader's language.

    The same object for all who see the same brands in the same language, until a tag changes.
    """

    brands: dict[int, str]
    tags: dict[int, tuple[int, TagMark]]  # by id, with the brand

    def labels(self, brand_id: int | None = None) -> dict[str, str]:
        """Name to label, of one brand or of all."""
        return {mark.name: mark.label for brand, mark in self.tags.values() if brand_id in (None, brand)}

    def of_brand(self, brand_id: int) -> list[TagMark]:
        return [mark for brand, mark in self.tags.values() if brand == brand_id]


def read_book(unit: Unit, access: Access) -> Book:
    return _book(language(), tuple(unit.rows(TAGS, {"brands": access.brand_ids})))


@lru_cache(256)
def _book(_language: str, rows: tuple[Any, ...]) -> Book:
    book = Book({}, {})
    for brand, brand_name, pk, name, labels, colour in rows:
        book.brands[brand] = brand_name
        if pk is not None:
            book.tags[pk] = (brand, TagMark(name, label_of(json.loads(labels), name), colour))
    return book


def label_of(labels: dict[str, str], name: str) -> str:
    return labels.get(language()) or labels.get("en") or name.replace("_", " ")


def marks() -> ScalarSelect[str]:
    """`12:auto:0.97,15:agent:` — a ticket's tags as one column of a query over tickets."""
    score = func.coalesce(cast(col(TicketTag.score), String), "")
    mark = cast(col(TicketTag.tag_id), String) + ":" + col(TicketTag.source) + ":" + score
    return (
        select(func.aggregate_strings(mark, ","))
        .where(col(TicketTag.ticket_id) == col(Ticket.id))
        .correlate(Ticket)
        .scalar_subquery()
    )


def read_marks(text: str | None, book: Book) -> tuple[TagMark, ...]:
    """The tags of a `marks` column: coloured ones first, then by certainty."""
    found = [_mark(part, book) for part in (text or "").split(",") if part]
    return tuple(sorted((mark for mark in found if mark), key=_weight))


def _mark(part: str, book: Book) -> TagMark | None:
    pk, source, score = part.split(":")
    if int(pk) not in book.tags:
        return None
    plain = book.tags[int(pk)][1]
    return TagMark(plain.name, plain.label, plain.colour, source, float(score) if score else None)


def _weight(mark: TagMark) -> tuple[int, float, str]:
    order = {"red": 0, "amber": 1}
    return order.get(mark.colour, 2), -(mark.score if mark.score is not None else 1.0), mark.name
