"""A word among agents; the customer never sees it. `@Name` calls a colleague, who follows the ticket from then on."""

from __future__ import annotations

from collections.abc import Sequence

from helpdesk.errors import Forbidden, Invalid
from helpdesk.i18n import lazy
from helpdesk.models import Agent, Direction, Message, Ticket, new_key
from helpdesk.people.colleagues import list_colleagues
from helpdesk.people.notify import MENTIONED, notify
from helpdesk.store import search
from helpdesk.store.db import Unit
from helpdesk.store.files import Files
from helpdesk.tickets import draft, follow, log, mention
from helpdesk.tickets import staged as waiting
from helpdesk.tickets.reply import find_sent
from helpdesk.tickets.upload import Upload, attach, attach_kept


def add(
    unit: Unit,
    ticket: Ticket,
    *,
    by: Agent,
    body: str,
    files: Files,
    attachments: Sequence[Upload] = (),
    staged: Sequence[str] = (),
    token: str = "",
) -> Message:
    if not body.strip():
        raise Invalid("write a note first", field="body")
    key = new_key()
    fingerprint = f"note:{ticket.pk}:{token}"[:64] if token else f"note:{key}"
    if token and (first := find_sent(unit, ticket, fingerprint)):
        return first
    message = Message(
        key=key,
        brand_id=ticket.brand_id,
        ticket_id=ticket.pk,
        customer_id=ticket.customer_id,
        agent_id=by.pk,
        channel=ticket.channel,
        direction=Direction.NOTE,
        sender={"name": by.name},
        text=body.strip(),
        reply=body.strip(),
        fingerprint=fingerprint,
        sent_at=unit.now,
        created_at=unit.now,
    )
    unit.session.add(message)
    unit.session.flush()
    attach(unit, message, attachments, files)
    attach_kept(unit, message, waiting.take(unit, by.pk, ticket.pk, staged))
    draft.discard(unit, by.pk, ticket.pk, "note")
    ticket.updated_at = unit.now
    search.put(unit, brand_id=ticket.brand_id, message_id=message.pk, words=message.text)
    called = _call(unit, ticket, message, by)
    follow.tell_followers(unit, ticket, by=by, message=message, without=called)
    unit.tell("ticket_noted", ticket.brand_id, ticket=ticket.pk, message=message.pk)
    return message


def correct(unit: Unit, ticket: Ticket, message: Message, *, by: Agent, body: str) -> None:
    """The writer's better words; the earlier ones stay in the event log."""
    if message.direction != Direction.NOTE or message.agent_id != by.pk:
        raise Forbidden(lazy("only the one who wrote a note may correct it; add a note of your own"))
    words = body.strip()
    if not words:
        raise Invalid("a note cannot become empty; write what holds now", field="body")
    if words == message.text:
        return
    log.write(unit, ticket, "note_corrected", by=by, message=message.pk, before=message.text)
    search.put(unit, brand_id=ticket.brand_id, message_id=message.pk, words=words, before=message.text)
    message.text = message.reply = words
    _call(unit, ticket, message, by)


def _call(unit: Unit, ticket: Ticket, message: Message, by: Agent) -> set[int]:
    """Tell those whom the note names and has not named before; `to` remembers them. Ids of all it names."""
    if "@" not in message.text and "＠" not in message.text:
        message.to = []
        return set()
    colleagues = list_colleagues(unit, ticket.brand_id)
    places = {hit.place for hit in mention.find(message.text, [agent.name for agent in colleagues])}
    named = [colleagues[place] for place in sorted(places)]
    known = {str(one.get("agent")) for one in message.to}
    message.to = [{"name": agent.name, "agent": agent.key} for agent in named]
    for agent in named:
        if agent.key not in known and agent.pk != by.pk:
            notify(unit, agent.pk, MENTIONED, ticket, by=by, message=message)
            follow.follow(unit, ticket, agent)
    return {agent.pk for agent in named}
