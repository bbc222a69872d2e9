"""The operators of a search as conditions on tickets, and rows that searching needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, exists, or_, select, union_all
from sqlmodel import col

from helpdesk import i18n
from helpdesk.access import Access
from helpdesk.inbox.filter_words import find_buyers, find_customers
from helpdesk.inbox.search_query import NO_AGENT, NO_TAG, Hint, Query, fold, hint
from helpdesk.models import Agent, Attachment, ChannelAccount, Direction, Message, Tag, Ticket, TicketTag
from helpdesk.store import search
from helpdesk.store.db import Unit
from helpdesk.store.search.tokens import fold as fold_text

Condition = ColumnElement[bool]
FEW_TICKETS, MOST_MESSAGES = 1_000, 2_000
BESIDE = (
    "SELECT id, ticket_id FROM messages WHERE ticket_id IN (SELECT ticket_id FROM messages WHERE id IN ({listed}) "
    f"GROUP BY ticket_id ORDER BY max(id) DESC LIMIT {{most}}) ORDER BY id DESC LIMIT {MOST_MESSAGES}"
)


def conditions(unit: Unit, access: Access, query: Query) -> tuple[list[Condition], list[Hint]]:
    """What the operators ask, but for the status; and hints on names that nobody has."""
    found: list[Condition] = []
    hints: list[Hint] = []
    if query.sender:
        found.append(_written_by(unit, access, query.sender))
    if query.recipient:
        found.append(_written_to(access, query.recipient))
    if query.order:
        found.append(col(Ticket.customer_id).in_(find_buyers(access, query.order)))
    if query.before:
        found.append(col(Ticket.last_message_at) < _midnight(query.before))
    if query.after:
        found.append(col(Ticket.last_message_at) >= _midnight(query.after))
    if query.channel:
        found.append(col(Ticket.channel).in_(query.channel))
    if query.attachment:
        found.append(_some(unit, _ids_with_file(access), _with_file()))
    for ask in (_tags, _assigned):
        more, wrong = ask(unit, access, query)
        found, hints = [*found, *more], [*hints, *wrong]
    return found, hints


def among(column: Any, ids: Iterable[int]) -> Condition:
    """`column IN ids` for hundreds of numbers, which SQLAlchemy would look at one by one."""
    found: Condition = column.in_(bindparam("ids", [*ids], Integer(), expanding=True, unique=True))
    return found


def messages_of(
    unit: Unit, tickets: Iterable[int] | Select[Any], others: Sequence[int] = ()
) -> dict[int, int]:
    """Message id to ticket id, of some tickets, the newest messages if there are very many; and of `others`."""
    wanted = (
        select(col(Message.id), col(Message.ticket_id))
        .where(
            col(Message.ticket_id).in_(tickets)
            if isinstance(tickets, Select)
            else among(col(Message.ticket_id), tickets)
        )
        .order_by(col(Message.id).desc())
        .limit(MOST_MESSAGES)
    )
    if not others:
        return dict(unit.rows(wanted))
    named = select(col(Message.id), col(Message.ticket_id)).where(among(col(Message.id), others))
    both = union_all(select(*wanted.subquery().c), named)
    return dict(unit.rows(both))


def messages_beside(unit: Unit, messages: Sequence[int], *, most: int) -> dict[int, int]:
    """Message id to ticket id of everything in the tickets in which these stand: the newest `most` of them."""
    if not messages:
        return {}
    listed = ",".join(str(int(pk)) for pk in messages)
    found = unit.session.connection().exec_driver_sql(BESIDE.format(listed=listed, most=int(most)))
    with closing(found):
        return dict(found.cursor.fetchall())


def _tags(unit: Unit, access: Access, query: Query) -> tuple[list[Condition], list[Hint]]:
    found, hints = [], []
    for name in query.tags:
        tags = _tag_ids(unit, access, name)
        if tags:
            found.append(_some(unit, _ids_tagged(tags), _tagged(tags)))
        else:
            hints.append(hint(NO_TAG, value=name))
    return found, hints


def _some(unit: Unit, ids: Select[int], condition: Condition) -> Condition:
    """Few tickets are named one by one; of many the list soon finds enough by testing the newest."""
    few = list(unit.session.scalars(ids.limit(FEW_TICKETS + 1)))
    return col(Ticket.id).in_(few) if len(few) <= FEW_TICKETS else condition


def _ids_tagged(tags: list[int]) -> Select[int]:
    return select(col(TicketTag.ticket_id)).where(col(TicketTag.tag_id).in_(tags))


def _tagged(tags: list[int]) -> Condition:
    on = select(col(TicketTag.tag_id)).where(
        col(TicketTag.ticket_id) == col(Ticket.id), col(TicketTag.tag_id).in_(tags)
    )
    return exists(on.correlate(Ticket))


def _tag_ids(unit: Unit, access: Access, said: str) -> list[int]:
    """Tags by their name, or their label in any language."""
    rows = unit.session.execute(
        select(col(Tag.id), col(Tag.name), col(Tag.labels)).where(col(Tag.brand_id).in_(access.brand_ids))
    )
    wanted = fold(said)
    return [
        pk for pk, name, labels in rows if wanted in {name, *map(fold, labels.values())} and pk is not None
    ]


def _assigned(unit: Unit, access: Access, query: Query) -> tuple[list[Condition], list[Hint]]:
    if not query.assignee:
        return [], []
    if query.assignee == "me":
        return [col(Ticket.assignee_id) == access.agent_id], []
    if query.assignee == "none":
        return [col(Ticket.assignee_id).is_(None)], []
    wanted = fold(query.assignee)
    rows = unit.session.execute(select(col(Agent.id), col(Agent.name), col(Agent.email)))
    found = [pk for pk, name, email in rows if wanted in fold(name) or email.startswith(wanted)]
    if not found:
        return [], [hint(NO_AGENT, value=query.assignee)]
    return [col(Ticket.assignee_id).in_(found)], []


def _written_by(unit: Unit, access: Access, said: str) -> Condition:
    """By customers known so, or a message whose writer is named so anywhere in the name or address."""
    known = col(Ticket.customer_id).in_(find_customers(access, said, orders=False, inside=False))
    wanted = search.words(said)
    hits = search.newest(unit, wanted, brand_ids=access.brand_ids)
    rows = unit.session.execute(
        select(col(Message.ticket_id), col(Message.sender)).where(
            col(Message.id).in_(hits), col(Message.direction) == Direction.IN
        )
    )
    found = set()
    for ticket, sender in rows:
        name = fold_text(f"{sender.get('name', '')} {sender.get('address', '')}")
        if all(word.pattern.search(name) for word in wanted):
            found.add(ticket)
    return or_(known, col(Ticket.id).in_(found))


def _written_to(access: Access, said: str) -> Condition:
    """One of our own addresses, or a customer whom we answered."""
    ours = select(col(ChannelAccount.id)).where(
        col(ChannelAccount.brand_id).in_(access.brand_ids),
        or_(
            col(ChannelAccount.address).contains(said.lower(), autoescape=True),
            col(ChannelAccount.name).contains(said, autoescape=True),
        ),
    )
    answered = and_(
        col(Ticket.customer_id).in_(find_customers(access, said, orders=False, inside=False)),
        col(Ticket.first_response_at).is_not(None),
    )
    return or_(col(Ticket.account_id).in_(ours), answered)


def _ids_with_file(access: Access) -> Select[int]:
    return (
        select(col(Message.ticket_id))
        .join(Attachment, col(Attachment.message_id) == col(Message.id))
        .where(col(Attachment.brand_id).in_(access.brand_ids), col(Attachment.inline).is_(False))
    )


def _with_file() -> Condition:
    files = (
        select(col(Attachment.id))
        .join(Message, col(Message.id) == col(Attachment.message_id))
        .where(col(Message.ticket_id) == col(Ticket.id), col(Attachment.inline).is_(False))
    )
    return exists(files.correlate(Ticket))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=i18n.timezone()).astimezone(UTC)
