"""A conversation on LINE as the tests of its pages need it: what was said, files, and the page."""

from __future__ import annotations

from typing import Any

from starlette.testclient import TestClient

from helpdesk.models import Attachment, Message, Ticket
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from tests.helpdesk.desk import add_message

WORDS = b"RIFF0000WAVEfmt " + bytes(range(200))


def add(database: Database, ticket: Ticket, text: str = "", **given: Any) -> Message:
    return add_message(
        database, ticket, text, **{"channel": "line", "account_id": ticket.account_id, **given}
    )


def put_file(database: Database, files: Files, message: Message, kind: str, name: str = "a") -> Attachment:
    with database.write() as unit:
        file = Attachment(
            brand_id=message.brand_id,
            message_id=message.pk,
            name=name,
            content_type=kind,
            size=len(WORDS),
            sha256=files.put(WORDS),
        )
        unit.session.add(file)
    return file


def page(client: TestClient, ticket: Ticket) -> str:
    answer = client.get(f"/tickets/{ticket.key}")
    assert answer.status_code == 200
    return answer.text
