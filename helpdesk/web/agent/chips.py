"""What is set in a filter, in words: one chip for each value, with the address of the list without it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import urlencode

from helpdesk import i18n
from helpdesk.channels.names import NAMES
from helpdesk.i18n import gettext as _
from helpdesk.i18n import lazy
from helpdesk.inbox.choices import Choices
from helpdesk.inbox.filter import CUSTOMERS, ORDERS, STATUSES, Filter
from helpdesk.inbox.filter_values import timedelta_of
from helpdesk.social.setup.table import SETUPS

ICONS = {"email": "mail", "chat": "message-square", **{one.kind: one.icon for one in SETUPS.values()}}
CHANNELS = {name: (ICONS[name], called) for name, called in NAMES.items()}
LANGUAGES = {"ja": lazy("Japanese"), "en": lazy("English")}
LEVELS = {"urgent": lazy("Urgent"), "high": lazy("High"), "normal": lazy("Normal"), "low": lazy("Low")}
FIELDS = {
    "status": lazy("Status"),
    "channel": lazy("Channel"),
    "tag": lazy("Tags"),
    "match": lazy("Tags"),
    "without": lazy("Without tag"),
    "language": lazy("Language"),
    "urgency": lazy("Urgency"),
    "least": lazy("Urgency"),
    "assignee": lazy("Assignee"),
    "team": lazy("Team"),
    "brand": lazy("Brand"),
    "customer": lazy("Customer"),
    "tier": lazy("Rank"),
    "orders": lazy("Number of orders"),
    "order": lazy("Order"),
    "waiting": lazy("Waiting longer than"),
    "created_from": lazy("Opened from"),
    "created_to": lazy("Opened until"),
    "updated_from": lazy("Last message from"),
    "updated_to": lazy("Last message until"),
    "snoozed": lazy("Snoozed"),
    "unread": lazy("Unread"),
    "following": lazy("Followed by me"),
    "draft": lazy("With my draft"),
    "view": lazy("View"),
    "sort": lazy("Order of the list"),
    "columns": lazy("Shown in a row"),
    "saved": lazy("View"),
}


@dataclass(frozen=True, slots=True)
class Chip:
    words: str
    without: str  # address


def chips(chosen: Filter, labels: Mapping[str, str], choices: Choices) -> list[Chip]:
    """Values of one field each get their own chip; the words looked for stand in their own field."""
    found = []
    for name, say in _sayers(labels, choices).items():
        value = getattr(chosen, name)
        if isinstance(value, tuple):
            for one in value:
                rest = tuple(other for other in value if other != one)
                found.append(Chip(say(one), address(chosen, **{name: rest})))
        elif value:
            found.append(Chip(say(value), address(chosen, **{name: type(value)()})))
    return found


def address(chosen: Filter, **other: object) -> str:
    return "/" + query_of(chosen, **other)


@lru_cache(4096)
def query_of(chosen: Filter, **other: object) -> str:
    pairs = chosen.params(**other)
    return f"?{urlencode(pairs, safe=',')}" if pairs else ""


def said_fields(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(_(FIELDS[name]) for name in names if name in FIELDS))


def waiting_words(span: str) -> str:
    return i18n.duration(timedelta_of(span))


def _sayers(labels: Mapping[str, str], choices: Choices) -> dict[str, Callable[..., str]]:
    assignees = {"me": _("Assigned to me"), "none": _("Unassigned"), **choices.colleagues}
    return {
        "status": lambda one: _(STATUSES[one]),
        "channel": lambda one: _(CHANNELS[one][1]) if one in CHANNELS else str(one),
        "tag": lambda one: labels.get(one, one),
        "without": lambda one: _("not: %(tag)s", tag=labels.get(one, one)),
        "language": lambda one: _(LANGUAGES[one]) if one in LANGUAGES else str(one),
        "urgency": lambda one: _("Urgency: %(level)s", level=_(LEVELS[one])),
        "least": lambda points: _("Urgency %(points)s or more", points=points),
        "assignee": lambda one: assignees.get(one, _("A former colleague")),
        "team": lambda one: choices.teams.get(one, _("A former team")),
        "brand": lambda one: choices.brands.get(one, _("Another brand")),
        "customer": lambda one: _(CUSTOMERS[one]),
        "tier": lambda one: _("Rank: %(tier)s", tier=one),
        "orders": lambda n: i18n.ngettext("%(num)s order or more", "%(num)s orders or more", n),
        "order": lambda one: _("Order: %(state)s", state=_(ORDERS[one])),
        "waiting": lambda span: _("Waiting longer than %(span)s", span=waiting_words(span)),
        "created_from": lambda day: _("Opened from %(day)s", day=_day(day)),
        "created_to": lambda day: _("Opened until %(day)s", day=_day(day)),
        "updated_from": lambda day: _("Last message from %(day)s", day=_day(day)),
        "updated_to": lambda day: _("Last message until %(day)s", day=_day(day)),
        "snoozed": lambda one: _("Snoozed") if one == "yes" else _("Not snoozed"),
        "unread": lambda _one: _("Unread"),
        "following": lambda _one: _("Followed by me"),
        "draft": lambda _one: _("With my draft"),
    }


def _day(text: str) -> str:
    return i18n.day(date.fromisoformat(text))
