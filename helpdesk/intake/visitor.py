"""A visitor's words: journalled and given their place in the conversation in one transaction, then acknowledged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlmodel import col, select

from helpdesk.channels.chat.parse import Spoken, write
from helpdesk.channels.incoming import Incoming, KeptFile
from helpdesk.chat import files, lines, outgoing, visitors
from helpdesk.chat.accounts import Widget
from helpdesk.chat.visitors import Hello
from helpdesk.customers.identify import EMAIL, clean_name, list_identities, normalise
from helpdesk.errors import HelpdeskError
from helpdesk.intake import journal
from helpdesk.models import ChannelAccount, ChatLine, Message, Ticket, Visitor
from helpdesk.store.db import Unit


@dataclass(frozen=True, slots=True)
class Said:
    """A message as the socket took it. `hello` is who says it, should they not be known yet."""

    widget: Widget
    hello: Hello
    token_hash: str
    visitor_id: int | None
    key: str
    text: str
    attachments: Sequence[str] = ()
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taken:
    """What the acknowledgement says."""

    visitor_id: int
    id: str
    seq: int
    new: bool


def take_many(unit: Unit, said: Sequence[Said]) -> list[Taken | HelpdeskError]:
    """Each in its turn; what cannot be taken does not hold up the others."""
    accounts = _hold(unit, {one.widget.id for one in said})
    taken: list[Taken | HelpdeskError] = []
    for one in said:
        try:
            taken.append(_take(unit, one, accounts[one.widget.id]))
        except HelpdeskError as error:
            taken.append(error)
    return taken


def _hold(unit: Unit, ids: set[int]) -> dict[int, ChannelAccount]:
    """Before any visitor, always in the same order: the journal locks the account anyway."""
    query = select(ChannelAccount).where(col(ChannelAccount.id).in_(ids)).order_by(col(ChannelAccount.id))
    return {one.pk: one for one in unit.session.exec(query.with_for_update())}


def _take(unit: Unit, said: Said, account: ChannelAccount) -> Taken:
    visitor = _visitor(unit, said)
    visitor.name, visitor.email = said.hello.name or visitor.name, said.hello.email or visitor.email
    first = lines.find_by_key(unit, visitor.pk, said.key)
    if first:
        return Taken(visitor.pk, first.key, first.seq, new=False)
    sent = files.take(unit, visitor, said.attachments)
    line = lines.append(
        unit,
        visitor,
        writer="visitor",
        client_key=said.key,
        name=visitor.name,
        text=said.text,
        files=[files.as_data(one) for one in sent],
    )
    spoken = Spoken(
        visitor=visitor.key,
        key=said.key,
        name=clean_name(visitor.name),
        text=said.text,
        sent_at=line.sent_at,
        page=visitor.page,
        details=dict(said.details),
        files=[KeptFile(one.name, one.content_type, one.size, one.sha256) for one in sent],
    )
    journal.record(unit, account, write(spoken), external_id=spoken.external_id, meta={"via": "chat"})
    visitor.last_seen_at = unit.now
    visitor.read_seq, visitor.unread_since = line.seq, None  # who answers has read
    return Taken(visitor.pk, line.key, line.seq, new=True)


def _visitor(unit: Unit, said: Said) -> Visitor:
    if said.visitor_id is not None:
        return lines.hold(unit, said.visitor_id)
    found = visitors.find(unit, said.widget.id, said.token_hash)
    if found is None:
        return visitors.create(unit, said.widget, said.hello, said.token_hash)
    return lines.hold(unit, found.pk)


def find_ticket(unit: Unit, brand_id: int, incoming: Incoming) -> Ticket | None:
    """What this visitor talks in; their row is held, so that two workers never open two."""
    if not incoming.conversation:
        return None
    found = unit.session.exec(
        select(Visitor)
        .where(Visitor.key == incoming.conversation, Visitor.brand_id == brand_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    return unit.session.get(Ticket, found.ticket_id) if found and found.ticket_id else None


def joined(unit: Unit, ticket: Ticket, message: Message, incoming: Incoming) -> None:
    """The visitor's line and message are tied together; a mail of theirs is shown in their chat."""
    if incoming.conversation:
        _tie(unit, ticket, message, incoming)
    elif not incoming.unattended:
        _show_mail(unit, ticket, message)


def _tie(unit: Unit, ticket: Ticket, message: Message, incoming: Incoming) -> None:
    visitor = unit.session.exec(select(Visitor).where(Visitor.key == incoming.conversation)).first()
    if visitor is None:
        return
    moved = visitor.ticket_id != ticket.pk
    visitor.ticket_id, visitor.customer_id = ticket.pk, ticket.customer_id
    key = (incoming.external_id or "").partition(":")[2]
    line = lines.find_by_key(unit, visitor.pk, key)
    if line:
        line.message_id = message.pk
    if moved:
        unit.tell("visitor_placed", ticket.brand_id, visitor=visitor.pk)


def _show_mail(unit: Unit, ticket: Ticket, message: Message) -> ChatLine | None:
    """Only what comes from the visitor's own address: others who join by mail are not in the chat."""
    visitor = unit.session.exec(
        select(Visitor).where(Visitor.ticket_id == ticket.pk).order_by(col(Visitor.id).desc())
    ).first()
    if visitor is None:
        return None
    own = {normalise(EMAIL, visitor.email)}
    if visitor.verified:
        own |= {one.value for one in list_identities(unit, ticket.customer_id) if one.kind == EMAIL}
    if normalise(EMAIL, str(message.sender.get("address") or "")) not in own:
        return None
    return outgoing.show_mail(unit, visitor, message)
