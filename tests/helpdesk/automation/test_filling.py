"""Places of an approved template, filled with what is known; the rest stays open for the agent."""

from __future__ import annotations

from datetime import date

import pytest

from helpdesk.automation.filling import guess
from macros.facts import Agent, Brand, Customer, Facts, Order, Shipment

FACTS = Facts(
    customer=Customer(name="Emma Clark"),
    order=Order(number="HK-20815", items="Linen Throw"),
    shipment=Shipment(
        carrier="DHL",
        tracking_number="1234-5678-9012",
        tracking_url="https://track.example/1",
        expected_on=date(2026, 1, 9),
    ),
    brand=Brand(name="Hinoki"),
    agent=Agent(name="Misaki"),
)


@pytest.mark.parametrize(
    ("example", "value"),
    [
        ("Maria", "Emma Clark"),
        ("HK-10001", "HK-20815"),
        ("#20391", "HK-20815"),
        ("2026-11-24", "Fri, Jan 9"),
        ("Nov 24", "Fri, Jan 9"),
        ("11月24日", "Fri, Jan 9"),
        ("4821-1234-5678", "1234-5678-9012"),
        ("https://shop.example/x", "https://track.example/1"),
        ("", ""),
    ],
)
def test_a_numbered_place_is_known_by_its_example(example: str, value: str) -> None:
    assert guess([{"name": "1", "example": example}], FACTS) == [value]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("customer_name", "Emma Clark"),
        ("order_number", "HK-20815"),
        ("tracking_number", "1234-5678-9012"),
        ("tracking_url", "1234-5678-9012"),
        ("link", "https://track.example/1"),
        ("carrier_name", "DHL"),
        ("expected_date", "Fri, Jan 9"),
        ("shop_name", "Hinoki"),
        ("agent_name", "Misaki"),
        ("product", "Linen Throw"),
        ("coupon", ""),
    ],
)
def test_a_named_place_is_known_by_its_name(name: str, value: str) -> None:
    assert guess([{"name": name, "example": "Maria"}], FACTS) == [value]


def test_nothing_is_said_twice() -> None:
    two = [{"name": "1", "example": "Maria"}, {"name": "2", "example": "Jones"}]
    assert guess(two, FACTS) == ["Emma Clark", ""]


def test_what_is_not_known_stays_open() -> None:
    assert guess([{"name": "order", "example": "1"}], Facts()) == [""]
