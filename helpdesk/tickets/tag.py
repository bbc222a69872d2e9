"""Tags on a ticket, by whom they were set, and the brand's list of tags."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy
from sqlalchemy import bindparam
from sqlmodel import col, select

from helpdesk import i18n
from helpdesk.errors import Invalid
from helpdesk.models import Agent, Brand, Tag, TagAlias, Ticket, TicketTag
from helpdesk.store.db import Unit
from helpdesk.tickets import log, starting_tags

PRODUCT = "product"  # kind of a tag that names goods, and how its name begins: product:kitchen
COLOURS = ("", "red", "amber", "green", "blue")
NAME = re.compile(r"[\w][\w :/&.\-]{0,58}")


@dataclass(frozen=True, slots=True)
class TagOn:
    """A tag as it is shown on a ticket; `label` in the reader's language."""

    name: str
    label: str
    colour: str
    source: str
    score: float | None


def ensure_tags(unit: Unit, brand: Brand) -> None:
    """Give the brand every tag that the classifier and the built-in macros set; keeps what the brand changed."""
    there = set(unit.session.exec(select(Tag.name).where(Tag.brand_id == brand.id)))
    for start in starting_tags.TAGS:
        if start.name not in there:
            labels = {"ja": start.ja, "en": start.en}
            unit.session.add(_new(unit, brand.pk, start.name, labels, kind=start.kind, colour=start.colour))
    unit.session.flush()


def list_tags(unit: Unit, ticket_ids: Collection[int]) -> dict[int, list[TagOn]]:
    """Tags of many tickets in one query: agents' first, then by score."""
    rows = unit.session.execute(_on(), {"tickets": list(ticket_ids)})
    found: dict[int, list[TagOn]] = defaultdict(list)
    for on, tag in rows:
        found[on.ticket_id].append(TagOn(tag.name, label(tag), tag.colour, on.source, on.score))
    for tags in found.values():
        tags.sort(key=lambda tag: (tag.source == "auto", -(tag.score or 0), tag.name))
    return found


@cache
def _on() -> Any:
    return (
        sqlalchemy.select(TicketTag, Tag)
        .join(Tag, col(Tag.id) == col(TicketTag.tag_id))
        .where(col(TicketTag.ticket_id).in_(bindparam("tickets", expanding=True)))
    )


def label(tag: Tag) -> str:
    return str(tag.labels.get(i18n.language()) or tag.labels.get("en") or tag.name)


def add(
    unit: Unit,
    ticket: Ticket,
    name: str,
    *,
    by: Agent | None,
    source: str = "agent",
    score: float | None = None,
) -> bool:
    """True when the ticket did not have it. Unknown names become tags of the brand."""
    tag = get_or_create(unit, ticket.brand_id, name)
    on = unit.session.get(TicketTag, (ticket.pk, tag.pk))
    if on is None:
        unit.session.add(
            TicketTag(ticket_id=ticket.pk, tag_id=tag.pk, source=source, score=score, created_at=unit.now)
        )
        log.write(unit, ticket, "tagged", by=by, tag=tag.name, source=source, score=score)
        unit.session.flush()
        return True
    on.score = score if score is not None else on.score
    if source != "auto":
        on.source = source
    return False


def add_automatic(unit: Unit, ticket: Ticket, scores: Mapping[str, float]) -> set[str]:
    """What the classifier found: adds what is new, refreshes the score of what is there.

    Returns their names as they are now.
    """
    if not scores:
        return set()
    known = select(Tag).where(Tag.brand_id == ticket.brand_id, col(Tag.name).in_(scores))
    there = select(TicketTag).where(TicketTag.ticket_id == ticket.id)
    on = {one.tag_id: one for one in unit.session.exec(there)}
    tags = {tag.name: tag for tag in unit.session.exec(known)}
    set_now: set[str] = set()
    for name, score in scores.items():
        tag = tags.get(name) or _find_called_now(unit, ticket.brand_id, name)
        if tag is None or tag.name in set_now:
            continue
        set_now.add(tag.name)
        if tag.pk in on:
            on[tag.pk].score = score
            continue
        row = TicketTag(ticket_id=ticket.pk, tag_id=tag.pk, source="auto", score=score, created_at=unit.now)
        unit.session.add(row)
        log.write(unit, ticket, "tagged", tag=tag.name, source="auto", score=score)
    return set_now


def _find_called_now(unit: Unit, brand_id: int, name: str) -> Tag | None:
    """None for a tag that the brand deleted since the model learned it."""
    if name in starting_tags.NAMES:
        return get_or_create(unit, brand_id, name)
    return _find_merged(unit, brand_id, name)


def remove(unit: Unit, ticket: Ticket, name: str, *, by: Agent | None) -> bool:
    """True when the ticket had it."""
    tag = unit.session.exec(select(Tag).where(Tag.brand_id == ticket.brand_id, Tag.name == name)).first()
    on = unit.session.get(TicketTag, (ticket.pk, tag.pk)) if tag else None
    if on is None:
        return False
    before = {"source": on.source, "score": on.score}
    unit.session.delete(on)
    unit.session.flush()
    log.write(unit, ticket, "untagged", by=by, tag=name, **before)
    return True


def remove_automatic(unit: Unit, ticket: Ticket, names: Collection[str]) -> None:
    """Take away what the classifier set; what an agent set stays."""
    for on in list_tags(unit, [ticket.pk]).get(ticket.pk, []):
        if on.name in names and on.source == "auto":
            remove(unit, ticket, on.name, by=None)


def get_or_create(unit: Unit, brand_id: int, name: str) -> Tag:
    name = name.strip()
    if not NAME.fullmatch(name):
        raise Invalid("a tag is 1 to 59 letters, digits, spaces or : / & . -", field="tag")
    tag = unit.session.exec(select(Tag).where(Tag.brand_id == brand_id, Tag.name == name)).first()
    tag = tag or _find_merged(unit, brand_id, name)
    return tag or _create(unit, brand_id, name, {"ja": name, "en": name}, kind="own", colour="")


def _find_merged(unit: Unit, brand_id: int, name: str) -> Tag | None:
    """The tag into which the one of this name went."""
    wanted = (
        select(Tag)
        .join(TagAlias, (col(TagAlias.brand_id) == col(Tag.brand_id)) & (col(TagAlias.into) == col(Tag.name)))
        .where(TagAlias.brand_id == brand_id, TagAlias.name == name)
    )
    return unit.session.exec(wanted).first()


def find_by_word(unit: Unit, brand_id: int, word: str) -> Tag | None:
    """A tag by its name, by what people see of it in any language, or by what they call it beside that."""
    wanted = folded(word)
    tags = unit.session.exec(select(Tag).where(Tag.brand_id == brand_id).order_by(col(Tag.name))).all()
    by_name = next((one for one in tags if folded(one.name) == wanted), None)
    by_label = next((one for one in tags if wanted in map(folded, one.labels.values())), None)
    return by_name or by_label or _by_alias(unit, brand_id, wanted, {one.name: one for one in tags})


def _by_alias(unit: Unit, brand_id: int, wanted: str, tags: Mapping[str, Tag]) -> Tag | None:
    rows = unit.session.exec(select(TagAlias.name, TagAlias.into).where(TagAlias.brand_id == brand_id))
    return next((tags[into] for name, into in rows if folded(name) == wanted and into in tags), None)


def folded(word: str) -> str:
    """As it is compared: whether typed wide or narrow, large or small."""
    return " ".join(unicodedata.normalize("NFKC", word).casefold().split())


def create(
    unit: Unit, brand_id: int, name: str, *, labels: Mapping[str, str] | None = None, colour: str = ""
) -> Tag:
    """A new tag of the brand's own; without labels it is called by its name everywhere.

    Of a name whose tag went into another it is that one.
    """
    if not NAME.fullmatch(name.strip()):
        raise Invalid("a tag is 1 to 59 letters, digits, spaces or : / & . -", field="tag")
    if colour not in COLOURS:
        raise Invalid("the colour is red, amber, green, blue or none", field="colour")
    said = {language: " ".join(one.split()) for language, one in (labels or {}).items() if one.strip()}
    if merged := _find_merged(unit, brand_id, name.strip()):
        return merged
    names = {"ja": name.strip(), "en": name.strip()} | said
    return _create(unit, brand_id, name.strip(), names, kind="own", colour=colour)


def _create(unit: Unit, brand_id: int, name: str, labels: dict[str, str], *, kind: str, colour: str) -> Tag:
    tag = _new(unit, brand_id, name, labels, kind=kind, colour=colour)
    unit.session.add(tag)
    unit.session.flush()
    return tag


def _new(unit: Unit, brand_id: int, name: str, labels: dict[str, str], *, kind: str, colour: str) -> Tag:
    return Tag(brand_id=brand_id, name=name, labels=labels, kind=kind, colour=colour, created_at=unit.now)
