"""Agents know better: each correction changes the ticket and is kept as training data with its origin."""

from __future__ import annotations

from sqlmodel import select

from helpdesk.customers.private_numbers import blank
from helpdesk.errors import Invalid
from helpdesk.models import Agent, Correction, Message, Tag, Ticket, TicketTag
from helpdesk.store.db import Unit
from helpdesk.tickets import log, tag
from helpdesk.tickets.recipients import last_customer_message
from helpdesk.triage import rank, versions


def correct_tag(
    unit: Unit,
    ticket: Ticket,
    name: str,
    *,
    by: Agent,
    added: bool,
    model_version: str = "",
    message: Message | None = None,
) -> bool:
    """The ticket is (or is not) about this. True when that changed the ticket; whoever puts on what the classifier
    has put on already accepts it, which teaches too. `message`: which one says so, else the customer's newest."""
    score, accepts = _score(unit, ticket, name), added and _is_automatic(unit, ticket, name)
    if added:
        changed = tag.add(unit, ticket, name, by=by, source="agent")
    else:
        changed = tag.remove(unit, ticket, name, by=by)
    if changed or accepts:
        kind = "tag_confirmed" if accepts else "tag_added" if added else "tag_removed"
        record(
            unit, ticket, by, kind=kind, value=name.strip(), score=score, model_version=model_version,
            message=message,
        )  # fmt: skip
    if changed:
        rank.rerank(unit, ticket)
    return changed


def correct_urgency(unit: Unit, ticket: Ticket, level: str, *, by: Agent, model_version: str = "") -> None:
    """`level` is low, normal, high or urgent, or auto to let the score rule again."""
    if level == "auto":
        rank.set_fixed(unit, ticket, None)
        log.write(unit, ticket, "urgency_released", by=by)
        return
    if level not in rank.FIXED:
        raise Invalid("the level is low, normal, high, urgent or auto", field="level")
    before = ticket.urgency
    rank.set_fixed(unit, ticket, rank.FIXED[level])
    record(unit, ticket, by, kind="urgency", value=level, score=float(before), model_version=model_version)
    log.write(unit, ticket, "urgency_corrected", by=by, level=level, before=before)


def record(
    unit: Unit,
    ticket: Ticket,
    by: Agent,
    *,
    kind: str,
    value: str,
    score: float | None,
    model_version: str = "",
    message: Message | None = None,
) -> Correction:
    """What somebody said of the customer's newest message, or of this one, to learn from."""
    message = message or last_customer_message(unit, ticket)
    active = versions.find_active(unit, ticket.brand_id)
    row = Correction(
        brand_id=ticket.brand_id,
        ticket_id=ticket.pk,
        agent_id=by.pk,
        kind=kind,
        value=value[:60],
        score=score,
        model_version=model_version or (str(active.version) if active else ""),
        subject=blank(message.subject if message else ticket.subject),
        text=blank(message.reply or message.text) if message else "",
        language=ticket.language,
        message_id=message.pk if message else None,
        created_at=unit.now,
    )
    unit.session.add(row)
    return row


def list_refused(unit: Unit, ticket: Ticket) -> set[str]:
    """Tags of which agents said that the ticket is not about them; nobody insists."""
    wanted = select(Correction.value).where(
        Correction.ticket_id == ticket.pk, Correction.kind == "tag_removed"
    )
    return set(unit.session.exec(wanted))


def _is_automatic(unit: Unit, ticket: Ticket, name: str) -> bool:
    statement = (
        select(TicketTag.source)
        .join(Tag, Tag.id == TicketTag.tag_id)  # type: ignore[arg-type]
        .where(TicketTag.ticket_id == ticket.id, Tag.name == name.strip())
    )
    return unit.session.exec(statement).first() == "auto"


def _score(unit: Unit, ticket: Ticket, name: str) -> float | None:
    statement = (
        select(TicketTag.score)
        .join(Tag, Tag.id == TicketTag.tag_id)  # type: ignore[arg-type]
        .where(TicketTag.ticket_id == ticket.id, Tag.name == name)
    )
    return unit.session.exec(statement).first()
