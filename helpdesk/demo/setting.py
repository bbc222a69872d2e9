"""The stage before the first mail: brand, mailbox, colleagues, teams and customers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from helpdesk.customers.identify import normalise
from helpdesk.demo import carriers, shop
from helpdesk.demo.dice import dice
from helpdesk.demo.moments import SettableClock
from helpdesk.demo.orders import PlannedOrder
from helpdesk.demo.people import Person
from helpdesk.models import Agent, Brand, ChannelAccount, Customer, Identity, Team, TeamAgent
from helpdesk.people import accounts
from helpdesk.store.db import Database, Unit
from helpdesk.tickets import tag
from helpdesk.triage import about

OPENED = timedelta(days=1_200)
TIERS = (
    (120_000, {"ja": "年輪", "en": "Heartwood"}),
    (45_000, {"ja": "檜", "en": "Hinoki"}),
    (1, {"ja": "若木", "en": "Sapling"}),
)
VIP_FROM = 110_000  # yen spent
# the brand's own words for the tags that macros and agents add
OWN_TAGS = {
    "late_delivery": ("配送遅延", "Late delivery"),
    "late_shipping": ("発送遅延", "Late shipping"),
    "delivered_not_received": ("未着の申告", "Delivered, not received"),
    "apology_points": ("お詫びポイント", "Apology points"),
    "return_requested": ("返品受付", "Return requested"),
    "exchange_requested": ("交換受付", "Exchange requested"),
    "cancelled_by_customer": ("お客様都合キャンセル", "Canceled by customer"),
    "address_changed": ("届け先変更済み", "Address changed"),
    "address_problem": ("届け先の問題", "Address problem"),
    "order_changed": ("注文変更済み", "Order changed"),
    "feedback": ("お客様の声", "Customer voice"),
    "account_close": ("退会", "Account closing"),
    "restock_request": ("再入荷希望", "Restock request"),
    carriers.STUCK_DEPOT: (carriers.STUCK_DEPOT, carriers.STUCK_DEPOT_EN),
}


@dataclass(frozen=True, slots=True)
class Setting:
    """`customers` holds the ids of the people, in their order."""

    brand_id: int
    account_id: int
    agents: list[Agent]
    customers: list[int]


def set_up(
    database: Database,
    clock: SettableClock,
    people: list[Person],
    orders: list[PlannedOrder],
    now: datetime,
    password_hash: str,
) -> Setting:
    clock.now = now - OPENED
    with database.write() as unit:
        brand = _brand(unit)
        account = _mailbox(unit, brand)
        agents = [_agent(unit, brand, one, password_hash) for one in shop.AGENTS]
        _teams(unit, brand, agents)
        customers = _customers(unit, brand, people, orders, now)
        return Setting(brand.pk, account.pk, agents, customers)


def _brand(unit: Unit) -> Brand:
    brand = Brand(
        name=shop.NAME,
        url=shop.URL,
        phone=shop.PHONE,
        support_hours=shop.SUPPORT_HOURS,
        return_days=shop.RETURN_DAYS,
        free_shipping_from=shop.FREE_SHIPPING_FROM,
        signatures=shop.SIGNATURES,
        points_per_grant=shop.POINTS_PER_GRANT,
        points_agent_day=shop.POINTS_AGENT_DAY,
        points_customer_90d=shop.POINTS_CUSTOMER,
        created_at=unit.now,
    )
    unit.session.add(brand)
    unit.session.flush()
    tag.ensure_tags(unit, brand)
    for name, (ja, en) in OWN_TAGS.items():
        tag.get_or_create(unit, brand.pk, name).labels = {"ja": ja, "en": en}
    for category, (ja, en) in shop.CATEGORIES.items():
        row = tag.get_or_create(unit, brand.pk, about.tag_of(category))
        row.kind, row.labels = tag.PRODUCT, {"ja": ja, "en": en}
    return brand


def _mailbox(unit: Unit, brand: Brand) -> ChannelAccount:
    """Without a server: answers stay in the outbox."""
    account = ChannelAccount(
        brand_id=brand.pk, kind="email", address=shop.ADDRESS, name=shop.NAME, state="ok", created_at=unit.now
    )
    unit.session.add(account)
    unit.session.flush()
    return account


def _agent(unit: Unit, brand: Brand, one: shop.Colleague, password_hash: str) -> Agent:
    return accounts.create_agent(
        unit,
        email=one.email,
        name=one.name,
        role=one.role,
        password_hash=password_hash,
        language=one.language,
        timezone=shop.ZONE,
        brand_ids=[brand.pk],
    )


def _teams(unit: Unit, brand: Brand, agents: list[Agent]) -> None:
    by_name = {agent.name: agent for agent in agents}
    for name, members in shop.TEAMS:
        team = Team(brand_id=brand.pk, name=name)
        unit.session.add(team)
        unit.session.flush()
        unit.session.add_all(TeamAgent(team_id=team.pk, agent_id=by_name[one].pk) for one in members)


def _customers(
    unit: Unit, brand: Brand, people: list[Person], orders: list[PlannedOrder], now: datetime
) -> list[int]:
    spent = dict.fromkeys(range(len(people)), 0)
    since: dict[int, datetime] = {}
    for order in orders:
        spent[order.person] += order.total if order.fate != "cancelled" else 0
        since.setdefault(order.person, order.placed_at)
    rows = []
    for place, who in enumerate(people):
        joined = since.get(place, now - timedelta(days=100)) - timedelta(
            days=dice(who.email).uniform(0.01, 800)
        )
        rows.append(_customer(brand, who, spent[place], joined))
    unit.session.add_all(rows)
    unit.session.flush()
    for row, who in zip(rows, people, strict=True):
        unit.session.add_all(_identities(row, who))
    return [row.pk for row in rows]


def _customer(brand: Brand, who: Person, spent: int, joined: datetime) -> Customer:
    tier = next((names[who.language] for least, names in TIERS if spent >= least), "")
    return Customer(
        brand_id=brand.pk,
        name=who.name,
        language=who.language,
        tier=tier,
        vip=spent >= VIP_FROM,
        region=who.region,
        note=who.note,
        created_at=joined,
    )


def _identities(row: Customer, who: Person) -> list[Identity]:
    found = [("email", who.email), *([("phone", who.phone)] if who.phone else [])]
    return [
        Identity(
            brand_id=row.brand_id,
            customer_id=row.pk,
            kind=kind,
            value=normalise(kind, value),
            shown=value,
            created_at=row.created_at,
        )
        for kind, value in found
    ]
