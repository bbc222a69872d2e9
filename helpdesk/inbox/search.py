"""Tickets by words and operators. Everything that is read is bounded, so that a million tickets cost what few do.

What is bounded: of each word the newest `search.NEWEST` messages are looked at, of words that are all common the
newest `TOGETHER` of each. If a word has more and something else narrows the search, the newest tickets that meet all
the rest are tested for the words as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, select, true
from sqlmodel import col

from helpdesk.access import Access
from helpdesk.inbox import search_rows
from helpdesk.inbox.filter_words import list_named
from helpdesk.inbox.search_query import Hint, Query
from helpdesk.inbox.snippet import Part, cut
from helpdesk.models import Message, Status, Ticket
from helpdesk.store import search
from helpdesk.store.db import Unit
from helpdesk.store.search import Word

Condition = ColumnElement[bool]
USUAL = (Status.OPEN, Status.PENDING, Status.CLOSED)
FEW = 50  # a page: only with fewer hits is it looked for words that stand in different messages
MOST_TICKETS = 300
TESTED_TICKETS = 150
TOGETHER = 4_000  # of words that are all common so many of the newest messages each are compared
MOST_PIECES = 8


@dataclass(frozen=True, slots=True)
class Found:
    """`condition` holds for the tickets found; `messages` are ids of messages in which the words stand."""

    condition: Condition
    words: tuple[Word, ...] = ()
    messages: tuple[int, ...] = ()
    hints: tuple[Hint, ...] = ()


def run(
    unit: Unit, access: Access, query: Query, *, statuses: Sequence[str], others: Sequence[Condition] = ()
) -> Found:
    """`others` is what narrows the list beside the search, brands and statuses apart."""
    narrowing, wrong = search_rows.conditions(unit, access, query)
    hints = (*query.hints, *wrong)
    wanted, without = words_of(query), leave_out(query)
    every = [
        col(Ticket.brand_id).in_(access.brand_ids),
        col(Ticket.status).in_(statuses),
        *narrowing,
        *others,
    ]
    if not wanted and _said(query):
        return Found(false(), hints=hints)
    if not wanted:
        return Found(and_(*narrowing, _without(unit, access, without, every)), hints=hints)
    narrow = bool(narrowing or others or len(statuses) < len(USUAL))
    hits = _messages(unit, access, wanted, every if narrow else ())
    tickets = list(dict.fromkeys([*hits.values(), *list_named(unit, access, _said(query))]))
    if without:
        tickets = _drop(unit, access, tickets, without)
    return Found(and_(search_rows.among(col(Ticket.id), tickets), *narrowing), wanted, tuple(hits), hints)


def words_of(query: Query) -> tuple[Word, ...]:
    """Every word and quoted phrase to be found."""
    quoted = (search.word(one, quoted=True) for one in query.quoted)
    plain = (word for one in query.words for word in search.words(one))
    return tuple(word for word in (*plain, *quoted) if word is not None)[:MOST_PIECES]


def _said(query: Query) -> str:
    return " ".join((*query.words, *query.quoted))


def leave_out(query: Query) -> tuple[Word, ...]:
    found = (search.word(one, quoted=True) for one in query.without)
    return tuple(word for word in found if word is not None)[:MOST_PIECES]


def snippets(unit: Unit, found: Found, keys: Iterable[str]) -> dict[str, tuple[Part, ...]]:
    """For tickets of a page, by key, the piece of their newest message in which the words stand."""
    shown = list(keys)
    if not found.messages or not shown:
        return {}
    texts = (
        select(col(Ticket.key), col(Message.subject), col(Message.reply), col(Message.text))
        .join(Ticket, col(Ticket.id) == col(Message.ticket_id))
        .where(col(Ticket.key).in_(shown), search_rows.among(col(Message.id), found.messages))
        .order_by(col(Message.id).desc())
    )
    cuts: dict[str, tuple[Part, ...]] = {}
    for key, subject, reply, text in unit.session.execute(texts):
        if key not in cuts and (
            parts := cut(reply, found.words) or cut(text, found.words) or cut(subject, found.words)
        ):
            cuts[key] = parts
    return cuts


def _messages(
    unit: Unit, access: Access, wanted: Sequence[Word], every: Sequence[Condition]
) -> dict[int, int]:
    """Message id to ticket id: messages with every word, then, if they are few, tickets that hold them all.

    Where the words are too common to see all of their messages, tickets that meet `every` are tested as well.
    """
    brands = access.brand_ids
    limit = search.NEWEST if len(wanted) == 1 else TOGETHER
    each = list(zip(wanted, search.newest_of_each(unit, wanted, brand_ids=brands, limit=limit), strict=True))
    if not all(found for _word, found in each):
        return {}
    if len(each) == 1 or all(len(found) >= search.NEWEST for _word, found in each):
        together = set.intersection(*(set(found) for _word, found in each))
        found = sorted(together, reverse=True)[: search.NEWEST]
    else:
        found = search.newest(unit, wanted, brand_ids=brands)
    cut_off = len(found) == search.NEWEST
    hits = (
        _tested(unit, access, wanted, every, found) if cut_off and every else search.tickets_of(unit, found)
    )
    if len(each) > 1 and len(set(hits.values())) < FEW:
        hits |= _across(unit, access, [(word, seen[: search.NEWEST]) for word, seen in each])
    return hits


def _across(unit: Unit, access: Access, each: list[tuple[Word, list[int]]]) -> dict[int, int]:
    """Tickets whose messages together hold every word: those of the rarest word, tested for the others."""
    (_word, rarest), *others = sorted(each, key=lambda one: len(one[1]))
    said = search_rows.messages_beside(unit, rarest, most=TESTED_TICKETS)
    hits = {pk: said[pk] for pk in rarest if pk in said}
    tickets = set(hits.values())
    for word, found in others:
        theirs = {pk: said[pk] for pk in found if pk in said}
        if len(found) == search.NEWEST:
            left = [pk for pk, ticket in said.items() if ticket in tickets]
            more = search.newest(unit, [word], brand_ids=access.brand_ids, among=left)
            theirs |= {pk: said[pk] for pk in more}
        tickets &= set(theirs.values())
        hits = hits | theirs
    return {pk: ticket for pk, ticket in hits.items() if ticket in tickets}


def _tested(
    unit: Unit, access: Access, wanted: Sequence[Word], every: Sequence[Condition], found: Sequence[int]
) -> dict[int, int]:
    """`found`, and the other way round: of the newest tickets that meet all the rest those that hold the words."""
    newest = (
        select(col(Ticket.id))
        .where(*every)
        .order_by(col(Ticket.last_message_at).desc())
        .limit(TESTED_TICKETS)
    )
    said = search_rows.messages_of(unit, newest, found)
    hits = {pk: said[pk] for pk in found if pk in said}
    among = [pk for pk in said if pk not in hits]
    more = search.newest(unit, wanted, brand_ids=access.brand_ids, among=among)
    return hits | {pk: said[pk] for pk in more}


def _without(unit: Unit, access: Access, words: Sequence[Word], every: Sequence[Condition]) -> Condition:
    """With nothing but words to leave out: those of the newest tickets in which none of them stands."""
    if not words:
        return true()
    newest = (
        select(col(Ticket.id)).where(*every).order_by(col(Ticket.last_message_at).desc()).limit(MOST_TICKETS)
    )
    found = [pk for pk in unit.session.scalars(newest) if pk is not None]
    return col(Ticket.id).in_(_drop(unit, access, found, words))


def _drop(unit: Unit, access: Access, tickets: list[int], words: Sequence[Word]) -> list[int]:
    said = search_rows.messages_of(unit, tickets)
    gone: set[int] = set()
    for word in words:
        gone.update(said[pk] for pk in search.newest(unit, [word], brand_ids=access.brand_ids, among=said))
    return [pk for pk in tickets if pk not in gone]
