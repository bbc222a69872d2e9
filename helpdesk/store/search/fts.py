"""The index on SQLite: an FTS5 table without a copy of the text, and the list of all tokens for open ends.

FTS5 gathers every row of every word that begins as asked before it gives the first one. So the beginnings are
looked up in the list of tokens, and the index is asked for whole tokens alone: those it gives newest first.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text

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
NEWEST = text(
    "SELECT rowid FROM search_index WHERE search_index MATCH :query ORDER BY rowid DESC LIMIT :limit"
)
STRETCH = text(
    "SELECT rowid FROM search_index WHERE search_index MATCH :query AND rowid BETWEEN :first AND :last "
    "ORDER BY rowid DESC LIMIT :limit"
)
BEGINNINGS = text(
    "SELECT token FROM (SELECT token FROM search_index_tokens WHERE token >= :begin AND token < :end LIMIT :read) "
    "ORDER BY length(token), token LIMIT :most"
)
ENDS_READ, ENDS = 2_000, 48  # of the first tokens that begin as asked the shortest


def put(unit: Unit, brand_id: int, message_id: int, found: list[str]) -> None:
    connection = unit.session.connection()
    connection.exec_driver_sql(PUT, (message_id, str(brand_id), " ".join(found)))
    connection.exec_driver_sql(PUT_TOKENS, [(token,) for token in dict.fromkeys(found)])


def take(unit: Unit, brand_id: int, message_id: int, known: list[str]) -> None:
    """Without a copy of the text FTS5 has to be told what it knew."""
    unit.session.connection().exec_driver_sql(TAKE, (message_id, str(brand_id), " ".join(known)))


def newest(
    unit: Unit, wanted: Sequence[Word], brand_ids: list[int], limit: int, among: list[int] | None
) -> list[int]:
    brands = " OR ".join(f'"{pk}"' for pk in brand_ids)
    parts = [_either(unit, one) for one in wanted]
    if "" in parts:
        return []
    query = f"words : ({' AND '.join(parts)}) AND brand : ({brands})"
    if among is not None:
        return _among(unit, query, among)
    return [int(pk) for pk in unit.session.scalars(NEWEST, {"query": query, "limit": limit})]


def _among(unit: Unit, query: str, among: list[int]) -> list[int]:
    """A stretch of the index is read in one go; what it does not reach is asked for one by one."""
    asked, room = set(among), 2_000 + 4 * len(among)
    bounds = {"query": query, "first": among[0], "last": among[-1], "limit": room}
    read = [int(pk) for pk in unit.session.scalars(STRETCH, bounds)]
    found = [pk for pk in read if pk in asked]
    rest = [pk for pk in among if pk < read[-1]] if len(read) == room else []
    if rest:
        listed = ",".join(map(str, rest))
        each = text(f"SELECT rowid FROM search_index WHERE search_index MATCH :query AND rowid IN ({listed})")
        found += sorted((int(pk) for pk in unit.session.scalars(each, {"query": query})), reverse=True)
    return found


def _either(unit: Unit, wanted: Word) -> str:
    ways = [tokens for way in wanted.ways for tokens in _ends(unit, way)]
    return "(" + " OR ".join('"' + " ".join(tokens) + '"' for tokens in ways) + ")" if ways else ""


def _ends(unit: Unit, way: Phrase) -> list[tuple[str, ...]]:
    if not way.open:
        return [way.tokens]
    *before, last = way.tokens
    bounds = {"begin": last, "end": last + "\U0010ffff", "read": ENDS_READ, "most": ENDS}
    return [(*before, str(token)) for token in unit.session.scalars(BEGINNINGS, bounds)]
