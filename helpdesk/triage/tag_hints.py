"""Tags that need somebody: taken off too often, often wrong, rarely found, hardly taught, or used by nobody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import distinct, func, select
from sqlmodel import col

from helpdesk.models import Correction, Tag, TicketTag
from helpdesk.store.db import Unit
from helpdesk.tickets import starting_tags
from helpdesk.tickets.tag import PRODUCT
from helpdesk.triage.lessons import FEWEST
from helpdesk.triage.measured import TagLine

LATELY = timedelta(days=56)
UNUSED = timedelta(days=90)
LEAST_TAKEN, TAKEN_SHARE = 5, 0.3
LEAST_SHOWN, RIGHT_SHARE = 10, 0.7
LEAST_ASKED, FOUND_SHARE = 30, 0.3


@dataclass(frozen=True, slots=True)
class Hint:
    """`kind` is taken_off (n of `of` tickets), wrong or missed (n of `of` unseen messages), learning (n of `of`
    examples); `language` is empty where it is about both."""

    kind: str
    name: str
    n: int
    of: int
    language: str = ""


@dataclass(frozen=True, slots=True)
class Hints:
    """`unused` are names of tags that no ticket has carried lately."""

    listed: tuple[Hint, ...]
    unused: tuple[str, ...]


def find(unit: Unit, brand_id: int, tags: Sequence[Tag], lines: Iterable[TagLine]) -> Hints:
    """What people did comes before what was measured."""
    mine = {one.name for one in tags}
    hints = [
        *_taken_off(unit, brand_id, mine),
        *[hint for hint in measured(lines) if hint.name in mine],
        *_learning(unit, brand_id, tags),
    ]
    return Hints(tuple(hints), _unused(unit, tags))


def measured(lines: Iterable[TagLine]) -> list[Hint]:
    """Pure: by what unseen messages say."""
    hints = []
    for line in lines:
        for language, one in line.by.items():
            if one.shown >= LEAST_SHOWN and one.hits < RIGHT_SHARE * one.shown:
                hints.append(Hint("wrong", line.name, one.shown - one.hits, one.shown, language))
            if one.n >= LEAST_ASKED and one.hits < FOUND_SHARE * one.n:
                hints.append(Hint("missed", line.name, one.hits, one.n, language))
    return hints


def _taken_off(unit: Unit, brand_id: int, mine: set[str]) -> list[Hint]:
    since = unit.now - LATELY
    taken = _tickets(unit, brand_id, ("tag_removed",), col(Correction.score).is_not(None), since)
    standing = dict(
        unit.rows(
            select(col(Tag.name), func.count())
            .join(TicketTag, col(TicketTag.tag_id) == col(Tag.id))
            .where(
                col(Tag.brand_id) == brand_id,
                col(TicketTag.score).is_not(None),
                col(TicketTag.created_at) >= since,
            )
            .group_by(col(Tag.name))
        )
    )
    hints = [
        Hint("taken_off", name, n, n + int(standing.get(name, 0)))
        for name, n in taken.items()
        if name in mine
    ]
    ill = [one for one in hints if one.n >= LEAST_TAKEN and one.n >= TAKEN_SHARE * one.of]
    return sorted(ill, key=lambda one: (-one.n, one.name))


def _learning(unit: Unit, brand_id: int, tags: Sequence[Tag]) -> list[Hint]:
    own = [one.name for one in tags if one.kind == "own" and one.name not in starting_tags.NAMES]
    taught = _tickets(unit, brand_id, ("tag_added", "tag_confirmed"), col(Correction.value).in_(own), None)
    return [
        Hint("learning", name, taught.get(name, 0), FEWEST)
        for name in sorted(own)
        if taught.get(name, 0) < FEWEST
    ]


def _tickets(
    unit: Unit, brand_id: int, kinds: Sequence[str], which: object, since: object
) -> Mapping[str, int]:
    wanted = (
        select(col(Correction.value), func.count(distinct(col(Correction.ticket_id))))
        .where(col(Correction.brand_id) == brand_id, col(Correction.kind).in_(kinds), which)  # type: ignore[arg-type]
        .group_by(col(Correction.value))
    )
    if since is not None:
        wanted = wanted.where(col(Correction.created_at) >= since)
    return {name: int(n) for name, n in unit.rows(wanted)}


def _unused(unit: Unit, tags: Sequence[Tag]) -> tuple[str, ...]:
    """Of those that have been there for so long."""
    old = [one for one in tags if one.created_at < unit.now - UNUSED and one.kind != PRODUCT]
    used = (
        select(col(TicketTag.tag_id))
        .where(
            col(TicketTag.tag_id).in_([one.pk for one in old]), col(TicketTag.created_at) >= unit.now - UNUSED
        )
        .distinct()
    )
    carried = {pk for (pk,) in unit.rows(used)} if old else set()
    return tuple(sorted(one.name for one in old if one.pk not in carried))
