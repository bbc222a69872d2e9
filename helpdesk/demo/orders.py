"""Plans every order: what was bought, and what becomes of it, moment by moment. Touches no database."""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from random import Random

from helpdesk.demo import carriers, shop
from helpdesk.demo.moments import WEEK, at, day_of, next_business_day, some_moment
from helpdesk.demo.people import Person

DAYS = 150
FIRST_NUMBER = 20_001
POPULAR = (
    3,
    1,
    2,
    2,
    3,
    1,
    2,
    1,
    1,
    2,
    1,
    1,
    1,
    3,
    4,
    2,
    2,
    2,
    4,
    3,
    2,
    2,
    2,
    1,
    1,
    2,
    2,
    4,
    4,
    3,
    2,
    3,
    1,
    5,
    5,
    3,
    4,
    2,
    2,
    2,
    1,
)

# what becomes of an order -> (how many of a thousand, days ago from, days ago to)
FATES: dict[str, tuple[int, float, float]] = {
    "stuck": (24, 8, 12),  # at one depot, no scan since
    "silent": (5, 8, 12),  # late somewhere else
    "exception": (3, 8, 12),
    "overdue": (12, 6, 12),  # not shipped though promised
    "arriving": (12, 0, 0),  # out for delivery today
    "tardy": (45, 9, 95),  # came days late
    "unfound": (11, 4, 80),  # delivered, the customer says no
    "cancelled": (34, 0.7, 120),
    "returned": (28, 24, 110),
    "returning": (9, 21, 27),  # came back, money is still to come
    "damaged": (20, 10, 85),  # a part of the money was given back
}


@dataclass(slots=True)
class Happening:
    """placed, shipped, scanned, out, delivered, exception, cancelled, returned or refunded."""

    at: datetime
    kind: str
    order: PlannedOrder = field(repr=False)
    place: str = ""


@dataclass(slots=True)
class PlannedOrder:
    number: str
    person: int  # place in the list of people
    who: Person
    fate: str
    placed_at: datetime
    items: list[tuple[shop.Product, int]]
    total: int
    ship_by: datetime
    promised_on: date
    carrier: str
    tracking: str
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    ended_at: datetime | None = None  # cancelled or returned
    refunded_at: datetime | None = None
    refund: int = 0
    happenings: list[Happening] = field(default_factory=list, repr=False)

    @property
    def product(self) -> shop.Product:
        return max(self.items, key=lambda item: item[0].price)[0]


def plan_orders(rng: Random, people: list[Person], count: int, now: datetime) -> list[PlannedOrder]:
    """In the order in which they were placed; numbers rise with time."""
    loyalty = list(accumulate(min(rng.paretovariate(2.0), 7.0) for _ in people))
    orders: list[PlannedOrder] = []
    for fate, placed_at in sorted(_fates(rng, count, now), key=lambda one: one[1]):
        person = bisect(loyalty, rng.random() * loyalty[-1])
        while fate == "stuck" and people[person].area == "abroad":
            person = rng.randrange(len(people))
        number = f"HK-{FIRST_NUMBER + len(orders)}"
        order = _plan(rng, number, person, people[person], fate, placed_at, now)
        orders.append(order)
    return orders


def happenings(orders: list[PlannedOrder], now: datetime) -> list[Happening]:
    """Everything that has happened to all orders until now, in order of time."""
    found = [one for order in orders for one in order.happenings if one.at <= now]
    return sorted(found, key=lambda one: (one.at, one.order.number))


def _fates(rng: Random, count: int, now: datetime) -> list[tuple[str, datetime]]:
    """Special fates first, at least one of each; the rest takes its normal course."""
    chosen = [
        (fate, _placed(rng, now, newest, oldest))
        for fate, (share, newest, oldest) in FATES.items()
        for _ in range(max(1, round(count * share / 1000)))
    ]
    fresh = (6, 27, 64, 95)[: max(1, round(count / 200))]
    chosen += [("normal", now - timedelta(minutes=minutes)) for minutes in fresh]
    while len(chosen) < count:
        chosen.append(("normal", _placed(rng, now, 0.1, DAYS)))
    return chosen


def _placed(rng: Random, now: datetime, newest: float, oldest: float) -> datetime:
    """A moment between so many days ago; recent weeks and weekdays weigh more."""
    days = range(int(newest), max(int(oldest), int(newest)) + 1)
    weights = [WEEK[day_of(now - timedelta(days=ago)).weekday()] * (1.9 if ago < 9 else 1.0) for ago in days]
    ago = rng.choices(days, weights)[0]
    moment = some_moment(rng, day_of(now - timedelta(days=ago)))
    return min(moment, now - timedelta(days=newest) - timedelta(minutes=rng.randint(5, 300)))


def _plan(
    rng: Random, number: str, person: int, who: Person, fate: str, placed_at: datetime, now: datetime
) -> PlannedOrder:
    items = _basket(rng)
    ship_by = _ship_by(placed_at)
    carrier = carriers.choose(rng, who.area)
    area = who.area
    if fate == "stuck":
        carrier = "sagawa"
    order = PlannedOrder(
        number=number,
        person=person,
        who=who,
        fate=fate,
        placed_at=placed_at,
        items=items,
        total=_total(items, area),
        ship_by=ship_by,
        promised_on=day_of(ship_by) + timedelta(days=who.days + 1),
        carrier=carrier,
        tracking=carriers.tracking_number(rng, carrier, area),
    )
    _live(rng, order, now)
    return order


def _live(rng: Random, order: PlannedOrder, now: datetime) -> None:
    """Lay out the order's happenings; those after `now` will not have happened yet."""
    _add(order, order.placed_at, "placed")
    if order.fate == "cancelled":
        order.ended_at = min(
            order.placed_at + timedelta(hours=rng.uniform(2, 16)), now - timedelta(minutes=40)
        )
        _add(order, order.ended_at, "cancelled")
        _refund(order, order.ended_at + timedelta(days=1.5), order.total)
        return
    if order.fate == "overdue":
        order.promised_on = min(order.promised_on, day_of(now) - timedelta(days=rng.randint(1, 3)))
        return
    if order.fate == "arriving":
        _arrive_today(rng, order, now)
    order.shipped_at = at(day_of(order.ship_by), time(15 + rng.randint(0, 1), rng.randint(0, 59)))
    _add(order, order.shipped_at, "shipped", carriers.ORIGIN)
    _travel(rng, order, now)


def _arrive_today(rng: Random, order: PlannedOrder, now: datetime) -> None:
    """Move the whole order back so far that today is the day of delivery."""
    back = timedelta(days=order.who.days + 2)
    while day_of(order.ship_by) + timedelta(days=order.who.days) > day_of(now - timedelta(hours=2)):
        order.placed_at -= back
        order.ship_by = _ship_by(order.placed_at)
        back = timedelta(days=1)
    order.promised_on = day_of(now)
    order.happenings = [Happening(order.placed_at, "placed", order)]


def _travel(rng: Random, order: PlannedOrder, now: datetime) -> None:
    assert order.shipped_at is not None
    journey = max(0.5, order.who.days * 0.6)
    depot_at = order.shipped_at + timedelta(days=journey, hours=rng.uniform(-5, 5))
    morning = at(day_of(order.shipped_at) + timedelta(days=order.who.days), time(6))
    depot_at = min(depot_at, morning)  # no scan after the parcel went out for delivery
    depot = carriers.DEPOTS[order.who.area]
    if order.fate in ("stuck", "silent"):
        last_seen = max(min(depot_at, now - timedelta(hours=80)), order.shipped_at + timedelta(hours=3))
        _add(order, last_seen, "scanned", carriers.STUCK_DEPOT if order.fate == "stuck" else depot)
        order.promised_on = min(order.promised_on, day_of(now) - timedelta(days=1))
        return
    _add(order, depot_at, "scanned", depot)
    if order.fate == "exception":
        _add(order, depot_at + timedelta(hours=14), "exception", depot)
        return
    if order.fate == "arriving":
        _add(order, min(now - timedelta(minutes=30), at(day_of(now), time(8, 10))), "out", order.who.city)
        return
    _deliver(rng, order, now)


def _deliver(rng: Random, order: PlannedOrder, now: datetime) -> None:
    assert order.shipped_at is not None
    late = rng.randint(2, 6) if order.fate == "tardy" else 0
    day = day_of(order.shipped_at) + timedelta(days=order.who.days)
    if late:
        day = order.promised_on + timedelta(days=late)
    order.delivered_at = at(day, time(rng.randint(9, 19), rng.randint(0, 59)))
    _add(order, at(day, time(7, rng.randint(5, 55))), "out", order.who.city)
    _add(order, order.delivered_at, "delivered", order.who.city)
    if order.fate in ("returned", "returning"):
        order.ended_at = order.delivered_at + timedelta(days=rng.uniform(5, 9))
        _add(order, order.ended_at, "returned")
        if order.fate == "returned":
            _refund(
                order,
                order.ended_at + timedelta(days=rng.uniform(1, 3)),
                order.total - _postage(order.who.area),
            )
    elif order.fate == "damaged":
        _refund(order, order.delivered_at + timedelta(days=rng.uniform(2.5, 4)), order.product.price)


def _refund(order: PlannedOrder, when: datetime, amount: int) -> None:
    order.refunded_at, order.refund = when, amount
    _add(order, when, "refunded")


def _add(order: PlannedOrder, when: datetime, kind: str, place: str = "") -> None:
    order.happenings.append(Happening(when, kind, order, place))


def _basket(rng: Random) -> list[tuple[shop.Product, int]]:
    wanted = dict.fromkeys(
        rng.choices(shop.PRODUCTS, POPULAR, k=rng.choices((1, 2, 3, 4), (46, 32, 15, 7))[0])
    )
    return [(product, rng.choices((1, 2, 3), (86, 11, 3))[0]) for product in wanted]


def _total(items: list[tuple[shop.Product, int]], area: str) -> int:
    goods = sum(product.price * quantity for product, quantity in items)
    free = goods >= shop.FREE_SHIPPING_FROM and area != "abroad"
    return goods + (0 if free else _postage(area))


def _postage(area: str) -> int:
    return shop.SHIPPING_ABROAD if area == "abroad" else shop.SHIPPING


def _ship_by(placed_at: datetime) -> datetime:
    """14:00 of the next business day."""
    return at(next_business_day(day_of(placed_at)), time(14))
