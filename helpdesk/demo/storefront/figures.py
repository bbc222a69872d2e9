"""What four weeks of visitors would have left behind: counts of campaigns and flows, some who wrote and bought."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from helpdesk.channels.chat import flows
from helpdesk.channels.chat.flows import ANSWERED, OPENED, TICKET
from helpdesk.chat import counts
from helpdesk.chat.counts import CAMPAIGN, FLOW, Answered, Counted
from helpdesk.models import Brand, ChannelAccount, Order, Visitor
from helpdesk.store.db import Unit

DAYS = 28
SHOWN = {"shipping": (14, 30), "choosing": (30, 60)}  # on one day, from … to
CLICKS = {"shipping": 0.19, "choosing": 0.11}
BUYERS, TALKERS = 9, 14
LEAVES = 0.18  # part of who come to a step and go no further


def put(unit: Unit, brand: Brand, account: ChannelAccount, rng: random.Random) -> None:
    today = unit.now.astimezone(ZoneInfo(brand.timezone)).date()
    counted: Counter[Counted] = Counter()
    for back in range(1, DAYS + 1):
        day = today - timedelta(days=back)
        _campaigns(counted, account.pk, day, rng)
        for flow in account.config.get("flows") or ():
            for _visit in range(rng.randint(3, 9)):
                _walk(counted, account.pk, flows.normal(flow), day, rng)
    counts.add(unit, counted, _answers(unit, brand, account, rng))


def _campaigns(counted: Counter[Counted], account_id: int, day: date, rng: random.Random) -> None:
    for name, (least, most) in SHOWN.items():
        shown = rng.randint(least, most)
        counted[Counted(account_id, CAMPAIGN, name, "shown", "", day)] += shown
        clicked = sum(rng.random() < CLICKS[name] for _one in range(shown))
        if clicked:
            counted[Counted(account_id, CAMPAIGN, name, "clicked", "", day)] += clicked


def _walk(
    counted: Counter[Counted], account_id: int, flow: dict[str, Any], day: date, rng: random.Random
) -> None:
    """One visitor, from the first step to where they end."""
    name, before = flow["start"], ""
    while True:
        counted[Counted(account_id, FLOW, flow["key"], name, before, day)] += 1
        step = flow["steps"][name]
        if rng.random() < LEAVES:
            return
        button = rng.choice(step["buttons"]) if step["buttons"] and rng.random() < 0.8 else {}
        end = next(
            (end for does, end in (("say", TICKET), ("open", OPENED), ("url", OPENED)) if does in button), ""
        )
        if not button:
            end = ANSWERED if "end" in step else TICKET
        if end:
            counted[Counted(account_id, FLOW, flow["key"], end, name, day)] += 1
            return
        before, name = name, button["to"]


def _answers(unit: Unit, brand: Brand, account: ChannelAccount, rng: random.Random) -> list[Answered]:
    """Some who wrote because of a campaign ordered within a few days, others did not."""
    since = unit.now - timedelta(days=DAYS - 5)
    bought = unit.session.exec(
        select(Order)
        .where(Order.brand_id == brand.pk, Order.placed_at >= since, Order.state != "cancelled")
        .order_by(col(Order.id).desc())
        .limit(BUYERS)
    ).all()
    wrote: list[tuple[datetime, int | None]] = [
        (one.placed_at - timedelta(hours=rng.randint(1, 60)), one.customer_id) for one in bought
    ]
    wrote += [(unit.now - timedelta(hours=rng.randint(20, 24 * DAYS - 30)), None) for _one in range(TALKERS)]
    zone = ZoneInfo(brand.timezone)
    answers = []
    for at, customer_id in wrote:
        visitor = Visitor(
            brand_id=brand.pk, account_id=account.pk, customer_id=customer_id, last_seen_at=at, created_at=at
        )
        unit.session.add(visitor)
        unit.session.flush()
        campaign = rng.choice(list(SHOWN))
        answers.append(Answered(account.pk, campaign, visitor.pk, at.astimezone(zone).date(), at))
    return answers
