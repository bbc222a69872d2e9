"""One line for each thing that happened to a ticket, in the reader's words. Read by conversation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from helpdesk.commerce import words
from helpdesk.errors import fill
from helpdesk.i18n import gettext as _
from helpdesk.i18n import lazy, number

WORDS = {
    "opened": lazy("Ticket opened"),
    "assigned": lazy("Assigned to %(agent_name)s"),
    "unassigned": lazy("Assignment removed"),
    "closed": lazy("Closed"),
    "reopened": lazy("Reopened"),
    "unspammed": lazy("Taken out of spam"),
    "marked_spam": lazy("Marked as spam"),
    "snoozed": lazy("Snoozed"),
    "woken": lazy("Awake again"),
    "tagged": lazy("Tag added: %(tags)s"),
    "untagged": lazy("Tag removed: %(tags)s"),
    "urgency_corrected": lazy("Urgency set to %(level)s"),
    "urgency_released": lazy("Urgency goes by its reasons again"),
    "points_granted": lazy("%(amount)s points granted"),
    "points_requested": lazy("Approval asked for %(amount)s points"),
    "points_refused": lazy("%(amount)s points were not approved"),
    "status_changed": lazy("Status changed to %(status)s"),
    "delivery_failed": lazy("Sending failed: %(reason)s"),
    "delivery_retried": lazy("Sending was tried again"),
}
PARTLY_FAILED = lazy("It did not reach every address: %(reason)s")
LEVELS = {"low": lazy("Low"), "normal": lazy("Normal"), "high": lazy("High"), "urgent": lazy("Urgent")}
STATUSES = {"open": lazy("Open"), "pending": lazy("Waiting"), "closed": lazy("Closed"), "spam": lazy("Spam")}
ICONS = {
    "opened": "inbox", "assigned": "user", "unassigned": "user", "closed": "check", "reopened": "rotate-ccw",
    "marked_spam": "ban", "unspammed": "rotate-ccw", "tagged": "tag", "untagged": "tag",
    "snoozed": "clock", "woken": "clock",
    "urgency_corrected": "flag", "urgency_released": "flag",
    "delivery_failed": "circle-alert", "delivery_retried": "rotate-ccw",
    "points_granted": "star", "points_requested": "star", "points_refused": "star",
}  # fmt: skip
SHOWN_BY_THE_MESSAGE = ("answered",)


@dataclass(frozen=True, slots=True)
class EventLine:
    """`by` is an agent's name; empty when the helpdesk did it by itself."""

    at: datetime
    name: str
    icon: str
    text: str
    by: str = ""
    order: int = field(default=0, compare=False)
    kind: str = "event"


Happening = tuple[int, datetime, str, dict[str, Any], str | None]


def lines(events: Iterable[Happening], labels: Mapping[str, str]) -> list[EventLine]:
    """Sentences in order; tags that the classifier set at one moment share a line."""
    found: list[EventLine] = []
    tagged: list[Happening] = []
    for event in events:
        if tagged and not _together(tagged[-1], event):
            found.append(_tags_line(tagged, labels))
            tagged = []
        if _automatic(event):
            tagged.append(event)
        elif event[2] not in SHOWN_BY_THE_MESSAGE:
            found.append(_line(event, labels))
    if tagged:
        found.append(_tags_line(tagged, labels))
    return found


def _automatic(event: Happening) -> bool:
    return event[2] == "tagged" and event[3].get("source") == "auto"


def _together(before: Happening, event: Happening) -> bool:
    return _automatic(event) and event[1] == before[1]


def _tags_line(events: list[Happening], labels: Mapping[str, str]) -> EventLine:
    parts = [_scored(data, labels) for _pk, _at, _name, data, _by in events]
    text = _("Tagged automatically: %(tags)s", tags=" · ".join(parts))
    return EventLine(events[0][1], "tagged", ICONS["tagged"], text, order=events[0][0])


def _scored(data: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    label = _label(data, labels)
    return label if data.get("score") is None else f"{label} {data['score']:.2f}"


def _line(event: Happening, labels: Mapping[str, str]) -> EventLine:
    pk, at, name, data, by = event
    facts = {
        **data,
        "tags": _label(data, labels),
        "amount": number(data.get("amount") or 0),
        "level": _(LEVELS.get(str(data.get("level")), str(data.get("level", "")))),
        "status": _(STATUSES.get(str(data.get("status")), str(data.get("status", "")))),
        "agent_name": data.get("agent_name", ""),
    }
    said = PARTLY_FAILED if data.get("partly") else WORDS.get(name, name.replace("_", " ").capitalize())
    text = fill(_(said), facts)
    if name == "points_granted" and data.get("reason"):
        text = f"{text} · {words.reason(str(data['reason']))}"
    return EventLine(at, name, ICONS.get(name, "circle"), text, by or "", pk)


def _label(data: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    name = str(data.get("tag", ""))
    return labels.get(name, name.replace("_", " "))
