"""What happened to messages since they were said: edits, reactions, receipts. In any order, however often."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select

from helpdesk.channels.incoming import Change, What
from helpdesk.delivery import receipts
from helpdesk.intake import calls
from helpdesk.intake.prepare import PreparedChange
from helpdesk.intake.record import believable
from helpdesk.models import Direction, InboundEvent, Message, MessageChange, Ticket
from helpdesk.social import contacts, linking, names
from helpdesk.social.redact import redact
from helpdesk.social.words import words_of
from helpdesk.store import search
from helpdesk.store.db import Unit
from helpdesk.tickets import log
from helpdesk.tickets.receive import preview

KEPT = frozenset({What.EDITED, What.UNSENT, What.REACTED, What.DELIVERED, What.READ, What.FAILED})
MOST_VERSIONS = 20
LONGEST_EMOJI = 40


def apply(unit: Unit, prepared: PreparedChange) -> None:
    """Writes it down under the names of the messages it is about, and on those that are here already."""
    change, account_id, brand_id = prepared.change, prepared.account_id, prepared.brand_id
    at = believable(change.at, prepared.received_at)
    if change.what in (What.CONNECTED, What.BLOCKED):
        _reachable(unit, brand_id, account_id, change, at)
    if change.what is What.LINKED and change.data.get("ok"):
        linking.finish(
            unit,
            account_id=account_id,
            kind=change.identity_kind,
            address=change.contact.address,
            nonce=str(change.data.get("nonce") or ""),
            at=at,
        )
    if change.what not in KEPT and not change.media:
        return
    rows = [_row(account_id, name, change, at) for name in change.of if name]
    unit.session.add_all(rows)
    there = names.find_messages(unit, account_id, change.of)
    for row in rows:
        if message := there.get(row.name):
            _mark(unit, message, row)
    if change.what is What.EDITED:
        _forget_words(unit, prepared.event_id)
    for message in _meant(unit, brand_id, account_id, change):
        if message.pk not in {one.pk for one in there.values()}:
            _mark(unit, message, _row(account_id, "", change, at))


def _forget_words(unit: Unit, event_id: int) -> None:
    """They stand in the change now, where they are found when their writer takes them back."""
    unit.session.execute(
        update(InboundEvent)
        .where(col(InboundEvent.id) == event_id)
        .values(raw=b"", meta={"via": "hook", "kept": "change"})
        .execution_options(synchronize_session=False)
    )


def catch_up(unit: Unit, account_id: int, message: Message, known_as: Iterable[str]) -> None:
    """The message is here now: what came before it is applied, oldest first."""
    new = names.learn(unit, account_id, message, known_as)
    if not new:
        return
    waiting = select(MessageChange).where(
        MessageChange.account_id == account_id, col(MessageChange.name).in_(new)
    )
    for row in unit.session.exec(waiting.order_by(col(MessageChange.at), col(MessageChange.id))):
        _mark(unit, message, row)


def _reachable(unit: Unit, brand_id: int, account_id: int, change: Change, at: datetime) -> None:
    who = change.contact
    contact = contacts.find(unit, account_id, who.address)
    if contact is None and change.what is What.CONNECTED and who.address:
        contact = contacts.hold(
            unit, brand_id=brand_id, account_id=account_id, kind=change.identity_kind, who=who
        )
    if contact is None:
        return
    known = contact.also.get("reachable_at")
    if known and datetime.fromisoformat(known) > at:
        return
    blocked = change.what is What.BLOCKED
    if blocked != contact.blocked and contact.ticket_id:
        ticket = unit.session.get_one(Ticket, contact.ticket_id)
        name = "contact_blocked" if blocked else "contact_connected"
        log.write(unit, ticket, name, channel=change.identity_kind)
    contact.blocked = blocked
    contact.also = {**contact.also, "reachable_at": at.isoformat()}
    unit.tell("contact_changed", brand_id, customer=contact.customer_id)


def _row(account_id: int, name: str, change: Change, at: datetime) -> MessageChange:
    return MessageChange(
        account_id=account_id,
        name=name[: names.LONGEST],
        what=change.what.value,
        by=change.contact.address[:320],
        at=at,
        text=change.text,
        data=_data(change),
    )


def _data(change: Change) -> dict[str, Any]:
    if change.what is What.REACTED:
        return {"emoji": change.emoji[:LONGEST_EMOJI], "removed": change.removed}
    return calls.data_of(change) if change.media else {}


def _meant(unit: Unit, brand_id: int, account_id: int, change: Change) -> list[Message]:
    """Ours, by our own id, or all that were sent to this person until a time."""
    ours = col(Message.direction) == Direction.OUT
    if change.ours:
        own = select(Message).where(
            ours, Message.brand_id == brand_id, Message.external_id == change.ours.partition("#")[0]
        )
        return list(unit.session.exec(own))
    contact = contacts.find(unit, account_id, change.contact.address) if change.until else None
    if contact is None:
        return []
    sent = select(Message).where(
        ours,
        Message.account_id == account_id,
        Message.customer_id == contact.customer_id,
        col(Message.sent_at) <= change.until,
    )
    newest = unit.session.exec(sent.order_by(col(Message.sent_at).desc()).limit(100))
    return [one for one in newest if f"{change.what.value}_at" not in one.marks]


def _mark(unit: Unit, message: Message, row: MessageChange) -> None:
    if row.what == What.FAILED:
        receipts.undelivered(unit, message, row.text)
        return
    if row.what == What.NOTED:
        calls.recorded(unit, message, row)
    elif row.what == What.UNSENT:
        _take_back(unit, message, row)
    elif row.what == What.EDITED:
        _edit(unit, message, row)
    elif row.what == What.REACTED:
        _react(message, row)
    else:
        first = message.marks.get(f"{row.what}_at")
        if first is None or row.at.isoformat() < first:
            message.marks = {**message.marks, f"{row.what}_at": row.at.isoformat()}
        receipts.arrived(unit, message)
    unit.tell("message_changed", message.brand_id, ticket=message.ticket_id, message=message.pk)


def _take_back(unit: Unit, message: Message, row: MessageChange) -> None:
    if "taken_back_at" in message.marks:
        return
    message.marks = {"taken_back_at": row.at.isoformat()}
    redact(unit, message, name=row.name)


def _edit(unit: Unit, message: Message, row: MessageChange) -> None:
    """The latest edit counts; what was said before stays readable."""
    marks = message.marks
    if (
        "taken_back_at" in marks
        or marks.get("edited_at", "") > row.at.isoformat()
        or row.text == message.text
    ):
        return
    before = words_of(message, message.text)
    search.put(
        unit,
        brand_id=message.brand_id,
        message_id=message.pk,
        words=words_of(message, row.text),
        before=before,
    )
    versions = [*marks.get("versions", []), message.text][-MOST_VERSIONS:]
    message.marks = {**marks, "edited_at": row.at.isoformat(), "versions": versions}
    _correct_line(unit.session.get_one(Ticket, message.ticket_id), message.text, row.text)
    message.text = message.reply = row.text


def _correct_line(ticket: Ticket, before: str, after: str) -> None:
    """A conversation is called after its first words, and lists show its newest."""
    if ticket.preview and ticket.preview == preview(before):
        ticket.preview = preview(after)
    if ticket.subject and ticket.subject == preview(before)[:80]:
        ticket.subject = preview(after)[:80]


def _react(message: Message, row: MessageChange) -> None:
    """One reaction of each person, the latest."""
    reactions = dict(message.marks.get("reactions", {}))
    known = reactions.get(row.by)
    at = row.at.isoformat()
    if known and known["at"] > at:
        return
    reactions[row.by] = {"emoji": "" if row.data.get("removed") else row.data.get("emoji", ""), "at": at}
    message.marks = {**message.marks, "reactions": reactions}
