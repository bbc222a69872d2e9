"""One line for each thing that happened to a ticket, in the reader's words. Read by conversation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from helpdesk.channels.names import NAMES
from helpdesk.commerce import words
from helpdesk.errors import fill
from helpdesk.i18n import clock, day, lazy, number
from helpdesk.i18n import gettext as _

WORDS = {
    "opened": lazy("Ticket opened"),
    "assigned": lazy("Assigned to %(agent_name)s"),
    "unassigned": lazy("Assignment removed"),
    "transferred": lazy("Passed on to %(to)s"),
    "returned": lazy("Back in the queue: %(agent_name)s is away"),
    "closed": lazy("Closed"),
    "reopened": lazy("Reopened"),
    "thanked": lazy("The customer only says thanks: nobody has to answer"),
    "unspammed": lazy("Taken out of spam"),
    "marked_spam": lazy("Marked as spam"),
    "snoozed": lazy("Snoozed"),
    "unsnoozed": lazy("Awake again"),
    "woken": lazy("Awake again"),
    "tagged": lazy("Tag added: %(tags)s"),
    "untagged": lazy("Tag removed: %(tags)s"),
    "tag_confirmed": lazy("Tag confirmed: %(tags)s"),
    "tag_refused": lazy("Suggested tag refused: %(tags)s"),
    "urgency_corrected": lazy("Urgency set to %(level)s"),
    "urgency_released": lazy("Urgency goes by its reasons again"),
    "points_granted": lazy("%(amount)s points granted"),
    "points_requested": lazy("Approval asked for %(amount)s points"),
    "points_refused": lazy("%(amount)s points were not approved"),
    "status_changed": lazy("Status changed to %(status)s"),
    "delivery_failed": lazy("Sending failed: %(reason)s"),
    "delivery_retried": lazy("Sending was tried again"),
    "delivery_confirmed": lazy("The answer has arrived after all"),
    "files_asked_again": lazy("Lost files were asked for again"),
    "contact_blocked": lazy("The customer blocked us on %(channel)s; nothing can be sent there"),
    "contact_connected": lazy("The customer can be written to on %(channel)s again"),
    "taken_back": lazy("An answer was taken back before it left"),
    "schedule_cancelled": lazy("The scheduled answer was not sent, because the customer wrote first"),
    "scheduled": lazy("An answer was scheduled"),
    "sent_now": lazy("The scheduled answer was sent at once"),
    "forwarded": lazy("Forwarded to %(to)s"),
    "merged": lazy("Joined with #%(number)s"),
    "merged_away": lazy("Joined into #%(number)s"),
    "customers_merged": lazy("The customer was joined with %(name)s"),
    "customers_parted": lazy("The customer was parted from %(name)s"),
    "customer_split": lazy("An address was split off: %(name)s"),
    "account_linked": lazy("The customer linked %(channel)s with their account at the shop"),
    "account_not_linked": lazy("%(channel)s was not linked: it belongs to another account at the shop"),
    "question_joined": lazy("The same question came by %(channel)s; it is one ticket now"),
    "question_linked": lazy("The same question came by %(channel)s: #%(number)s"),
    "merge_undone": lazy("Joining with #%(number)s was undone"),
    "split": lazy("Messages moved to the new ticket #%(number)s"),
    "split_from": lazy("Split from #%(number)s"),
    "follow_up_opened": lazy("Follow-up ticket #%(number)s opened"),
    "field_changed": lazy("%(field)s set to %(value)s"),
    "field_cleared": lazy("%(field)s emptied"),
    "order_linked": lazy("Order %(order)s linked"),
    "order_unlinked": lazy("Order %(order)s unlinked"),
    "blocked": lazy("Sender blocked: %(value)s"),
    "unblocked": lazy("Sender no longer blocked: %(value)s"),
    "assigned_team": lazy("Given to the team %(team_name)s"),
    "unassigned_team": lazy("Taken from its team"),
    "followed": lazy("Followed"),
    "unfollowed": lazy("No longer followed"),
    "note_corrected": lazy("Note corrected"),
    "consented": lazy("The visitor agreed that what they write is stored"),
    "rated": lazy("The customer rated this chat %(score)s of 5"),
    "continued_by_mail": lazy("The visitor had left; the answer went to %(to)s by e-mail"),
    "transcript_sent": lazy("A transcript went to %(to)s"),
    "undone": lazy("Undone: %(what)s"),
    "after_sending_failed": lazy("What should follow the answer could not be done: %(reason)s"),
}
PARTLY_FAILED = lazy("It did not reach every address: %(reason)s")
LEVELS = {"low": lazy("Low"), "normal": lazy("Normal"), "high": lazy("High"), "urgent": lazy("Urgent")}
STATUSES = {"open": lazy("Open"), "pending": lazy("Waiting"), "closed": lazy("Closed"), "spam": lazy("Spam")}
ICONS = {
    "opened": "inbox", "assigned": "user", "unassigned": "user", "transferred": "forward",
    "returned": "rotate-ccw", "closed": "check", "reopened": "rotate-ccw", "thanked": "smile",
    "marked_spam": "ban", "unspammed": "rotate-ccw", "tagged": "tag", "untagged": "tag",
    "tag_confirmed": "tag", "tag_refused": "tag",
    "snoozed": "clock", "woken": "clock", "unsnoozed": "clock",
    "urgency_corrected": "flag", "urgency_released": "flag",
    "delivery_failed": "circle-alert", "delivery_retried": "rotate-ccw", "delivery_confirmed": "check-check",
    "files_asked_again": "rotate-cw", "contact_blocked": "ban", "contact_connected": "message-circle",
    "taken_back": "undo-2", "schedule_cancelled": "calendar-clock", "scheduled": "calendar-clock",
    "sent_now": "send", "forwarded": "forward", "merged": "merge", "merged_away": "merge",
    "customers_merged": "git-merge", "customers_parted": "undo-2", "customer_split": "split",
    "merge_undone": "undo-2", "split": "split", "question_joined": "git-merge", "question_linked": "link",
    "account_linked": "link", "account_not_linked": "circle-alert",
    "split_from": "split", "follow_up_opened": "corner-down-left", "field_changed": "sliders-horizontal",
    "field_cleared": "sliders-horizontal", "order_linked": "package", "order_unlinked": "package-x",
    "blocked": "ban", "unblocked": "rotate-ccw", "assigned_team": "users", "unassigned_team": "users",
    "followed": "bell", "unfollowed": "bell-off", "note_corrected": "pencil",
    "undone": "undo-2", "after_sending_failed": "circle-alert",
    "consented": "shield-check", "rated": "star", "continued_by_mail": "mail", "transcript_sent": "mail",
    "points_granted": "star", "points_requested": "star", "points_refused": "star",
}  # fmt: skip
DETAILS = {"note_corrected": "before", "rated": "comment"}
SHOWN_BY_THE_MESSAGE = ("answered", "answered_elsewhere", "call_logged")
READABLE = ("number", "field", "value", "order", "agent_name", "team_name", "reason", "to", "status")


@dataclass(frozen=True, slots=True)
class EventLine:
    """`by` is an agent's name; empty when the helpdesk did it by itself.

    `detail` is longer and shown on asking: earlier words, an address. `link` leads to another ticket.
    """

    at: datetime
    name: str
    icon: str
    text: str
    by: str = ""
    order: int = field(default=0, compare=False)
    kind: str = "event"
    detail: str = ""
    link: str = ""
    undo: str = ""  # key of a merge that stands and can be undone


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
    return _standing(found)


def _standing(found: list[EventLine]) -> list[EventLine]:
    """Only merges that were not undone since can be undone."""
    parted = {line.undo for line in found if line.name == "merge_undone"}
    return [
        replace(line, undo="") if line.undo and (line.name != "merged" or line.undo in parted) else line
        for line in found
    ]


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
    text = _sentence(name, data, labels)
    if name == "points_granted" and data.get("reason"):
        text = f"{text} · {words.reason(str(data['reason']))}"
    if origin := _origin(data):
        text = f"{text} · {origin}"
    return EventLine(
        at,
        name,
        ICONS.get(name, "circle"),
        text,
        by or "",
        pk,
        detail=str(data.get(DETAILS[name]) or "") if name in DETAILS else "",
        link=str(data.get("key") or ""),
        undo=str(data.get("merge") or ""),
    )


def _sentence(name: str, data: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    """What is not known by name is told by its name and its facts."""
    if name not in WORDS:
        told = [
            f"{key.replace('_', ' ')} {value}" for key, value in data.items() if key in READABLE and value
        ]
        return " · ".join([name.replace("_", " ").capitalize(), *told])
    facts = {
        **dict.fromkeys(READABLE, ""),
        **data,
        "tags": _label(data, labels),
        "channel": _(NAMES.get(str(data.get("channel")), str(data.get("channel", "")))),
        "amount": number(data.get("amount") or 0),
        "level": _(LEVELS.get(str(data.get("level")), str(data.get("level", "")))),
        "status": _(STATUSES.get(str(data.get("status")), str(data.get("status", "")))),
    }
    if name == "undone":
        about = {"tag": data["tag"]} if data.get("tag") else {}
        facts["what"] = _sentence(str(data.get("of", "")), about, labels)
    said = _(PARTLY_FAILED if data.get("partly") else WORDS[name])
    if name == "assigned" and data.get("reason") == "queue":
        return _("Assigned to %(name)s by the helpdesk", name=data.get("agent_name", ""))
    if name == "returned" and data.get("reason") == "gone":
        return _("Back in the queue: %(name)s is not here", name=data.get("agent_name", ""))
    if name == "snoozed" and data.get("until") == "reply":
        return _("Snoozed until the customer writes")
    if name == "woken" and data.get("reason") == "time":
        return _("Snooze ended")
    if name == "snoozed" and (until := _until(data)):
        return _("Snoozed until %(when)s", when=until)
    return fill(said, facts).rstrip(": #")


def _until(data: Mapping[str, Any]) -> str:
    """When a snooze ends, as people say it."""
    try:
        until = datetime.fromisoformat(str(data.get("until", "")))
    except ValueError:
        return ""
    return f"{day(until)} {clock(until)}" if until.tzinfo else ""


def _origin(data: Mapping[str, Any]) -> str:
    """By what it was done, where it was not a hand."""
    if data.get("rule_name") or data.get("rule"):
        return _("Rule: %(name)s", name=str(data.get("rule_name") or data["rule"]))
    if data.get("macro_name") or data.get("macro"):
        return _("Macro: %(name)s", name=str(data.get("macro_name") or data["macro"]))
    return ""


def _label(data: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    name = str(data.get("tag", ""))
    return labels.get(name, name.replace("_", " "))
