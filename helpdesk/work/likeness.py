"""Whoever has written is looked at once more: may they be a customer who is known under another address?"""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, func, select

from helpdesk.customers import suggest
from helpdesk.customers.merge import fetch_strays
from helpdesk.models import Customer, Direction, Message
from helpdesk.store.db import Database

BACK = 2_000  # messages that are looked at anew after a start
AT_ONCE = 20  # customers; guesses have time, the rest of the work has not


class Likeness:
    """Goes along the messages by their ids; what was suggested once costs nothing the second time."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._mark: int | None = None

    def drain(self) -> int:
        """How many customers were looked at."""
        customers, mark = self._next()
        for pk in customers:
            self._look(pk)
        self._mark = mark
        return len(customers)

    def _next(self) -> tuple[list[int], int]:
        with self.database.read() as unit:
            mark = self._mark
            if mark is None:
                mark = max(0, (unit.session.exec(select(func.max(Message.id))).one() or 0) - BACK)
            rows = unit.session.exec(
                select(Message.id, Message.customer_id)
                .where(col(Message.id) > mark, Message.direction == Direction.IN)
                .order_by(col(Message.id))
                .limit(10 * AT_ONCE)
            )
            found: dict[int, None] = {}
            for pk, customer in rows:
                if customer not in found and len(found) == AT_ONCE:
                    break
                found[customer] = None
                mark = pk or mark
            return list(found), mark

    def _look(self, pk: int) -> None:
        with self.database.read() as unit:
            customer = unit.session.get(Customer, pk)
            if customer is None:
                return
            merged = customer.merged_into_id is not None
            likely = {} if merged else suggest.find(unit, customer)
            if not merged and (not likely or not suggest.is_news(unit, customer, likely)):
                return
        try:
            with self.database.write() as unit:
                customer = unit.session.get_one(Customer, pk)
                if merged:  # their message was on its way while they were merged
                    fetch_strays(unit, customer)
                else:
                    suggest.look(unit, customer)
        except IntegrityError:  # another process wrote the same suggestion at this moment
            return
