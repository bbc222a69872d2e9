from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.commerce import parcel_numbers

JAPANESE = f"40123456789{40123456789 % 7}"


def found(text: str) -> list[tuple[str, str]]:
    return [(one.number, one.carriers[0]) for one in parcel_numbers.find(text)]


@pytest.mark.parametrize(
    ("text", "number", "carrier"),
    [
        (f"追跡番号{JAPANESE}の荷物が届きません", JAPANESE, "yamato"),
        (f"佐川の {JAPANESE[:4]}-{JAPANESE[4:8]}-{JAPANESE[8:]} です", JAPANESE, "sagawa"),
        (f"ゆうパック {JAPANESE[:4]} {JAPANESE[4:8]} {JAPANESE[8:]}", JAPANESE, "japanpost"),
        ("EMSのＲＢ１２３４５６７８５ＪＰはどこ", "RB123456785JP", "japanpost"),
        ("royal mail rb 123 456 785 gb", "RB123456785GB", "royalmail"),
        ("where is 1z879e930346834440 ?", "1Z879E930346834440", "ups"),
        ("where is 1Z 879 E93 03 4683 444 0?", "1Z879E930346834440", "ups"),
        ("FedEx: 9865 7878 8855", "986578788855", "fedex"),
        ("dhl 33 1881 0025", "3318810025", "dhl"),
        ("USPS 9101 1234 5678 9000 0000 13", "9101123456789000000013", "usps"),
        ("my tracking JD014600006281230701", "JD014600006281230701", "dhl"),
        ("送り状番号：1234ー5678ー9011", "123456789011", "sagawa"),
        ("西濃運輸 1234567890", "1234567890", "seino"),
    ],
)
def test_a_number_is_found_as_people_write_it(text: str, number: str, carrier: str) -> None:
    assert (number, carrier) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "RB123456786US は届かない",
        "電話は 090-1234-5678 まで",
        "call me on +81 90 1234 5678 please",
        "2025-11-22 10:30 に注文しました",
        "order 20391, 5500 yen",
        "1Z1111111111111111",
        "",
    ],
)
def test_dates_telephones_and_mistyped_numbers_are_no_parcels(text: str) -> None:
    assert found(text) == []


def test_a_number_without_a_right_check_digit_needs_a_word_that_says_what_it_is() -> None:
    wrong = JAPANESE[:-1] + "9"
    assert found(f"会員番号 {wrong}") == []
    assert [one.checked for one in parcel_numbers.find(f"ヤマトの伝票番号 {wrong}")] == [False]


def test_two_numbers_side_by_side_are_two() -> None:
    assert [one for one, _ in found(f"{JAPANESE} 123456789013")] == [JAPANESE, "123456789013"]


def test_the_carrier_decides_the_page() -> None:
    link = parcel_numbers.find_link("yamato", "1234-5678-9013")
    assert link and link.endswith("=123456789013")
    assert parcel_numbers.find_link("pigeon", "1") is None


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    for one in parcel_numbers.find(text):
        assert one.carriers and parcel_numbers.normalise(one.number) == one.number


@given(st.text("0123456789 -ー１Z１JPRB\ud800\u202e\x00", max_size=300))
def test_any_heap_of_digits_is_read(text: str) -> None:
    assert len(parcel_numbers.find(text)) <= parcel_numbers.MOST


@given(st.integers(10**10, 10**11 - 1), st.sampled_from(("", "-", " ", "ー", "－", "‐", " - ")))
def test_every_way_of_grouping_finds_the_same_number(serial: int, gap: str) -> None:
    number = f"{serial}{serial % 7}"
    text = f"荷物は{gap.join((number[:4], number[4:8], number[8:]))}です"
    assert number in [one for one, _ in found(text)]
