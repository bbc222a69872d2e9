"""What the team taught, as rows to learn from. How sure a row is depends on who said it:

- a tag put on, or accepted, by an agent: yes, weighing five rows of the corpus; a tag taken off: no, as heavy;
- a correction that was taken back, and tickets that nobody touched: nothing;
- tags of the classifier that stood when an agent closed the ticket: a faint yes;
- an urgency set by an agent: the grade of the text, without saying anything of its tags;
- a tag that one agent alone takes off again and again: nothing, until a second person does so or a lead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlmodel import col

from classifiers import TAG_IDS, Row
from classifiers.language import settle
from helpdesk.customers.private_numbers import blank
from helpdesk.models import (
    Correction,
    Direction,
    Event,
    Message,
    Status,
    Tag,
    TagAlias,
    Ticket,
    TicketTag,
)
from helpdesk.store.db import Unit
from helpdesk.tickets.tag import PRODUCT
from helpdesk.triage.alone import Alone, find_alone, list_leads

SAID, KEPT, GRADED = 5.0, 0.5, 1.0
MOST_KEPT = 500  # of the newest tickets: what the classifier says itself must not drown what people say
FEWEST = 5  # examples of a brand's own tag: of fewer a model would only guess
GRADES = {"low": 0, "normal": 1, "high": 2, "urgent": 3}


@dataclass(frozen=True, slots=True)
class Lessons:
    """`through` is the newest correction that was looked at, `alone` what waits for a second person."""

    rows: tuple[Row, ...]
    through: int
    alone: tuple[Alone, ...] = ()


class _Text(NamedTuple):
    ticket_id: int
    subject: str
    text: str
    language: str


class _Known(NamedTuple):
    """The brand's tags by name, whether each is one of the classifier's, and what merged ones are called now."""

    intents: dict[str, bool]
    aliases: dict[str, str]

    def find(self, name: str) -> str | None:
        """None for a tag that was deleted: nobody wants it to come back."""
        name = self.aliases.get(name, name)
        return name if name in self.intents else None


def gather(
    unit: Unit,
    brand_id: int,
    *,
    through: int | None = None,
    until: datetime | None = None,
    fewest: int = FEWEST,
) -> Lessons:
    """All there is now, or what there was up to the correction `through` and the moment `until`."""
    known = _known(unit, brand_id)
    corrections = _corrections(unit, brand_id, through)
    said: dict[_Text, list[Correction]] = {}
    for one in corrections:
        if one.text.strip() or one.subject.strip():
            said.setdefault(_Text(one.ticket_id, one.subject, one.text, one.language), []).append(one)
    standing = _standing(unit, {text.ticket_id for text in said})
    alone = find_alone(_refusals(said, known), list_leads(unit))
    unsure = {one.tag for one in alone}
    rows: list[Row] = []
    for text, told in said.items():
        rows += _taught(text, told, known, standing.get(text.ticket_id, ()), unsure)
    rows += _kept(unit, brand_id, known, until, {text.ticket_id for text in said})
    through = corrections[-1].pk if corrections else 0
    return Lessons(tuple(without_rare(rows, fewest)), through, tuple(alone))


def newest(unit: Unit, brand_id: int) -> int:
    """The newest correction of a brand, 0 without any."""
    wanted = select(func.max(col(Correction.id))).where(col(Correction.brand_id) == brand_id)
    return int(unit.session.scalar(wanted) or 0)


def forgotten_since(unit: Unit, brand_id: int, moment: datetime) -> bool:
    """Whether words that taught something were taken back after it."""
    wanted = select(col(Correction.id)).where(
        col(Correction.brand_id) == brand_id, col(Correction.forgotten_at) >= moment
    )
    return unit.session.scalar(wanted.limit(1)) is not None


def without_rare(rows: Sequence[Row], fewest: int) -> list[Row]:
    """A brand's own tags with fewer examples are not learnt yet; rows that then say nothing go."""
    examples = Counter(tag for row in rows for tag in row.tags)
    rare = {tag for tag, n in examples.items() if n < fewest and tag not in TAG_IDS}
    kept = [replace(row, tags=tuple(tag for tag in row.tags if tag not in rare)) for row in rows]
    return [row for row in kept if row.tags or row.denied or row.denied is None or row.urgency is not None]


def verdicts(corrections: Iterable[tuple[str, str]]) -> dict[str, bool]:
    """Kinds and tags in their order → is the message about it? Without those that were taken back."""
    told: dict[str, list[str]] = {}
    for kind, name in corrections:
        if kind.startswith("tag_"):
            told.setdefault(name, []).append(kind)
    settled = {}
    for name, kinds in told.items():
        was, stands = kinds[0] != "tag_added", kinds[-1] != "tag_removed"
        if was != stands or kinds[-1] == "tag_confirmed":
            settled[name] = stands
    return settled


def _refusals(said: Mapping[_Text, Sequence[Correction]], known: _Known) -> Iterator[tuple[str, int, int]]:
    for text, told in said.items():
        for name, stands in verdicts(_named(told, known)).items():
            if not stands:
                last = [one for one in told if one.kind == "tag_removed" and known.find(one.value) == name][
                    -1
                ]
                if last.score is not None:  # a suggestion that is refused silences nothing
                    yield name, last.agent_id, text.ticket_id


def _named(told: Iterable[Correction], known: _Known) -> list[tuple[str, str]]:
    return [(one.kind, name) for one in told if (name := known.find(one.value)) is not None]


def _known(unit: Unit, brand_id: int) -> _Known:
    tags = unit.rows(select(col(Tag.name), col(Tag.kind)).where(col(Tag.brand_id) == brand_id))
    aliases = unit.rows(
        select(col(TagAlias.name), col(TagAlias.into)).where(col(TagAlias.brand_id) == brand_id)
    )
    own = {name: kind == "intent" for name, kind in tags if kind != PRODUCT}  # goods are found by their names
    return _Known(own, dict(aliases))


def _corrections(unit: Unit, brand_id: int, through: int | None) -> Sequence[Correction]:
    wanted = select(Correction).where(col(Correction.brand_id) == brand_id).order_by(col(Correction.id))
    if through is not None:
        wanted = wanted.where(col(Correction.id) <= through)
    return unit.session.scalars(wanted).all()


def _standing(unit: Unit, ticket_ids: set[int]) -> dict[int, list[tuple[str, datetime]]]:
    """By ticket: the tags on it, and since when."""
    found: dict[int, list[tuple[str, datetime]]] = {}
    wanted = (
        select(col(TicketTag.ticket_id), col(Tag.name), col(TicketTag.created_at))
        .join(Tag, col(Tag.id) == col(TicketTag.tag_id))
        .where(col(TicketTag.source) != "macro")
        .order_by(col(TicketTag.ticket_id), col(Tag.name))
    )
    ids = sorted(ticket_ids)
    for start in range(0, len(ids), 500):
        for ticket_id, name, since in unit.rows(
            wanted.where(col(TicketTag.ticket_id).in_(ids[start : start + 500]))
        ):
            found.setdefault(ticket_id, []).append((name, since))
    return found


def _taught(
    text: _Text,
    told: Sequence[Correction],
    known: _Known,
    standing: Sequence[tuple[str, datetime]],
    unsure: Collection[str],
) -> list[Row]:
    named = _named(told, known)
    settled = verdicts(named)
    yes = [name for name, stands in settled.items() if stands]
    no = [name for name, stands in settled.items() if not stands and name not in unsure]
    rows = []
    if any(known.intents[name] and ("tag_added", name) in named for name in yes):
        # Whoever says what it is about has seen the other tags: what was left on it is meant too, and no more.
        last = max(one.created_at for one in told)
        left = [name for name, since in standing if since <= last and name not in no]
        whole = all(stands or name not in unsure for name, stands in settled.items())
        rows.append(_row(text, [*yes, *left], None if whole else no, SAID))
    elif yes or no:
        rows.append(_row(text, yes, no, SAID))
    grades = [GRADES[one.value] for one in told if one.kind == "urgency" and one.value in GRADES]
    if grades:
        rows.append(_row(text, [], [], GRADED, urgency=grades[-1]))
    return rows


def _kept(unit: Unit, brand_id: int, known: _Known, until: datetime | None, beside: set[int]) -> list[Row]:
    """Tickets that an agent closed as the classifier had tagged them, with one message, so that it is clear which."""
    closed = select(col(Event.ticket_id)).where(
        col(Event.brand_id) == brand_id, col(Event.name) == "closed", col(Event.agent_id).is_not(None)
    )
    if until is not None:
        closed = closed.where(col(Event.created_at) <= until)
    one_message = (
        select(func.count())
        .select_from(Message)
        .where(col(Message.ticket_id) == col(Ticket.id), col(Message.direction) == Direction.IN)
        .correlate(Ticket)
        .scalar_subquery()
    )
    wanted = (
        select(
            col(Ticket.id), col(Message.subject), col(Message.reply), col(Message.text), col(Ticket.language)
        )
        .join(Message, col(Message.ticket_id) == col(Ticket.id))
        .where(
            col(Ticket.brand_id) == brand_id,
            col(Ticket.status) == Status.CLOSED.value,
            col(Ticket.id).in_(closed),
            col(Message.direction) == Direction.IN,
            one_message == 1,
        )
        .order_by(col(Ticket.id).desc())
        .limit(MOST_KEPT)
    )
    found = {
        ticket_id: _Text(ticket_id, blank(subject), blank(reply or text), language)
        for ticket_id, subject, reply, text, language in unit.rows(wanted)
        if ticket_id not in beside and (subject.strip() or (reply or text).strip())
    }
    tags = _automatic(unit, list(found))
    rows = []
    for ticket_id, text in found.items():
        names = [name for name in tags.get(ticket_id, ()) if known.intents.get(name)]
        if names:
            rows.append(_row(text, names, [], KEPT))
    return rows


def _automatic(unit: Unit, ids: Sequence[int]) -> dict[int, list[str]]:
    wanted = (
        select(col(TicketTag.ticket_id), col(Tag.name))
        .join(Tag, col(Tag.id) == col(TicketTag.tag_id))
        .where(col(TicketTag.ticket_id).in_(ids), col(TicketTag.source) == "auto")
        .order_by(col(TicketTag.ticket_id), col(Tag.name))
    )
    found: dict[int, list[str]] = {}
    for ticket_id, name in unit.rows(wanted) if ids else ():
        found.setdefault(ticket_id, []).append(name)
    return found


def _row(
    text: _Text,
    tags: Iterable[str],
    denied: Sequence[str] | None,
    weight: float,
    *,
    urgency: int | None = None,
) -> Row:
    return Row(
        text=text.text,
        lang=settle(text.language, text.text or text.subject),
        tags=tuple(sorted(set(tags))),
        subject=text.subject,
        urgency=urgency,
        weight=weight,
        denied=None if denied is None else tuple(sorted(denied)),
    )
