"""A queue that a lead has graded, message by message: 3 now, 2 this half day, 1 today, 0 when there is time.

None of it is in the corpus. Each line of data/queue.jsonl has the words, how long the customer waits and their order.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers import Model
from helpdesk.commerce.orders import OrderCard
from helpdesk.models import Order
from helpdesk.triage import rank

NOW = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
FILE = Path(__file__).parent / "data" / "queue.jsonl"
READ = 20


@dataclass(frozen=True, slots=True)
class Waiting:
    grade: int
    text: str
    hours: float
    vip: bool
    order: OrderCard | None


def read_queue() -> list[Waiting]:
    return [_waiting(json.loads(line)) for line in FILE.read_text("utf-8").splitlines()]


def urgency(model: Model, one: Waiting) -> int:
    """As a ticket of this message would be ranked."""
    found = model.classify(one.text)
    tags = [tag.tag for tag in found.tags]
    facts = rank.decide(
        tags=tags,
        card=one.order,
        vip=one.vip,
        waiting_since=NOW - timedelta(hours=one.hours),
        now=NOW,
        zone="Asia/Tokyo",
    )
    words = [{"code": reason.code, "points": reason.points} for reason in found.urgency.reasons]
    return rank.score(rank.weigh(words, facts, tags=tags))


def ndcg(grades: NDArray[np.float64], scores: NDArray[np.float64], read: int = READ) -> float:
    """How much of the most urgent a person sees who reads so many from the top; 1 is the lead's own order."""

    def gained(order: NDArray[np.intp]) -> float:
        first = 2.0 ** grades[order][:read] - 1
        return float((first / np.log2(np.arange(2, first.size + 2))).sum())

    return gained(np.argsort(-scores, kind="stable")) / gained(np.argsort(-grades, kind="stable"))


def _waiting(row: dict[str, Any]) -> Waiting:
    order = row.get("order")
    return Waiting(
        row["grade"], row["text"], row["hours"], row.get("vip", False), _card(order) if order else None
    )


def _card(known: dict[str, Any]) -> OrderCard:
    due, ships = known.get("promised_in_days"), known.get("ships_in_hours")
    order = Order(
        number="1",
        total=known["total"],
        placed_at=NOW,
        brand_id=1,
        customer_id=1,
        promised_on=None if due is None else (NOW + timedelta(days=due)).date(),
        ship_by=None if ships is None else NOW + timedelta(hours=ships),
    )
    return OrderCard(order, (), (), known["state"])
