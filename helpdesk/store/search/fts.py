"""The index on SQLite: an FTS5 table without a copy of the text, and the list of all tokens for open ends.

FTS5 gathers every row of every word that begins as asked before it gives the first one. So the beginnings are
looked up in the list of tokens, and the index is asked for whole tokens alone: those it gives newest first.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from typing import Any

from helpdesk.store.db import Unit
from helpdesk.store.search.words import Phrase, Word

TABLES = (
    (
        "CREATE VIRTUAL TABLE search_index USING fts5("
        'brand, words, content="", columnsize=0, tokenize="unicode61 remove_diacritics 0")'
    ),
    "CREATE TABLE search_index_tokens (token TEXT PRIMARY KEY) WITHOUT ROWID",
)
PUT = "INSERT INTO search_index (rowid, brand, words) VALUES (?, ?, ?)"
TAKE = "INSERT INTO search_index (search_index, rowid, brand, words) VALUES ('delete', ?, ?, ?)"
PUT_TOKENS = "INSERT OR IGNORE INTO search_index_tokens (token) VALUES (?)"
NEWEST = "SELECT rowid FROM search_index WHERE search_index MATCH ? ORDER BY rowid DESC LIMIT ?"
STRETCH = (
    "SELECT rowid FROM search_index WHERE search_index MATCH ? AND rowid BETWEEN ? AND ? "
    "ORDER BY rowid DESC LIMIT ?"
)
BEGINNINGS = (
    "SELECT token FROM (SELECT token FROM search_index_tokens WHERE token >= ? AND token < ? LIMIT ?) "
    "ORDER BY length(token), token LIMIT ?"
)
ENDS_READ, ENDS = 2_000, 48  # of the first tokens that begin as asked the shortest


def put(unit: Unit, brand_id: int, message_id: int, found: list[str]) -> None:
    put_many(unit, [(brand_id, message_id, found)])


def put_many(unit: Unit, rows: Sequence[tuple[int, int, list[str]]]) -> None:
    connection = unit.session.connection()
    connection.exec_driver_sql(PUT, [(pk, str(brand_id), " ".join(found)) for brand_id, pk, found in rows])
    every = dict.fromkeys(token for _, _, found in rows for token in found)
    connection.exec_driver_sql(PUT_TOKENS, [(token,) for token in every])


def take(unit: Unit, brand_id: int, message_id: int, known: list[str]) -> None:
    """Without a copy of the text FTS5 has to be told what it knew."""
    unit.session.connection().exec_driver_sql(TAKE, (message_id, str(brand_id), " ".join(known)))


def newest(
    unit: Unit, wanted: Sequence[Word], brand_ids: list[int], limit: int, among: list[int] | None
) -> list[int]:
    parts = _expressions(unit, wanted)
    if "" in parts:
        return []
    query = _query(parts, brand_ids)
    if among is not None:
        return _among(unit, query, among)
    return _newest(unit, [query], limit)[0]


def newest_of_each(unit: Unit, wanted: Sequence[Word], brand_ids: list[int], limit: int) -> list[list[int]]:
    parts = _expressions(unit, wanted)
    asked = [(place, _query([part], brand_ids)) for place, part in enumerate(parts) if part]
    found: list[list[int]] = [[] for _part in parts]
    if asked:
        for (place, _one), ids in zip(
            asked, _newest(unit, [one for _place, one in asked], limit), strict=True
        ):
            found[place] = ids
    return found


def _newest(unit: Unit, queries: Sequence[str], limit: int) -> list[list[int]]:
    """As one text each: thousands of rows would cost more than finding them."""
    columns = ", ".join(f"(SELECT group_concat(rowid) FROM ({NEWEST}))" for _query in queries)
    texts = _rows(unit, f"SELECT {columns}", *(one for query in queries for one in (query, limit)))[0]
    return [sorted(map(int, str(one).split(",")), reverse=True) if one else [] for one in texts]


def _query(parts: Sequence[str], brand_ids: list[int]) -> str:
    brands = " OR ".join(f'"{pk}"' for pk in brand_ids)
    return f"words : ({' AND '.join(parts)}) AND brand : ({brands})"


def _rows(unit: Unit, sql: str, *values: str | int) -> Sequence[Any]:
    """Plain tuples, without what SQLAlchemy makes of each row."""
    result = unit.session.connection().exec_driver_sql(sql, values)
    with closing(result):
        rows: Sequence[Any] = result.cursor.fetchall()
    return rows


def _among(unit: Unit, query: str, among: list[int]) -> list[int]:
    """A stretch of the index is read in one go; what it does not reach is asked for one by one."""
    asked, room = set(among), 2_000 + 4 * len(among)
    read = [pk for (pk,) in _rows(unit, STRETCH, query, among[0], among[-1], room)]
    found = [pk for pk in read if pk in asked]
    rest = [pk for pk in among if pk < read[-1]] if len(read) == room else []
    if rest:
        listed = ",".join(map(str, rest))
        each = f"SELECT rowid FROM search_index WHERE search_index MATCH ? AND rowid IN ({listed})"
        found += sorted((pk for (pk,) in _rows(unit, each, query)), reverse=True)
    return found


def _expressions(unit: Unit, wanted: Sequence[Word]) -> list[str]:
    """Each word as FTS5 takes it; "" for one that stands nowhere."""
    ends = _ends(unit, {way.tokens[-1] for one in wanted for way in one.ways if way.open})
    found = []
    for one in wanted:
        ways = [tokens for way in one.ways for tokens in _completed(way, ends)]
        found.append("(" + " OR ".join('"' + " ".join(tokens) + '"' for tokens in ways) + ")" if ways else "")
    return found


def _completed(way: Phrase, ends: Mapping[str, list[str]]) -> list[tuple[str, ...]]:
    *before, last = way.tokens
    return [(*before, token) for token in ends[last]] if way.open else [way.tokens]


def _ends(unit: Unit, begun: Collection[str]) -> dict[str, list[str]]:
    """The tokens that begin so, looked up together and once in a unit."""
    known: dict[str, list[str]] = unit.session.info.setdefault("search_ends", {})
    asked = sorted(set(begun) - known.keys())
    if asked:
        arms = " UNION ALL ".join(f"SELECT {place}, token FROM ({BEGINNINGS})" for place in range(len(asked)))
        bounds = ((one, one + "\U0010ffff", ENDS_READ, ENDS) for one in asked)
        known.update((one, []) for one in asked)
        for place, token in _rows(unit, arms, *(value for bound in bounds for value in bound)):
            known[asked[place]].append(token)
    return known
