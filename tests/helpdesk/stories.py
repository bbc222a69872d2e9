"""Small words that many tests say: a mail, the only row, all rows."""

from __future__ import annotations

from email.message import EmailMessage
from typing import TypeVar

from sqlmodel import select

from helpdesk.store.db import Database

Row = TypeVar("Row")


def mail(text: str, **headers: str) -> bytes:
    """Header names with underscores: message_id, in_reply_to …; `sender` is From."""
    message = EmailMessage()
    given = {
        "from": headers.pop("sender", "山田 花子 <hanako@example.jp>"),
        "to": "support@aoba.example",
        "subject": "お問い合わせ",
        "date": "Mon, 05 Jan 2026 11:30:00 +0900",
        **headers,
    }
    for name, value in given.items():
        if value:
            message[name.replace("_", "-").title()] = value
    message.set_content(text)
    return message.as_bytes()


def only(database: Database, table: type[Row]) -> Row:
    """The one row there is."""
    with database.read() as unit:
        return unit.session.exec(select(table)).one()


def rows(database: Database, table: type[Row]) -> list[Row]:
    with database.read() as unit:
        return list(unit.session.exec(select(table)))
