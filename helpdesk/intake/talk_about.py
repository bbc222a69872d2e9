"""Which talks may be about something else than before: they are read one by one, as all other messages are."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import col

from helpdesk.intake.talk_facts import Known
from helpdesk.models import Order, Ticket
from helpdesk.store.db import Unit
from helpdesk.triage import about

DIGITS = re.compile("[0-9０-９]{3}")


def leave_out(unit: Unit, known: Known) -> None:
    """Of what is known of several talks, those that name goods or perhaps an order are left to others."""
    _leave_out_buyers(unit, known)
    known.odd |= _who_name_goods(unit, known)


def _leave_out_buyers(unit: Unit, known: Known) -> None:
    """Digits from somebody who has bought may be an order or a parcel in some other spelling."""
    telling = {
        key for key, said in known.said.items() if any(DIGITS.search(one.incoming.text) for one in said)
    }
    ids = [known.speakers[key].ticket_id for key in telling if key in known.speakers]
    ids = [one for one in ids if one in known.running]
    if ids:
        for (ticket_id,) in unit.rows(_bought(), {"ids": ids}):
            known.running.pop(ticket_id, None)


def _who_name_goods(unit: Unit, known: Known) -> set[str]:
    """Unless the ticket is already about these."""
    naming: set[str] = set()
    for key, said in known.said.items():
        speaker = known.speakers.get(key)
        ticket = known.running.get(speaker.ticket_id) if speaker and speaker.ticket_id else None
        on = known.tags_on.get(ticket.id, {}) if ticket else {}
        for one in said:
            named = about.categories(unit, one.brand_id, about.words_of(one.incoming))
            if named and not (
                ticket and ticket.category == named[0] and set(map(about.tag_of, named)) <= set(on)
            ):
                naming.add(key)
    return naming


@cache
def _bought() -> Any:
    wanted = select(col(Ticket.id)).join(Order, col(Order.customer_id) == col(Ticket.customer_id))
    return wanted.where(col(Ticket.id).in_(bindparam("ids", expanding=True))).distinct()
