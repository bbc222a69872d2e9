"""An agent's word on one tag of the classifier's, right or wrong; it is learnt from, and can be taken back whole."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import col, select

from helpdesk.errors import Conflict, NotFound
from helpdesk.models import Agent, Correction, Event, Tag, Ticket, TicketTag
from helpdesk.store.db import Unit
from helpdesk.tickets import log, tag
from helpdesk.triage import learn, rank

KINDS = ("tag_added", "tag_confirmed", "tag_removed")
WITHIN = timedelta(hours=1)  # later a word may have been learnt from


def accept(unit: Unit, ticket: Ticket, name: str, *, by: Agent) -> Correction | None:
    """The ticket is about this: the tag is an agent's from now on. None where it was already."""
    on = _find_on(unit, ticket, name)
    if on and on.source != "auto":
        return None
    if on is None:
        tag.add(unit, ticket, name, by=by)
        row = learn.record(unit, ticket, by, kind="tag_added", value=_called(unit, ticket, name), score=None)
        rank.rerank(unit, ticket)
        return _kept(unit, row)
    on.source = "agent"
    log.write(unit, ticket, "tag_confirmed", by=by, tag=name, score=on.score)
    return _kept(unit, learn.record(unit, ticket, by, kind="tag_confirmed", value=name, score=on.score))


def refuse(unit: Unit, ticket: Ticket, name: str, *, by: Agent) -> Correction | None:
    """The ticket is not about this, whether the tag is on it or was only suggested. None where that was said."""
    on = _find_on(unit, ticket, name)
    if on is None and name in learn.list_refused(unit, ticket):
        return None
    said = on.score if on else None  # without one nothing of the classifier's was wrong
    if on:
        tag.remove(unit, ticket, name, by=by)
        rank.rerank(unit, ticket)
    else:
        log.write(unit, ticket, "tag_refused", by=by, tag=name)
    return _kept(unit, learn.record(unit, ticket, by, kind="tag_removed", value=name, score=said))


def take_back(unit: Unit, ticket: Ticket, correction_id: int, *, by: Agent) -> None:
    """As if it had not been said. Only by who said it, and while the tag is still as that left it."""
    row = unit.session.get(Correction, correction_id)
    mine = row is not None and row.ticket_id == ticket.pk and row.agent_id == by.pk and row.kind in KINDS
    if row is None or not mine:
        raise NotFound("there is nothing to undo here any more")
    on = _find_on(unit, ticket, row.value)
    stands = on is None if row.kind == "tag_removed" else on is not None and on.source == "agent"
    if not stands or unit.now - row.created_at > WITHIN:
        raise Conflict("the ticket was changed since; undo it by hand")
    said = {"tag_added": "tagged", "tag_confirmed": "tag_confirmed"}.get(row.kind)
    removed = None if said else _removal(unit, ticket, row)
    if row.kind == "tag_added" and on:
        unit.session.delete(on)
    elif on:
        on.source = "auto"
    elif removed:
        _put_back(unit, ticket, row.value, removed)
    said = said or ("untagged" if removed else "tag_refused")
    log.write(unit, ticket, "undone", by=by, of=said, tag=row.value)
    unit.session.delete(row)
    unit.session.flush()
    rank.rerank(unit, ticket)


def _find_on(unit: Unit, ticket: Ticket, name: str) -> TicketTag | None:
    wanted = (
        select(TicketTag)
        .join(Tag, col(Tag.id) == col(TicketTag.tag_id))
        .where(TicketTag.ticket_id == ticket.pk, Tag.brand_id == ticket.brand_id, Tag.name == name.strip())
    )
    return unit.session.exec(wanted).first()


def _called(unit: Unit, ticket: Ticket, name: str) -> str:
    """A name whose tag went into another stands for that one."""
    return tag.get_or_create(unit, ticket.brand_id, name).name


def _kept(unit: Unit, row: Correction) -> Correction:
    unit.session.flush()
    return row


def _removal(unit: Unit, ticket: Ticket, row: Correction) -> dict[str, object] | None:
    """How the tag was on the ticket before it was taken off; None for one that was only suggested."""
    wanted = select(Event).where(
        Event.ticket_id == ticket.pk,
        Event.name == "untagged",
        Event.agent_id == row.agent_id,
        Event.created_at == row.created_at,
    )
    found = unit.session.exec(wanted.order_by(col(Event.id).desc())).all()
    return next((one.data for one in found if one.data.get("tag") == row.value), None)


def _put_back(unit: Unit, ticket: Ticket, name: str, before: dict[str, object]) -> None:
    row, score = tag.get_or_create(unit, ticket.brand_id, name), before.get("score")
    unit.session.add(
        TicketTag(
            ticket_id=ticket.pk,
            tag_id=row.pk,
            source=str(before.get("source") or "agent"),
            score=score if isinstance(score, float) else None,
            created_at=unit.now,
        )
    )
