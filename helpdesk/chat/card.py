"""A ticket's visitor as agents see them: who they say they are, where they look, whether they are there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from helpdesk.models import Ticket, Visitor
from helpdesk.store.db import Unit
from helpdesk.tickets.spoken import find_visitor

HERE_FOR = timedelta(seconds=130)  # windows are noted every minute


@dataclass(frozen=True, slots=True)
class VisitorCard:
    """Name and e-mail are claims unless `verified`. `read` and `last` are numbers of lines."""

    key: str
    name: str
    email: str
    verified: bool
    user: str
    language: str
    page: str
    title: str
    referrer: str
    online: bool
    last_seen_at: datetime
    read: int
    last: int
    answer: int  # ours, if it is the last line: what they have still to read


def find_card(unit: Unit, ticket: Ticket) -> VisitorCard | None:
    visitor = find_visitor(unit, ticket)
    return card_of(visitor, unit.now) if visitor else None


def card_of(visitor: Visitor, now: datetime) -> VisitorCard:
    return VisitorCard(
        key=visitor.key,
        name=visitor.name,
        email=visitor.email,
        verified=visitor.verified,
        user=visitor.user_id or "",
        language=visitor.language,
        page=visitor.page,
        title=visitor.title,
        referrer=visitor.referrer,
        online=now - visitor.last_seen_at < HERE_FOR,
        last_seen_at=visitor.last_seen_at,
        read=visitor.read_seq,
        last=visitor.next_seq - 1,
        answer=visitor.seen_seq if visitor.seen_seq == visitor.next_seq - 1 else 0,
    )
