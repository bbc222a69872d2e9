from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.commerce import order_numbers
from helpdesk.triage import entities, goods
from helpdesk.triage.goods import Item

SHAPES = order_numbers.learn(("HK-10007",))
SHOP = goods.learn((Item("KT-101", ("檜のまな板 M", "Hinoki Cutting Board M"), "kitchen"),))


def test_all_that_a_mail_names_is_found() -> None:
    found = entities.read(
        "注文HK20391のまな板が未着です。\nEMS RB123456785JP\n山田花子 hanako@Example.JP ０９０ー１２３４ー５６７８",
        shapes=SHAPES,
        catalogue=SHOP,
    )
    assert found.orders == ("HK-20391",)
    assert [one.number for one in found.parcels] == ["RB123456785JP"]
    assert found.emails == ("hanako@example.jp",)
    assert found.phones == ("+819012345678",)
    assert found.goods.categories == ("kitchen",)


@pytest.mark.parametrize(
    ("written", "currency", "number"),
    [
        ("電話は03-1234-5678です", "JPY", "+81312345678"),
        ("(03) 1234 5678", "JPY", "+81312345678"),
        ("0120-123-456 へ", "JPY", "+81120123456"),
        ("call +44 20 7946 0958.", "JPY", "+442079460958"),
        ("call (415) 555-0132", "USD", "+14155550132"),
        ("+81 (90) 1234-5678", "USD", "+819012345678"),
    ],
)
def test_a_telephone_number_is_the_same_however_it_is_written(
    written: str, currency: str, number: str
) -> None:
    assert entities.phones(written, currency) == (number,)


@pytest.mark.parametrize(
    "text", ["2026-01-05 10:30", "4012-3456-7893", "注文 1234567890", "5500円", "HK-20391"]
)
def test_what_is_not_dialled_is_no_telephone_number(text: str) -> None:
    assert entities.phones(text, "JPY") == ()


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("a.b+c@shop.example.co.jp です", "a.b+c@shop.example.co.jp"),
        ("メール：ｈａｎａ＠ｅｘａｍｐｌｅ．ｊｐ。", "hana@example.jp"),
        ("(hana@example.jp).", "hana@example.jp"),
    ],
)
def test_an_address_is_found_without_what_stands_around_it(text: str, address: str) -> None:
    assert entities.emails(text) == (address,)


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    assert entities.read(text, shapes=SHAPES, catalogue=SHOP) == entities.read(
        text, shapes=SHAPES, catalogue=SHOP
    )


@pytest.mark.parametrize(
    "text",
    [
        "\ud800\udfff\x00\x1b[31m\u202e",
        "9" * 1_000_000,
        "1 " * 500_000,
        "- " * 500_000,
        "a@" * 500_000,
        "a." * 500_000 + "@",
        "(" * 1_000_000,
        "1Z" * 500_000,
        "ー" * 1_000_000,
        "まな板 " * 250_000,
    ],
    ids=["odd", "digits", "spaced", "dashes", "at", "dots", "brackets", "ups", "long", "goods"],
)
def test_a_megabyte_of_anything_is_read(text: str) -> None:
    found = entities.read(text, shapes=SHAPES, catalogue=SHOP)
    assert len(found.parcels) <= 12 and len(found.phones) <= 12


@given(st.integers(0, 99_999_999), st.sampled_from(("-", " ", "", "ー", "－")))
def test_every_mobile_number_has_one_spelling(rest: int, gap: str) -> None:
    digits = f"090{rest:08}"
    written = gap.join((digits[:3], digits[3:7], digits[7:]))
    assert entities.phones(f"電話{written}まで", "JPY") == (f"+81{digits[1:]}",)
