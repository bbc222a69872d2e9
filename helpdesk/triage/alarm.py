"""Whoever looks after tags hears that the classifier fits less well than before, without opening its page."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import col

from helpdesk.models import Agent, Brand, Correction, Notification, Ticket, TicketTag
from helpdesk.people import brands, sign_in
from helpdesk.people.colleagues import list_colleagues
from helpdesk.people.notify import notify
from helpdesk.store.db import Database, Unit
from helpdesk.triage import drift

NAMES = {"silence": "drift_silence", "correction": "drift_correction"}  # warning → notification
RIGHT = "tags"
AGAIN = timedelta(days=6)  # a warning that stands is told once a week
WEEK = timedelta(days=7)


def tell_all(database: Database) -> int:
    """Some times a day; returns how many notifications there were."""
    with database.read() as unit:
        warned = {
            brand.pk: told
            for brand in brands.list_all(unit)
            if (told := drift.warnings(drift.list_weeks(unit, brand.pk)))
        }
    count = 0
    for brand_id, told in warned.items():
        with database.write() as unit:
            count += sum(tell(unit, brands.get_by_id(unit, brand_id), warning) for warning in told)
    return count


def tell(unit: Unit, brand: Brand, warning: str) -> int:
    """An example ticket goes along. Nobody hears the same twice within a week."""
    name, ticket = NAMES[warning], _example(unit, brand.pk, warning)
    if ticket is None:
        return 0
    heard = set(_heard(unit, brand.pk, name, unit.now - AGAIN))
    place = f"/settings/model?brand={brand.key}#h-weeks"
    told = [
        notify(unit, agent.pk, name, ticket, by=None, place=place)
        for agent in list_colleagues(unit, brand.pk)
        if agent.pk not in heard and _leads(unit, agent)
    ]
    return len(told)


def has_warning(unit: Unit, agent_id: int, brand_ids: tuple[int, ...]) -> bool:
    """Whether this person was told lately: the mark beside the page's name."""
    wanted = select(col(Notification.id)).where(
        col(Notification.agent_id) == agent_id,
        col(Notification.brand_id).in_(brand_ids),
        col(Notification.name).in_(NAMES.values()),
        col(Notification.created_at) >= unit.now - WEEK,
    )
    return bool(unit.rows(wanted.limit(1)))


def _leads(unit: Unit, agent: Agent) -> bool:
    return sign_in.access_of(unit, agent).may(RIGHT)


def _heard(unit: Unit, brand_id: int, name: str, since: datetime) -> list[int]:
    wanted = select(col(Notification.agent_id)).where(
        col(Notification.brand_id) == brand_id,
        col(Notification.name) == name,
        col(Notification.created_at) >= since,
    )
    return [agent_id for (agent_id,) in unit.rows(wanted)]


def _example(unit: Unit, brand_id: int, warning: str) -> Ticket | None:
    """The newest of the last week that it kept silent on, or that was corrected."""
    wanted = select(Ticket).where(
        col(Ticket.brand_id) == brand_id, col(Ticket.created_at) >= unit.now - WEEK, drift.has_words()
    )
    if warning == "silence":
        found = select(col(TicketTag.ticket_id)).where(col(TicketTag.score).is_not(None))
        wanted = wanted.where(col(Ticket.id).not_in(found))
    else:
        kinds = ("tag_added", "tag_removed")
        overruled = select(col(Correction.ticket_id)).where(
            col(Correction.brand_id) == brand_id, col(Correction.kind).in_(kinds)
        )
        wanted = wanted.where(col(Ticket.id).in_(overruled))
    return unit.session.scalars(wanted.order_by(col(Ticket.id).desc()).limit(1)).first()
