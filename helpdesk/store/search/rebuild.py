"""The whole index anew, from the messages: after the folding changed, or a message's words were taken away."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, text

from helpdesk.store.search import fts, vector
from helpdesk.store.search.tokens import tokens

BATCH = 500
MESSAGES = """
    SELECT m.id, m.brand_id, m.direction, m.subject, m.sender, m.text, m.reply, c.name
    FROM messages m JOIN customers c ON c.id = m.customer_id
    WHERE m.id > :after AND COALESCE(m.state, '') <> 'taken_back' ORDER BY m.id LIMIT :batch
"""
NAMES = "SELECT message_id, name FROM attachments WHERE message_id BETWEEN :first AND :last ORDER BY id"


def rebuild(connection: Connection) -> int:
    """Makes the index's tables anew and fills them in batches; how many messages it holds."""
    sqlite = connection.dialect.name == "sqlite"
    drop(connection)
    for sql in (fts if sqlite else vector).TABLES:
        connection.exec_driver_sql(sql)
    put = _put_sqlite if sqlite else _put_postgres
    return sum(put(connection, batch) for batch in _batches(connection))


def drop(connection: Connection) -> None:
    for table in ("search_index", "search_index_tokens"):
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table}")


def words_of(direction: str, subject: str, name: str, address: str, files: Sequence[str], body: str) -> str:
    """What a message is found by. An agent's answer and note are found by their words alone."""
    if direction != "in":
        return body
    return f"{subject}\n{name}\n{address}\n{' '.join(files)}\n{body}"


def _batches(connection: Connection) -> Iterator[list[tuple[int, int, list[str]]]]:
    after = 0
    while rows := connection.execute(text(MESSAGES), {"after": after, "batch": BATCH}).all():
        files = _files(connection, rows[0].id, rows[-1].id)
        yield [(row.id, row.brand_id, tokens(_words(row, files.get(row.id, [])))) for row in rows]
        after = rows[-1].id


def _files(connection: Connection, first: int, last: int) -> dict[int, list[str]]:
    files: dict[int, list[str]] = {}
    for message_id, name in connection.execute(text(NAMES), {"first": first, "last": last}):
        files.setdefault(message_id, []).append(name)
    return files


def _words(row: Any, files: list[str]) -> str:
    sender = row.sender if isinstance(row.sender, dict) else json.loads(row.sender or "{}")
    body = row.text if row.direction in ("in", "note") else row.reply
    return words_of(row.direction, row.subject, row.name, str(sender.get("address") or ""), files, body)


def _put_sqlite(connection: Connection, batch: list[tuple[int, int, list[str]]]) -> int:
    kept = [(pk, str(brand), " ".join(found)) for pk, brand, found in batch if found]
    if kept:
        connection.exec_driver_sql(fts.PUT, kept)
        distinct = sorted({token for _pk, _brand, found in batch for token in found})
        connection.exec_driver_sql(fts.PUT_TOKENS, [(token,) for token in distinct])
    return len(kept)


def _put_postgres(connection: Connection, batch: list[tuple[int, int, list[str]]]) -> int:
    kept = [(pk, brand, vector.as_vector(found)) for pk, brand, found in batch if found]
    if kept:
        connection.exec_driver_sql(vector.PUT, kept)
    return len(kept)
