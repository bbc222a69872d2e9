"""Who writes, as the provider shows them: asked in the background, kept for a week, never waited for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from helpdesk.channels.care import Profile
from helpdesk.channels.carers import KNOW_PEOPLE
from helpdesk.customers.identify import clean_name
from helpdesk.models import ChannelAccount, Contact, Customer, DroppedFile
from helpdesk.store import queue
from helpdesk.store.db import Unit

GOOD_FOR = timedelta(days=7)
LANGUAGE = 8  # characters


@dataclass(frozen=True, slots=True)
class Asked:
    """A contact whose profile is being asked; `attempts` with this one."""

    id: int
    account_id: int
    address: str
    attempts: int


def want(unit: Unit, contact: Contact, kind: str) -> None:
    """They act: ask who they are, if that is not known, or was learned long ago."""
    known = contact.profile_at is not None and unit.now - contact.profile_at < GOOD_FOR
    if kind not in KNOW_PEOPLE or known or contact.profile_next_at is not None:
        return
    contact.profile_next_at, contact.profile_attempts = unit.now, 0
    unit.tell("profile_wanted", contact.brand_id, contact=contact.pk)


def claim(unit: Unit, *, limit: int, lease: timedelta) -> list[Asked]:
    """Due ones, now asked by the caller; they are due again when the lease is over."""
    due = (
        select(Contact)
        .join(ChannelAccount, col(ChannelAccount.id) == col(Contact.account_id))
        .where(
            col(Contact.profile_next_at) <= unit.now,
            col(ChannelAccount.active).is_(True),
            col(ChannelAccount.kind).in_(KNOW_PEOPLE),
        )
        .order_by(col(Contact.profile_next_at), col(Contact.id))
        .limit(limit)
        .with_for_update(skip_locked=True, of=Contact)
    )
    rows = list(unit.session.exec(due))
    for one in rows:
        one.profile_next_at = unit.now + lease
        one.profile_attempts += 1
    return [Asked(one.pk, one.account_id, one.address, one.profile_attempts) for one in rows]


def keep(unit: Unit, asked: Asked, profile: Profile | None, picture: str | None) -> None:
    """`profile` None: nobody knows, and nothing is forgotten. `picture` None: it could not be had now."""
    contact = unit.session.get(Contact, asked.id, with_for_update=True, populate_existing=True)
    if contact is None:
        return
    contact.profile_at, contact.profile_next_at, contact.profile_attempts = unit.now, None, 0
    if profile is None:
        return
    before = contact.name
    contact.name = clean_name(profile.name) or before
    contact.language = profile.language[:LANGUAGE] or contact.language
    if profile.also:
        contact.also = {**contact.also, **profile.also}
    if picture is not None and picture != contact.picture:
        if contact.picture:
            unit.session.add(DroppedFile(sha256=contact.picture, created_at=unit.now))
        contact.picture = picture
    _call(unit, contact, before)
    if contact.ticket_id:
        unit.tell("contact_changed", contact.brand_id, ticket=contact.ticket_id)


def put_off(unit: Unit, asked: Asked, *, retry_after: float | None = None) -> datetime | None:
    """When it is asked again; None: when they write the next time."""
    contact = unit.session.get(Contact, asked.id, with_for_update=True, populate_existing=True)
    if contact is None:
        return None
    contact.profile_next_at = queue.plan_retry(asked.attempts, unit.now, retry_after=retry_after)
    return contact.profile_next_at


def _call(unit: Unit, contact: Contact, before: str) -> None:
    """A customer without a name gets it, and one who was called so before; what an agent wrote stays."""
    customer = unit.session.get_one(Customer, contact.customer_id)
    if contact.name and customer.name in ("", before):
        customer.name = contact.name
    if contact.language and not customer.language:
        customer.language = contact.language
