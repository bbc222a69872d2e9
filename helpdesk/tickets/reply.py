"""An agent's answer: a message and, in the same transaction, the delivery that will carry it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy
from sqlalchemy import Select, bindparam
from sqlmodel import col, select

from helpdesk.channels.registry import CONVERSATIONAL
from helpdesk.errors import Invalid
from helpdesk.i18n import lazy
from helpdesk.models import (
    Agent,
    ChannelAccount,
    Delivery,
    MacroUse,
    Message,
    StagedFile,
    Status,
    Ticket,
)
from helpdesk.people.colleagues import list_colleagues
from helpdesk.store import search
from helpdesk.store.db import Unit
from helpdesk.store.files import Files
from helpdesk.tickets import (
    answered,
    before,
    compose,
    draft,
    log,
    macro_actions,
    quotation,
    rich,
    snooze,
    staged,
    ways,
)
from helpdesk.tickets import close as closing
from helpdesk.tickets.before import Before
from helpdesk.tickets.letter import Letter, as_draft, written
from helpdesk.tickets.upload import Upload, attach, attach_kept

NO_HOLD = timedelta()
TAKEN_BACK = lazy("this answer was taken back before; send it once more")


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
    """Queue a plain answer to the customer; see `post`."""
    letter = written(body, uploads=attachments, macro=macro, close=close, hold=hold, token=token)
    return post(unit, ticket, letter, by=by, files=files)


def post(
    unit: Unit,
    ticket: Ticket,
    letter: Letter,
    *,
    by: Agent,
    files: Files,
    drafted: bool = True,
    standing: Before | None = None,
) -> Message:
    """Queue what the agent wrote, and do on the ticket what goes with it.

    A scheduled letter changes the ticket when it leaves, a held one now. Raises Invalid for a missing address or
    file, LimitExceeded for too many points. The same token on the same ticket again returns the first message.
    What the agent has drafted is gone with it unless the letter came from elsewhere (`drafted`). `standing` is for
    who has looked at the ticket already.
    """
    standing = before.look(unit, ticket, letter.token) if standing is None and letter.token else standing
    if standing and standing.same:
        if standing.same.state == answered.TAKEN_BACK:
            raise Invalid(TAKEN_BACK, field="token")
        return standing.same
    macro_actions.check_points(unit, ticket, letter.actions, by=by)
    way = ways.get_way(unit, ticket, letter.via) if letter.via and not letter.forwards else None
    account = way.account if way else compose.get_account(unit, ticket, forwards=letter.forwards)
    if account.kind in CONVERSATIONAL:
        letter = replace(letter, hold=NO_HOLD)  # it is said at once and cannot be unsaid
    message = compose.message_of(unit, ticket, letter, account, by, way=way)
    message.fingerprint = before.fingerprint(ticket, letter.token) or message.fingerprint
    kept = staged.take(unit, by.pk, ticket.pk, letter.staged)
    if letter.html:
        message.html = compose.html_of(message, letter, kept)
    unit.session.add(message)
    unit.session.flush()
    _attach(unit, message, letter, kept, files)
    _record_macro(unit, message, letter.macro, by)
    search.put(unit, brand_id=ticket.brand_id, message_id=message.pk, words=message.reply)
    plan = (
        _scheduled(unit, ticket, letter, message, by)
        if letter.at
        else _now(unit, ticket, letter, message, by)
    )
    _queue(unit, message, account, letter, plan | {"draft": _draft(letter, message)})
    if drafted:
        draft.discard(unit, by.pk, ticket.pk, "reply")
    return message


def get_delivery(unit: Unit, message: Message) -> Delivery:
    """The one that carries it out; it costs nothing in the unit that has just queued it."""
    held = (*unit.session.new, *unit.session.info.get("held", ()))
    queued = next((one for one in held if isinstance(one, Delivery) and one.message_id == message.pk), None)
    return queued or unit.session.exec(select(Delivery).where(Delivery.message_id == message.pk)).one()


def find_sent(unit: Unit, ticket: Ticket, fingerprint: str) -> Message | None:
    """What was written under that fingerprint before."""
    named = {"brand": ticket.brand_id, "fingerprint": fingerprint}
    found: Message | None = unit.session.scalars(_known(), named).first()
    return found


@cache
def _known() -> Select[Any]:
    return sqlalchemy.select(Message).where(
        col(Message.brand_id) == bindparam("brand"), col(Message.fingerprint) == bindparam("fingerprint")
    )


def _attach(unit: Unit, message: Message, letter: Letter, kept: Sequence[StagedFile], files: Files) -> None:
    """A picture that does not stand in the text travels as an ordinary file."""
    shown = set(rich.images(letter.html))
    for one in kept:
        one.inline = one.inline and one.key in shown
    attach_kept(unit, message, kept)
    attach(unit, message, letter.uploads, files)
    if letter.forwards and message.forwarded_id:
        original = unit.session.get_one(Message, message.forwarded_id)
        attach_kept(unit, message, quotation.passed_on(unit, original, without=letter.without))


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


def _now(unit: Unit, ticket: Ticket, letter: Letter, message: Message, by: Agent) -> dict[str, Any]:
    """The ticket is answered at once; how it was before goes along with the delivery for as long as it is held."""
    was = answered.state_of(unit, ticket) if letter.hold else {}
    if letter.forwards:
        answered.added(unit, ticket)
        log.write(unit, ticket, "forwarded", by=by, message=message.pk, to=_addresses(message))
    else:
        answered.mark(unit, ticket, message, by=by)
    actions = [one for one in letter.actions if one.kind != macro_actions.POINTS]
    colleagues = list_colleagues(unit, ticket.brand_id) if actions else []
    macro_actions.apply(unit, ticket, actions, by=by, colleagues=colleagues, token="")
    if letter.close:
        closing.close(unit, ticket, by=by)
    elif letter.snooze and ticket.status in (Status.OPEN, Status.PENDING):
        snooze.until(unit, ticket, letter.snooze, by=by)
    plan: dict[str, Any] = {"then": {}, "points": _written(letter, points=True)}
    if not letter.hold:
        return plan
    tags = None if actions else was["tags"]  # nothing else here touches them
    return plan | {"before": was, "after": answered.state_of(unit, ticket, tags=tags)}


def _scheduled(unit: Unit, ticket: Ticket, letter: Letter, message: Message, by: Agent) -> dict[str, Any]:
    """The customer still waits: the ticket counts as answered when the letter leaves."""
    when = (letter.at or unit.now).isoformat()
    log.write(unit, ticket, "scheduled", by=by, message=message.pk, at=when)
    then = {
        "waits": True,
        "forwards": letter.forwards,
        "actions": _written(letter, points=False),
        "close": letter.close,
        "snooze": letter.snooze.isoformat() if letter.snooze else "",
    }
    return {"then": then, "points": _written(letter, points=True)}


def _written(letter: Letter, *, points: bool) -> list[str]:
    wanted = (one for one in letter.actions if (one.kind == macro_actions.POINTS) is points)
    return [macro_actions.write_action(one) for one in wanted]


def _addresses(message: Message) -> str:
    return ", ".join(str(one.get("address")) for one in message.to)[:300]


def _draft(letter: Letter, message: Message) -> dict[str, Any]:
    """With the addresses it would really have gone to."""
    shown = {name: _shown(getattr(message, name)) for name in draft.PEOPLE}
    return as_draft(replace(letter, subject=message.subject)) | shown


def _shown(people: Sequence[Mapping[str, Any]]) -> list[str]:
    return [f"{one['name']} <{one['address']}>" if one.get("name") else str(one["address"]) for one in people]


def _queue(
    unit: Unit, message: Message, account: ChannelAccount, letter: Letter, plan: Mapping[str, Any]
) -> None:
    when: datetime = letter.at or unit.now + letter.hold
    unit.session.add(
        Delivery(
            brand_id=message.brand_id,
            account_id=account.pk,
            message_id=message.pk,
            external_id=message.external_id or message.key,
            next_at=when,
            scheduled=letter.at is not None,
            by_hand=letter.by_hand and letter.at is None,
            undo=dict(plan),
            created_at=unit.now,
        )
    )
    unit.tell("delivery_queued", message.brand_id, message=message.pk, ticket=message.ticket_id)
