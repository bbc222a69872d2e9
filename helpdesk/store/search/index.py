"""The index itself: an FTS5 table on SQLite, a tsvector column on PostgreSQL, fed with the same tokens."""

from __future__ import annotations

from sqlalchemy import text

from helpdesk.store.db import Unit
from helpdesk.store.search.tokens import phrases, tokens

LARGEST_VECTOR = 900_000  # bytes; a tsvector ends at 1 MB


def put(unit: Unit, *, brand_id: int, ticket_id: int, words: str) -> None:
    """Make words of a ticket findable; call once for each message, customer name or order number."""
    found = tokens(words)
    if not found:
        return
    if unit.sqlite:
        sql = "INSERT INTO search_index (brand_id, ticket_id, words) VALUES (:brand, :ticket, :words)"
        value = " ".join(found)
    else:
        sql = "INSERT INTO search_index (brand_id, ticket_id, words) VALUES (:brand, :ticket, CAST(:words AS tsvector))"
        value = _tsvector(found)
    unit.session.execute(text(sql), {"brand": brand_id, "ticket": ticket_id, "words": value})


def find(unit: Unit, query: str, *, brand_ids: list[int], limit: int = 200) -> list[int]:
    """Ids of tickets in which every word of the query stands (not necessarily in one message), newest first."""
    wanted = phrases(query)
    if not wanted or not brand_ids:
        return []
    one = _match_sqlite if unit.sqlite else _match_postgres
    found: set[int] | None = None
    for phrase in wanted:
        hits = one(unit, phrase, brand_ids)
        found = hits if found is None else found & hits
        if not found:
            return []
    return sorted(found or (), reverse=True)[:limit]


def _match_sqlite(unit: Unit, phrase: list[str], brand_ids: list[int]) -> set[int]:
    sql = f"SELECT DISTINCT ticket_id FROM search_index WHERE words MATCH :query AND brand_id IN ({_list(brand_ids)})"
    query = 'words : "' + " ".join(phrase) + '" *'
    return set(unit.session.scalars(text(sql), {"query": query}))


def _match_postgres(unit: Unit, phrase: list[str], brand_ids: list[int]) -> set[int]:
    sql = (
        "SELECT DISTINCT ticket_id FROM search_index "
        f"WHERE words @@ CAST(:query AS tsquery) AND brand_id IN ({_list(brand_ids)})"
    )
    query = " <-> ".join(f"'{token}'" for token in phrase) + ":*"
    return set(unit.session.scalars(text(sql), {"query": query}))


def _tsvector(found: list[str]) -> str:
    places: dict[str, list[int]] = {}
    room = LARGEST_VECTOR
    for place, token in enumerate(found, 1):
        room -= 4 if token in places else 8 + len(token.encode())
        if room < 0:
            break
        places.setdefault(token, []).append(place)
    return " ".join(f"'{token}':{','.join(map(str, where[:255]))}" for token, where in places.items())


def _list(ids: list[int]) -> str:
    return ",".join(str(int(pk)) for pk in ids)
