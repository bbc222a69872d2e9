"""What a customer's messages name, and whose it is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk import i18n
from helpdesk.access import Access
from helpdesk.customers.identify import identify, list_identities
from helpdesk.errors import NotFound
from helpdesk.inbox.mentioned import Mention, list_mentions
from helpdesk.models import Brand, Product, Ticket
from helpdesk.store.db import Database
from helpdesk.triage import about
from tests.helpdesk.desk import add_message, add_order, add_ticket

PARCEL = f"40123456789{40123456789 % 7}"


@pytest.fixture
def ticket(database: Database, brand: Brand) -> Ticket:
    found = add_ticket(database, brand)
    with database.write() as unit:
        shipped = unit.now - timedelta(days=2)
        names = {"ja": "檜の風呂椅子", "en": "Hinoki bath stool"}
        unit.session.add(Product(brand_id=brand.pk, sku="HK-STOOL", names=names, category="bath"))
        other = identify(unit, brand.pk, "email", "jiro@example.jp", name="佐藤 次郎")
        stranger = other.pk
    add_order(database, found.customer_id, brand, "HK-1001", tracking_number=PARCEL, shipped_at=shipped)
    add_order(database, stranger, brand, "HK-2002")
    return found


def mentions(database: Database, access: Access, ticket: Ticket, text: str) -> list[Mention]:
    add_message(database, ticket, text)
    with database.read() as unit:
        return list(list_mentions(unit, access, ticket.key)[1])


def test_orders_are_offered_for_linking_and_strangers_are_marked(
    database: Database, access: Access, ticket: Ticket
) -> None:
    found = mentions(database, access, ticket, "ＨＫ１００１ と HK-2002 の件です")
    assert [(one.shown, one.order, one.foreign) for one in found] == [
        ("HK-1001", "HK-1001", False),
        ("HK-2002", "HK-2002", True),
    ]


def test_the_linked_order_is_not_offered_again(database: Database, access: Access, ticket: Ticket) -> None:
    with database.write() as unit:
        about.link_order(unit, unit.session.get_one(Ticket, ticket.pk), "HK-1001")
    (found,) = mentions(database, access, ticket, "HK-1001")
    assert (found.order, found.fact) == ("", "linked with this ticket")


def test_a_number_that_the_shop_does_not_have_is_said(
    database: Database, access: Access, ticket: Ticket
) -> None:
    (found,) = mentions(database, access, ticket, "注文番号 HK-9999 と 2026 年")
    assert (found.shown, found.fact, found.order) == ("HK-9999", "no such order", "")


def test_a_parcel_leads_to_its_carrier_and_names_its_order(
    database: Database, access: Access, ticket: Ticket
) -> None:
    (found,) = mentions(database, access, ticket, f"ヤマトの追跡番号 {PARCEL[:4]}-{PARCEL[4:8]}-{PARCEL[8:]}")
    assert found.shown == PARCEL and "order HK-1001" in found.fact
    assert PARCEL in found.link and not found.foreign


def test_addresses_that_are_not_the_customers_are_told_apart(
    database: Database, access: Access, ticket: Ticket
) -> None:
    with database.write() as unit:
        identify(unit, ticket.brand_id, "phone", "09011112222", name="山田 花子")
    with database.read() as unit:
        own = next(one.value for one in list_identities(unit, ticket.customer_id) if one.kind == "email")
    text = f"{own} か jiro@example.jp か new@example.jp、電話は 03-1234-5678 です"
    found = mentions(database, access, ticket, text)
    assert [(one.shown, one.foreign, bool(one.link)) for one in found] == [
        ("jiro@example.jp", True, True),
        ("new@example.jp", False, False),
        ("+81312345678", False, False),
    ]


def test_goods_are_called_in_the_readers_language(database: Database, access: Access, ticket: Ticket) -> None:
    found = mentions(database, access, ticket, "風呂椅子が割れました")
    assert [one.shown for one in found] == ["Hinoki bath stool"]
    with i18n.using("ja"), database.read() as unit:
        assert [one.shown for one in list_mentions(unit, access, ticket.key)[1]] == ["檜の風呂椅子"]


def test_another_brands_ticket_says_nothing(database: Database, access: Access, other_brand: Brand) -> None:
    hidden = add_ticket(database, other_brand)
    with database.read() as unit, pytest.raises(NotFound):
        list_mentions(unit, access, hidden.key)
