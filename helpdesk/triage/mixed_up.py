"""Which tag is taken for which: counted on unseen messages, and on this brand's tickets as its team corrected them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from classifiers.language import settle
from helpdesk.models import Correction, Ticket
from helpdesk.store.db import Unit
from helpdesk.triage.lessons import verdicts

SINCE = timedelta(days=180)
EXAMPLES = 3
PAIRS = 8
MOST_READ = 4000  # corrections, the newest


@dataclass(frozen=True, slots=True)
class Example:
    key: str
    number: int
    words: str


@dataclass(frozen=True, slots=True)
class Pair:
    """`n` of the unseen messages, `corrected` of this brand's tickets; the newest of these as examples."""

    wanted: str
    said: str
    n: int
    corrected: int
    examples: tuple[Example, ...]


Corrected = Mapping[tuple[str, str, str], Sequence[int]]  # language, wanted, said → tickets, the newest first


def list_pairs(unit: Unit, brand_id: int, figures: Mapping[str, Any]) -> dict[str, list[Pair]]:
    """By language; what the team itself met comes first."""
    corrected = _corrected(unit, brand_id)
    counted = {
        (language, one["wanted"], one["said"]): int(one["n"])
        for language, part in figures.items()
        for one in part.get("confusions", ())
    }
    chosen: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for place in sorted(
        {*corrected, *counted}, key=lambda one: (-len(corrected.get(one, ())), -counted.get(one, 0), one)
    ):
        if len(chosen[place[0]]) < PAIRS:
            chosen[place[0]].append(place)
    shown = [place for places in chosen.values() for place in places]
    tickets = _examples(unit, {pk for place in shown for pk in corrected.get(place, ())[:EXAMPLES]})
    return {
        language: [_pair(place, counted, corrected, tickets) for place in places]
        for language, places in chosen.items()
    }


def _corrected(unit: Unit, brand_id: int) -> Corrected:
    """Taken off and put on, on one ticket, and neither taken back."""
    wanted = (
        select(
            *(col(Correction.ticket_id), col(Correction.kind), col(Correction.value), col(Correction.score)),
            col(Correction.language),
        )
        .where(
            col(Correction.brand_id) == brand_id,
            col(Correction.kind).in_(("tag_added", "tag_removed", "tag_confirmed")),
            col(Correction.created_at) >= unit.now - SINCE,
        )
        .order_by(col(Correction.id).desc())
        .limit(MOST_READ)
    )
    told: dict[int, list[tuple[str, str]]] = defaultdict(list)
    own: set[tuple[int, str]] = set()
    spoken: dict[int, str] = {}
    for ticket_id, kind, name, score, language in unit.rows(wanted):
        told[ticket_id].insert(0, (kind, name))
        spoken.setdefault(ticket_id, settle(language, ""))
        if score is not None:
            own.add((ticket_id, name))
    found: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for ticket_id, kinds in told.items():
        settled = verdicts(kinds)
        wrong = [name for name, stands in settled.items() if not stands and (ticket_id, name) in own]
        right = [name for name, stands in settled.items() if stands]
        for place in ((spoken[ticket_id], good, bad) for good in right for bad in wrong):
            found[place].append(ticket_id)
    return found


def _examples(unit: Unit, ids: set[int]) -> dict[int, Example]:
    wanted = select(
        col(Ticket.id), col(Ticket.key), col(Ticket.number), col(Ticket.subject), col(Ticket.preview)
    ).where(col(Ticket.id).in_(ids))
    return {
        pk: Example(key, number, subject or preview)
        for pk, key, number, subject, preview in (unit.rows(wanted) if ids else ())
    }


def _pair(
    place: tuple[str, str, str],
    counted: Mapping[tuple[str, str, str], int],
    corrected: Corrected,
    tickets: Mapping[int, Example],
) -> Pair:
    _language, wanted, said = place
    ids = corrected.get(place, ())
    shown = tuple(tickets[pk] for pk in ids[:EXAMPLES] if pk in tickets)
    return Pair(wanted, said, counted.get(place, 0), len(ids), shown)
