"""The order as its customer is shown it, in the customer's language."""

from __future__ import annotations

from datetime import timedelta

from helpdesk.commerce.card import card_of
from helpdesk.commerce.orders import get_card
from helpdesk.models import Brand, Customer, Order
from helpdesk.store.db import Database
from tests.helpdesk.desk import add_order


def made(database: Database, brand: Brand, order: Order, language: str = "en") -> dict[str, object]:
    with database.read() as unit:
        return card_of(get_card(unit, unit.session.get_one(Order, order.pk)), brand, language=language)


def test_a_parcel_on_its_way_can_be_followed(database: Database, brand: Brand, customer: Customer) -> None:
    with database.read() as unit:
        due = unit.now.date() + timedelta(days=2)
    order = add_order(
        database, customer.pk, brand, tracking_url="https://track.example/4821", expected_on=due
    )
    assert made(database, brand, order) == {
        "order": "HK-1001",
        "title": "Order HK-1001",
        "lines": ["On its way", "マグカップ ×2", "Yamato Transport 4821", "Expected on Wed, Jan 7"],
        "url": "https://track.example/4821",
        "label": "Track the parcel",
    }


def test_what_was_delivered_is_expected_no_more(database: Database, brand: Brand, customer: Customer) -> None:
    with database.read() as unit:
        now = unit.now
    order = add_order(
        database, customer.pk, brand, state="delivered", delivered_at=now, expected_on=now.date()
    )
    card = made(database, brand, order)
    assert card["lines"] == ["Delivered", "マグカップ ×2", "Yamato Transport 4821", "Delivered on Mon, Jan 5"]
    assert "url" not in card


def test_a_long_order_names_its_first_items(database: Database, brand: Brand, customer: Customer) -> None:
    order = add_order(database, customer.pk, brand)
    with database.write() as unit:
        row = unit.session.get_one(Order, order.pk)
        row.items = [{"name": f"item {n}", "quantity": 1} for n in range(5)]
    assert made(database, brand, order)["lines"][1:] == ["item 0", "item 1", "item 2", "and 2 more"]  # type: ignore[index]
