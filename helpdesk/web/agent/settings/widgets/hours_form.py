"""Opening hours as a form has them: two spans for each weekday, and days that are closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from helpdesk.channels.chat.hours import DAYS
from helpdesk.i18n import gettext as _
from helpdesk.web import forms

ALL_DAY = [["00:00", "24:00"]]
SPANS = (1, 2)
USUAL = {day: [["09:00", "18:00"]] for day in DAYS[:5]}
MOST_CLOSED = 200

Span = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Hours:
    """`always` has no spans of its own; `spans` are two for each day, empty ones at the end."""

    always: bool
    spans: Mapping[str, tuple[Span, Span]] = field(default_factory=dict)
    closed: str = ""


def shown(hours: Mapping[str, Any]) -> Hours:
    given = {day: hours.get(day) or [] for day in DAYS}
    always = not any(given.values()) or all(spans == ALL_DAY for spans in given.values())
    two = {day: _two((USUAL.get(day) or []) if always else spans) for day, spans in given.items()}
    return Hours(always, two, "\n".join(hours.get("closed") or ()))


def _two(spans: list[list[str]]) -> tuple[Span, Span]:
    pairs = [(begin, "00:00" if end == "24:00" else end) for begin, end in spans[:2]]
    first, second, *_rest = [*pairs, ("", ""), ("", "")]
    return first, second


def read(form: forms.Form) -> dict[str, Any]:
    """As the settings keep it; nothing at all where it is always open."""
    closed = _closed(form)
    if form.choice("open", ("always", "hours"), "always") == "always":
        return {**dict.fromkeys(DAYS, ALL_DAY), "closed": closed} if closed else {}
    found: dict[str, Any] = {day: _spans(form, day) for day in DAYS}
    if not any(found.values()):
        form.errors["open"] = _("Give one day at least its hours.")
    return {day: spans for day, spans in found.items() if spans} | ({"closed": closed} if closed else {})


def _spans(form: forms.Form, day: str) -> list[list[str]]:
    spans: list[list[str]] = []
    for number in SPANS:
        begin, end = _time(form, f"{day}_{number}_from"), _time(form, f"{day}_{number}_to")
        if bool(begin) != bool(end):
            form.errors[f"{day}_{number}_to"] = _("A span needs its beginning and its end.")
        elif begin and end:
            end = "24:00" if end == "00:00" else end
            if end <= begin or (spans and begin < spans[-1][1]):
                form.errors[f"{day}_{number}_to"] = _(
                    "Each span ends after it begins, and after the one before."
                )
            spans.append([begin, end])
    return spans


def _time(form: forms.Form, name: str) -> str:
    given = form.value(name).strip()
    try:
        return time.fromisoformat(given).strftime("%H:%M") if given else ""
    except ValueError:
        form.errors[name] = _("Write the time as 09:30.")
        return ""


def _closed(form: forms.Form) -> list[str]:
    """Each date once, in order."""
    try:
        days = {date.fromisoformat(one).isoformat() for one in form.value("closed").replace(",", " ").split()}
    except ValueError:
        form.errors["closed"] = _("Write each date as 2026-01-31, one a line.")
        return []
    if len(days) > MOST_CLOSED:
        form.errors["closed"] = _("At most %(most)s dates.", most=MOST_CLOSED)
    return sorted(days)


def days() -> dict[str, str]:
    """What the weekdays are called."""
    return {
        "mon": _("Monday"),
        "tue": _("Tuesday"),
        "wed": _("Wednesday"),
        "thu": _("Thursday"),
        "fri": _("Friday"),
        "sat": _("Saturday"),
        "sun": _("Sunday"),
    }
