"""Many rows at once are the same as one by one."""

from __future__ import annotations

from sqlmodel import col, select

from helpdesk.models import Brand, Customer, Identity
from helpdesk.store import rows
from helpdesk.store.db import Database


def test_ids_come_in_the_order_of_the_rows_and_the_rest_is_default(database: Database, brand: Brand) -> None:
    with database.write() as unit:
        given = [
            {"brand_id": brand.pk, "name": f"Customer {number}", "created_at": unit.now}
            for number in range(40)
        ]
        ids = rows.put(unit, Customer, given)
    with database.read() as unit:
        found = {one.pk: one for one in unit.session.exec(select(Customer))}
    assert [found[pk].name for pk in ids] == [one["name"] for one in given]
    assert len({one.key for one in found.values()}) == 40
    assert (found[ids[0]].vip, found[ids[0]].points, found[ids[0]].language) == (False, 0, None)


def test_each_row_changes_its_own(database: Database, brand: Brand) -> None:
    with database.write() as unit:
        named = [
            {"brand_id": brand.pk, "name": name, "created_at": unit.now} for name in ("one", "two", "three")
        ]
        first, second, third = rows.put(unit, Customer, named)
        rows.change(
            unit,
            Customer,
            [{"id": first, "name": "1", "vip": True}, {"id": third, "name": "3", "vip": False}],
        )
        rows.add(
            unit,
            Identity,
            [
                {
                    "brand_id": brand.pk,
                    "customer_id": second,
                    "kind": "chat",
                    "value": value,
                    "created_at": unit.now,
                }
                for value in ("a", "b")
            ],
        )
        rows.change(
            unit,
            Identity,
            [{"customer_id": second, "value": "b", "verified": True}],
            by=("customer_id", "value"),
        )
    with database.read() as unit:
        customers = unit.session.exec(select(Customer).order_by(col(Customer.id))).all()
        identities = unit.session.exec(select(Identity).order_by(col(Identity.value))).all()
    assert [(one.name, one.vip) for one in customers] == [("1", True), ("two", False), ("3", False)]
    assert [one.verified for one in identities] == [False, True]


def test_nothing_given_is_nothing_done(database: Database) -> None:
    with database.write() as unit:
        assert rows.put(unit, Customer, []) == []
        rows.add(unit, Customer, [])
        rows.change(unit, Customer, [])
    with database.read() as unit:
        assert unit.session.exec(select(Customer)).all() == []
