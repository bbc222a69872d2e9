"""The index on PostgreSQL: a tsvector column with a GIN index.

The planner chooses by how common a word is: the newest rows tested one by one, or the few rows of a rare word.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text

from helpdesk.store.db import Unit
from helpdesk.store.search.words import Phrase, Word

TABLES = (
    "CREATE TABLE search_index (message_id integer PRIMARY KEY, brand_id integer NOT NULL, words tsvector NOT NULL)",
    "CREATE INDEX ix_search_index_words ON search_index USING gin (words)",
)
LARGEST_VECTOR = 900_000  # bytes; a tsvector ends at 1 MB
PUT = "INSERT INTO search_index (message_id, brand_id, words) VALUES (%s, %s, CAST(%s AS tsvector))"


def put(unit: Unit, brand_id: int, message_id: int, found: list[str]) -> None:
    put_many(unit, [(brand_id, message_id, found)])


def put_many(unit: Unit, rows: Sequence[tuple[int, int, list[str]]]) -> None:
    unit.session.connection().exec_driver_sql(
        PUT, [(pk, brand_id, as_vector(found)) for brand_id, pk, found in rows]
    )


def take(unit: Unit, _brand_id: int, message_id: int, _known: list[str]) -> None:
    unit.session.execute(text("DELETE FROM search_index WHERE message_id = :pk"), {"pk": message_id})


def newest(
    unit: Unit, wanted: Sequence[Word], brand_ids: list[int], limit: int, among: list[int] | None
) -> list[int]:
    some = "" if among is None else f" AND message_id IN ({','.join(map(str, among))})"
    sql = _newest(brand_ids, "query", some)
    return [int(pk) for pk in unit.session.scalars(text(sql), {"query": _query(wanted), "limit": limit})]


def newest_of_each(unit: Unit, wanted: Sequence[Word], brand_ids: list[int], limit: int) -> list[list[int]]:
    names = [f"query{place}" for place in range(len(wanted))]
    arms = " UNION ALL ".join(
        f"(SELECT {place} AS place, message_id FROM ({_newest(brand_ids, name)}) AS {name})"
        for place, name in enumerate(names)
    )
    queries = {name: _query([one]) for name, one in zip(names, wanted, strict=True)}
    found: list[list[int]] = [[] for _one in wanted]
    for place, pk in unit.session.execute(text(arms), queries | {"limit": limit}).all():
        found[place].append(pk)
    return [sorted(one, reverse=True) for one in found]


def _newest(brand_ids: list[int], name: str, some: str = "") -> str:
    return (
        f"SELECT message_id FROM search_index WHERE words @@ CAST(:{name} AS tsquery) "
        f"AND brand_id IN ({','.join(map(str, brand_ids))}){some} ORDER BY message_id DESC LIMIT :limit"
    )


def _query(wanted: Sequence[Word]) -> str:
    return " & ".join("(" + " | ".join(_phrase(way) for way in one.ways) + ")" for one in wanted)


def as_vector(found: list[str]) -> str:
    places: dict[str, list[int]] = {}
    room = LARGEST_VECTOR
    for place, token in enumerate(found, 1):
        room -= 4 if token in places else 8 + len(token.encode())
        if room < 0:
            break
        places.setdefault(token, []).append(place)
    return " ".join(f"'{token}':{','.join(map(str, where[:255]))}" for token, where in places.items())


def _phrase(way: Phrase) -> str:
    return "(" + " <-> ".join(f"'{token}'" for token in way.tokens) + (":*" if way.open else "") + ")"
