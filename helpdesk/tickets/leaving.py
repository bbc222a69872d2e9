"""The moment an answer leaves: what was promised in it is done now, and a scheduled one counts from here on.

Points of a macro are granted in the transaction that hands the answer to its channel, not when the agent presses
Send: until then it can be taken back, and a ledger that only grows needs no line that undoes another. What cannot
be given any more stops the mail that promises it.
"""

from __future__ import annotations

from datetime import datetime

from helpdesk.errors import HelpdeskError
from helpdesk.models import Agent, Delivery, Message, Ticket
from helpdesk.people.colleagues import list_colleagues
from helpdesk.store.db import Unit
from helpdesk.tickets import answered, close, follow, log, macro_actions, snooze
from helpdesk.tickets.lock import lock


def begin(unit: Unit, delivery: Delivery) -> None:
    """Before the first attempt; from here on it cannot be taken back. Raises LimitExceeded."""
    message = unit.session.get_one(Message, delivery.message_id)
    promised = delivery.undo.get("points") or []
    if promised:
        ticket = unit.session.get_one(Ticket, message.ticket_id)
        by = unit.session.get_one(Agent, message.agent_id)
        actions = macro_actions.read_actions(promised)
        token, to = f"answer:{message.key}", message.customer_id  # who reads it, also after a merge
        macro_actions.apply(unit, ticket, actions, by=by, colleagues=[], token=token, to=to)
    if delivery.scheduled and delivery.raw is None:
        message.sent_at = unit.now
    then = delivery.undo.get("then")
    delivery.undo = {"then": then} if then is not None else {}


def left(unit: Unit, delivery: Delivery, message: Message) -> None:
    """The first server has taken it. Nothing here may stop that from being written down."""
    then = delivery.undo.get("then")
    if then is None:
        return
    delivery.undo = {}
    ticket = unit.session.get_one(Ticket, message.ticket_id)
    by = unit.session.get_one(Agent, message.agent_id)
    if then.get("waits"):
        lock(unit, ticket)
        _answer(unit, ticket, message, by, forwards=bool(then.get("forwards")))
        try:
            _finish(unit, ticket, then, by)
        except HelpdeskError as error:
            log.write(unit, ticket, "after_sending_failed", by=by, reason=error.text)
    follow.tell_followers(unit, ticket, by=by, message=message)


def _answer(unit: Unit, ticket: Ticket, message: Message, by: Agent, *, forwards: bool) -> None:
    """What happened to the ticket while the answer waited stands: a closed one stays closed."""
    if forwards:
        answered.added(unit, ticket)
        return
    closed_at, status = ticket.closed_at, ticket.status
    answered.mark(unit, ticket, message, by=by)
    if closed_at:
        ticket.status, ticket.closed_at = status, closed_at


def _finish(unit: Unit, ticket: Ticket, then: dict[str, object], by: Agent) -> None:
    actions = macro_actions.read_actions([str(one) for one in _rows(then.get("actions"))])
    colleagues = list_colleagues(unit, ticket.brand_id) if actions else []
    macro_actions.apply(unit, ticket, actions, by=by, colleagues=colleagues, token="")
    if then.get("close"):
        close.close(unit, ticket, by=by)
    elif until := str(then.get("snooze") or ""):
        moment = datetime.fromisoformat(until)
        if moment > unit.now and not ticket.closed_at:
            snooze.until(unit, ticket, moment, by=by)


def _rows(found: object) -> list[object]:
    return found if isinstance(found, list) else []
