"""The deciding half of a merge: what two tickets are together, and what each was and is alone again.

Pictures of tickets are plain values (times as text), so that they can be kept in a merge's row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from helpdesk.models import Direction, Status, Ticket

TIMES = (
    *("received_at", "waiting_since", "snoozed_until", "first_response_at", "closed_at", "last_message_at"),
)
PLAIN = (
    *("status", "assignee_id", "team_id", "order_id", "category", "urgency", "urgency_reasons"),
    *("urgency_fixed", "sentiment", "text_reasons", "messages_count", "preview", "fields", "merged_into_id"),
)
Picture = dict[str, Any]
RANK = {Status.OPEN: 0, Status.PENDING: 1, Status.CLOSED: 2}


@dataclass(frozen=True, slots=True)
class Late:
    """A message that came or went after a merge: what a ticket's state makes of it."""

    pk: int
    direction: str
    unattended: bool  # asks or answers nothing: automatic, or passed on to somebody else
    sent_at: datetime
    received_at: datetime
    preview: str
    external_id: str | None
    ancestors: tuple[str, ...]  # nearest first


def picture(ticket: Ticket) -> Picture:
    times = {name: _text(getattr(ticket, name)) for name in TIMES}
    return {name: getattr(ticket, name) for name in PLAIN} | times


def hang(ticket: Ticket, shown: Mapping[str, Any]) -> None:
    """The ticket becomes what the picture shows."""
    for name, value in shown.items():
        setattr(ticket, name, datetime.fromisoformat(value) if name in TIMES and value else value)


def plan_together(source: Picture, target: Picture) -> Picture:
    """The target with the source in it: as open, as urgent and as long waited for as the more pressing of the two."""
    newer = max(target, source, key=lambda one: one["last_message_at"])
    urgent = max(target, source, key=lambda one: (one["urgency"], one is target))
    either = {
        name: target[name] or source[name] for name in ("assignee_id", "team_id", "order_id", "category")
    }
    status = min(target["status"], source["status"], key=lambda one: RANK[Status(one)])
    return (
        target
        | either
        | {name: newer[name] for name in ("preview", "sentiment")}
        | {name: urgent[name] for name in ("urgency", "urgency_reasons", "text_reasons")}
        | {
            "status": status,
            "closed_at": target["closed_at"] if status == Status.CLOSED else None,
            "urgency_fixed": _first(target["urgency_fixed"], source["urgency_fixed"]),
            "waiting_since": _least(target["waiting_since"], source["waiting_since"]),
            "first_response_at": _least(target["first_response_at"], source["first_response_at"]),
            "snoozed_until": _asleep(source, target),
            "received_at": _most(target["received_at"], source["received_at"]),
            "last_message_at": newer["last_message_at"],
            "messages_count": target["messages_count"] + source["messages_count"],
            "fields": source["fields"] | {name: one for name, one in target["fields"].items() if one != ""},
        }
    )


def plan_gone(source: Picture, target_id: int) -> Picture:
    """The source while its messages live elsewhere."""
    asleep = {"waiting_since": None, "snoozed_until": None, "messages_count": 0}
    return source | asleep | {"status": Status.MERGED.value, "merged_into_id": target_id}


def plan_alone(
    now: Picture, *, before: Picture, after: Picture, late: Iterable[Late], kept: Iterable[Late]
) -> Picture:
    """The target without the source again.

    What is still as the merge and the messages after it (`late`) made it, becomes what it would be with those alone
    that stay (`kept`); what an agent changed meanwhile stays changed.
    """
    expected, wanted = replay(after, late), replay(before, kept)
    return {name: wanted[name] if now[name] == expected[name] else now[name] for name in now}


def replay(shown: Picture, late: Iterable[Late]) -> Picture:
    """What messages make of a ticket, as tickets.receive and tickets.reply do it."""
    shown = dict(shown)
    for one in late:
        shown["messages_count"] += one.direction != Direction.NOTE
        if one.direction == Direction.IN and not one.unattended:
            shown |= _received(shown, one)
        elif one.direction == Direction.OUT and not one.unattended:
            shown |= _answered(shown, one)
        if one.direction != Direction.NOTE:
            shown["last_message_at"] = _most(shown["last_message_at"], _text(one.sent_at))
    return shown


def decide_late(late: Iterable[Late], moved_ids: Mapping[str, bool]) -> list[Late]:
    """Those that answer, directly or through others, what came with the source.

    `moved_ids` tells of the external ids of all older messages whether they are the source's.
    """
    known, found = dict(moved_ids), []
    for one in late:
        nearest = next((known[name] for name in one.ancestors if name in known), False)
        if one.external_id:
            known[one.external_id] = nearest
        if nearest:
            found.append(one)
    return found


def _received(shown: Picture, one: Late) -> Picture:
    news: Picture = {"snoozed_until": None, "received_at": _text(one.received_at)}
    news["preview"] = one.preview or shown["preview"]
    if shown["status"] == Status.SPAM:
        return news
    since = shown["waiting_since"] or _text(one.sent_at)
    return news | {"status": Status.OPEN.value, "closed_at": None, "waiting_since": since}


def _answered(shown: Picture, one: Late) -> Picture:
    first = shown["first_response_at"] or _text(one.sent_at)
    status = shown["status"] if shown["status"] == Status.SPAM else Status.PENDING.value
    quiet = {"waiting_since": None, "snoozed_until": None}
    return quiet | {"status": status, "first_response_at": first}


def _asleep(source: Picture, target: Picture) -> str | None:
    """Asleep only while both of them would be; a closed one has nothing to say."""
    live = [one["snoozed_until"] for one in (target, source) if one["status"] != Status.CLOSED]
    return min(live) if live and all(live) else None


def _first(one: Any, other: Any) -> Any:
    return other if one is None else one


def _least(one: str | None, other: str | None) -> str | None:
    return min(one, other) if one and other else one or other


def _most(one: str | None, other: str | None) -> str | None:
    return max(one, other) if one and other else one or other


def _text(moment: datetime | None) -> str | None:
    """Always with microseconds, so that texts sort as times do."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds") if moment else None
