"""Rows of a made-up helpdesk in the order of time, written a batch at a time; `tests/bench/seed.py` asks for them."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from helpdesk.store.search import fts
from tests.bench.shop import words

END = datetime(2026, 11, 1, tzinfo=UTC)
BATCH = 5_000
CHANNELS = ("email",) * 6 + ("line", "line", "chat", "instagram")


class Maker:
    """Rows in the order of time, a batch at a time."""

    def __init__(self, connection: sqlite3.Connection, count: int, facts: dict[str, list[int]]) -> None:
        self.connection, self.count, self.facts = connection, count, facts
        self.dice = random.Random(count)
        self.customers = max(10, count * 2 // 5)
        self.open = min(count * 2 // 25, 2_000 + count // 1_000)
        self.seen: set[str] = set()
        self.names: list[tuple[str, bool]] = []

    def people(self) -> None:
        self.names = [
            (words.name(self.dice, japanese), japanese)
            for japanese in (self.dice.random() < 0.6 for _ in range(self.customers))
        ]
        rows = ((*self._brand(pk), pk, name, japanese) for pk, (name, japanese) in enumerate(self.names, 2))
        everybody = list(rows)
        self._put("customers", (self._customer(*row) for row in everybody))
        self._put("identities", (self._identity(row[1], row[0]) for row in everybody))
        self._put("orders", (self._order(pk) for pk in range(1, self.count * 7 // 10)))

    def tickets(self) -> None:
        for first in range(1, self.count + 1, BATCH):
            batch = range(first, min(first + BATCH, self.count + 1))
            made = [self._ticket(pk) for pk in batch]
            self._put("tickets", (ticket for ticket, *_ in made))
            self._put("messages", (message for _, messages, *_ in made for message in messages))
            self._put("ticket_tags", (mark for *_, marks in made for mark in marks))
            self.connection.executemany(fts.PUT, [row for _, _, found, _ in made for row in found])
        self.connection.executemany(fts.PUT_TOKENS, ((token,) for token in sorted(self.seen)))

    def _brand(self, pk: int) -> tuple[int]:
        return (2 if pk % 20 == 0 else 1,)

    def _customer(self, brand: int, pk: int, name: str, japanese: bool) -> dict[str, Any]:
        return {
            "id": pk,
            "key": f"c{pk}",
            "brand_id": brand,
            "name": name,
            "language": "ja" if japanese else "en",
            "tier": "",
            "vip": pk % 50 == 0,
            "region": "",
            "note": "",
            "points": 0,
            "spent": 0,
            "orders_count": 2,
            "created_at": _at(END),
            "last_seen_at": None,
        }

    def _identity(self, pk: int, brand: int) -> dict[str, Any]:
        address = f"person{pk}@example.com"
        return {
            "brand_id": brand,
            "customer_id": pk,
            "kind": "email",
            "value": address,
            "shown": address,
            "verified": False,
            "created_at": _at(END),
        }

    def _order(self, pk: int) -> dict[str, Any]:
        customer = 2 + pk % self.customers
        return {
            "id": pk,
            "key": f"o{pk}",
            "brand_id": self._brand(customer)[0],
            "customer_id": customer,
            "source": "builtin",
            "number": f"HK-{100_000 + pk}",
            "state": "placed",
            "payment": "paid",
            "total": 3000,
            "currency": "JPY",
            "items": "[]",
            "address": "{}",
            "placed_at": _at(END),
            "ship_by": None,
            "promised_on": None,
            "cancelled_at": None,
        }

    def _ticket(
        self, pk: int
    ) -> tuple[dict[str, Any], list[dict[str, Any]], list[Any], list[dict[str, Any]]]:
        dice = self.dice
        customer = 2 + int(self.customers * dice.random())
        customer = min(customer, self.customers + 1)
        japanese, brand = self.names[customer - 2][1], self._brand(customer)[0]
        order = 1 + dice.randrange(self.count * 7 // 10)
        live = self.count - pk < self.open * 2 and dice.random() < 0.95
        status = dice.choice(("open", "pending")) if live else "spam" if dice.random() < 0.01 else "closed"
        begun = END - timedelta(minutes=(self.count - pk) * 3 + dice.randrange(400))
        agent = dice.choice([*self.facts["agents"], None]) if brand == 1 else None
        base = {"brand_id": brand, "ticket_id": pk, "customer_id": customer, "agent_id": agent}
        base["channel"] = dice.choice(CHANNELS)
        told = [self._said(pk, place, begun, japanese, f"HK-{100_000 + order}", base) for place in range(4)]
        last = told[-1 if status != "open" else -2][0]["sent_at"]
        tags = dice.sample(self.facts["tags"], dice.choice((0, 1, 1, 2, 3))) if brand == 1 else []
        ticket = {
            "id": pk,
            "key": f"t{pk}",
            "brand_id": brand,
            "number": pk,
            "customer_id": customer,
            "account_id": self.facts["accounts"][0] if brand == 1 else None,
            "channel": base["channel"],
            "subject": told[0][0]["subject"],
            "preview": told[2][0]["text"][:120].replace("\n", " "),
            "language": "ja" if japanese else "en",
            "status": status,
            "received_at": told[2][0]["sent_at"],
            "assignee_id": agent,
            "team_id": None,
            "order_id": order,
            "category": "",
            "urgency": dice.randrange(100),
            "urgency_reasons": _REASONS,
            "urgency_fixed": None,
            "sentiment": "neutral",
            "text_reasons": "[]",
            "waiting_since": last if status == "open" else None,
            "snoozed_until": None,
            "first_response_at": told[1][0]["sent_at"],
            "last_message_at": last,
            "closed_at": last if status == "closed" else None,
            "messages_count": 4,
            "follow_up_of_id": None,
            "merged_into_id": None,
            "fields": "{}",
            "created_at": _at(begun),
            "updated_at": last,
        }
        marks = [
            {"ticket_id": pk, "tag_id": one, "source": "auto", "score": 0.9, "created_at": _at(begun)}
            for one in tags
        ]
        return ticket, [message for message, _ in told], [found for _, found in told], marks

    def _said(
        self, ticket: int, place: int, begun: datetime, japanese: bool, order: str, base: dict[str, Any]
    ) -> tuple[dict[str, Any], tuple[int, str, str]]:
        """One message: question, answer, question, answer; with its row of the index."""
        pk, incoming = ticket * 4 - 3 + place, place % 2 == 0
        name = self.names[base["customer_id"] - 2][0]
        address = f"person{base['customer_id']}@example.com"
        said = words.question(self.dice, japanese, order) if incoming else words.answer(self.dice, japanese)
        subject = said[1] if place == 0 else ""
        found = [token for one in said for token in words.tokens_of(one)]
        if incoming:
            found = [
                *words.tokens_of(subject),
                *words.tokens_of(name),
                "person" + address[6:-12],
                "example",
                "com",
                *found,
            ]
        self.seen.update(found)
        body, at = "\n".join(said).strip(), _at(begun + timedelta(minutes=place * 47))
        person = json.dumps({"name": name, "address": address}) if incoming else '{"name": "Agent"}'
        message = {
            **base,
            "id": pk,
            "key": f"m{pk}",
            "direction": "in" if incoming else "out",
            "sender": person,
            "account_id": None,
            "to": "[]",
            "cc": "[]",
            "bcc": "[]",
            "subject": subject,
            "text": body,
            "reply": body,
            "quoted": "",
            "html": None,
            "language": "",
            "external_id": f"{pk}@example.com",
            "in_reply_to": None,
            "references": "[]",
            "fingerprint": f"seed:{pk}",
            "automatic": False,
            "unattended": False,
            "problems": "[]",
            "state": "received" if incoming else "sent",
            "failure": None,
            "macro_key": None,
            "macro_version": None,
            "inbound_id": None,
            "forwarded_id": None,
            "sent_at": at,
            "created_at": at,
            "agent_id": None if incoming else base["agent_id"],
        }
        return message, (pk, str(base["brand_id"]), " ".join(found))

    def _put(self, table: str, rows: Iterator[dict[str, Any]]) -> None:
        first = next(rows, None)
        if first is None:
            return
        names, marks = ", ".join(f'"{name}"' for name in first), ", ".join("?" * len(first))
        sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"
        self.connection.execute(sql, tuple(first.values()))
        self.connection.executemany(sql, (tuple(row.values()) for row in rows))


_REASONS = '[{"code": "wait", "points": 20}, {"code": "intent:return", "points": 6}]'


def _at(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")
