"""New mail now and then while the demo runs: about orders as they stand, by the same road as real mail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from random import Random

import structlog
from sqlmodel import col, select

from helpdesk.commerce import orders
from helpdesk.demo import carriers, conversations, followup, mail, shop
from helpdesk.demo.dice import dice
from helpdesk.demo.orders import PlannedOrder
from helpdesk.demo.people import STYLES, Person
from helpdesk.intake import journal
from helpdesk.intake.pipeline import Intake
from helpdesk.models import ChannelAccount, Customer, Identity, Order, Status, Ticket
from helpdesk.store.db import Unit

log = structlog.get_logger()

# state of the order -> stories that fit it
ABOUT = {
    "placed": ("unshipped", "change", "new_address"),
    "not_shipped": ("unshipped", "cancel", "change", "new_address"),
    "late_to_ship": ("overdue",),
    "in_transit": ("in_transit", "cancel_late", "address_late"),
    "late": ("tardy", "angry"),
    "delivered": ("damaged", "wrong_item", "missing", "exchange", "receipt", "feedback"),
    "returned": ("refund_wait",),
}
WITHOUT_ORDER = ("question", "restock", "delivery", "points", "coupon", "subscription", "login", "payment")
FOLLOW_UPS, QUESTIONS = 0.3, 0.25  # chances; the rest is about an order
RECENT = 150  # the newest orders, which are written about


async def arrivals(
    intake: Intake,
    *,
    seed: int = 7,
    every: tuple[float, float] = (45.0, 120.0),
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> None:
    """Until it is cancelled: wait some seconds, let one mail arrive. The same seed tells the same stories."""
    rng = dice(f"arrivals:{seed}")
    while True:
        await sleep(rng.uniform(*every))
        try:
            await asyncio.to_thread(arrive, intake, rng)
        except Exception:  # the demo goes on; the next mail may fare better
            log.exception("demo_arrival_failed")


@asynccontextmanager
async def arriving(intake: Intake, *, seed: int = 7) -> AsyncIterator[None]:
    """Mail arrives for as long as the block lasts."""
    task = asyncio.create_task(arrivals(intake, seed=seed))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def arrive(intake: Intake, rng: Random) -> bool:
    """One mail through journal and pipeline; False when there is no demo brand to write to."""
    with intake.database.read() as unit:
        account = unit.session.exec(
            select(ChannelAccount).where(ChannelAccount.address == shop.ADDRESS)
        ).first()
        letter = _next_letter(unit, intake, rng, account.brand_id) if account else None
    if account is None or letter is None:
        return False
    with intake.database.write() as unit:
        event = journal.record(unit, account, mail.write(rng, letter), meta={"via": "demo"})
        event_id = event.pk if event else None
    if event_id is not None:
        intake.process(event_id)
    return event_id is not None


def _next_letter(unit: Unit, intake: Intake, rng: Random, brand_id: int) -> mail.Letter | None:
    chance = rng.random()
    if chance < FOLLOW_UPS and (letter := _follow_up(unit, intake, rng, brand_id)):
        return letter
    rows = _recent_orders(unit, brand_id)
    if not rows:
        return None
    card = orders.get_card(unit, rng.choice(rows))
    who = _person(unit, card.order, rng)
    if chance < FOLLOW_UPS + QUESTIONS or card.state not in ABOUT:
        return _letter(rng, rng.choice(WITHOUT_ORDER), who, None, unit.now)
    stuck = card.shipment is not None and card.shipment.last_scan_place == carriers.STUCK_DEPOT
    story = "stuck" if stuck and card.state == "late" else rng.choice(ABOUT[card.state])
    return _letter(rng, story, who, _as_planned(card, who), unit.now)


def _follow_up(unit: Unit, intake: Intake, rng: Random, brand_id: int) -> mail.Letter | None:
    """Somebody whom we answered writes back."""
    waiting = unit.session.exec(
        select(Ticket)
        .where(Ticket.brand_id == brand_id, Ticket.status == Status.PENDING, Ticket.channel == "email")
        .order_by(col(Ticket.id))
    ).all()
    if not waiting:
        return None
    ticket = rng.choice(waiting)
    who = _writer(unit, unit.session.get_one(Customer, ticket.customer_id), rng)
    words = conversations.say(rng, conversations.COMMON, rng.choice(("thanks", "again")), who, {})
    text = conversations.in_manner(rng, who, words, first=False)
    return followup.answer(unit, intake.seal, rng, ticket, who, text, unit.now)


def _recent_orders(unit: Unit, brand_id: int) -> Sequence[Order]:
    return unit.session.exec(
        select(Order).where(Order.brand_id == brand_id).order_by(col(Order.placed_at).desc()).limit(RECENT)
    ).all()


def _letter(rng: Random, story: str, who: Person, order: PlannedOrder | None, now: datetime) -> mail.Letter:
    facts = conversations.facts_of(who, order, conversations.chance_facts(rng, who))
    topic = conversations.choose(rng, story, who, facts)
    program = rng.randrange(len(mail.PROGRAMS))
    return mail.Letter(who.name, who.email, topic.subject, topic.opening, now, program=program)


def _person(unit: Unit, order: Order, rng: Random) -> Person:
    return _writer(unit, unit.session.get_one(Customer, order.customer_id), rng)


def _writer(unit: Unit, customer: Customer, rng: Random) -> Person:
    email = unit.session.exec(
        select(Identity.shown)
        .where(Identity.customer_id == customer.pk, Identity.kind == "email")
        .order_by(col(Identity.id))
    ).first()
    language = "en" if customer.language == "en" else "ja"
    first, _, last = customer.name.partition(" ")
    family, given = (first, last) if language == "ja" else (last, first)
    style = STYLES[language][customer.pk % len(STYLES[language])]
    return Person(
        customer.name,
        family or customer.name,
        given or customer.name,
        email or f"customer{customer.pk}@example.com",
        language,
        customer.region,
        customer.region,
        "",
        "",
        2,
        "",
        style,
    )


def _as_planned(card: orders.OrderCard, who: Person) -> PlannedOrder:
    """The order as the stories know it."""
    by_sku = {product.sku: product for product in shop.PRODUCTS}
    order, parcel = card.order, card.shipment
    items = [
        (by_sku[item["sku"]], int(item["quantity"])) for item in order.items if item.get("sku") in by_sku
    ]
    return PlannedOrder(
        number=order.number,
        person=0,
        who=who,
        fate="",
        placed_at=order.placed_at,
        items=items or [(shop.PRODUCTS[0], 1)],
        total=order.total,
        ship_by=order.ship_by or order.placed_at,
        promised_on=order.promised_on or order.placed_at.date(),
        carrier=parcel.carrier if parcel else "yamato",
        tracking=parcel.tracking_number if parcel else "",
        shipped_at=parcel.shipped_at if parcel else None,
        delivered_at=parcel.delivered_at if parcel else None,
        ended_at=order.cancelled_at or (parcel.delivered_at if parcel else None),
    )
