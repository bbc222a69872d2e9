"""Two tickets become one, and two again. Deciding what each is then happens in combine.

A merge keeps a picture of both tickets and the ids of all that moved. Undoing has no time limit; it is refused only
while the target itself lives in another ticket, because then that merge has to be undone first.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import and_, func, not_, update
from sqlmodel import col, select

from helpdesk.channels.registry import CLAIMED
from helpdesk.errors import Conflict, Invalid
from helpdesk.models import (
    Agent,
    Direction,
    Draft,
    Follower,
    Merge,
    Message,
    StagedFile,
    Status,
    Ticket,
    TicketTag,
)
from helpdesk.store.db import Unit
from helpdesk.tickets import combine, draft, log
from helpdesk.tickets.answered import TAKEN_BACK, is_answer, is_said
from helpdesk.tickets.combine import Late
from helpdesk.tickets.lock import lock_all
from helpdesk.tickets.receive import line_of


def merge(unit: Unit, source: Ticket, target: Ticket, *, by: Agent | None) -> Merge:
    """Everything of `source` moves to `target`; later mail to `source` lands there too.

    Raises Invalid for tickets that cannot be one. The caller ranks the target anew.
    """
    lock_all(unit, (source, target))
    _check(source, target)
    unit.session.flush()
    was_source, was_target = combine.picture(source), combine.picture(target)
    moved = _move_all(unit, source, target)
    combine.hang(source, combine.plan_gone(was_source, target.pk))
    combine.hang(target, combine.plan_together(was_source, was_target))
    moved |= {"source": was_source, "target": was_target, "after": combine.picture(target)}
    row = Merge(
        brand_id=source.brand_id,
        source_id=source.pk,
        target_id=target.pk,
        agent_id=by.pk if by else None,
        moved=moved,
        created_at=unit.now,
    )
    unit.session.add(row)
    unit.session.flush()
    _write_down(unit, row, source, target, by, ("merged_away", "merged"))
    return row


def undo(unit: Unit, row: Merge, *, by: Agent | None) -> tuple[Ticket, Ticket]:
    """Source and target as they were; what came since and answers the source goes back with it.

    Raises Conflict with the reason when it cannot be undone (any more, or yet).
    """
    source = unit.session.get_one(Ticket, row.source_id)
    target = unit.session.get_one(Ticket, row.target_id)
    lock_all(unit, (source, target))
    unit.session.refresh(row)
    if reason := find_obstacle(unit, row, target):
        raise reason
    unit.session.flush()
    late, returning = _late(unit, row, target)
    _move_back(unit, row, returning)
    kept = [one for one in late if one not in returning]
    was, after = row.moved["target"], row.moved["after"]
    alone = combine.plan_alone(combine.picture(target), before=was, after=after, late=late, kept=kept)
    if alone["messages_count"] == target.messages_count and row.moved["messages"]:
        alone["messages_count"] = _count(
            unit, target
        )  # it is not as the merge left it: something was taken back
    combine.hang(target, alone)
    combine.hang(source, combine.replay(row.moved["source"], returning))
    target.asked_also = [one for one in target.asked_also if one.get("key") != source.key]
    row.undone_at, row.undone_by_id = unit.now, by.pk if by else None
    unit.session.flush()
    _write_down(unit, row, source, target, by, ("merge_undone", "merge_undone"))
    return source, target


def find_obstacle(unit: Unit, row: Merge, target: Ticket) -> Conflict | None:
    """Why this merge cannot be undone now; None when it can."""
    if row.undone_at is not None:
        return Conflict("this merge was undone already")
    if target.status == Status.MERGED:
        home = unit.session.get_one(Ticket, target.merged_into_id)
        return Conflict(
            "ticket #%(target)s was itself merged into #%(home)s; undo that merge first",
            target=target.number,
            home=home.number,
        )
    return None


def _check(source: Ticket, target: Ticket) -> None:
    if source.pk == target.pk:
        raise Invalid("choose another ticket: this is the same one", field="into")
    if source.brand_id != target.brand_id:
        raise Invalid("tickets of two brands cannot be merged", field="into")
    for ticket in (source, target):
        if ticket.status == Status.MERGED:
            raise Invalid(
                "ticket #%(number)s is part of another one already", field="into", number=ticket.number
            )
        if ticket.status == Status.SPAM:
            raise Invalid(
                "ticket #%(number)s is in spam; take it out first", field="into", number=ticket.number
            )


def _move_all(unit: Unit, source: Ticket, target: Ticket) -> dict[str, Any]:
    """What moved, by ids; tags and followers are copied, so that the source keeps its own."""
    messages = list(unit.session.exec(select(Message.id).where(Message.ticket_id == source.pk)))
    newest = unit.session.scalar(
        select(func.max(Message.id)).where(col(Message.ticket_id).in_((source.pk, target.pk)))
    )
    unit.session.execute(
        update(Message).where(col(Message.ticket_id) == source.pk).values(ticket_id=target.pk)
    )
    return {
        "messages": messages,
        "newest": newest or 0,
        "tags": _copy_tags(unit, source, target),
        "followers": _copy_followers(unit, source, target),
        "drafts": _move_drafts(unit, source.pk, target.pk, None),
    }


def _copy_tags(unit: Unit, source: Ticket, target: Ticket) -> list[int]:
    there = set(unit.session.exec(select(TicketTag.tag_id).where(TicketTag.ticket_id == target.pk)))
    own = unit.session.exec(select(TicketTag).where(TicketTag.ticket_id == source.pk)).all()
    new = [one for one in own if one.tag_id not in there]
    for one in new:
        unit.session.add(
            TicketTag(
                ticket_id=target.pk,
                tag_id=one.tag_id,
                source=one.source,
                score=one.score,
                created_at=one.created_at,
            )
        )
    return [one.tag_id for one in new]


def _copy_followers(unit: Unit, source: Ticket, target: Ticket) -> list[int]:
    there = set(unit.session.exec(select(Follower.agent_id).where(Follower.ticket_id == target.pk)))
    own = set(unit.session.exec(select(Follower.agent_id).where(Follower.ticket_id == source.pk)))
    new = sorted(own - there)
    for agent_id in new:
        unit.session.add(Follower(ticket_id=target.pk, agent_id=agent_id, created_at=unit.now))
    return new


def _move_drafts(unit: Unit, here: int, there: int, only: Iterable[int] | None) -> list[int]:
    """With their uploaded files. Where an agent has begun a text there too, the two become one: no word is lost."""
    began = unit.session.exec(select(Draft).where(Draft.ticket_id == there))
    there_too = {(one.agent_id, one.mode): one for one in began}
    wanted, moved = None if only is None else set(only), []
    for one in unit.session.exec(select(Draft).where(Draft.ticket_id == here)).all():
        if wanted is not None and one.pk not in wanted:
            continue
        _move_files(unit, here, there, StagedFile.agent_id == one.agent_id, StagedFile.mode == one.mode)
        if other := there_too.get((one.agent_id, one.mode)):
            draft.append(unit, other, one.content)
            unit.session.delete(one)
        else:
            one.ticket_id = there
            moved.append(one.pk)
    if wanted is None:
        _move_files(unit, here, there)  # those to which nothing was written yet
    return moved


def _move_files(unit: Unit, here: int, there: int, *whose: Any) -> None:
    for file in unit.session.exec(select(StagedFile).where(StagedFile.ticket_id == here, *whose)):
        file.ticket_id = there


def _count(unit: Unit, ticket: Ticket) -> int:
    said = select(func.count()).where(
        Message.ticket_id == ticket.pk,
        Message.direction != Direction.NOTE,
        Message.state != TAKEN_BACK,
        not_(and_(col(Message.state) == "queued", col(Message.sent_at) > col(Message.created_at))),
    )
    return unit.session.scalar(said) or 0


def _late(unit: Unit, row: Merge, target: Ticket) -> tuple[list[Late], list[Late]]:
    """All that came since the merge, and of it what answers the source."""
    own, newest = set(row.moved["messages"]), int(row.moved["newest"])
    old = unit.session.exec(
        select(Message).where(Message.ticket_id == target.pk, col(Message.id) <= newest)
    ).all()
    known = {str(one.external_id): one.pk in own for one in old if one.external_id}
    known |= _talks(old, own)
    since = select(Message).where(Message.ticket_id == target.pk, col(Message.id) > newest)
    late = [_read(one) for one in unit.session.exec(since.order_by(col(Message.id)))]
    return late, combine.decide_late(late, known)


def _talks(messages: Iterable[Message], own: set[int]) -> dict[str, bool]:
    """Conversations that one of the two tickets alone had: there messages name no others."""
    found: dict[str, set[bool]] = {}
    for one in messages:
        if talk := _talk(one):
            found.setdefault(talk, set()).add(one.pk in own)
    return {talk: sides == {True} for talk, sides in found.items() if len(sides) == 1}


def _talk(message: Message) -> str:
    if message.channel in CLAIMED or not is_said(message) or message.account_id is None:
        return ""
    theirs = message.sender if message.direction == Direction.IN else next(iter(message.to), {})
    address = theirs.get("reply_to") or theirs.get("address")
    return f"talk {message.account_id} {address}" if address else ""


def _read(message: Message) -> Late:
    ancestors = [message.in_reply_to] if message.in_reply_to else []
    return Late(
        pk=message.pk,
        direction=message.direction if is_said(message) else Direction.NOTE,
        unattended=message.unattended or (message.direction == Direction.OUT and not is_answer(message)),
        sent_at=message.sent_at,
        received_at=message.created_at,
        preview=line_of(message),
        external_id=message.external_id,
        ancestors=(*ancestors, *reversed(message.references), *filter(None, (_talk(message),))),
    )


def _move_back(unit: Unit, row: Merge, returning: list[Late]) -> None:
    """What an agent has split off meanwhile stays where the agent put it."""
    ids = [*row.moved["messages"], *(one.pk for one in returning)]
    for start in range(0, len(ids), 1000):
        unit.session.execute(
            update(Message)
            .where(col(Message.id).in_(ids[start : start + 1000]), col(Message.ticket_id) == row.target_id)
            .values(ticket_id=row.source_id)
        )
    for tag_id in row.moved["tags"]:
        if on := unit.session.get(TicketTag, (row.target_id, tag_id)):
            unit.session.delete(on)
    for agent_id in row.moved["followers"]:
        if follower := unit.session.get(Follower, (row.target_id, agent_id)):
            unit.session.delete(follower)
    _move_drafts(unit, row.target_id, row.source_id, row.moved["drafts"])


def _write_down(
    unit: Unit, row: Merge, source: Ticket, target: Ticket, by: Agent | None, names: tuple[str, str]
) -> None:
    here, there = names
    log.write(unit, source, here, by=by, merge=row.key, number=target.number, key=target.key)
    log.write(unit, target, there, by=by, merge=row.key, number=source.number, key=source.key)
