"""What the address bar says about the list: which tickets, in which order, and what a row shows.

Pure: text in, a `Filter` out, and the same text again. `filter_rows` turns it into conditions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from helpdesk.i18n import lazy
from helpdesk.inbox import filter_values as values
from helpdesk.inbox import search_query
from helpdesk.models import Status
from helpdesk.triage.rank import LEVELS

VIEWS = {
    "urgent": lazy("Urgent"),
    "unanswered": lazy("Unanswered"),
    "mine": lazy("Assigned to me"),
    "unassigned": lazy("Unassigned"),
    "waiting": lazy("Waiting for reply"),
    "snoozed": lazy("Snoozed"),
    "closed": lazy("Closed"),
    "spam": lazy("Spam"),
    "all": lazy("All tickets"),
}
BY_RECENCY = ("closed", "spam", "all")
STATUSES = {
    "open": lazy("Open"),
    "pending": lazy("Waiting for reply"),
    "closed": lazy("Closed"),
    "spam": lazy("Spam"),
}
SORTS = {
    "urgency": lazy("Most urgent"),
    "waiting": lazy("Longest waiting"),
    "updated": lazy("Recently updated"),
    "newest": lazy("Newest"),
    "oldest": lazy("Oldest"),
}
COLUMNS = {
    "tags": lazy("Tags"),
    "preview": lazy("First words"),
    "waiting": lazy("Waiting time"),
    "assignee": lazy("Assignee"),
    "number": lazy("Number"),
    "language": lazy("Language"),
    "order": lazy("Order"),
}
USUAL_COLUMNS = ("tags", "preview", "waiting", "assignee")
CUSTOMERS = {"vip": lazy("VIP"), "new": lazy("Never ordered")}
ORDERS = {
    "none": lazy("No order"),
    "not_shipped": lazy("Not shipped"),
    "late_to_ship": lazy("Shipping is late"),
    "in_transit": lazy("On its way"),
    "late": lazy("Delivery is late"),
    "delivered": lazy("Delivered"),
    "returned": lazy("Returned"),
    "cancelled": lazy("Cancelled"),
    "refunded": lazy("Refunded"),
}
LEVEL_NAMES = tuple(name for _least, name in LEVELS)
NO_COLUMNS = "none"
# Not a condition: they change how the list is shown, not what is in it.
MANNERS = ("view", "match", "sort", "columns", "saved")


@dataclass(frozen=True, slots=True)
class Filter:
    """Everything narrows; `status` stands in place of the view's own. Words are looked for outside spam.

    Empty means any. `waiting` is a span as 30m, 4h or 2d; the dates are days where the agent is.
    """

    view: str = "unanswered"
    q: str = ""
    status: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    match: str = ""  # "all": a ticket must have every tag of `tag`, else any of them
    without: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    urgency: tuple[str, ...] = ()
    least: int = 0  # urgency points
    assignee: tuple[str, ...] = ()  # me, none, or agents' keys
    team: tuple[str, ...] = ()
    brand: tuple[str, ...] = ()
    customer: tuple[str, ...] = ()
    tier: str = ""
    orders: int = 0  # at least so many
    order: tuple[str, ...] = ()
    waiting: str = ""
    created_from: str = ""
    created_to: str = ""
    updated_from: str = ""
    updated_to: str = ""
    snoozed: str = ""  # yes or no
    unread: bool = False
    following: bool = False
    draft: bool = False
    sort: str = ""
    columns: tuple[str, ...] = USUAL_COLUMNS
    saved: str = ""  # the saved view that this came from

    @property
    def order_by(self) -> str:
        """A key of SORTS: the chosen one, else what suits the view."""
        past = self.status and not {"open", "pending"} & set(self.status)
        return self.sort or ("updated" if self.q or past or self.view in BY_RECENCY else "urgency")

    @property
    def statuses(self) -> tuple[str, ...]:
        """Of which status the rows may be; never merged."""
        if self.status:
            return self.status
        if self.q or self.view == "all":
            return search_query.parse(self.q).status or (Status.OPEN, Status.PENDING, Status.CLOSED)
        live: dict[str, tuple[str, ...]] = {
            "waiting": (Status.PENDING,),
            "snoozed": (Status.OPEN, Status.PENDING),
            "closed": (Status.CLOSED,),
            "spam": (Status.SPAM,),
        }
        return live.get(self.view, (Status.OPEN,))

    @property
    def narrows(self) -> bool:
        """Whether anything is set beside the view."""
        return any(getattr(self, one.name) != one.default for one in fields(self) if one.name not in MANNERS)

    @property
    def conditions(self) -> Filter:
        """The same tickets, whatever their order, look and name."""
        return replace(self, sort="", columns=USUAL_COLUMNS, saved="")

    def params(self, **other: object) -> dict[str, str]:
        """The query string's pairs, without what goes without saying; `other` stands in for fields."""
        said = {one.name: getattr(self, one.name) for one in fields(self)} | other
        return {name: text for name in said if (text := _write(name, said[name]))}


def parse(params: Mapping[str, str]) -> Filter:
    """The filter of a query string; what cannot be understood is left out."""
    return read(params)[0]


def read(params: Mapping[str, str]) -> tuple[Filter, tuple[str, ...]]:
    """The filter, and the names of the fields whose text could not be understood."""
    found: dict[str, Any] = {}
    wrong = []
    for name, reader in READERS.items():
        given = [text for text in _given(params, name) if text]
        if not given:
            continue
        if name == "columns" and NO_COLUMNS in given:  # a form says so beside the ticked ones
            found[name], given = (), [text for text in given if text != NO_COLUMNS]
        value, clean = reader(given)
        if value:
            found[name] = value
        if not clean:
            wrong.append(name)
    return Filter(**found), tuple(wrong)


READERS: dict[str, values.Reader] = {
    "view": values.one_of(VIEWS),
    "q": values.words(100),
    "status": values.some_of(STATUSES),
    "channel": values.some_like(values.PLAIN),
    "tag": values.some_like(values.TAG),
    "match": values.one_of(("all",)),
    "without": values.some_like(values.TAG),
    "language": values.some_like(values.PLAIN),
    "urgency": values.some_of(LEVEL_NAMES),
    "least": values.whole(100),
    "assignee": values.some_like(values.KEY),
    "team": values.some_like(values.NUMBER),
    "brand": values.some_like(values.KEY),
    "customer": values.some_of(CUSTOMERS),
    "tier": values.words(40),
    "orders": values.whole(10_000),
    "order": values.some_of(ORDERS),
    "waiting": values.span,
    "created_from": values.day,
    "created_to": values.day,
    "updated_from": values.day,
    "updated_to": values.day,
    "snoozed": values.one_of(("yes", "no")),
    "unread": values.flag,
    "following": values.flag,
    "draft": values.flag,
    "sort": values.one_of(SORTS),
    "columns": values.some_of(COLUMNS),
    "saved": values.key,
}


def _given(params: Mapping[str, str], name: str) -> Iterable[str]:
    """All values of a field: a form sends one for each ticked box."""
    many = getattr(params, "getlist", None)
    given: list[str] = many(name) if many else [params[name]] if name in params else []
    return (text.strip() for text in given)


def _write(name: str, value: object) -> str:
    if name == "columns":
        return "" if value == USUAL_COLUMNS else ",".join(value) or NO_COLUMNS  # type: ignore[arg-type]
    if name == "view":
        return "" if value == "unanswered" else str(value)
    if isinstance(value, tuple | list):
        return ",".join(str(one) for one in value)
    if isinstance(value, bool):
        return "1" if value else ""
    return str(value or "")
