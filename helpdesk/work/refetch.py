"""Mails that were set aside because the server would not give them: asked for again every few hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from imapclient import IMAPClient
from sqlmodel import col, select

from helpdesk.channels.email.receive import Fetched, Limits, fetch_again
from helpdesk.intake import journal
from helpdesk.models import ChannelAccount, InboundEvent
from helpdesk.store.db import Database

AGAIN_AFTER = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class _Note:
    event_id: int
    meta: dict[str, Any]


def refetch(database: Database, client: IMAPClient, account_id: int, limits: Limits) -> int:
    """Returns how many mails came after all. Each counts as tried before it is: it may break the line again."""
    came = 0
    while note := _next(database, account_id):
        if mail := fetch_again(client, note.meta, limits):
            _replace(database, note, mail)
            came += 1
    return came


def _next(database: Database, account_id: int) -> _Note | None:
    with database.write() as unit:
        event = unit.session.exec(
            select(InboundEvent)
            .where(
                InboundEvent.account_id == account_id,
                InboundEvent.state == "quarantined",
                col(InboundEvent.external_id).startswith("unfetched:"),
                col(InboundEvent.done_at) <= unit.now - AGAIN_AFTER,
            )
            .order_by(col(InboundEvent.done_at))
        ).first()
        if event is None:
            return None
        event.done_at = unit.now
        return _Note(event.pk, event.meta)


def _replace(database: Database, note: _Note, mail: Fetched) -> None:
    """The mail itself is journalled; its note is done with."""
    with database.write() as unit:
        event = unit.session.get_one(InboundEvent, note.event_id)
        account = unit.session.get_one(ChannelAccount, event.account_id)
        journal.record(unit, account, mail.raw, external_id=mail.external_id, meta=mail.meta)
        event.state = "ignored"
        unit.tell("inbound_ignored", event.brand_id, event=event.pk)
