"""Whether somebody is there: opening hours, and how long a first answer took lately."""

from __future__ import annotations

from datetime import datetime
from statistics import median

from sqlmodel import col, select

from helpdesk import i18n
from helpdesk.channels.chat import hours
from helpdesk.chat.accounts import Widget
from helpdesk.chat.live import find_queue
from helpdesk.i18n import gettext as _
from helpdesk.models import Ticket
from helpdesk.store.db import Unit

LOOKED_AT = 10  # chats


def is_open(widget: Widget, now: datetime, *, agents: int) -> bool:
    """By its hours; where the shop wants it so, only while somebody takes chats."""
    there = agents > 0 or widget.config.presence != "agents"
    return there and hours.is_open(widget.config.hours, now, widget.timezone)


def hours_in_words(widget: Widget, language: str) -> str:
    """The brand's own words, else the hours of each day."""
    words = widget.support_hours.get(language) or widget.support_hours.get(widget.language)
    if words:
        return words
    spans = {day: widget.config.hours.get(day) or () for day in hours.DAYS}
    with i18n.using(language, widget.timezone):
        days = {"mon": _("Mon"), "tue": _("Tue"), "wed": _("Wed"), "thu": _("Thu")}
        days |= {"fri": _("Fri"), "sat": _("Sat"), "sun": _("Sun")}
        return ", ".join(
            f"{days[day]} " + " ".join(f"{begin}–{end}" for begin, end in given)
            for day, given in spans.items()
            if given
        )


def expected_wait(unit: Unit, widget: Widget) -> int | None:
    """Seconds until the first answer: the median of the last ten chats that got one, but no less than somebody of
    the brand's queue waits already."""
    newest = (
        select(Ticket.created_at, Ticket.first_response_at)
        .where(
            Ticket.brand_id == widget.brand_id,
            Ticket.account_id == widget.id,
            col(Ticket.first_response_at).is_not(None),
        )
        .order_by(col(Ticket.first_response_at).desc())
        .limit(LOOKED_AT)
    )
    waits = [(answered - asked).total_seconds() for asked, answered in unit.session.exec(newest) if answered]
    known = [median(waits)] if waits else []
    if since := find_queue(unit, [widget.brand_id]).since:
        known.append((unit.now - since).total_seconds())
    return max(0, round(max(known))) if known else None
