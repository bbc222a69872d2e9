"""Which order and goods a ticket is about, from mail to ticket."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from helpdesk.customers.identify import identify
from helpdesk.errors import Invalid
from helpdesk.models import Agent, Brand, Customer, Event, Order, Shipment, Tag, Ticket, TicketTag
from helpdesk.store.db import Database
from helpdesk.tickets import order as linking
from helpdesk.tickets.tag import NAME
from helpdesk.triage import about, learn, rank
from tests.helpdesk.conftest import Deliver
from tests.helpdesk.stories import only

PARCEL = f"40123456789{40123456789 % 7}"


@pytest.fixture
def shop(database: Database, brand: Brand, other_brand: Brand, customer: Customer) -> dict[str, int]:
    """Numbers of orders → their ids; the newest of the customer's own is still open."""
    with database.write() as unit:
        other = identify(unit, brand.pk, "email", "jiro@example.jp")
        whose = (
            ("HK-20391", customer.pk, "delivered", 20, "kitchen", "檜のまな板 M"),
            ("HK-20400", customer.pk, "delivered", 12, "bath", "檜の風呂椅子"),
            ("HK-20410", customer.pk, "shipped", 3, "tea", "鉄急須 0.6L"),
            ("HK-20500", other.pk, "shipped", 2, "tea", "ほうじ茶 100g"),
        )
        made = {}
        for number, owner, state, days, category, name in whose:
            item = {"sku": f"X-{number}", "name": name, "quantity": 1, "price": 1, "category": category}
            row = Order(
                brand_id=brand.pk, customer_id=owner, number=number, state=state, items=[item],
                placed_at=unit.now - timedelta(days=days),
            )  # fmt: skip
            unit.session.add(row)
            unit.session.flush()
            made[number] = row.pk
        for number, tracking in (("HK-20400", f"{PARCEL[:4]}-{PARCEL[4:8]}-{PARCEL[8:]}"), ("HK-20410", "")):
            unit.session.add(
                Shipment(
                    brand_id=brand.pk, order_id=made[number], tracking_number=tracking, state="delivered"
                )
            )
        unit.session.flush()
    return made


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("ＨＫ２０３９１ が割れていました", "HK-20391"),
        ("注文 20400 を返品したい", "HK-20400"),
        (f"追跡番号 {PARCEL} の荷物は?", "HK-20400"),
        (f"ヤマト {PARCEL[:4]}ー{PARCEL[4:8]}ー{PARCEL[8:]}", "HK-20400"),
        ("荷物がまだ届きません", "HK-20410"),
        ("HK-20500 の件", "HK-20410"),
        ("HK-99999 の件", "HK-20410"),
    ],
)
def test_a_ticket_is_about_the_order_that_is_named_or_the_last_open_one(
    database: Database, deliver: Deliver, shop: dict[str, int], text: str, number: str
) -> None:
    deliver(text)
    assert only(database, Ticket).order_id == shop[number]


def test_a_stranger_is_never_linked_to_somebody_elses_order(
    database: Database, deliver: Deliver, shop: dict[str, int]
) -> None:
    deliver(f"HK-20391 と {PARCEL}", sender="x@example.org")
    assert only(database, Ticket).order_id is None


def answer_to(deliver: Deliver, text: str, at: str = "second") -> None:
    deliver(
        text, message_id=f"<{at}@example.jp>", in_reply_to="<first@example.jp>", subject="Re: お問い合わせ"
    )


def test_newer_words_change_the_order_and_the_log_says_so(
    database: Database, deliver: Deliver, shop: dict[str, int]
) -> None:
    deliver("荷物の件です", message_id="<first@example.jp>")
    answer_to(deliver, "すみません、HK20391 のほうでした")
    assert only(database, Ticket).order_id == shop["HK-20391"]
    with database.read() as unit:
        event = unit.session.exec(select(Event).where(Event.name == "order_linked")).one()
        assert (event.data["order"], event.data["before"], event.agent_id) == ("HK-20391", "HK-20410", None)


def test_what_an_agent_took_off_stays_off(
    database: Database, deliver: Deliver, shop: dict[str, int], agent: Agent
) -> None:
    deliver("HK-20391 の件です", message_id="<first@example.jp>")
    with database.write() as unit:
        linking.link(unit, unit.session.exec(select(Ticket)).one(), None, by=agent)
    answer_to(deliver, "まだですか。HK-20391")
    assert only(database, Ticket).order_id is None
    answer_to(deliver, "HK-20400 もです", at="third")
    assert only(database, Ticket).order_id == shop["HK-20400"]


def test_what_an_agent_linked_stands_until_another_is_named(
    database: Database, deliver: Deliver, shop: dict[str, int], agent: Agent
) -> None:
    deliver("HK-20391 の件です", message_id="<first@example.jp>")
    with database.write() as unit:
        order = unit.session.get_one(Order, shop["HK-20400"])
        linking.link(unit, unit.session.exec(select(Ticket)).one(), order, by=agent)
    answer_to(deliver, "HK-20391 の件、どうなりましたか")
    assert only(database, Ticket).order_id == shop["HK-20400"]


@pytest.mark.parametrize(
    "typed", ["#hk-20400", "ＨＫ－２０４００", PARCEL, f" {PARCEL[:4]}-{PARCEL[4:8]}-{PARCEL[8:]} "]
)
def test_an_agent_may_type_the_order_or_its_parcel(
    database: Database, shop: dict[str, int], brand: Brand, other_brand: Brand, typed: str
) -> None:
    with database.read() as unit:
        assert linking.get_by_number(unit, brand.pk, typed).pk == shop["HK-20400"]
        with pytest.raises(Invalid):
            linking.get_by_number(unit, other_brand.pk, typed)


def tags_on(database: Database) -> set[str]:
    with database.read() as unit:
        wanted = select(Tag.name).join(TicketTag, TicketTag.tag_id == Tag.id).where(Tag.kind == "product")  # type: ignore[arg-type]
        return set(unit.session.exec(wanted))


def test_goods_named_in_the_words_give_a_tag_and_the_category(
    database: Database, deliver: Deliver, shop: dict[str, int]
) -> None:
    deliver("急須とまな板が割れていました。まな板は交換してください")
    assert tags_on(database) == {"product:tea", "product:kitchen"}
    assert only(database, Ticket).category == "kitchen"


def test_a_category_that_an_agent_took_off_is_not_set_again(
    database: Database, deliver: Deliver, shop: dict[str, int], agent: Agent
) -> None:
    deliver("急須が割れていました", message_id="<first@example.jp>")
    with database.write() as unit:
        ticket = unit.session.exec(select(Ticket)).one()
        learn.correct_tag(unit, ticket, "product:tea", by=agent, added=False)
    answer_to(deliver, "急須の件、まだですか")
    assert tags_on(database) == set()


def test_which_goods_it_is_about_makes_nothing_more_or_less_urgent(
    database: Database, deliver: Deliver, shop: dict[str, int]
) -> None:
    deliver("ポイントの有効期限を教えてください", message_id="<first@example.jp>")
    before = only(database, Ticket)
    with database.write() as unit:
        ticket = unit.session.get_one(Ticket, before.pk)
        about.name_goods(unit, ticket, "急須")
        rank.rerank(unit, ticket)
    after = only(database, Ticket)
    assert (after.urgency, after.urgency_reasons) == (before.urgency, before.urgency_reasons)


@pytest.mark.parametrize("category", ["kitchen", "キッチン/用品", "<b>x</b>", "", "a" * 200, " '\"; drop"])
def test_any_category_has_a_tag_name_that_tags_may_have(category: str) -> None:
    assert NAME.fullmatch(about.tag_of(category))
