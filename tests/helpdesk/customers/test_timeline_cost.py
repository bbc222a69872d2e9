"""A customer's line of time may be as long as it likes: its first page costs the same."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import text

from helpdesk.customers import timeline
from helpdesk.customers.timeline import KINDS
from helpdesk.models import Customer, Message, Order, PointsEntry, Refund, Shipment, Ticket
from helpdesk.store.db import Database, Unit

SOURCES = [one for some in KINDS.values() for one in some]


def _lengthen(database: Database, customer: Customer, ticket: Ticket, times: int) -> None:
    """So many more things, of every kind that grows."""
    with database.write() as unit:
        base: dict[str, Any] = {"brand_id": customer.brand_id}
        orders = []
        for number in range(times // 5):
            at = unit.now - timedelta(minutes=number)
            said: dict[str, Any] = {"channel": "email", "direction": "in", "ticket_id": ticket.pk}
            unit.session.add(
                Message(
                    **base,
                    **said,
                    customer_id=customer.pk,
                    fingerprint=f"long {times} {number}",
                    sent_at=at,
                    created_at=at,
                )
            )
            orders.append(Order(**base, customer_id=customer.pk, number=f"L{times}-{number}", placed_at=at))
            unit.session.add(
                PointsEntry(
                    **base,
                    customer_id=customer.pk,
                    amount=1,
                    kind="earned",
                    idempotency_key=f"{times}-{number}",
                    created_at=at,
                )
            )
        unit.session.add_all(orders)
        unit.session.flush()
        for number, order in enumerate(orders):
            at = unit.now - timedelta(minutes=number)
            unit.session.add(Shipment(**base, order_id=order.pk, state="in_transit", shipped_at=at))
            unit.session.add(Refund(**base, order_id=order.pk, amount=1, created_at=at))
    if database.sqlite:
        with database.write() as unit:
            unit.session.execute(text("ANALYZE"))


def _cost(database: Database, customer: Customer) -> tuple[int, int, int]:
    """Statements, rows that came back, and on SQLite the steps its machine took."""
    with database.read() as unit:
        counted = Counting(unit)
        timeline.page(counted, customer.pk)  # type: ignore[arg-type]
        steps = 0

        def step() -> int:
            nonlocal steps
            steps += 1
            return 0

        if database.sqlite:
            raw = unit.session.connection().connection.dbapi_connection
            raw.set_progress_handler(step, 10)  # type: ignore[union-attr]
            timeline.page(unit, customer.pk)
            raw.set_progress_handler(None, 0)  # type: ignore[union-attr]
    return counted.statements, counted.read, steps


class Counting:
    """A unit that counts what is asked of it."""

    def __init__(self, unit: Unit) -> None:
        self.unit, self.statements, self.read = unit, 0, 0

    def rows(self, statement: Any, values: Any = None) -> Any:
        found = self.unit.rows(statement, values)
        self.statements, self.read = self.statements + 1, self.read + len(found)
        return found


def test_the_first_page_costs_the_same_however_long_the_line_is(
    database: Database, customer: Customer, ticket: Ticket
) -> None:
    brief = _cost(database, customer)  # a dozen entries
    _lengthen(database, customer, ticket, 200)  # every kind fills a page
    short = _cost(database, customer)
    _lengthen(database, customer, ticket, 5_000)
    long = _cost(database, customer)
    assert max(brief[0], short[0], long[0]) <= 9
    assert long[1] == short[1] <= 31 * len(SOURCES) + 30
    assert long[2] <= short[2] * 1.2
