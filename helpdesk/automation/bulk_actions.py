"""What can be done to many tickets: each action with how it is taken back. Called ticket by ticket from bulk.

An action returns what undoing needs (JSON), or None when the ticket already was as wished.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import select

from helpdesk.access import Access
from helpdesk.automation import macro as automation
from helpdesk.errors import Conflict, Invalid
from helpdesk.models import Agent, Delivery, Merge, Ticket
from helpdesk.people.colleagues import list_colleagues
from helpdesk.store.db import Unit
from helpdesk.store.files import Files
from helpdesk.tickets import (
    assign,
    change,
    close,
    combine,
    letter,
    macro_actions,
    merge,
    reply,
    snooze,
    take_back,
)
from helpdesk.triage import learn, rank
from macros.catalog import Catalog

HOLD = timedelta(seconds=60)  # a macro's answers wait so long, so that a mistake can still be taken back
Kept = dict[str, Any]


@dataclass(slots=True)
class Doing:
    """What a slice of a job works with; colleagues are looked up once for each brand."""

    unit: Unit
    by: Agent
    access: Access
    params: Mapping[str, Any]
    token: str
    files: Files
    catalog: Catalog
    colleagues: dict[int, dict[int, Agent]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Action:
    do: Callable[[Doing, Ticket], Kept | None]
    undo: Callable[[Doing, Ticket, Kept], None]


def list_rights(access: Access, action: str, params: Mapping[str, Any], catalog: Catalog) -> list[str]:
    """What it takes beside acting on many tickets at all: the same as on one."""
    if action == "assign":
        return [] if params.get("agent") == access.agent_id else ["assign"]
    if action == "macro":
        return ["reply", *macro_actions.list_rights(catalog.get(str(params["macro"])).actions)]
    return [action] if action in ("spam", "merge") else []


def _assign(doing: Doing, ticket: Ticket) -> Kept | None:
    wanted = doing.params.get("agent")
    if wanted is None:
        return _changed(doing, ticket, lambda: assign.to(doing.unit, ticket, None, by=doing.by))
    if ticket.brand_id not in doing.colleagues:
        found = list_colleagues(doing.unit, ticket.brand_id)
        doing.colleagues[ticket.brand_id] = {agent.pk: agent for agent in found}
    agent = doing.colleagues[ticket.brand_id].get(wanted)
    if agent is None:
        raise Invalid("this colleague does not work for the brand of the ticket", field="agent")
    return _changed(doing, ticket, lambda: assign.to(doing.unit, ticket, agent, by=doing.by, tell=False))


def _close(doing: Doing, ticket: Ticket) -> Kept | None:
    return _changed(doing, ticket, lambda: close.close(doing.unit, ticket, by=doing.by))


def _reopen(doing: Doing, ticket: Ticket) -> Kept | None:
    return _changed(doing, ticket, lambda: close.reopen(doing.unit, ticket, by=doing.by))


def _spam(doing: Doing, ticket: Ticket) -> Kept | None:
    return _changed(doing, ticket, lambda: close.mark_spam(doing.unit, ticket, by=doing.by))


def _snooze(doing: Doing, ticket: Ticket) -> Kept | None:
    moment = datetime.fromisoformat(doing.params["until"])
    return _changed(doing, ticket, lambda: snooze.until(doing.unit, ticket, moment, by=doing.by))


def _changed(doing: Doing, ticket: Ticket, act: Callable[[], None]) -> Kept | None:
    """For actions that write what the ticket was into its log."""
    before = combine.picture(ticket)
    act()
    if combine.picture(ticket) == before:
        return None
    event = change.find_last(doing.unit, ticket, by=doing.by)
    return {"event": event.pk} if event else {}


def _change_back(doing: Doing, ticket: Ticket, kept: Kept) -> None:
    if "event" not in kept:
        raise Conflict("the ticket was changed since; undo it by hand")
    change.undo(doing.unit, ticket, kept["event"], by=doing.by)


def _add_tag(doing: Doing, ticket: Ticket) -> Kept | None:
    return {} if _correct(doing, ticket, added=True) else None


def _untag(doing: Doing, ticket: Ticket, _kept: Kept) -> None:
    _correct(doing, ticket, added=False)


def _remove_tag(doing: Doing, ticket: Ticket) -> Kept | None:
    return {} if _correct(doing, ticket, added=False) else None


def _retag(doing: Doing, ticket: Ticket, _kept: Kept) -> None:
    _correct(doing, ticket, added=True)


def _correct(doing: Doing, ticket: Ticket, *, added: bool) -> bool:
    """An agent's word like any other: the classifier learns from it."""
    return learn.correct_tag(doing.unit, ticket, doing.params["tag"], by=doing.by, added=added)


def _macro(doing: Doing, ticket: Ticket) -> Kept | None:
    """The macro as an answer of its own to each; one whose facts are not all known is not sent."""
    chosen = doing.catalog.get(doing.params["macro"])
    draft = automation.draft(doing.unit, ticket, chosen, agent=doing.by)
    if draft.missing:
        raise Invalid("facts are missing for this macro: %(missing)s", missing=", ".join(draft.missing))
    automation.keep_version(doing.unit, ticket.brand_id, chosen)
    written = letter.written(
        draft.text,
        macro=(draft.key, draft.version),
        actions=draft.actions,
        hold=HOLD,
        token=doing.token,
        by_hand=False,
    )
    message = reply.post(doing.unit, ticket, written, by=doing.by, files=doing.files, drafted=False)
    return {"message": message.pk}


def _take_back(doing: Doing, ticket: Ticket, kept: Kept) -> None:
    wanted = select(Delivery).where(Delivery.message_id == kept["message"])
    delivery = doing.unit.session.exec(wanted).first()
    if delivery is None:
        raise Conflict(take_back.TOO_LATE)
    take_back.take_back(doing.unit, ticket, delivery, by=doing.by)


def _merge(doing: Doing, ticket: Ticket) -> Kept | None:
    target = doing.unit.session.get_one(Ticket, int(doing.params["into"][str(ticket.pk)]))
    row = merge.merge(doing.unit, ticket, target, by=doing.by)
    rank.rerank(doing.unit, target)
    return {"merge": row.pk}


def _take_apart(doing: Doing, _ticket: Ticket, kept: Kept) -> None:
    row = doing.unit.session.get_one(Merge, kept["merge"])
    for one in merge.undo(doing.unit, row, by=doing.by):
        rank.rerank(doing.unit, one)


ACTIONS = {
    "assign": Action(_assign, _change_back),
    "close": Action(_close, _change_back),
    "reopen": Action(_reopen, _change_back),
    "spam": Action(_spam, _change_back),
    "snooze": Action(_snooze, _change_back),
    "add_tag": Action(_add_tag, _untag),
    "remove_tag": Action(_remove_tag, _retag),
    "macro": Action(_macro, _take_back),
    "merge": Action(_merge, _take_apart),
}
