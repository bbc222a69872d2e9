"""The places of an approved template, filled with what is known of customer and order. Pure; agents correct it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from helpdesk import i18n
from macros.facts import Facts

ORDER = re.compile(r"#?[A-Z]{0,5}-?\d{3,12}", re.IGNORECASE)
MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
DAY = re.compile(rf"\d{{1,4}}[-/.年月]\d{{1,2}}|\b(?:{MONTHS})[a-z]*\.? \d|\d (?:{MONTHS})", re.IGNORECASE)
PARCEL = re.compile(r"(?:\d-?){10,14}|[A-Z]{2}\d{9}[A-Z]{2}")
NAMED: Sequence[tuple[tuple[str, ...], str]] = (
    (("track", "parcel", "slip"), "parcel"),
    (("url", "link"), "url"),
    (("carrier", "courier"), "carrier"),
    (("date", "day", "eta", "expected"), "day"),
    (("brand", "shop", "store"), "brand"),
    (("agent", "staff"), "agent"),
    (("item", "product"), "items"),
    (("order", "number"), "order"),
    (("name", "customer"), "name"),
)


def guess(parameters: Sequence[Mapping[str, str]], facts: Facts) -> list[str]:
    """One value for each place, "" where nothing is known that would fit. Nothing is used twice."""
    known = _known(facts)
    values: list[str] = []
    for one in parameters:
        name, example = str(one.get("name") or ""), str(one.get("example") or "")
        wanted = _by_name(name) if not name.isdecimal() else _by_example(example)
        values.append(known.pop(wanted, ""))
    return values


def _known(facts: Facts) -> dict[str, str]:
    due = facts.shipment.expected_on or facts.order.promised_on
    found = {
        "name": facts.customer.name,
        "order": facts.order.number,
        "parcel": facts.shipment.tracking_number,
        "url": facts.shipment.tracking_url,
        "carrier": facts.shipment.carrier,
        "day": i18n.day(due, year=False) if isinstance(due, date) else "",
        "items": facts.order.items,
        "brand": facts.brand.name,
        "agent": facts.agent.name,
    }
    return {name: str(value) for name, value in found.items() if value}


def _by_name(name: str) -> str:
    folded = name.casefold()
    return next((fact for words, fact in NAMED if any(word in folded for word in words)), "")


def _by_example(example: str) -> str:
    """What looks like something is that thing; words without figures are a name."""
    if "://" in example:
        return "url"
    if PARCEL.fullmatch(example):
        return "parcel"
    if DAY.search(example):
        return "day"
    if ORDER.fullmatch(example):
        return "order"
    return "name" if example and not any(letter.isdigit() for letter in example) else ""
