"""The messages that other messages answer, by what the provider calls them: a line of each. Called by said."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import col

from helpdesk.channels.content import name_of
from helpdesk.customers.private_numbers import hide
from helpdesk.models import Agent, Direction, Message, MessageName
from helpdesk.store.db import Unit

LONGEST = 160

Name = tuple[int | None, str]  # account, name at the provider


@dataclass(frozen=True, slots=True)
class Quote:
    """Nothing but that there was one where it is not known here. `here`: it stands in the same ticket."""

    key: str = ""
    who: str = ""
    words: str = ""
    here: bool = False


def find_quotes(unit: Unit, named: Collection[Name], *, ticket_id: int, customer: str) -> dict[Name, Quote]:
    """`customer` is the name of the ticket's."""
    rows = unit.rows(
        select(
            *(col(MessageName.account_id), col(MessageName.name), col(Message.key), col(Message.ticket_id)),
            *(
                col(Message.direction),
                col(Message.sender),
                col(Message.content),
                col(Agent.name).label("agent"),
            ),
            func.substr(col(Message.text), 1, LONGEST).label("text"),
        )
        .join(Message, col(Message.id) == col(MessageName.message_id))
        .outerjoin(Agent, col(Agent.id) == col(Message.agent_id))
        .where(
            col(MessageName.account_id).in_({account for account, _ in named if account}),
            col(MessageName.name).in_({name for _, name in named}),
        )
    )
    found: dict[Name, Quote] = {}
    for row in rows:
        incoming = row.direction == Direction.IN
        who = str(row.sender.get("name") or (customer if incoming else ""))
        words = hide(" ".join(row.text.split())) or name_of(row.content or {})
        here = row.ticket_id == ticket_id
        found[row[0], row[1]] = Quote(row[2], who if incoming else row.agent or who, words, here)
    return found
