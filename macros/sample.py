"""Facts of an order that never was, with nothing missing: for previews in the editor and for the lint."""

from __future__ import annotations

from datetime import date

from macros import facts
from macros.facts import Facts, Money


def sample_facts(lang: str, channel: str = "email") -> Facts:
    """A full set of facts as a customer of that language would have them."""
    japanese = lang == "ja"
    return Facts(
        customer=_customer(japanese),
        ticket=facts.Ticket(
            number="1042", subject="配送について" if japanese else "My order", channel=channel
        ),
        order=_order(japanese),
        shipment=_shipment(japanese),
        refund=facts.Refund(
            amount=Money(12800, "JPY"),
            on=date(2026, 1, 12),
            method="クレジットカード" if japanese else "credit card",
        ),
        points=facts.Points(balance=1780, granted=500, expires_on=date(2026, 12, 31)),
        subscription=facts.Subscription(
            name="季節のお茶便" if japanese else "Seasonal Tea Box",
            next_on=date(2026, 2, 1),
            change_by=date(2026, 1, 25),
        ),
        product=_product(japanese),
        coupon=facts.Coupon(code="TOMOSHIBI10", expires_on=date(2026, 1, 31), minimum=Money(5000, "JPY")),
        brand=_brand(japanese),
        agent=facts.Agent(
            name="佐藤" if japanese else "Mei", signature="佐藤 芽衣" if japanese else "Mei Sato"
        ),
    )


def _customer(japanese: bool) -> facts.Customer:
    return facts.Customer(
        name="山田 花子" if japanese else "Hannah Hill",
        family_name="山田" if japanese else "Hill",
        given_name="花子" if japanese else "Hannah",
        email="hanako@customer.example",
        language="ja" if japanese else "en",
        tier="ゴールド" if japanese else "Gold",
        points_balance=1280,
    )


def _order(japanese: bool) -> facts.Order:
    return facts.Order(
        number="T-10234",
        placed_on=date(2026, 1, 2),
        total=Money(12800, "JPY"),
        items="リネンのシャツ（M・白）ほか1点" if japanese else "Linen shirt (M, white) and 1 more",
        status="発送済み" if japanese else "shipped",
        state="in_transit",
        promised_on=date(2026, 1, 8),
        address_line="東京都台東区谷中0-0-0 灯荘101"
        if japanese
        else "101 Tomoshibi, 0-0-0 Yanaka, Taito, Tokyo",
    )


def _shipment(japanese: bool) -> facts.Shipment:
    return facts.Shipment(
        carrier="はやぶさ便" if japanese else "Hayabusa Express",
        tracking_number="0000-1111-2222",
        tracking_url="https://carrier.example/track/000011112222",
        shipped_on=date(2026, 1, 5),
        last_scan_on=date(2026, 1, 6),
        last_scan_place="厚木センター" if japanese else "Atsugi hub",
        expected_on=date(2026, 1, 8),
        delivered_on=date(2026, 1, 8),
        state="in_transit",
    )


def _product(japanese: bool) -> facts.Product:
    advice = "ゆったりとした作りのため、普段と同じサイズをおすすめします。"
    return facts.Product(
        name="リネンのシャツ" if japanese else "the linen shirt",
        restock_on=date(2026, 2, 10),
        size_advice=advice if japanese else "It is cut generously, so we suggest your usual size.",
    )


def _brand(japanese: bool) -> facts.Brand:
    return facts.Brand(
        name="灯々舎" if japanese else "Tomoshibi",
        url="https://tomoshibi.example",
        phone="03-0000-0000",
        return_days=14,
        support_hours="平日10時〜18時" if japanese else "weekdays 10 am to 6 pm JST",
        free_shipping_from=Money(8000, "JPY"),
        invoice_number="T0000000000000",
    )
