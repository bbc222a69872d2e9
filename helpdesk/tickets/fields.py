"""Fields that a brand adds to its tickets: what they take, what a ticket says in them, what is missing to close it.

A list's options are paths: "Delivery::Late::Carrier". An archived field keeps its values and is asked for no more.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from helpdesk import i18n
from helpdesk.errors import Conflict, Invalid, NotFound
from helpdesk.models import Agent, CustomField, Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets.change import changing

KINDS = ("text", "number", "date", "list")
BETWEEN = "::"
MOST = 25  # active ones of a brand
LONGEST = 500
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


def list_fields(unit: Unit, brand_id: int, *, archived: bool = False) -> list[CustomField]:
    """In the brand's order; the active ones, or the archived ones."""
    gone = col(CustomField.archived_at).is_not(None) if archived else col(CustomField.archived_at).is_(None)
    wanted = select(CustomField).where(CustomField.brand_id == brand_id, gone)
    return list(unit.session.exec(wanted.order_by(col(CustomField.position), col(CustomField.id))))


def get_field(unit: Unit, brand_id: int, name: str) -> CustomField:
    found = unit.session.exec(
        select(CustomField).where(CustomField.brand_id == brand_id, CustomField.name == name)
    ).first()
    if found is None:
        raise NotFound("this field does not exist any more; reload the page")
    return found


def label(field: CustomField) -> str:
    """In the reader's language."""
    return str(field.labels.get(i18n.language()) or field.labels.get("en") or field.name)


def set_value(unit: Unit, ticket: Ticket, field: CustomField, text: str, *, by: Agent | None) -> bool:
    """True when it changed. An empty text takes the value away. Raises Invalid for what the field does not take."""
    value = read_value(field, text)
    before = ticket.fields.get(field.name)
    if value == before:
        return False
    rest = {name: one for name, one in ticket.fields.items() if name != field.name}
    name = "field_cleared" if value is None else "field_changed"
    with changing(unit, ticket, name, by=by, field=label(field), before=before, value=value):
        ticket.fields = rest if value is None else rest | {field.name: value}
    return True


def read_value(field: CustomField, text: str) -> str | int | float | None:
    """What is kept for what was typed; None for nothing."""
    text = " ".join(text.split())
    if not text:
        return None
    if field.kind == "number":
        return _number(field, text)
    if field.kind == "date":
        return _date(field, text)
    if field.kind == "list" and text not in field.options:
        raise Invalid("choose one of the list for %(label)s", field=field.name, label=label(field))
    if len(text) > LONGEST:
        raise Invalid(
            "%(label)s takes at most %(most)s characters", field=field.name, label=label(field), most=LONGEST
        )
    return text


def plan_missing(fields: Sequence[CustomField], values: Mapping[str, Any]) -> list[CustomField]:
    """The required ones without a value; 0 is a value."""
    return [one for one in fields if one.required and values.get(one.name) in (None, "")]


def require_filled(unit: Unit, ticket: Ticket) -> None:
    """Raises Invalid that names what is missing; `field` is the first of them."""
    missing = plan_missing(list_fields(unit, ticket.brand_id), ticket.fields)
    if missing:
        raise Invalid(
            "fill in before closing: %(fields)s",
            field=f"field-{missing[0].name}",
            fields=", ".join(label(one) for one in missing),
        )


def create(
    unit: Unit,
    brand_id: int,
    *,
    name: str,
    labels: Mapping[str, str],
    kind: str,
    options: Sequence[str] = (),
    required: bool = False,
) -> CustomField:
    """At the end of the brand's fields. Raises Invalid, or Conflict when the name is taken or there are too many."""
    if not _NAME.fullmatch(name):
        raise Invalid("a name is lower-case letters, digits and _, and begins with a letter", field="name")
    if kind not in KINDS:
        raise Invalid("the kind is text, number, date or list", field="kind")
    taken = select(CustomField.id).where(CustomField.brand_id == brand_id, CustomField.name == name)
    if unit.session.exec(taken).first() is not None:
        raise Conflict("the brand has a field of this name already; archived ones can be taken up again")
    _require_room(unit, brand_id)
    field = CustomField(
        brand_id=brand_id,
        name=name,
        labels=_labels(labels, name),
        kind=kind,
        options=clean_options(kind, options),
        required=required,
        position=_end(unit, brand_id),
        created_at=unit.now,
    )
    unit.session.add(field)
    unit.session.flush()
    return field


def change(
    field: CustomField, *, labels: Mapping[str, str], options: Sequence[str] = (), required: bool = False
) -> None:
    """Its kind and name stay: tickets have values in it."""
    field.labels = _labels(labels, field.name)
    field.options = clean_options(field.kind, options)
    field.required = required


def archive(unit: Unit, field: CustomField) -> None:
    field.archived_at = field.archived_at or unit.now


def restore(unit: Unit, field: CustomField) -> None:
    if field.archived_at is not None:
        _require_room(unit, field.brand_id)
        field.archived_at, field.position = None, _end(unit, field.brand_id)


def reorder(unit: Unit, brand_id: int, keys: Sequence[str]) -> None:
    """The active fields in this order; those not named keep their order after them."""
    place = {key: number for number, key in enumerate(keys)}
    ordered = sorted(list_fields(unit, brand_id), key=lambda one: place.get(one.key, len(place)))
    for number, field in enumerate(ordered):
        field.position = number


def clean_options(kind: str, options: Sequence[str]) -> list[str]:
    """Paths without empty levels and doubles, in the order given."""
    if kind != "list":
        return []
    paths = [
        BETWEEN.join(" ".join(part.split()) for part in one.split(BETWEEN)) for one in options if one.strip()
    ]
    if not paths:
        raise Invalid("a list needs at least one option", field="options")
    if any(not part or len(path) > LONGEST for path in paths for part in path.split(BETWEEN)):
        raise Invalid("an option is written as Level::Level::Level", field="options")
    return list(dict.fromkeys(paths))


def _number(field: CustomField, text: str) -> int | float:
    try:
        number = float(text.replace(",", ""))
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or abs(number) > 1e15:
        raise Invalid("%(label)s takes a number", field=field.name, label=label(field))
    return int(number) if number.is_integer() else number


def _date(field: CustomField, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise Invalid("%(label)s takes a date as 2026-01-31", field=field.name, label=label(field)) from error


def _labels(labels: Mapping[str, str], name: str) -> dict[str, str]:
    found = {language: " ".join(one.split())[:80] for language, one in labels.items() if one.strip()}
    return found or {"en": name}


def _require_room(unit: Unit, brand_id: int) -> None:
    if len(list_fields(unit, brand_id)) >= MOST:
        raise Conflict("a brand has at most %(most)s fields; archive one first", most=MOST)


def _end(unit: Unit, brand_id: int) -> int:
    last = unit.session.scalar(select(func.max(CustomField.position)).where(CustomField.brand_id == brand_id))
    return 0 if last is None else last + 1
