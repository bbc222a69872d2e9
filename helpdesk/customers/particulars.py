"""What a customer is called and known for, while others are merged into them: each field from all that stand there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from helpdesk.models import Customer, CustomerMerge

FIELDS = ("name", "language", "tier", "vip", "region", "note")


def combine(name: str, own: Any, other: Any) -> Any:
    """Unless somebody chooses: one's own words, where there are none the other's; a note keeps the lines of both."""
    if name != "note" or not own or not other:
        return own or other
    known = own.splitlines()
    return "\n".join([own, *(line for line in other.splitlines() if line.strip() and line not in known)])


def combined(source: Customer, target: Customer) -> dict[str, Any]:
    return {name: combine(name, getattr(target, name), getattr(source, name)) for name in FIELDS}


def take(source: Customer, target: Customer, chosen: Mapping[str, Any]) -> dict[str, Any]:
    """The target is called so from now on. What comes back is kept: name -> [before, after, whether chosen]."""
    usual = combined(source, target)
    kept = {}
    for name in FIELDS:
        before, after = getattr(target, name), chosen.get(name, usual[name])
        kept[name] = [before, after, after != usual[name]]
        setattr(target, name, after)
    return kept


def settle(
    target: Customer,
    standing: Sequence[CustomerMerge],
    sources: Mapping[int, Customer],
    gone: CustomerMerge | None = None,
) -> None:
    """Every field anew from the merges that stand, as if `gone` had never been. What somebody wrote since stays."""
    rows = sorted([*standing, *([gone] if gone else [])], key=lambda one: (one.created_at, one.pk))
    for name in FIELDS:
        told = [row for row in rows if name in row.fields]
        if told and getattr(target, name) == told[-1].fields[name][1]:
            setattr(target, name, _again(name, told, sources, gone))


def _again(
    name: str, rows: Sequence[CustomerMerge], sources: Mapping[int, Customer], gone: CustomerMerge | None
) -> Any:
    value = last = rows[0].fields[name][0]
    for row in rows:
        before, after, chosen = row.fields[name]
        if before != last:  # somebody corrected it between the two
            value = before
        last = after
        if row is gone:
            continue
        new = after if chosen else combine(name, value, getattr(sources[row.source_id], name))
        row.fields = {**row.fields, name: [value, new, chosen]}
        value = new
    return value
