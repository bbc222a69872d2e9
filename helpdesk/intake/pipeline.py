"""From a journalled event to a message on a ticket. Reads like a table of contents; each step has its own room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import structlog
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlmodel import select

from classifiers import Classification, Model
from helpdesk.channels import registry
from helpdesk.channels.incoming import Incoming
from helpdesk.customers.identify import identify
from helpdesk.delivery import receipts
from helpdesk.errors import HelpdeskError
from helpdesk.intake import journal, thread
from helpdesk.intake.record import believable, record_message
from helpdesk.models import Brand, ChannelAccount, InboundEvent, Message, Ticket
from helpdesk.store import queue
from helpdesk.store.db import Database, Unit
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from helpdesk.tickets import close as closing
from helpdesk.tickets.open import open_ticket
from helpdesk.tickets.receive import preview, receive
from helpdesk.triage import assess

log = structlog.get_logger()
RACES = 5  # how often a lost race for the same customer or message is run again


class Outcome(StrEnum):
    IMPORTED = "imported"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"
    SKIPPED = "skipped"  # somebody else has done it


@dataclass(frozen=True, slots=True)
class Intake:
    database: Database
    files: Files
    seal: Seal
    model: Model
    lease: timedelta = timedelta(seconds=120)
    batch: int = 20

    def drain(self) -> int:
        """Process what is due; returns how many events were taken."""
        with self.database.write() as unit:
            ids = queue.claim(unit, InboundEvent, limit=self.batch, lease=self.lease)
        for event_id in ids:
            self.process(event_id)
        return len(ids)

    def process(self, event_id: int) -> Outcome:
        """One event, once. A bad one goes to quarantine with its reason; a lost database is the caller's to retry."""
        for _ in range(RACES):
            try:
                return self._process(event_id)
            except IntegrityError as race:
                last: Exception = race
            except (OperationalError, DBAPIError):
                raise
            except HelpdeskError as refused:
                return self._quarantine(event_id, refused.text)
            except Exception as error:
                log.exception("intake_failed", event=event_id)
                return self._quarantine(event_id, f"{type(error).__name__}: {error}")
        return self._quarantine(event_id, f"it collided with another message again and again: {last}")

    def _process(self, event_id: int) -> Outcome:
        with self.database.read() as unit:
            event = unit.session.get_one(InboundEvent, event_id)
            if event.state != "queued":
                return Outcome.SKIPPED
            kind, own = _account_facts(unit, event)
        incoming = registry.parse(kind, event.raw, own=own)
        classification = assess.classify(self.model, incoming)
        stored = [(file, self.files.put(file.content)) for file in incoming.files]
        with self.database.write() as unit:
            event = unit.session.get_one(InboundEvent, event_id, with_for_update=True)
            if event.state != "queued":
                return Outcome.SKIPPED
            if _already_there(unit, event, incoming):
                event.state, event.done_at = "duplicate", unit.now
                return Outcome.DUPLICATE
            ticket = self._find_or_open(unit, event, incoming, classification, kind)
            message = record_message(unit, ticket, event, incoming, stored, language=classification.lang, channel=kind)
            receive(unit, ticket, message)
            _triage(unit, ticket, incoming, classification)
            event.state, event.message_id, event.done_at, event.lease_until = "done", message.pk, unit.now, None
        return Outcome.IMPORTED

    def _find_or_open(
        self, unit: Unit, event: InboundEvent, incoming: Incoming, classification: Classification, kind: str
    ) -> Ticket:
        brand = unit.session.get_one(Brand, event.brand_id)
        ticket = _bounced_ticket(unit, brand, incoming) or thread.find_ticket(unit, brand, incoming, self.seal)
        if ticket and thread.continues(ticket, brand, incoming, unit):
            return ticket
        customer = identify(
            unit,
            brand.pk,
            incoming.identity_kind,
            incoming.author.address,
            name=incoming.author.name,
            language=None if incoming.automatic else classification.lang,
        )
        return open_ticket(
            unit,
            brand,
            customer,
            channel=kind,
            account_id=event.account_id,
            subject=incoming.subject,
            language=classification.lang,
            preview=preview(incoming.reply or incoming.text),
            at=believable(incoming.sent_at, event.received_at),
            follow_up_of=ticket,
        )

    def _quarantine(self, event_id: int, reason: str) -> Outcome:
        with self.database.write() as unit:
            event = unit.session.get_one(InboundEvent, event_id, with_for_update=True)
            if event.state != "queued":
                return Outcome.SKIPPED
            journal.quarantine(unit, event, reason)
        return Outcome.QUARANTINED


def _account_facts(unit: Unit, event: InboundEvent) -> tuple[str, frozenset[str]]:
    account = unit.session.get_one(ChannelAccount, event.account_id)
    own = unit.session.exec(
        select(ChannelAccount.address).where(
            ChannelAccount.brand_id == event.brand_id, ChannelAccount.kind == account.kind
        )
    )
    return account.kind, frozenset(own)


def _already_there(unit: Unit, event: InboundEvent, incoming: Incoming) -> bool:
    """The same message by another road, or our own answer come back to us as a copy."""
    same = Message.fingerprint == incoming.fingerprint
    if incoming.external_id:
        same = same | ((Message.external_id == incoming.external_id) & (Message.direction == "out"))
    return unit.session.exec(select(Message.id).where(Message.brand_id == event.brand_id, same)).first() is not None


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


def _triage(unit: Unit, ticket: Ticket, incoming: Incoming, classification: Classification) -> None:
    if incoming.unattended:
        if ticket.messages_count == 1:
            closing.close(unit, ticket, by=None)
        return
    assess.link_order(unit, ticket, f"{incoming.subject}\n{incoming.reply or incoming.text}")
    assess.apply(unit, ticket, classification)

