"""The list of customers."""

from __future__ import annotations

from helpdesk.access import Access
from helpdesk.inbox import customers
from helpdesk.models import Brand
from helpdesk.store.db import Database
from tests.helpdesk.desk import add_order, add_ticket


def test_pages_hold_every_customer_once_and_none_of_another_brand(
    database: Database, brand: Brand, other_brand: Brand, access: Access
) -> None:
    for n in range(11):
        add_ticket(database, brand, name=f"客 {n}")
    add_ticket(database, other_brand, name="stranger")
    seen, after = [], ""
    while True:
        with database.read() as unit:
            page = customers.rows(unit, access, after=after, limit=4)
        seen += [row.name for row in page.rows]
        if page.next is None:
            break
        after = page.next
    assert sorted(seen) == sorted(f"客 {n}" for n in range(11))


def test_a_customer_is_found_by_name_or_order(database: Database, brand: Brand, access: Access) -> None:
    ticket = add_ticket(database, brand, name="佐藤 由美")
    add_ticket(database, brand, name="鈴木 健一")
    add_order(database, ticket.customer_id, brand, "HK-77")
    for words in ("由美", "HK-77", "hk-77"):
        with database.read() as unit:
            assert [row.name for row in customers.rows(unit, access, q=words).rows] == ["佐藤 由美"]
