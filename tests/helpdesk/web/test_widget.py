"""What a shop's page asks for beside the socket, and which pages may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from starlette.testclient import TestClient

from helpdesk.channels.chat import hours
from helpdesk.customers.identify import identify
from helpdesk.models import Brand, ChannelAccount, Order, Shipment, Ticket
from helpdesk.store.db import Database
from helpdesk.store.seal import Seal
from helpdesk.web import reception
from helpdesk.web import widget as endpoints
from tests.conftest import StandingClock
from tests.helpdesk.chat.desk import add_widget

SHOP = {"Origin": "https://shop.example"}
WEEK = {"mon": [["09:00", "12:30"], ["13:30", "18:00"]], "closed": ["2026-01-12"]}


@pytest.fixture
def widget(database: Database, brand: Brand, seal: Seal) -> ChannelAccount:
    return add_widget(
        database,
        brand,
        seal,
        origins=["https://shop.example"],
        colour="#0b6b62",
        texts={"ja": {"launcher": "ご相談"}, "en": {"launcher": "Talk"}},
        hours=WEEK,
        prechat=[
            {"name": "email", "labels": {"ja": "メール", "en": "E-mail"}, "type": "email", "required": True}
        ],
        consent={"texts": {"en": "We keep this."}, "url": "https://shop.example/privacy"},
    )


@pytest.fixture
def order(database: Database, brand: Brand) -> Order:
    with database.write() as unit:
        customer = identify(unit, brand.pk, "email", "hanako@example.jp", name="花子")
        order = Order(
            brand_id=brand.pk,
            customer_id=customer.pk,
            number="HK-20391",
            state="shipped",
            items=[{"sku": "T1", "name": "煎茶", "quantity": 2, "price": 1200}],
            placed_at=unit.now,
        )
        unit.session.add(order)
        unit.session.flush()
        unit.session.add(
            Shipment(
                brand_id=brand.pk,
                order_id=order.pk,
                carrier="yamato",
                tracking_number="4611",
                state="in_transit",
                expected_on=date(2026, 1, 7),
            )
        )
    return order


@pytest.fixture
def stranger(browser: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setattr(endpoints, "LOOK_UP_TAKES", 0.01)
    return browser()


def test_the_settings_are_in_the_language_asked_for(
    stranger: TestClient, widget: ChannelAccount, database: Database, brand: Brand
) -> None:
    with database.write() as unit:
        customer = identify(unit, brand.pk, "chat", "v")
        for number, waited in enumerate((10, 20, 60)):
            unit.session.add(_answered(unit.now, brand, customer.pk, widget, number, waited))
    given = stranger.get(f"/widget/config?brand={widget.address}&lang=en", headers=SHOP).json()
    assert given["brand"]["colour"] == "#0b6b62"
    assert given["texts"] == {"launcher": "Talk"}
    assert given["prechat"][0]["label"] == "E-mail"
    assert given["consent"] == {"text": "We keep this.", "url": "https://shop.example/privacy"}
    assert (given["open"], given["agents_online"], given["wait"]) == (True, 0, 20)
    assert given["hours"] == "Mon 09:00–12:30 13:30–18:00"
    japanese = stranger.get(f"/widget/config?brand={widget.address}&lang=ja", headers=SHOP).json()
    assert japanese["texts"] == {"launcher": "ご相談"}


def _answered(
    now: Any, brand: Brand, customer_id: int, widget: ChannelAccount, number: int, waited: int
) -> Ticket:
    from datetime import timedelta

    return Ticket(
        brand_id=brand.pk,
        number=500 + number,
        customer_id=customer_id,
        account_id=widget.pk,
        channel="chat",
        last_message_at=now,
        created_at=now - timedelta(seconds=waited),
        first_response_at=now,
        updated_at=now,
    )


def test_hours_are_the_brands_own(clock: StandingClock) -> None:
    assert hours.is_open({}, clock.now, "Asia/Tokyo")
    assert hours.is_open(WEEK, clock.now, "Asia/Tokyo")
    assert not hours.is_open(WEEK, clock.advance(minutes=30), "Asia/Tokyo")
    assert hours.is_open(WEEK, clock.advance(minutes=60), "Asia/Tokyo")
    assert not hours.is_open(WEEK, clock.advance(days=1), "Asia/Tokyo")
    assert not hours.is_open(WEEK, clock.advance(days=6), "Asia/Tokyo")
    assert hours.is_open({"tue": [["22:00", "24:00"]]}, clock.now.replace(day=6, hour=14), "Asia/Tokyo")


def test_an_order_is_shown_to_who_knows_number_and_address(
    stranger: TestClient, widget: ChannelAccount, order: Order
) -> None:
    def ask(number: str, email: str) -> Any:
        return stranger.post(
            f"/widget/orders?brand={widget.address}", json={"number": number, "email": email}, headers=SHOP
        )

    found = ask(" #hk-20391 ", "Hanako@Example.jp").json()
    assert found["found"] is True
    assert found["order"]["items"] == [{"name": "煎茶", "quantity": 2}]
    assert found["order"]["shipments"][0]["tracking_number"] == "4611"
    unknown, wrong = ask("HK-99999", "hanako@example.jp"), ask("HK-20391", "other@example.jp")
    assert unknown.status_code == wrong.status_code == 200
    assert unknown.content == wrong.content == b'{"found":false}'
    answers = [ask("HK-20391", f"guess{number}@example.jp").status_code for number in range(9)]
    assert answers == [200] * 7 + [429] * 2


def test_a_site_that_was_added_by_another_process_is_let_in_at_once(
    stranger: TestClient, widget: ChannelAccount, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reception, "DOUBTED", 0.0)
    address, new = f"/widget/config?brand={widget.address}", {"Origin": "https://new.example"}
    assert stranger.get(address, headers=new).status_code == 403
    with database.write() as unit:
        mine = unit.session.get_one(ChannelAccount, widget.pk)
        mine.config = {**mine.config, "origins": ["https://new.example"]}
    assert stranger.get(address, headers=new).status_code == 200


def test_other_sites_are_refused_with_a_reason(stranger: TestClient, widget: ChannelAccount) -> None:
    address = f"/widget/config?brand={widget.address}"
    refused = stranger.get(address, headers={"Origin": "https://evil.example"})
    assert refused.status_code == 403
    assert "origins" in refused.json()["error"]["text"]
    assert "access-control-allow-origin" not in refused.headers
    assert stranger.get("/widget/config?brand=nobody").status_code == 404
    asked = stranger.options(f"/widget/files?brand={widget.address}", headers=SHOP)
    assert asked.status_code == 204
    assert "Authorization" in asked.headers["access-control-allow-headers"]


def test_uploads_need_a_token_and_a_size(
    stranger: TestClient, widget: ChannelAccount, app: Any, seal: Seal
) -> None:
    address = f"/widget/files?brand={widget.address}"
    assert stranger.post(address, files={"file": ("a", b"x")}, headers=SHOP).status_code == 401
    forged = SHOP | {"Authorization": "Bearer forged"}
    assert stranger.post(address, files={"file": ("a", b"x")}, headers=forged).status_code == 401
    large = {"file": ("a", b"x" * 20_000_001)}
    assert stranger.post(address, files=large, headers=SHOP).status_code == 413
    assert stranger.post(address, data={"file": "no file"}, headers=SHOP).status_code == 422


def test_a_transcript_needs_the_visitor(stranger: TestClient, widget: ChannelAccount) -> None:
    address = f"/widget/transcript?brand={widget.address}"
    assert stranger.post(address, json={"email": "a@b.example"}, headers=SHOP).status_code == 401
    assert stranger.post(address, content=b"{", headers=SHOP).status_code == 422
