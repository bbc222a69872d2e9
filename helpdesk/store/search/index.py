"""The index: one row for each message, under the message's id, fed with the same tokens on both databases.

What is read is bounded: the newest rows that match, never all rows of a common word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing

from helpdesk.store.db import Unit
from helpdesk.store.search import fts, vector
from helpdesk.store.search.tokens import tokens
from helpdesk.store.search.words import Word, words

NEWEST = 600


def put(unit: Unit, *, brand_id: int, message_id: int, words: str, before: str = "") -> None:
    """Make a flushed message findable by `words`; `before` are those that it was found by until now."""
    index = fts if unit.sqlite else vector
    if known := tokens(before):
        index.take(unit, brand_id, message_id, known)
    if found := tokens(words):
        index.put(unit, brand_id, message_id, found)


def put_new(unit: Unit, rows: Sequence[tuple[int, int, str]]) -> None:
    """Many messages that were not findable before: brand, message and its words."""
    index = fts if unit.sqlite else vector
    found = [(brand_id, pk, tokens(words)) for brand_id, pk, words in rows]
    if found := [one for one in found if one[2]]:
        index.put_many(unit, found)


def newest(
    unit: Unit,
    wanted: Sequence[Word],
    *,
    brand_ids: Iterable[int],
    limit: int = NEWEST,
    among: Iterable[int] | None = None,
) -> list[int]:
    """Ids of messages that hold every word, newest first; `among` asks only about those."""
    brands = sorted(int(pk) for pk in brand_ids)
    some = None if among is None else sorted(int(pk) for pk in among)
    if not wanted or not brands or some == []:
        return []
    index = fts if unit.sqlite else vector
    found: list[int] = index.newest(unit, wanted, brands, limit if some is None else len(some), some)
    return found


def newest_of_each(
    unit: Unit, wanted: Sequence[Word], *, brand_ids: Iterable[int], limit: int = NEWEST
) -> list[list[int]]:
    """For every word by itself what `newest` would find, in one question."""
    brands = sorted(int(pk) for pk in brand_ids)
    if not wanted or not brands:
        return [[] for _one in wanted]
    index = fts if unit.sqlite else vector
    found: list[list[int]] = index.newest_of_each(unit, wanted, brands, limit)
    return found


def find(unit: Unit, query: str, *, brand_ids: Iterable[int], limit: int = 200) -> list[int]:
    """Ids of tickets with a message that holds every word of the query, newest message first."""
    found = newest(unit, words(query), brand_ids=brand_ids)
    return list(dict.fromkeys(tickets_of(unit, found).values()))[:limit]


def tickets_of(unit: Unit, message_ids: Sequence[int]) -> dict[int, int]:
    """Message id to ticket id, in the order given."""
    if not message_ids:
        return {}
    listed = ",".join(str(int(pk)) for pk in message_ids)
    wanted = f"SELECT id, ticket_id FROM messages WHERE id IN ({listed})"
    with closing(unit.session.connection().exec_driver_sql(wanted)) as result:
        tickets: dict[int, int] = dict(result.cursor.fetchall())
    return {pk: tickets[pk] for pk in message_ids if pk in tickets}
