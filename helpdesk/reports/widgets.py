"""What came of a widget's campaigns and flows in some days: who saw, answered and bought; who stopped where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlmodel import col

from helpdesk.channels.chat import flows
from helpdesk.channels.chat.flows import ANSWERED, OPENED, TICKET
from helpdesk.channels.chat.wording import pick
from helpdesk.chat.counts import CAMPAIGN, FLOW
from helpdesk.customers.identify import EMAIL
from helpdesk.models import CampaignAnswer, Identity, Order, Visitor, WidgetCount
from helpdesk.reports.period import Period
from helpdesk.store.db import Unit

ORDERED_WITHIN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """`value` is what the orders were worth, by currency, in minor units."""

    key: str
    name: str
    shown: int
    clicked: int
    answered: int
    ordered: int
    value: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class StepRow:
    """Who came to a step, and where they went from there; `left` went nowhere."""

    name: str
    text: str
    entered: int
    left: int
    answered: int
    tickets: int
    opened: int  # orders or a page


@dataclass(frozen=True, slots=True)
class FlowRow:
    key: str
    title: str
    started: int
    answered: int
    tickets: int
    steps: Sequence[StepRow]


@dataclass(frozen=True, slots=True)
class WidgetReport:
    campaigns: Sequence[CampaignRow]
    flows: Sequence[FlowRow]


def read(
    unit: Unit, account_id: int, config: Mapping[str, Any], period: Period, language: str
) -> WidgetReport:
    """Three queries. What was deleted from the settings keeps its numbers, under its key."""
    counted = _counts(unit, account_id, period)
    shown = {(name, step): n for (subject, name, step, _before), n in counted.items() if subject == CAMPAIGN}
    walked = {
        name: Counter({key[2:]: n for key, n in counted.items() if key[:2] == (FLOW, name)})
        for subject, name, _step, _before in counted
        if subject == FLOW
    }
    answered = _answers(unit, account_id, period)
    names = {
        str(one.get("key")): str(one.get("name") or one.get("key")) for one in config.get("campaigns") or ()
    }
    seen = dict.fromkeys([*names, *sorted({name for name, _step in shown} | set(answered))])
    known = {flow["key"]: flow for flow in map(flows.normal, config.get("flows") or ())}
    return WidgetReport(
        [_campaign(key, names.get(key, key), shown, answered.get(key)) for key in seen],
        [
            flow_row(
                known.get(key) or {"key": key, "titles": {}, "steps": {}},
                walked.get(key, Counter()),
                language,
            )
            for key in dict.fromkeys([*known, *sorted(walked)])
        ],
    )


def _counts(unit: Unit, account_id: int, period: Period) -> dict[tuple[str, str, str, str], int]:
    """(subject, name, step, before) → how often."""
    row = WidgetCount
    found = (
        select(row.subject, row.name, row.step, row.before, func.sum(row.count))  # type: ignore[call-overload]
        .where(row.account_id == account_id, row.day >= period.first, row.day <= period.last)
        .group_by(row.subject, row.name, row.step, row.before)
    )
    return {tuple(key): int(n) for *key, n in unit.session.execute(found)}


@dataclass(slots=True)
class _Answers:
    answered: int
    ordered: int
    value: dict[str, int]


def _answers(unit: Unit, account_id: int, period: Period) -> dict[str, _Answers]:
    """By campaign: how many wrote, how many of them bought within a week, and for how much."""
    wrote = (
        col(CampaignAnswer.account_id) == account_id,
        col(CampaignAnswer.day) >= period.first,
        col(CampaignAnswer.day) <= period.last,
    )
    total = (
        select(col(CampaignAnswer.campaign), func.count())
        .where(*wrote)
        .group_by(col(CampaignAnswer.campaign))
    )
    found = {name: _Answers(n, 0, {}) for name, n in unit.session.execute(total)}
    bought = [
        one
        for one in unit.session.execute(_orders(wrote))
        if one.placed_at <= one.created_at + ORDERED_WITHIN
    ]
    for name, _answer in {(one.campaign, one.answer_id) for one in bought}:
        found[name].ordered += 1
    for (name, _order), one in {(one.campaign, one.order_id): one for one in bought}.items():
        found[name].value[one.currency] = found[name].value.get(one.currency, 0) + one.total
    return found


def _orders(wrote: tuple[Any, ...]) -> Any:
    """Orders of who answered: of the customer they are, or of the address that they gave."""
    theirs = select(col(Identity.customer_id)).where(
        col(Identity.brand_id) == col(Visitor.brand_id),
        col(Identity.kind) == EMAIL,
        col(Identity.value) == func.lower(col(Visitor.email)),
    )
    placed = and_(
        col(Order.brand_id) == col(Visitor.brand_id),
        or_(col(Order.customer_id) == col(Visitor.customer_id), col(Order.customer_id).in_(theirs)),
        col(Order.placed_at) >= col(CampaignAnswer.created_at),
        col(Order.state) != "cancelled",
    )
    return (
        select(
            col(CampaignAnswer.id).label("answer_id"), col(CampaignAnswer.campaign), col(CampaignAnswer.created_at),
            col(Order.id).label("order_id"), col(Order.placed_at), col(Order.total), col(Order.currency),
        )
        .join(Visitor, col(Visitor.id) == col(CampaignAnswer.visitor_id))
        .join(Order, placed)
        .where(*wrote)
    )  # fmt: skip


def _campaign(
    key: str, name: str, shown: Mapping[tuple[str, str], int], answers: _Answers | None
) -> CampaignRow:
    answers = answers or _Answers(0, 0, {})
    seen, clicked = shown.get((key, "shown"), 0), shown.get((key, "clicked"), 0)
    return CampaignRow(key, name, seen, clicked, answers.answered, answers.ordered, answers.value)


def flow_row(flow: Mapping[str, Any], walked: Mapping[tuple[str, str], int], language: str) -> FlowRow:
    """`walked` maps (step, the step before) to how often somebody went that way."""
    entered: Counter[str] = Counter()
    moved: Counter[str] = Counter()
    for (step, before), n in walked.items():
        entered[step] += n
        moved[before] += n
    steps = {
        **dict.fromkeys(flow["steps"]),
        **dict.fromkeys(s for s in entered if s not in (ANSWERED, OPENED, TICKET)),
    }
    rows = [
        StepRow(
            name=step,
            text=pick((flow["steps"].get(step) or {}).get("texts"), language) or step,
            entered=entered[step],
            left=max(0, entered[step] - moved[step]),
            answered=walked.get((ANSWERED, step), 0),
            tickets=walked.get((TICKET, step), 0),
            opened=walked.get((OPENED, step), 0),
        )
        for step in steps
    ]
    title = pick(flow["titles"], language) or flow["key"]
    return FlowRow(flow["key"], title, moved[""], entered[ANSWERED], entered[TICKET], rows)
