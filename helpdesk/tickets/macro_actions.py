"""What a macro brings along beside its text: tags, assignment, status, points. Done when its answer is sent."""

from __future__ import annotations

from collections.abc import Sequence

from helpdesk.commerce import points
from helpdesk.errors import Invalid
from helpdesk.models import Agent, Brand, Customer, Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets import assign, close, tag
from helpdesk.tickets.letter import written_action as write_action
from macros.macro import ACTION_KINDS, STATUSES, Action

__all__ = ["apply", "check_points", "list_rights", "read_actions", "write_action"]
SEPARATOR = ":"
POINTS = "grant_points"


def read_actions(found: Sequence[str]) -> list[Action]:
    """Actions as a form carries them: `add_tag:refund`, `grant_points:500:late_delivery`."""
    return [_read_action(one) for one in found]


def list_rights(actions: Sequence[Action]) -> list[str]:
    """What an agent must be allowed to do by hand to have it done by a macro."""
    gives = any(one.kind == POINTS for one in actions)
    hands_over = any(one.kind == "assign" and one.value != "me" for one in actions)
    return ["grant_points"] * gives + ["assign"] * hands_over


def apply(
    unit: Unit,
    ticket: Ticket,
    actions: Sequence[Action],
    *,
    by: Agent,
    colleagues: Sequence[Agent],
    token: str,
    to: int | None = None,
) -> None:
    """Do what a sent macro brings along. LimitExceeded for too many points; the same `token` grants once.

    Points are for the customer `to`: the ticket may be somebody else's by the time the answer leaves.
    """
    for place, action in enumerate(actions):
        if action.kind == POINTS:
            _grant(unit, ticket, action, by=by, to=to or ticket.customer_id, token=f"{token}:{place}")
        elif action.kind == "add_tag":
            tag.add(unit, ticket, str(action.value), by=by, source="macro")
        elif action.kind == "remove_tag":
            tag.remove(unit, ticket, str(action.value), by=by)
        elif action.kind == "assign":
            assign.to(unit, ticket, _assignee(str(action.value), by, colleagues), by=by)
        elif action.value == "closed":
            close.close(unit, ticket, by=by)
        elif action.value == "open":
            close.reopen(unit, ticket, by=by)


def check_points(unit: Unit, ticket: Ticket, actions: Sequence[Action], *, by: Agent) -> None:
    """Raises LimitExceeded now for points that could not be given when the answer leaves."""
    amount = sum(int(action.value) for action in actions if action.kind == POINTS)
    if amount:
        points.check_limits(
            unit,
            brand=unit.session.get_one(Brand, ticket.brand_id),
            customer=unit.session.get_one(Customer, ticket.customer_id),
            agent=by,
            amount=amount,
        )


def _read_action(text: str) -> Action:
    kind, _, rest = text.partition(SEPARATOR)
    if kind == POINTS:
        amount, _, reason = rest.partition(SEPARATOR)
        if amount.isdecimal() and 0 < int(amount[:9]) <= points.MOST and len(amount) < 9:
            return Action("grant_points", int(amount), reason or None)
    elif (kind in ACTION_KINDS and rest.strip()) and (kind != "status" or rest in STATUSES):
        return Action(kind, rest.strip())
    raise Invalid("an action of the macro cannot be read; apply the macro again", field="action")


def _grant(unit: Unit, ticket: Ticket, action: Action, *, by: Agent, to: int, token: str) -> None:
    points.grant(
        unit,
        brand=unit.session.get_one(Brand, ticket.brand_id),
        customer=unit.session.get_one(Customer, to),
        ticket=ticket,
        agent=by,
        amount=int(action.value),
        reason=action.reason or "apology",
        idempotency_key=token,
    )


def _assignee(value: str, by: Agent, colleagues: Sequence[Agent]) -> Agent | None:
    """`me`, `nobody`, or a colleague by key, e-mail address or name."""
    if value == "me":
        return by
    if value == "nobody":
        return None
    found = next((one for one in colleagues if value in (one.key, one.email, one.name)), None)
    if found is None:
        raise Invalid(
            "the macro assigns to %(value)s, who is not an agent of this brand; remove that action",
            field="action",
            value=value,
        )
    return found
