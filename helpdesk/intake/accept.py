"""Inside the transaction: identify · thread · record · triage. Reads like a table of contents."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import Any, cast

import sqlalchemy
from sqlalchemy import CursorResult, Select, and_, bindparam, or_, update
from sqlmodel import col

from helpdesk import i18n
from helpdesk.channels.content import name_of
from helpdesk.channels.incoming import Incoming
from helpdesk.chat import assignment
from helpdesk.customers.identify import identify
from helpdesk.delivery import receipts
from helpdesk.intake import calls, changes, shield, social, thread, visitor
from helpdesk.intake.prepare import Prepared, PreparedChange, Ready
from helpdesk.intake.record import believable, record_message
from helpdesk.models import BlockedSender, Brand, Direction, InboundEvent, Message, Status, Ticket
from helpdesk.social import contacts
from helpdesk.store.db import Unit
from helpdesk.store.seal import Seal
from helpdesk.tickets import answered, block
from helpdesk.tickets import close as closing
from helpdesk.tickets.home import lock_home
from helpdesk.tickets.open import open_ticket
from helpdesk.tickets.receive import preview, receive
from helpdesk.triage import about, assess, thanks
from helpdesk.triage.serving import Models


class Outcome(StrEnum):
    IMPORTED = "imported"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"
    NOTED = "noted"  # no new words: a receipt, a reaction, an edit
    SKIPPED = "skipped"  # somebody else has done it


class Overtaken(Exception):
    """Another worker finished the same event first; what was done here has to be rolled back."""


def accept(unit: Unit, prepared: Ready, seal: Seal, models: Models) -> Outcome:
    """Raises Overtaken, or IntegrityError when another worker wrote the same customer or message meanwhile."""
    if isinstance(prepared, PreparedChange):
        changes.apply(unit, prepared)
        return _finish(unit, prepared, Outcome.NOTED)
    if _already_there(unit, prepared) or social.is_own_echo(unit, prepared):
        return _finish(unit, prepared, Outcome.DUPLICATE)
    ticket = _find_or_open(unit, prepared, seal)
    message = record_message(unit, ticket, prepared)
    social.joined(unit, message, prepared)
    with unit.session.no_autoflush:  # one UPDATE at the end instead of one before each query
        if calls.is_settled(message):
            calls.settle(unit, ticket, message)
            return _finish(unit, prepared, Outcome.IMPORTED, message)
        if prepared.incoming.echo:
            answered.elsewhere(unit, ticket, message)
            return _finish(unit, prepared, Outcome.IMPORTED, message)
        if not prepared.incoming.unattended:
            assignment.reclaim(unit, ticket)
        rests = _is_thanks(unit, ticket, message, prepared, models)
        message.unattended = message.unattended or rests
        receive(unit, ticket, message)
        visitor.joined(unit, ticket, message, prepared.incoming)
        _triage(unit, ticket, prepared)
        if rests:
            thanks.rest(unit, ticket, message)
    shield.look(unit, ticket, message, models)
    return _finish(unit, prepared, Outcome.IMPORTED, message)


def _is_thanks(unit: Unit, ticket: Ticket, message: Message, prepared: Prepared, models: Models) -> bool:
    """Nothing else came with it, and nothing is left for us to do."""
    incoming = prepared.incoming
    if not thanks.may_rest(ticket, message) or prepared.stored or incoming.media:
        return False
    model = models.of(unit, ticket.brand_id)
    return thanks.only_thanks(model, incoming.reply or incoming.text, prepared.classification)


def _already_there(unit: Unit, prepared: Prepared) -> bool:
    """The same message by another road, or our own answer come back to us as a copy."""
    incoming = prepared.incoming
    known = {"brand": prepared.brand_id, "fingerprint": incoming.fingerprint}
    if incoming.external_id:
        known["own"] = thread.known_as(incoming.external_id)
    return unit.session.scalar(_same(named="own" in known), known) is not None


@cache
def _same(*, named: bool) -> Select[Any]:
    """Every mail asks the same: such statements are put together once."""
    same = col(Message.fingerprint) == bindparam("fingerprint")
    if named:
        ours = and_(col(Message.external_id) == bindparam("own"), col(Message.direction) == Direction.OUT)
        same = or_(same, ours)
    return (
        sqlalchemy.select(col(Message.id)).where(col(Message.brand_id) == bindparam("brand"), same).limit(1)
    )


def _find_or_open(unit: Unit, prepared: Prepared, seal: Seal) -> Ticket:
    incoming = prepared.incoming
    brand = unit.session.get_one(Brand, prepared.brand_id)
    bounced = _bounced_ticket(unit, brand, incoming)
    contact = social.hold_contact(unit, prepared)
    ticket = bounced or (
        contacts.find_ticket(unit, contact) if contact else thread.find_ticket(unit, brand, incoming, seal)
    )
    if ticket:
        ticket = lock_home(unit, ticket)
    if contact and ticket and not bounced and ticket.customer_id != contact.customer_id:
        ticket = None  # the two were one person once: what this one writes is not for the other's ticket
    blocked = None if bounced else _find_block(unit, brand, incoming)
    if blocked and ticket and ticket.status != Status.SPAM:
        ticket = None  # a blocked sender's mail never joins, opens or wakes anything outside spam
    if ticket and thread.continues(ticket, brand, incoming, unit):
        return ticket
    opened = _open(unit, brand, prepared, follow_up_of=ticket)
    if contact:
        contact.ticket_id = opened.pk
    if blocked:
        closing.mark_spam(unit, opened, by=None, blocked=blocked.value)
    return opened


def _find_block(unit: Unit, brand: Brand, incoming: Incoming) -> BlockedSender | None:
    """By either of the addresses that the message claims to come from."""
    writers = dict.fromkeys((incoming.author.address, incoming.sender.address))
    return block.find_block(unit, brand.pk, incoming.identity_kind, writers)


def _open(unit: Unit, brand: Brand, prepared: Prepared, *, follow_up_of: Ticket | None) -> Ticket:
    incoming, words = prepared.incoming, prepared.incoming.subject + prepared.incoming.text
    language = prepared.classification.lang if words.strip() else None  # a call or a picture speaks none
    customer = identify(
        unit,
        brand.pk,
        incoming.identity_kind,
        incoming.author.address,
        name=incoming.author.name,
        language=None if incoming.automatic else language,
    )
    return open_ticket(
        unit,
        brand,
        customer,
        channel=prepared.kind,
        account_id=prepared.account_id,
        subject=incoming.subject or _subject(brand, incoming),
        language=language or customer.language or brand.language,
        preview=_words(brand, incoming),
        at=believable(incoming.sent_at, prepared.received_at),
        follow_up_of=follow_up_of,
    )


def _subject(brand: Brand, incoming: Incoming) -> str:
    """A talk is called after its first words."""
    return calls.subject_of(incoming, _words(brand, incoming)[:80]) if incoming.conversation else ""


def _words(brand: Brand, incoming: Incoming) -> str:
    with i18n.using(brand.language):
        return preview(incoming.reply or incoming.text) or name_of(incoming.content)


def _bounced_ticket(unit: Unit, brand: Brand, incoming: Incoming) -> Ticket | None:
    """A bounce marks what we sent as failed and joins its ticket."""
    bounce = incoming.bounced
    if bounce is None or bounce.message_id is None or not bounce.final:
        return None
    message = receipts.bounced(
        unit,
        brand.pk,
        original_message_id=bounce.message_id,
        recipient=bounce.recipient,
        status=bounce.status,
        diagnostic=bounce.diagnostic,
    )
    return unit.session.get(Ticket, message.ticket_id) if message else None


def _triage(unit: Unit, ticket: Ticket, prepared: Prepared) -> None:
    incoming = prepared.incoming
    if incoming.unattended:
        if ticket.messages_count == 1 and ticket.status != Status.SPAM:
            closing.close(unit, ticket, by=None)
        return
    about.read(unit, ticket, about.words_of(incoming))
    assess.apply(unit, ticket, prepared.classification)


def _finish(unit: Unit, prepared: Ready, outcome: Outcome, message: Message | None = None) -> Outcome:
    """Only if it is still queued: of two workers at the same event one wins."""
    finished = unit.session.execute(
        update(InboundEvent)
        .where(col(InboundEvent.id) == prepared.event_id, col(InboundEvent.state) == "queued")
        .values(
            state="duplicate" if outcome is Outcome.DUPLICATE else "done",
            message_id=message.pk if message else None,
            done_at=unit.now,
            lease_until=None,
        )
        .execution_options(synchronize_session=False)
    )
    if not cast("CursorResult[object]", finished).rowcount:
        raise Overtaken
    return outcome
