"""Open tickets that say nearly the same as this one: sent twice, from two addresses, or by two who share a worry.

A hint for people alone. It reads what the inbox shows of each ticket, so that it costs one statement.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import case, select
from sqlmodel import col

from helpdesk.models import Customer, Status, Ticket
from helpdesk.store.db import Unit

WITHIN = timedelta(days=14)
LOOKED_AT = 200  # newest tickets of the brand; those of the same customer come first
SHOWN = 3
GRAM = 3  # letters that are compared together
SHORTEST = 12  # letters; of a greeting nobody can say
OWN, OTHERS = 0.5, 0.75  # least likeness of the same customer's words, and of somebody else's
ALIVE = (Status.OPEN, Status.PENDING)
NUMBERS = re.compile(r"\d{4,}")


@dataclass(frozen=True, slots=True)
class Alike:
    """`same` customer; otherwise `customer` is who else wrote it."""

    key: str
    number: int
    words: str
    customer: str
    same: bool


def list_alike(unit: Unit, ticket: Ticket) -> tuple[Alike, ...]:
    """The likeliest first. Of a ticket that is over nobody asks."""
    mine = letters(f"{ticket.subject} {ticket.preview}")
    if ticket.status not in ALIVE or len(mine) < SHORTEST:
        return ()
    theirs = col(Ticket.customer_id) == ticket.customer_id
    rows = unit.rows(
        select(
            *(col(Ticket.key), col(Ticket.number), col(Ticket.subject), col(Ticket.preview)),
            *(col(Ticket.customer_id), col(Customer.name)),
        )
        .join(Customer, col(Customer.id) == col(Ticket.customer_id))
        .where(
            col(Ticket.brand_id) == ticket.brand_id,
            col(Ticket.status).in_(ALIVE),
            col(Ticket.last_message_at) > unit.now - WITHIN,
            col(Ticket.id) != ticket.pk,
        )
        .order_by(case((theirs, 0), else_=1), col(Ticket.last_message_at).desc())
        .limit(LOOKED_AT)
    )
    linked = {str(one.get("key")) for one in ticket.asked_also}
    found = []
    for key, number, subject, preview, customer_id, name in rows:
        same = customer_id == ticket.customer_id
        near = likeness(mine, letters(f"{subject} {preview}"))
        if key not in linked and near >= (OWN if same else OTHERS):
            found.append((near + same, Alike(key, number, subject or preview, name, same)))
    found.sort(key=lambda one: (-one[0], -one[1].number))
    return tuple(one for _near, one in found[:SHOWN])


def letters(text: str) -> str:
    """What is compared: no spaces, signs or differences of width and case."""
    return "".join(one for one in unicodedata.normalize("NFKC", text).casefold() if one.isalnum())


def likeness(one: str, other: str) -> float:
    """0 to 1: the share of letter groups that both have. 0 where each names other long numbers: two orders."""
    if min(len(one), len(other)) < SHORTEST:
        return 0.0
    named = set(NUMBERS.findall(one)), set(NUMBERS.findall(other))
    if named[0] and named[1] and not named[0] & named[1]:
        return 0.0
    grams, others = _grams(one), _grams(other)
    return len(grams & others) / len(grams | others)


def _grams(text: str) -> set[str]:
    return {text[at : at + GRAM] for at in range(len(text) - GRAM + 1)}
