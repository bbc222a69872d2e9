"""Rows of the list as HTML. Each is made once for all who read it alike, until something that it shows changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from helpdesk import i18n
from helpdesk.channels.registry import CONVERSATIONAL
from helpdesk.customers import naming
from helpdesk.i18n import gettext as _
from helpdesk.inbox import reasons
from helpdesk.inbox.filter import STATUSES, Filter
from helpdesk.inbox.listing import ListRow
from helpdesk.inbox.snippet import Part
from helpdesk.inbox.tagging import Book
from helpdesk.web import render
from helpdesk.web.agent.chips import CHANNELS, LEVELS

KEPT = 8_000  # rows, about 2 kB each
Cuts = Mapping[str, tuple[Part, ...]]


@dataclass(frozen=True, slots=True)
class Manner:
    """What the rows of one list have in common: the words of its reader, its address, what it shows."""

    language: str
    timezone: str
    today: date
    query: str
    columns: tuple[str, ...]
    several: bool  # states, so that each row says its own


def make(rows: tuple[ListRow, ...], chosen: Filter, query: str, book: Book, cuts: Cuts, now: datetime) -> str:
    """All rows of a page; `cuts` are the pieces of text in which searched words stand."""
    zone, today = i18n.timezone().key, i18n.local(now).date()
    manner = Manner(i18n.language(), zone, today, query, chosen.columns, len(chosen.statuses) > 1)
    return "".join([_made(row, manner, book, _when(row, now), cuts.get(row.key, ())) for row in rows])


def choose(html: str, key: str) -> Markup:
    """With the open ticket's row marked."""
    mark = f' data-key="{key}"'
    html = html.replace(mark, f'{mark} aria-current="true"', 1) if key.isalnum() else html
    return Markup(html)  # noqa: S704 - made by the template of a row


def _when(row: ListRow, now: datetime) -> str:
    """How long the customer waits, else when something was said last."""
    if row.waiting_since:
        return i18n.duration(now - row.waiting_since)
    last = row.last_message_at
    return i18n.clock(last) if (now - last).days < 1 else i18n.day(last, year=False)


@lru_cache(KEPT)
def _made(row: ListRow, manner: Manner, book: Book, when: str, parts: tuple[Part, ...]) -> str:
    template = render.environment().get_template("agent/inbox/_row.html")
    facts = _facts(row, manner, book) | {"row": row, "when": when, "parts": parts, "query": manner.query}
    return "".join(template.root_render_func(template.new_context(facts)))


def _facts(row: ListRow, manner: Manner, book: Book) -> dict[str, Any]:
    icon, channel = CHANNELS.get(row.channel, ("inbox", row.channel))
    name = naming.called(row.customer, row.customer_key, row.channel, row.customer_number)
    since = row.waiting_since or row.last_message_at
    spoken = i18n.moment(since, datetime.combine(manner.today, time(), i18n.timezone()))
    return {
        "columns": manner.columns,
        "name": name,
        "initials": render.initials(row.customer or (name if row.channel in CONVERSATIONAL else "?")),
        "label": _("Select: %(name)s, %(subject)s", name=name, subject=row.subject or row.line),
        "sign": render.icon(icon, _(channel)),
        "brand": book.brands[row.brand_id] if len(book.brands) > 1 else "",
        "status": _(STATUSES[row.status]) if manner.several and row.status != "open" else "",
        "urgency": _(LEVELS[row.level]),
        "why": reasons.in_one_line(reasons.say(row.reasons, book.labels())),
        "since": since,
        "spoken": _("Waiting since %(when)s", when=spoken) if row.waiting_since else spoken,
    }
