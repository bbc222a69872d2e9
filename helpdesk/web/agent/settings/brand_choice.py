"""Which of an agent's brands a form is about."""

from __future__ import annotations

from sqlmodel import col, select

from helpdesk.errors import Invalid
from helpdesk.models import Brand
from helpdesk.store.db import Unit


def list_brands(unit: Unit, brand_ids: tuple[int, ...]) -> list[Brand]:
    return list(unit.session.exec(select(Brand).where(col(Brand.id).in_(brand_ids)).order_by(col(Brand.id))))


def get_brand(unit: Unit, brand_ids: tuple[int, ...], key: str) -> Brand:
    """The one that was chosen, or the only one. Raises Invalid."""
    brands = list_brands(unit, brand_ids)
    found = next((one for one in brands if one.key == key), brands[0] if len(brands) == 1 else None)
    if found is None:
        raise Invalid("choose the brand", field="brand")
    return found
