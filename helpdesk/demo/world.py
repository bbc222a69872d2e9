"""The shop's own life in the database: orders, parcels, refunds and earned points, each at its moment."""

from __future__ import annotations

from collections import deque
from datetime import datetime

from sqlalchemy import update
from sqlmodel import col

from helpdesk.commerce import points
from helpdesk.demo import carriers, shop
from helpdesk.demo.moments import SettableClock
from helpdesk.demo.orders import Happening, PlannedOrder
from helpdesk.models import Customer, Order, Refund, Shipment
from helpdesk.store.db import Database, Unit

PAID_WITH = {"ja": "クレジットカード", "en": "credit card"}


class World:
    """Plays happenings up to any moment; never back."""

    def __init__(
        self,
        database: Database,
        clock: SettableClock,
        brand_id: int,
        customers: list[int],
        events: list[Happening],
    ) -> None:
        self.database = database
        self.clock = clock
        self.brand_id = brand_id
        self.customers = customers
        self.coming = deque(events)
        self.orders: dict[str, int] = {}
        self.parcels: dict[str, int] = {}

    def advance(self, until: datetime) -> None:
        """Let happen what has happened by then."""
        if not self.coming or self.coming[0].at > until:
            return
        self.clock.now = until
        with self.database.write() as unit:
            while self.coming and self.coming[0].at <= until:
                self._happen(unit, self.coming.popleft())

    def _happen(self, unit: Unit, event: Happening) -> None:
        order = event.order
        if event.kind == "placed":
            self._place(unit, order)
        elif event.kind == "shipped":
            self._ship(unit, order)
        elif event.kind in ("cancelled", "returned"):
            self._end(unit, order, event)
        elif event.kind == "refunded":
            self._refund(unit, order, event)
        else:
            self._move(unit, order, event)

    def _place(self, unit: Unit, order: PlannedOrder) -> None:
        customer = unit.session.get_one(Customer, self.customers[order.person])
        redeemed = 500 if customer.points >= 800 and order.total > 5_000 else 0
        order.total -= redeemed
        row = Order(
            brand_id=self.brand_id,
            customer_id=customer.pk,
            number=order.number,
            total=order.total,
            items=[_item(product, quantity, order.who.language) for product, quantity in order.items],
            address={
                "name": order.who.name,
                "postcode": order.who.postcode,
                "region": order.who.region,
                "line": order.who.line,
            },
            placed_at=order.placed_at,
            ship_by=order.ship_by,
            promised_on=order.promised_on,
        )
        unit.session.add(row)
        unit.session.flush()
        self.orders[order.number] = row.pk
        customer.orders_count += 1
        customer.spent += order.total
        if redeemed:
            _points(unit, customer, order, -redeemed, "redeemed", order.placed_at, row.pk)

    def _ship(self, unit: Unit, order: PlannedOrder) -> None:
        parcel = Shipment(
            brand_id=self.brand_id,
            order_id=self.orders[order.number],
            carrier=order.carrier,
            tracking_number=order.tracking,
            tracking_url=carriers.tracking_url(order.carrier, order.tracking),
            state="in_transit",
            shipped_at=order.shipped_at,
            expected_on=order.promised_on,
            last_scan_at=order.shipped_at,
            last_scan_place=carriers.ORIGIN,
        )
        unit.session.add(parcel)
        unit.session.flush()
        self.parcels[order.number] = parcel.pk
        self._set_order(unit, order, state="shipped")

    def _move(self, unit: Unit, order: PlannedOrder, event: Happening) -> None:
        state = {"scanned": "in_transit", "out": "out_for_delivery"}.get(event.kind, event.kind)
        values: dict[str, object] = {"state": state, "last_scan_at": event.at, "last_scan_place": event.place}
        if event.kind == "delivered":
            values["delivered_at"] = event.at
            self._set_order(unit, order, state="delivered")
            customer = unit.session.get_one(Customer, self.customers[order.person])
            earned = order.total // shop.POINTS_PER_YEN
            _points(unit, customer, order, earned, "earned", event.at, self.orders[order.number])
        statement = update(Shipment).where(col(Shipment.id) == self.parcels[order.number]).values(**values)
        unit.session.execute(statement.execution_options(synchronize_session=False))

    def _end(self, unit: Unit, order: PlannedOrder, event: Happening) -> None:
        values: dict[str, object] = {"state": event.kind}
        if event.kind == "cancelled":
            values["cancelled_at"] = event.at
            customer = unit.session.get_one(Customer, self.customers[order.person])
            customer.spent -= order.total
        elif event.kind == "returned":
            values["returned_at"] = event.at
        self._set_order(unit, order, **values)

    def _refund(self, unit: Unit, order: PlannedOrder, event: Happening) -> None:
        amount = min(order.refund, order.total)
        unit.session.add(
            Refund(
                brand_id=self.brand_id,
                order_id=self.orders[order.number],
                amount=amount,
                method=PAID_WITH[order.who.language],
                reason={"cancelled": "customer_cancelled", "damaged": "damaged_item"}.get(
                    order.fate, "returned"
                ),
                created_at=event.at,
            )
        )
        whole = amount >= order.total or order.fate == "returned"
        self._set_order(unit, order, payment="refunded" if whole else "partly_refunded")

    def _set_order(self, unit: Unit, order: PlannedOrder, **values: object) -> None:
        statement = update(Order).where(col(Order.id) == self.orders[order.number]).values(**values)
        unit.session.execute(statement.execution_options(synchronize_session=False))


def _item(product: shop.Product, quantity: int, language: str) -> dict[str, object]:
    return {
        "sku": product.sku,
        "name": product.name(language),
        "quantity": quantity,
        "price": product.price,
        "category": product.category,
    }


def _points(
    unit: Unit, customer: Customer, order: PlannedOrder, amount: int, kind: str, when: datetime, order_id: int
) -> None:
    if amount:
        points.record(
            unit,
            customer=customer,
            amount=amount,
            kind=kind,
            reason=order.number,
            idempotency_key=f"{kind}:{order.number}",
            at=when,
            order_id=order_id,
        )
