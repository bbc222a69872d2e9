"""A conversation in the shape in which it is read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from helpdesk.inbox.arrange import arrange, find_new
from helpdesk.inbox.eventline import EventLine
from helpdesk.inbox.said import Said
from helpdesk.tickets.seen import NEVER

NOON = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
PLAIN = Said(
    *(
        NOON,
        1,
        "a",
        "in",
        "email",
        "花子",
        "hanako@example.jp",
        (),
        (),
        "",
        False,
        (),
        "",
        False,
        False,
        False,
    ),
    *("received", None, None, None),
)


def said(key: str, minutes: float, **other: object) -> Said:
    at = NOON + timedelta(minutes=minutes)
    return replace(PLAIN, key=key, at=at, written=at, **other)  # type: ignore[arg-type]


def event(minutes: float) -> EventLine:
    return EventLine(NOON + timedelta(minutes=minutes), "closed", "check", "Closed", order=int(minutes))


def kinds(*entries: Said | EventLine, new: str = "") -> list[str]:
    return [shown.kind for shown in arrange(entries, new=new)]


def test_each_day_of_the_readers_zone_has_its_line() -> None:
    late, next_day = said("a", 11 * 60), said("b", 12 * 60 + 1)
    assert kinds(late, next_day) == ["day", "message", "day", "message"]


def test_a_second_message_soon_after_needs_no_name_again() -> None:
    shown = arrange([said("a", 0), said("b", 5), said("c", 30), said("d", 31, who="太郎")])
    assert [one.follows for one in shown if isinstance(one, Said)] == [False, True, False, False]


def test_an_event_or_another_way_parts_a_group() -> None:
    shown = arrange([said("a", 0), event(1), said("b", 2), said("c", 3, direction="out")])
    assert not any(one.follows for one in shown if isinstance(one, Said))


def test_four_events_in_a_row_fold_and_three_do_not() -> None:
    assert kinds(*map(event, range(3))) == ["day", "event", "event", "event"]
    assert kinds(*map(event, range(4)), said("a", 9), event(10)) == ["day", "events", "message", "event"]


def test_the_line_stands_above_the_first_new_message_and_counts_those_from_outside() -> None:
    shown = arrange([said("a", 0), said("b", 1), said("c", 2, direction="out"), said("d", 3)], new="b")
    assert [one.kind for one in shown] == ["day", "message", "new", "message", "message", "message"]
    assert shown[2].count == 2  # type: ignore[union-attr]


def test_new_is_what_came_from_outside_since_the_agent_looked() -> None:
    talk = [said("a", 0), said("b", 5, direction="note"), said("c", 6), said("d", 7)]
    assert find_new(talk, seen_at=NOON) == "c"
    assert find_new(talk, seen_at=NOON + timedelta(hours=1)) == ""


def test_a_ticket_never_opened_or_marked_unread_has_no_line() -> None:
    assert find_new([said("a", 0)], seen_at=None) == ""
    assert find_new([said("a", 0)], seen_at=NEVER) == ""
