"""The numbers beside the views and channels, in one query, each counted up to a bound so that they stay quick."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from sqlalchemy import CompoundSelect, Select, func, literal, select, union_all
from sqlmodel import col

from helpdesk.access import Access
from helpdesk.inbox import filter_rows
from helpdesk.inbox.filter import Filter
from helpdesk.models import Ticket
from helpdesk.store.db import Unit

BOUND = 2000
COUNTED = ("urgent", "unanswered", "mine", "unassigned", "waiting", "snoozed")
CHANNEL = "channel:"
Named = tuple[tuple[str, Filter], ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers by view, and of unanswered tickets by channel. At `BOUND` and above they mean "at least".

    `saved` has the numbers of saved views by key; what is done for good is not counted.
    """

    views: dict[str, int]
    channels: dict[str, int]
    saved: dict[str, int] = field(default_factory=dict)


def read(unit: Unit, access: Access, saved: Mapping[str, Filter] | None = None) -> Counts:
    counted = {key: chosen for key, chosen in (saved or {}).items() if _is_work(chosen)}
    own = tuple((f"saved:{key}", chosen) for key, chosen in counted.items())
    if all(filter_rows.can_wait(chosen) for _name, chosen in own):
        found = unit.rows(_known(access, own, BOUND), {"now": unit.now})
    else:
        found = unit.rows(_all(unit, access, own, BOUND))
    numbers = {name: int(number) for name, number in found}
    channels = {name.removeprefix(CHANNEL): n for name, n in numbers.items() if name.startswith(CHANNEL)}
    return Counts(
        {view: numbers[view] for view in COUNTED},
        dict(sorted(channels.items(), key=lambda pair: (-pair[1], pair[0]))),
        {key: numbers[f"saved:{key}"] for key in counted},
    )


@lru_cache(512)
def _known(access: Access, own: Named, bound: int) -> CompoundSelect[str, int]:
    """Built once: putting a statement together takes longer than running it."""
    return _all(filter_rows.LATER, access, own, bound)


def _all(unit: Unit, access: Access, own: Named, bound: int) -> CompoundSelect[str, int]:
    built_in = ((view, Filter(view=view)) for view in COUNTED)
    numbers = (_number(unit, access, name, chosen, bound) for name, chosen in (*built_in, *own))
    return union_all(*numbers, _by_channel(unit, access, bound))


def _is_work(chosen: Filter) -> bool:
    """The closed ones may be a million, and nobody works through them; words cost a search each time."""
    return set(chosen.statuses) <= filter_rows.LIVE and not chosen.q


def _number(unit: Unit, access: Access, name: str, chosen: Filter, bound: int) -> Select[str, int]:
    some = select(col(Ticket.id)).where(*filter_rows.conditions(unit, access, chosen)).limit(bound)
    return select(literal(name).label("name"), func.count().label("number")).select_from(some.subquery())


def _by_channel(unit: Unit, access: Access, bound: int) -> Select[str, int]:
    open_now = filter_rows.conditions(unit, access, Filter())
    some = select(col(Ticket.channel).label("channel")).where(*open_now).limit(bound).subquery()
    return select((literal(CHANNEL) + some.c.channel).label("name"), func.count().label("number")).group_by(
        some.c.channel
    )
