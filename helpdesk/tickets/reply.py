"""An agent's answer: a message and, in the same transaction, the delivery that will carry it out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import col, select

import macros
from helpdesk.customers.identify import EMAIL, list_identities, normalise
from helpdesk.errors import Invalid
from helpdesk.models import (
    Agent,
    Brand,
    ChannelAccount,
    Customer,
    Delivery,
    Direction,
    MacroUse,
    Message,
    Status,
    Ticket,
    new_key,
)
from helpdesk.store import search
from helpdesk.store.db import Unit
from helpdesk.store.files import Files
from helpdesk.tickets import close as closing
from helpdesk.tickets import log
from helpdesk.tickets.upload import Upload, attach

NO_HOLD = timedelta()


def send(
    unit: Unit,
    ticket: Ticket,
    *,
    by: Agent,
    body: str,
    files: Files,
    attachments: Sequence[Upload] = (),
    macro: tuple[str, str] | None = None,
    close: bool = False,
    hold: timedelta = NO_HOLD,
    token: str = "",
) -> Message:
    """Queue the answer to the customer. Raises Invalid for an empty text, an open fact or a missing address.

    The same `token` on the same ticket again sends nothing and returns the first answer.
    """
    _check(body)
    key = new_key()
    fingerprint = f"out:{ticket.pk}:{token}"[:64] if token else f"out:{key}"
    if token and (first := find_sent(unit, ticket, fingerprint)):
        return first
    account = _account(unit, ticket)
    parent = last_customer_message(unit, ticket)
    to = recipient(unit, ticket)
    message = Message(
        key=key,
        brand_id=ticket.brand_id,
        ticket_id=ticket.pk,
        customer_id=ticket.customer_id,
        account_id=account.pk,
        agent_id=by.pk,
        channel=ticket.channel,
        direction=Direction.OUT,
        sender={"name": by.name, "address": account.address},
        to=[to],
        subject=reply_subject(parent.subject if parent else ticket.subject),
        text=signed(body.strip(), unit.session.get_one(Brand, ticket.brand_id), by, ticket.language),
        reply=body.strip(),
        language=ticket.language,
        external_id=message_id(ticket, key, account.address),
        in_reply_to=parent.external_id if parent else None,
        references=_references(parent),
        fingerprint=fingerprint,
        macro_key=macro[0] if macro else None,
        macro_version=macro[1] if macro else None,
        state="queued",
        sent_at=unit.now,
        created_at=unit.now,
    )
    unit.session.add(message)
    unit.session.flush()
    attach(unit, message, attachments, files)
    _queue(unit, message, account, unit.now + hold)
    _record_macro(unit, message, macro, by)
    _answered(unit, ticket, message, by)
    if close:
        closing.close(unit, ticket, by=by)
    return message


def last_customer_message(unit: Unit, ticket: Ticket) -> Message | None:
    """The newest that a person wrote: no auto-reply and no bounce."""
    return next(iter(_from_outside(unit, ticket, limit=1)), None)


def recipient(unit: Unit, ticket: Ticket) -> dict[str, str]:
    """Whom an answer goes to: the address the customer wrote from last, or asked for answers at.

    Somebody else who joined the conversation never gets the customer's answer. Raises Invalid when no address is known.
    """
    customer = unit.session.get_one(Customer, ticket.customer_id)
    known = {one.value: one for one in list_identities(unit, customer.pk) if one.kind == EMAIL}
    for message in _from_outside(unit, ticket, limit=50):
        wrote, asked = str(message.sender.get("address", "")), str(message.sender.get("reply_to", ""))
        if normalise(EMAIL, wrote) in known or normalise(EMAIL, asked) in known:
            return {"name": customer.name, "address": asked or wrote}
    if known:
        first = next(iter(known.values()))
        return {"name": customer.name, "address": first.shown or first.value}
    raise Invalid("no e-mail address of this customer is known; add one first", field="to")


def find_sent(unit: Unit, ticket: Ticket, fingerprint: str) -> Message | None:
    """What was written under that fingerprint before."""
    return unit.session.exec(
        select(Message).where(Message.brand_id == ticket.brand_id, Message.fingerprint == fingerprint)
    ).first()


def _from_outside(unit: Unit, ticket: Ticket, *, limit: int) -> Sequence[Message]:
    return unit.session.exec(
        select(Message)
        .where(
            Message.ticket_id == ticket.id,
            Message.direction == Direction.IN,
            col(Message.unattended).is_(False),
        )
        .order_by(col(Message.sent_at).desc(), col(Message.id).desc())
        .limit(limit)
    ).all()


def message_id(ticket: Ticket, key: str, address: str) -> str:
    """The Message-ID of every attempt, without brackets."""
    domain = address.rpartition("@")[2] or "helpdesk.invalid"
    return f"hd.{ticket.key}.{key}@{domain}"


def reply_subject(subject: str) -> str:
    plain = subject.strip()
    return plain if plain[:3].lower() == "re:" else f"Re: {plain}"


def signed(body: str, brand: Brand, agent: Agent, language: str) -> str:
    """The body, the agent's own sign-off unless a macro brought it, and the brand's signature in that language."""
    own = agent.signature.strip()
    body = body if not own or own in body else f"{body}\n\n{own}"
    signature = brand.signatures.get(language) or brand.signatures.get(brand.language, "")
    signature = signature.replace("{agent}", agent.name).replace("{brand}", brand.name).strip()
    return f"{body}\n\n-- \n{signature}" if signature else body


def _check(body: str) -> None:
    if not body.strip():
        raise Invalid("write an answer first", field="body")
    if missing := macros.unresolved(body):
        raise Invalid(
            "fill in what is missing before sending: %(missing)s", field="body", missing=", ".join(missing)
        )


def _account(unit: Unit, ticket: Ticket) -> ChannelAccount:
    account = unit.session.get(ChannelAccount, ticket.account_id) if ticket.account_id else None
    if account is None:
        account = unit.session.exec(
            select(ChannelAccount)
            .where(ChannelAccount.brand_id == ticket.brand_id, ChannelAccount.kind == "email")
            .order_by(col(ChannelAccount.id))
        ).first()
    if account is None:
        raise Invalid("this brand has no mailbox to send from; add one in the settings", field="account")
    return account


def _references(parent: Message | None) -> list[str]:
    if parent is None:
        return []
    chain = [*parent.references, *([parent.external_id] if parent.external_id else [])]
    return chain if len(chain) <= 21 else [chain[0], *chain[-20:]]


def _queue(unit: Unit, message: Message, account: ChannelAccount, when: datetime) -> None:
    unit.session.add(
        Delivery(
            brand_id=message.brand_id,
            account_id=account.pk,
            message_id=message.pk,
            external_id=message.external_id or message.key,
            next_at=when,
            created_at=unit.now,
        )
    )
    unit.tell("delivery_queued", message.brand_id, message=message.pk)


def _record_macro(unit: Unit, message: Message, macro: tuple[str, str] | None, by: Agent) -> None:
    if macro is None:
        return
    unit.session.add(
        MacroUse(
            brand_id=message.brand_id,
            key=macro[0],
            version=macro[1],
            ticket_id=message.ticket_id,
            message_id=message.pk,
            agent_id=by.pk,
            created_at=unit.now,
        )
    )


def _answered(unit: Unit, ticket: Ticket, message: Message, by: Agent) -> None:
    ticket.messages_count += 1
    ticket.last_message_at = unit.now
    ticket.waiting_since = None
    ticket.unread = False
    ticket.snoozed_until = None
    ticket.first_response_at = ticket.first_response_at or unit.now
    ticket.assignee_id = ticket.assignee_id or by.pk
    if ticket.status != Status.SPAM:
        ticket.status = Status.PENDING
    search.put(unit, brand_id=ticket.brand_id, ticket_id=ticket.pk, words=message.reply)
    log.write(unit, ticket, "answered", by=by)
