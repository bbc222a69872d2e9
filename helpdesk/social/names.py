"""What providers call messages: ours when they were sent, theirs when they came."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import col, select

from helpdesk.models import Message, MessageName
from helpdesk.store.db import Unit

LONGEST = 300


def learn(unit: Unit, account_id: int, message: Message, names: Iterable[str]) -> list[str]:
    """The names that are new."""
    wanted = list(dict.fromkeys(one[:LONGEST] for one in names if one))
    if not wanted:
        return []
    there = set(
        unit.session.exec(
            select(MessageName.name).where(
                MessageName.account_id == account_id, col(MessageName.name).in_(wanted)
            )
        )
    )
    new = [one for one in wanted if one not in there]
    unit.session.add_all(MessageName(account_id=account_id, name=one, message_id=message.pk) for one in new)
    return new


def find_messages(unit: Unit, account_id: int, names: Iterable[str]) -> dict[str, Message]:
    wanted = [one[:LONGEST] for one in names if one]
    if not wanted:
        return {}
    rows = unit.session.exec(
        select(MessageName.name, Message)
        .join(Message, col(Message.id) == col(MessageName.message_id))
        .where(MessageName.account_id == account_id, col(MessageName.name).in_(wanted))
    )
    return dict(rows.all())
