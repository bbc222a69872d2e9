"""How often a widget's campaigns and flows were seen and done, added to the counts of the day."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import Date, bindparam, text
from sqlmodel.sql.sqltypes import UTCDateTime

from helpdesk.channels.chat import flows
from helpdesk.channels.chat.campaigns import STEPS
from helpdesk.channels.chat.config import ChatConfig
from helpdesk.store.db import Unit

CAMPAIGN, FLOW = "campaign", "flow"

ADD = text(
    "INSERT INTO widget_counts (account_id, subject, name, step, before, day, count) "
    "VALUES (:account_id, :subject, :name, :step, :before, :day, :count) "
    "ON CONFLICT (account_id, subject, name, step, before, day) "
    "DO UPDATE SET count = widget_counts.count + excluded.count"
).bindparams(bindparam("day", type_=Date()))
ANSWER = text(
    "INSERT INTO campaign_answers (account_id, campaign, visitor_id, day, created_at) "
    "VALUES (:account_id, :campaign, :visitor_id, :day, :created_at) "
    "ON CONFLICT (visitor_id, campaign, day) DO NOTHING"
).bindparams(bindparam("day", type_=Date()), bindparam("created_at", type_=UTCDateTime()))


@dataclass(frozen=True, slots=True, order=True)
class Counted:
    """One thing that happened, or many times the same."""

    account_id: int
    subject: str
    name: str
    step: str
    before: str
    day: date


@dataclass(frozen=True, slots=True)
class Answered:
    """A visitor wrote because of a campaign."""

    account_id: int
    campaign: str
    visitor_id: int
    day: date
    created_at: datetime


def add(unit: Unit, counted: Mapping[Counted, int], answered: Collection[Answered] = ()) -> None:
    """Always in the same order, so that two processes never wait for each other."""
    if counted:
        rows = [asdict(one) | {"count": counted[one]} for one in sorted(counted)]
        unit.session.execute(ADD, rows)
    if answered:
        rows = sorted((asdict(one) for one in answered), key=lambda one: (one["visitor_id"], one["campaign"]))
        unit.session.execute(ANSWER, rows)


def knows_campaign(config: ChatConfig, name: str, step: str = STEPS[0]) -> bool:
    """Strangers cannot make up names: only what stands in the settings is counted."""
    return step in STEPS and any(one.get("key") == name for one in config.campaigns)


def knows_step(config: ChatConfig, name: str, step: str, before: str) -> bool:
    return any(
        flow["key"] == name and flows.knows(flow, step, before) for flow in map(flows.normal, config.flows)
    )
