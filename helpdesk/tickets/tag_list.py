"""A brand's list of tags: names for people, colours, and how many tickets carry each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete as sql_delete
from sqlalchemy import func, or_, update
from sqlmodel import col, select

from helpdesk.access import Access
from helpdesk.errors import Conflict, Invalid, NotFound
from helpdesk.models import Correction, Tag, TagAlias, TicketTag
from helpdesk.store.db import Unit
from helpdesk.tickets import starting_tags
from helpdesk.tickets.tag import NAME, find_by_word, label

OWN = "own"
UNUSED_FOR = timedelta(days=90)
LONGEST_ALIAS = 60
COLOURS = ("red", "amber", "green", "blue")


@dataclass(frozen=True, slots=True)
class Rest:
    """A tag of the brand's own that nobody needs any more. `last_at` is None where no ticket has it."""

    tag: Tag
    used: int
    last_at: datetime | None


def list_unused(unit: Unit, brand_id: int) -> list[Rest]:
    """Of the brand's own tags those that no ticket got lately, the longest unused first."""
    used, last = func.count(col(TicketTag.ticket_id)), func.max(col(TicketTag.created_at))
    wanted = (
        select(Tag, used, last)
        .outerjoin(TicketTag, col(TicketTag.tag_id) == col(Tag.id))
        .where(Tag.brand_id == brand_id, Tag.kind == OWN, col(Tag.created_at) < unit.now - UNUSED_FOR)
        .group_by(col(Tag.id))
        .having(or_(last.is_(None), last < unit.now - UNUSED_FOR))
        .order_by(last.is_not(None), last, col(Tag.name))
    )
    return [
        Rest(tag, int(n), at)
        for tag, n, at in unit.session.exec(wanted)
        if tag.name not in starting_tags.NAMES
    ]


def list_aliases(unit: Unit, tag: Tag) -> list[str]:
    """What people type, or typed once, and mean this tag."""
    wanted = select(TagAlias.name).where(TagAlias.brand_id == tag.brand_id, TagAlias.into == tag.name)
    return list(unit.session.exec(wanted.order_by(col(TagAlias.name))))


def add_alias(unit: Unit, tag: Tag, word: str) -> None:
    """Whoever types this word on a ticket gets the tag. Raises Invalid for a word that leads elsewhere already."""
    word = " ".join(word.split())
    if not word or len(word) > LONGEST_ALIAS:
        raise Invalid("write a word of 1 to 60 characters", field="alias")
    found = find_by_word(unit, tag.brand_id, word)
    if found is not None and found.pk != tag.pk:
        raise Invalid("this word leads to the tag %(tag)s already", field="alias", tag=label(found))
    if found is None:
        row = TagAlias(brand_id=tag.brand_id, name=word, into=tag.name, created_at=unit.now)
        unit.session.add(row)
        unit.session.flush()


def remove_alias(unit: Unit, tag: Tag, word: str) -> None:
    """Raises Conflict for the name of a tag that went into this one: what was learned of it would be lost."""
    learned = select(Correction.id).where(Correction.brand_id == tag.brand_id, Correction.value == word)
    if unit.session.exec(learned.limit(1)).first() is not None:
        raise Conflict("the classifier has learned from tickets under this name; it has to stay")
    unit.session.execute(
        sql_delete(TagAlias).where(
            col(TagAlias.brand_id) == tag.brand_id, col(TagAlias.into) == tag.name, col(TagAlias.name) == word
        )
    )


def list_used(unit: Unit, brand_id: int) -> list[tuple[Tag, int]]:
    """The most used first."""
    used = func.count(col(TicketTag.ticket_id))
    wanted = (
        select(Tag, used)
        .outerjoin(TicketTag, col(TicketTag.tag_id) == col(Tag.id))
        .where(Tag.brand_id == brand_id)
        .group_by(col(Tag.id))
        .order_by(used.desc(), col(Tag.name))
    )
    return [(tag, int(n)) for tag, n in unit.session.exec(wanted)]


def count_used(unit: Unit, tag: Tag) -> int:
    return (
        unit.session.scalar(select(func.count()).select_from(TicketTag).where(TicketTag.tag_id == tag.pk))
        or 0
    )


def get_tag(unit: Unit, access: Access, key: str) -> Tag:
    tag = unit.session.exec(select(Tag).where(Tag.key == key)).first()
    if tag is None:
        raise NotFound("there is no such tag")
    access.require_brand(tag.brand_id)
    return tag


def create(unit: Unit, brand_id: int, *, name: str, labels: Mapping[str, str], colour: str) -> Tag:
    """Raises Invalid for a name that is taken or cannot be one."""
    if not NAME.fullmatch(name):
        raise Invalid("a tag is 1 to 59 letters, digits, spaces or : / & . -", field="name")
    if (
        unit.session.exec(select(Tag.id).where(Tag.brand_id == brand_id, Tag.name == name)).first()
        is not None
    ):
        raise Invalid("the brand has this tag already", field="name")
    merged = select(TagAlias.into).where(TagAlias.brand_id == brand_id, TagAlias.name == name)
    if into := unit.session.exec(merged).first():
        raise Invalid("this tag went into %(into)s; use that one or another name", field="name", into=into)
    tag = Tag(brand_id=brand_id, name=name, kind=OWN, created_at=unit.now)
    change(tag, labels=labels, colour=colour)
    unit.session.add(tag)
    unit.session.flush()
    return tag


def change(tag: Tag, *, labels: Mapping[str, str], colour: str) -> None:
    """The name stays: rules, macros and reports know the tag by it."""
    tag.labels = dict(labels) or {"en": tag.name}
    tag.colour = colour


def delete(unit: Unit, tag: Tag) -> None:
    """Off every ticket; their logs still tell of it. The classifier's own tags stay."""
    if tag.kind != OWN:
        raise Conflict("this tag is set by the classifier or a macro; it can be renamed, not deleted")
    aliases = col(TagAlias.brand_id) == tag.brand_id, col(TagAlias.into) == tag.name
    unit.session.execute(sql_delete(TagAlias).where(*aliases))
    unit.session.execute(sql_delete(TicketTag).where(col(TicketTag.tag_id) == tag.pk))
    unit.session.delete(tag)


def merge(unit: Unit, source: Tag, target: Tag) -> int:
    """Every ticket with `source` gets `target`, and what was learnt of one is the other's; returns how many tickets.

    Raises Conflict for tags that the classifier or a macro sets: those would come back.
    """
    if source.pk == target.pk or source.brand_id != target.brand_id:
        raise Invalid("choose another tag of the same brand", field="into")
    if source.kind != OWN or source.name in starting_tags.NAMES:
        raise Conflict("this tag is set by the classifier or a macro; it can be renamed, not merged")
    both = select(TicketTag.ticket_id).where(TicketTag.tag_id == target.pk)
    moved = unit.session.execute(
        update(TicketTag)
        .where(col(TicketTag.tag_id) == source.pk, col(TicketTag.ticket_id).not_in(both))
        .values(tag_id=target.pk)
        .execution_options(synchronize_session=False)
    )
    unit.session.execute(sql_delete(TicketTag).where(col(TicketTag.tag_id) == source.pk))
    _remember(unit, source, target)
    unit.session.delete(source)
    unit.session.flush()
    return int(getattr(moved, "rowcount", 0))


def _remember(unit: Unit, source: Tag, target: Tag) -> None:
    """One step leads to the tag of today, however often tags were merged."""
    unit.session.execute(
        update(TagAlias)
        .where(col(TagAlias.brand_id) == source.brand_id, col(TagAlias.into) == source.name)
        .values(into=target.name)
        .execution_options(synchronize_session=False)
    )
    unit.session.add(
        TagAlias(brand_id=source.brand_id, name=source.name, into=target.name, created_at=unit.now)
    )
