"""What a window is told: a fact's name and its ticket's key, never a text. Made of what units announced."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from helpdesk.access import Access
from helpdesk.events import Happened

CHANGED = "changed"  # somebody else wrote something: look again
MODEL = "model_"  # asked, progress, trained, changed: of a brand's classifier
LEADING = "message_received"  # the name that a fact of several keeps first


@dataclass(frozen=True, slots=True)
class Fact:
    """`brand_id` None concerns every brand; with `agent_id` it is for that agent alone."""

    name: str
    brand_id: int | None = None
    ticket: str = ""
    agent_id: int | None = None
    also: tuple[str, ...] = ()  # names of other facts of the same ticket, told at once

    def visible_to(self, access: Access) -> bool:
        if self.agent_id is not None and self.agent_id != access.agent_id:
            return False
        return self.brand_id is None or self.brand_id in access.brand_ids

    def as_json(self, seq: int) -> str:
        said: dict[str, object] = {"seq": seq, "name": self.name}
        if self.ticket:
            said["ticket"] = self.ticket
        if self.agent_id is not None:
            said["you"] = True
        if self.also:
            said["also"] = self.also
        return json.dumps(said, separators=(",", ":"))


def of(happened: Iterable[Happened]) -> list[Fact]:
    """Those that agents' windows can show: about a ticket, for one agent, of a brand's model. Visitors hear of theirs
    elsewhere."""
    return [
        Fact(one.name, one.brand_id, one.ticket, one.ids.get("agent"))
        for one in happened
        if (one.ticket or "agent" in one.ids or one.name.startswith(MODEL)) and "visitor" not in one.ids
    ]


def merge(told: Iterable[Fact]) -> list[Fact]:
    """One fact for each ticket and agent, in the order of their first appearance."""
    merged: dict[tuple[int | None, str, int | None], Fact] = {}
    for fact in told:
        place = (fact.brand_id, fact.ticket, fact.agent_id)
        merged[place] = _joined(merged[place], fact) if place in merged else fact
    return list(merged.values())


def _joined(one: Fact, other: Fact) -> Fact:
    names = list(dict.fromkeys((one.name, *one.also, other.name, *other.also)))
    if LEADING in names:
        names.remove(LEADING)
        names.insert(0, LEADING)
    return replace(one, name=names[0], also=tuple(names[1:]))


def pack(told: Iterable[Fact]) -> list[list[object]]:
    """For another process."""
    return [[one.name, one.brand_id, one.ticket, one.agent_id] for one in told]


def unpack(packed: Iterable[list[object]]) -> list[Fact]:
    return [Fact(*one) for one in packed]  # type: ignore[arg-type]
