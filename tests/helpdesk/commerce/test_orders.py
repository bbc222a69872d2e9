from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from helpdesk.commerce import orders
from helpdesk.models import Brand, Customer, Order, Refund, Shipment
from helpdesk.store.db import Database

NOW = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)


def order(**given: object) -> Order:
    return Order(
        **{"number": "HK-1", "placed_at": NOW - timedelta(days=3), "brand_id": 1, "customer_id": 1, **given}
    )


def parcel(state: str = "in_transit", **given: object) -> Shipment:
    return Shipment(
        brand_id=1, order_id=1, state=state, **{"last_scan_at": NOW - timedelta(hours=5), **given}
    )


@pytest.mark.parametrize(
    ("expected", "placed", "shipments", "refunds"),
    [
        ("placed", order(placed_at=NOW - timedelta(minutes=30)), [], []),
        ("not_shipped", order(), [], []),
        ("not_shipped", order(), [parcel("label")], []),
        ("late_to_ship", order(promised_on=date(2026, 1, 4)), [], []),
        ("late_to_ship", order(ship_by=NOW - timedelta(days=3)), [], []),
        ("in_transit", order(promised_on=date(2026, 1, 5)), [parcel()], []),
        ("late", order(promised_on=date(2026, 1, 4)), [parcel()], []),
        ("late", order(), [parcel(last_scan_at=NOW - timedelta(hours=73))], []),
        ("late", order(), [parcel("exception")], []),
        ("in_transit", order(promised_on=date(2026, 1, 1)), [parcel(expected_on=date(2026, 1, 6))], []),
        ("delivered", order(state="delivered", promised_on=date(2026, 1, 1)), [parcel("delivered")], []),
        ("cancelled", order(state="cancelled"), [], []),
        (
            "refunded",
            order(state="cancelled"),
            [],
            [Refund(brand_id=1, order_id=1, amount=1, created_at=NOW)],
        ),
        ("returned", order(state="returned"), [parcel("delivered")], []),
        ("refunded", order(payment="refunded"), [parcel("delivered")], []),
    ],
)
def test_the_state_is_what_a_customer_would_ask_about(
    expected: str, placed: Order, shipments: list[Shipment], refunds: list[Refund]
) -> None:
    assert orders.order_state(placed, shipments, refunds, now=NOW, zone="Asia/Tokyo") == expected


def test_a_day_ends_in_the_brands_zone() -> None:
    promised = order(promised_on=date(2026, 1, 4))
    evening_in_tokyo = datetime(2026, 1, 4, 14, 59, tzinfo=UTC)
    state = [orders.order_state(promised, [parcel()], [], now=at, zone="Asia/Tokyo") for at in (
        evening_in_tokyo, evening_in_tokyo + timedelta(minutes=1))]  # fmt: skip
    assert state == ["in_transit", "late"]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("注文番号ＨＫ－２０３９１について", ["HK-20391"]),
        ("my order hk-20391, thanks", ["HK-20391"]),
        ("#10234 and 55555", ["10234", "55555"]),
        ("090-1234-5678 まで", []),
        ("no number", []),
    ],
)
def test_numbers_are_found_as_people_write_them(text: str, numbers: list[str]) -> None:
    assert orders.mentioned_numbers(text) == numbers


def test_only_the_brands_own_orders_are_found(
    database: Database, brand: Brand, other_brand: Brand, customer: Customer
) -> None:
    with database.write() as unit:
        unit.session.add(order(brand_id=brand.pk, customer_id=customer.pk, number="HK-20391"))
        unit.session.add(order(brand_id=other_brand.pk, customer_id=customer.pk, number="ZZ-7777"))
        unit.session.flush()
        assert orders.find_mentioned(unit, brand.pk, "ZZ-7777 と hk-20391") is not None
        assert orders.find_mentioned(unit, brand.pk, "ZZ-7777") is None
        card = orders.list_orders(unit, customer.pk)[0]
        assert card.state == "not_shipped" and card.shipment is None
