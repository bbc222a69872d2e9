"""How long 15,000 corrections take to become rows to learn from, and how much memory.

    python tests/bench/lessons.py [CORRECTIONS]

As in service: a ticket with its message for every correction, half of the tickets closed by an agent.
"""

from __future__ import annotations

import sys
import tempfile
import time
import tracemalloc
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import select

from classifiers import read_corpus
from helpdesk.customers.identify import identify
from helpdesk.models import Agent, Brand, Correction, Event, Message, Tag, Ticket, TicketTag
from helpdesk.people import accounts
from helpdesk.store import migrate
from helpdesk.store.db import Database, Unit
from helpdesk.tickets import tag
from helpdesk.triage import lessons


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'helpdesk.sqlite3'}")
        migrate.upgrade(database)
        with database.write() as unit:
            brand_id = fill(unit, count)
        began, cpu = time.perf_counter(), time.process_time()
        found = gather(database, brand_id)
        took, busy = time.perf_counter() - began, time.process_time() - cpu
        tracemalloc.start()
        gather(database, brand_id)
        peak = tracemalloc.get_traced_memory()[1] / 2**20
        database.close()
    print(
        f"{count} corrections: {len(found.rows)} rows in {busy:.2f} s CPU ({took:.2f} s), {peak:.0f} MB at most"
    )


def gather(database: Database, brand_id: int) -> lessons.Lessons:
    with database.read() as unit:
        return lessons.gather(unit, brand_id)


def fill(unit: Unit, count: int) -> int:
    brand = Brand(name="Shop", created_at=unit.now)
    unit.session.add(brand)
    unit.session.flush()
    tag.ensure_tags(unit, brand)
    ids = {one.name: one.pk for one in unit.session.exec(select(Tag))}
    agent = accounts.create_agent(unit, name="A", email="a@example.com", language="en", brand_ids=[brand.pk])
    customer = identify(unit, brand.pk, "email", "c@example.com")
    corpus = [row for row in read_corpus() if row.tags and row.tags[0] in ids]
    rows = [corpus[at % len(corpus)] for at in range(count)]
    unit.session.add_all([ticket(at, unit.now, brand.pk, customer.pk) for at in range(count)])
    unit.session.flush()
    for at, row in enumerate(rows):
        about: dict[str, Any] = {"ticket_id": at + 1, "brand_id": brand.pk, "created_at": unit.now}
        words: dict[str, Any] = {"subject": row.subject, "text": f"{row.text} {at}", "language": row.lang}
        message = {**about, **words, "channel": "email", "customer_id": customer.pk, "fingerprint": str(at)}
        unit.session.add(Message(id=at + 1, direction="in", sent_at=unit.now, **message))
        unit.session.add(correction(at, row.tags[0], agent, {**about, **words}))
        unit.session.add(
            TicketTag(ticket_id=at + 1, tag_id=ids[row.tags[0]], source="auto", created_at=unit.now)
        )
        if at % 2 == 0:
            unit.session.add(Event(**about, agent_id=agent.pk, name="closed"))
    unit.session.flush()
    return brand.pk


def ticket(at: int, now: datetime, brand: int, customer: int) -> Ticket:
    return Ticket(
        id=at + 1,
        brand_id=brand,
        number=at + 1,
        customer_id=customer,
        channel="email",
        language="ja",
        status="open" if at % 2 else "closed",
        created_at=now,
        updated_at=now,
        last_message_at=now,
    )


def correction(at: int, name: str, agent: Agent, told: dict[str, Any]) -> Correction:
    kind = ("tag_added", "tag_confirmed", "tag_removed", "urgency")[at % 4]
    value = "high" if kind == "urgency" else name
    return Correction(**told, message_id=at + 1, agent_id=agent.pk, kind=kind, value=value)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15_000)
