"""Many answers in chats at once: what is ordinary about them is said in few statements, whatever their number.

An answer with files, with promises in it, or that somebody follows goes the way of all deliveries; both come to the
same: `worker`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import bindparam, or_, select, union_all
from sqlmodel import col

from helpdesk.channels.chat.kind import raw_of
from helpdesk.chat.outgoing import shown_html
from helpdesk.events import Happened
from helpdesk.models import (
    Attachment,
    ChannelAccount,
    ChatLine,
    Delivery,
    Follower,
    Message,
    Ticket,
    Visitor,
    new_key,
)
from helpdesk.store import rows
from helpdesk.store.db import Unit


def say_due(unit: Unit, *, limit: int) -> int:
    """Returns how many were said. Raises IntegrityError when another worker was faster."""
    due = unit.rows(_due(), {"now": unit.now, "most": limit})
    if not due:
        return 0
    asked = {"messages": [one.message_id for one in due], "tickets": [one.ticket_id for one in due]}
    special = {row[0] for row in unit.rows(_special(), asked)}
    addressed = {one.id: _addressee(one) for one in due if one.id not in special}
    visitors = _hold(unit, sorted({to for to in addressed.values() if to}))
    said = [(one, visitors[to]) for one in due if (to := addressed.get(one.id, "")) in visitors]
    _write_lines(unit, said)
    _note(unit, said)
    return len(said)


def _addressee(one: Any) -> str:
    """The visitor's key; "" where there are none or several, or something has to be done with it."""
    people = [str(person.get("address") or "") for person in (*one.to, *one.cc, *one.bcc)]
    plain = not one.undo.get("points") and not one.undo.get("then")
    return people[0] if plain and len(people) == 1 else ""


def _hold(unit: Unit, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
    if not keys:
        return {}
    return {row.key: dict(row._mapping) for row in unit.rows(_visitors(), {"keys": list(keys)})}


def _write_lines(unit: Unit, said: Sequence[tuple[Any, dict[str, Any]]]) -> None:
    """As chat.lines appends them."""
    lines = []
    for one, visitor in said:
        seq = visitor["next_seq"]
        visitor["next_seq"] = seq + 1
        visitor["unread_since"] = visitor["unread_since"] or unit.now
        words = {"text": one.reply, "html": shown_html(one.html), "replies": one.replies}
        lines.append(
            {
                "key": new_key(),
                "visitor_id": visitor["id"],
                "seq": seq,
                "client_key": one.key,
                "writer": "agent",
            }
            | {"name": str(one.sender.get("name") or ""), "message_id": one.message_id}
            | {"sent_at": unit.now + timedelta(microseconds=seq % 1000)}
            | words
        )
        unit.tell("chat_said", visitor["brand_id"], visitor=visitor["id"], seq=seq)
    rows.add(unit, ChatLine, lines)
    held = {visitor["id"]: visitor for _, visitor in said}
    rows.change(
        unit,
        Visitor,
        [
            {"id": pk, "next_seq": one["next_seq"], "seen_seq": one["next_seq"] - 1}
            | {"unread_since": one["unread_since"]}
            for pk, one in sorted(held.items())
        ],
    )


def _note(unit: Unit, said: Sequence[tuple[Any, dict[str, Any]]]) -> None:
    """As delivery.outcome writes that it has left."""
    deliveries = []
    for one, visitor in said:
        raw = raw_of(one.external_id, one.text or one.reply, one.html)
        left = {"state": "sent", "sent_at": unit.now, "lease_until": None, "reason": None, "undo": {}}
        tried = {"attempts": one.attempts + 1, "accepted": [visitor["key"]], "raw": raw}
        deliveries.append({"id": one.id} | left | tried)
        ids = {"ticket": one.ticket_id, "message": one.message_id}
        unit.happened.append(Happened("delivery_sent", one.brand_id, ids, ticket=one.ticket_key))
    rows.change(unit, Delivery, deliveries)
    rows.change(unit, Message, [{"id": one.message_id, "state": "sent", "failure": None} for one, _ in said])


@cache
def _due() -> Any:
    """Never tried, on a widget that is well."""
    delivery = (Delivery.id, Delivery.external_id, Delivery.message_id, Delivery.attempts, Delivery.undo)
    message = (
        Message.key, Message.brand_id, Message.ticket_id, Message.to, Message.cc, Message.bcc, Message.sender,
        Message.reply, Message.text, Message.html, Message.replies,
    )  # fmt: skip
    free = or_(col(Delivery.lease_until).is_(None), col(Delivery.lease_until) < bindparam("now"))
    return (
        select(*map(col, delivery), *map(col, message), col(Ticket.key).label("ticket_key"))
        .join(Message, col(Message.id) == col(Delivery.message_id))
        .join(Ticket, col(Ticket.id) == col(Message.ticket_id))
        .join(ChannelAccount, col(ChannelAccount.id) == col(Delivery.account_id))
        .where(
            col(Delivery.state) == "queued",
            col(Delivery.next_at) <= bindparam("now"),
            free,
            col(Delivery.raw).is_(None),
            col(ChannelAccount.kind) == "chat",
            col(ChannelAccount.active),
            col(ChannelAccount.sending_state) == "ok",
        )
        .order_by(col(Delivery.next_at), col(Delivery.id))
        .limit(bindparam("most"))
        .with_for_update(of=Delivery, skip_locked=True)
    )


@cache
def _special() -> Any:
    """Deliveries that take more than words."""
    filed = select(col(Delivery.id)).join(Attachment, col(Attachment.message_id) == col(Delivery.message_id))
    followed = (
        select(col(Delivery.id))
        .join(Message, col(Message.id) == col(Delivery.message_id))
        .join(Follower, col(Follower.ticket_id) == col(Message.ticket_id))
    )
    messages = col(Delivery.message_id).in_(bindparam("messages", expanding=True))
    tickets = col(Follower.ticket_id).in_(bindparam("tickets", expanding=True))
    return union_all(filed.where(messages), followed.where(messages, tickets))


@cache
def _visitors() -> Any:
    columns = (Visitor.id, Visitor.key, Visitor.brand_id, Visitor.next_seq, Visitor.unread_since)
    return (
        select(*map(col, columns))
        .where(col(Visitor.key).in_(bindparam("keys", expanding=True)))
        .order_by(col(Visitor.id))
        .with_for_update()
    )
