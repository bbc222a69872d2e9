"""The words of a brand's goods, from its products and what was ordered lately; remembered for some minutes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy
from sqlalchemy import Connection, Engine, bindparam
from sqlmodel import col

from helpdesk.models import Order, Product
from helpdesk.store.db import Unit
from helpdesk.triage import goods
from helpdesk.triage.goods import Catalogue, Item

FRESH = timedelta(minutes=10)
EMPTY = timedelta(minutes=1)  # a shop that has just begun is asked again soon
PRODUCTS = 3_000
ORDERS = 200

_Shelf = dict[int, tuple[datetime, Catalogue]]
_shelves: WeakKeyDictionary[Engine | Connection, _Shelf] = WeakKeyDictionary()


def of_brand(unit: Unit, brand_id: int) -> Catalogue:
    """As it was at most ten minutes ago."""
    shelf = _shelves.setdefault(unit.session.get_bind(), {})
    known = shelf.get(brand_id)
    if known and timedelta() <= unit.now - known[0] < (FRESH if known[1].words else EMPTY):
        return known[1]
    learnt = goods.learn(_items(unit, brand_id))
    shelf[brand_id] = (unit.now, learnt)
    return learnt


def _items(unit: Unit, brand_id: int) -> Iterator[Item]:
    seen: set[tuple[str, str]] = set()
    for sku, names, category in unit.rows(_products(), {"brand": brand_id}):
        said = tuple(str(one) for one in names.values())
        seen.update((sku, one) for one in said)
        yield Item(sku, said, category)
    for (items,) in unit.rows(_ordered(), {"brand": brand_id}):
        for one in items:
            sku, name, category = (str(one.get(key) or "") for key in ("sku", "name", "category"))
            if name and (sku, name) not in seen:
                seen.add((sku, name))
                yield Item(sku, (name,), category)


@cache
def _products() -> Any:
    wanted = sqlalchemy.select(col(Product.sku), col(Product.names), col(Product.category))
    return wanted.where(col(Product.brand_id) == bindparam("brand")).order_by(col(Product.id)).limit(PRODUCTS)


@cache
def _ordered() -> Any:
    wanted = sqlalchemy.select(col(Order.items)).where(col(Order.brand_id) == bindparam("brand"))
    return wanted.order_by(col(Order.id).desc()).limit(ORDERS)
