"""Files of a message that could not be fetched: asked for once more, by an agent's hand. Done by work.media."""

from __future__ import annotations

from sqlmodel import select

from helpdesk.errors import Conflict
from helpdesk.i18n import gettext as _
from helpdesk.models import Agent, MediaFetch, Message, Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets import log


def fetch_again(unit: Unit, message: Message, *, by: Agent) -> int:
    """Returns how many. Raises Conflict when nothing of it is lost."""
    failed = unit.session.exec(
        select(MediaFetch)
        .where(MediaFetch.message_id == message.pk, MediaFetch.state == "failed")
        .with_for_update()
    ).all()
    if not failed:
        raise Conflict(_("every file of this message is here or on its way"))
    for row in failed:
        row.state, row.attempts, row.next_at, row.lease_until, row.reason = "queued", 0, unit.now, None, None
    message.content = {name: value for name, value in message.content.items() if name != "lost"}
    ticket = unit.session.get_one(Ticket, message.ticket_id)
    log.write(unit, ticket, "files_asked_again", by=by, message=message.pk)
    unit.tell("media_queued", message.brand_id, message=message.pk)
    return len(failed)
