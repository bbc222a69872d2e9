"""The audit log: what was done to the helpdesk itself, by whom and from where. Only ever added to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import col

from helpdesk.access import Access
from helpdesk.i18n import lazy
from helpdesk.models import Agent, AuditEntry, Brand
from helpdesk.store.db import Unit

NAMES = {
    "signed_in": lazy("signed in"),
    "sign_in_refused": lazy("was refused at sign-in"),
    "signed_out": lazy("signed out"),
    "signed_out_elsewhere": lazy("signed out all other browsers"),
    "first_account_made": lazy("made the first account"),
    "password_changed": lazy("changed the password"),
    "password_reset": lazy("made a new password for somebody"),
    "agent_added": lazy("added an account"),
    "agent_changed": lazy("changed an account"),
    "role_added": lazy("added a role"),
    "role_changed": lazy("changed a role"),
    "role_deleted": lazy("deleted a role"),
    "team_added": lazy("added a team"),
    "team_changed": lazy("changed a team"),
    "team_deleted": lazy("deleted a team"),
    "brand_added": lazy("added a brand"),
    "brand_changed": lazy("changed a brand"),
    "mailbox_added": lazy("added a mailbox"),
    "mailbox_changed": lazy("changed a mailbox"),
    "mailbox_paused": lazy("paused a mailbox"),
    "mailbox_resumed": lazy("resumed a mailbox"),
    "channel_added": lazy("connected a channel"),
    "channel_changed": lazy("changed a channel"),
    "channel_secret_ended": lazy("ended the old secret of a channel"),
    "channel_tested": lazy("sent a test message"),
    "channel_told": lazy("told a provider our address"),
    "channel_paused": lazy("paused a channel"),
    "channel_resumed": lazy("resumed a channel"),
    "channel_removed": lazy("removed a channel"),
    "widget_added": lazy("added a chat widget"),
    "widget_changed": lazy("changed a chat widget"),
    "widget_switched": lazy("switched a chat widget on or off"),
    "widget_secret_made": lazy("made a new secret for a chat widget"),
    "widget_secret_ended": lazy("ended the old secret of a chat widget"),
    "tag_added": lazy("added a tag"),
    "tag_changed": lazy("changed a tag"),
    "tag_deleted": lazy("deleted a tag"),
    "tag_merged": lazy("put a tag into another"),
    "tag_alias_added": lazy("added another word for a tag"),
    "tag_alias_removed": lazy("removed another word for a tag"),
    "model_asked": lazy("had a new model trained"),
    "model_went_back": lazy("went back to another model"),
    "topics_asked": lazy("had new topics looked for"),
    "topic_tagged": lazy("made a tag of a topic"),
    "topic_added": lazy("put the tickets of a topic under a tag"),
    "topic_dismissed": lazy("dismissed a topic"),
    "topic_taken_up": lazy("took a dismissed topic up again"),
    "topic_taken_back": lazy("took a topic's tag off its tickets"),
    "field_added": lazy("added a custom field"),
    "field_changed": lazy("changed a custom field"),
    "field_archived": lazy("archived a custom field"),
    "field_restored": lazy("took a custom field up again"),
    "article_published": lazy("published an article"),
    "article_withdrawn": lazy("withdrew an article"),
    "article_archived": lazy("archived an article"),
    "article_restored": lazy("took an article up again"),
    "article_category_deleted": lazy("deleted a category of articles"),
    "urgency_weighed": lazy("changed what urgency weighs"),
    "points_approved": lazy("approved points"),
    "points_refused": lazy("refused points"),
    "quarantine_retried": lazy("retried quarantined messages"),
    "customers_merged": lazy("merged two customers"),
    "customers_parted": lazy("undid a merge of two customers"),
    "customer_split": lazy("split an address off a customer"),
    "customer_put_back": lazy("put an address back to its customer"),
    "suggestion_rejected": lazy("said that two customers are two people"),
    "suggestion_asked_again": lazy("took back that two customers are two people"),
    "sender_shared": lazy("marked an address as several people's"),
    "sender_unshared": lazy("marked an address as one person's again"),
    "sender_blocked": lazy("blocked a sender"),
    "sender_unblocked": lazy("let a blocked sender in again"),
    "report_exported": lazy("exported a report"),
    "audit_exported": lazy("exported the audit log"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    id: int
    at: datetime
    name: str
    data: dict[str, Any]
    address: str
    agent: str | None
    brand: str | None


def record(
    unit: Unit,
    name: str,
    *,
    by: Agent | None,
    data: dict[str, Any],
    address: str = "",
    brand_id: int | None = None,
) -> None:
    """One line, in the transaction of what it tells of. `data` names what and how; never a secret."""
    assert name in NAMES, name
    unit.session.add(
        AuditEntry(
            brand_id=brand_id,
            agent_id=by.pk if by else None,
            name=name,
            data=data,
            address=address[:64],
            created_at=unit.now,
        )
    )


def list_entries(
    unit: Unit,
    access: Access,
    *,
    name: str = "",
    agent_id: int | None = None,
    before: int | None = None,
    limit: int = 100,
) -> list[Entry]:
    """Newest first; those of no brand are shown to everybody who may read the log. `before` is the last id seen."""
    wanted = (
        select(AuditEntry, col(Agent.name), col(Brand.name))
        .outerjoin(Agent, col(Agent.id) == col(AuditEntry.agent_id))
        .outerjoin(Brand, col(Brand.id) == col(AuditEntry.brand_id))
        .where(or_(col(AuditEntry.brand_id).is_(None), col(AuditEntry.brand_id).in_(access.brand_ids)))
        .order_by(col(AuditEntry.id).desc())
        .limit(limit)
    )
    if name:
        wanted = wanted.where(col(AuditEntry.name) == name)
    if agent_id is not None:
        wanted = wanted.where(col(AuditEntry.agent_id) == agent_id)
    if before is not None:
        wanted = wanted.where(col(AuditEntry.id) < before)
    return [
        Entry(row.pk, row.created_at, row.name, row.data, row.address, agent, brand)
        for row, agent, brand in unit.session.execute(wanted)
    ]


def in_words(entry: Entry) -> str:
    """What was done it to, in one line: `name: Hinoki · role: lead`."""
    return " · ".join(
        f"{key}: {_plain(value)}" for key, value in entry.data.items() if value not in (None, "", [], {})
    )


def _plain(value: object) -> str:
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(str(one) for one in value)
    return str(value)
