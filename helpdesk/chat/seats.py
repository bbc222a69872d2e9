"""Between intake and assignment: where nobody had room a moment ago, not every message asks again."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from helpdesk.chat import assignment
from helpdesk.events import Happened
from helpdesk.store.db import Unit

FULL_FOR = timedelta(seconds=1)  # room that nothing tells of is found by `assignment.drain`
MAKES_ROOM = frozenset(
    (
        "agent_came", "availability_changed", "ticket_assigned", "ticket_assigned_team", "ticket_closed",
        "ticket_marked_spam", "ticket_merged_away", "ticket_returned", "ticket_snoozed", "ticket_unassigned",
        "ticket_transferred", "ticket_unassigned_team", "ticket_undone", "account_saved", "account_changed",
    )
)  # fmt: skip


class Seats:
    """One for each process, hearing what is committed in it."""

    def __init__(self) -> None:
        self._full: dict[int, datetime] = {}

    def hear(self, happened: Iterable[Happened]) -> None:
        if any(one.name in MAKES_ROOM for one in happened):
            self._full.clear()

    def give(self, unit: Unit, brand_ids: Collection[int]) -> None:
        """At the end of a unit in which chats of these brands began."""
        asked = [one for one in brand_ids if one not in self._full or self._full[one] <= unit.now]
        if not asked:
            return
        until = dict.fromkeys(asked, unit.now + FULL_FOR)
        if assignment.seat(unit, asked):
            until = {}
        self._full = {one: end for one, end in self._full.items() if end > unit.now} | until
