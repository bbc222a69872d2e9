"""The brand's own fields beside a ticket, read in the same query as the ticket itself. Used by conversation."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, String, cast, func, select
from sqlmodel import col

from helpdesk.i18n import language
from helpdesk.models import CustomField, Ticket

BETWEEN, END = "\x1f", "\x1e"  # neither stands in a name or in JSON


@dataclass(frozen=True, slots=True)
class Asked:
    """A custom field with this ticket's value, as a form shows it."""

    name: str
    label: str
    kind: str
    value: str
    options: tuple[str, ...]
    required: bool

    @property
    def missing(self) -> bool:
        return self.required and not self.value


def asked() -> ScalarSelect[str]:
    """The active fields of the ticket's brand as one column of a query over tickets."""
    columns = ("position", "id", "name", "kind", "required", "labels", "options")
    parts = [cast(col(getattr(CustomField, name)), String) for name in columns]
    field: ColumnElement[str] = parts[0]
    for part in parts[1:]:
        field = field + BETWEEN + part
    return (
        select(func.aggregate_strings(field, END))
        .where(
            col(CustomField.brand_id) == col(Ticket.brand_id),
            col(CustomField.archived_at).is_(None),
        )
        .correlate(Ticket)
        .scalar_subquery()
    )


def read_asked(text: str | None, values: dict[str, Any]) -> tuple[Asked, ...]:
    """The fields of an `asked` column with the ticket's values, in the brand's order."""
    rows = [part.split(BETWEEN) for part in (text or "").split(END) if part]
    rows.sort(key=lambda row: (int(row[0]), int(row[1])))
    return tuple(_read(row, values) for row in rows)


def _read(row: list[str], values: dict[str, Any]) -> Asked:
    _position, _pk, name, kind, required, labels, options = row
    shown: dict[str, str] = json.loads(labels)
    value = values.get(name)
    text = "" if value is None else str(value)
    offered = tuple(json.loads(options))
    if kind == "list" and text and text not in offered:
        offered = (text, *offered)  # chosen while it was offered
    label = shown.get(language()) or shown.get("en") or name
    return Asked(name, label, kind, text, offered, required in ("1", "true"))
