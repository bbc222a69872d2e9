"""Whatever is written, it is read: no text makes the classifier stumble, and its reasons always add up."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import classifiers

ODD = (
    "",
    "\x00\x01\x1b[31m\x7f\x9f\u2028\u2029\ufeff",
    "\ud800",
    "\udfff\ud800 返金してください \udc00",
    "\u202eإلغاء الطلب\u202c \u2067ביטול הזמנה\u2069",
    "\u200d\ufe0f" * 500,
    "e\u0301\u0327" * 2_000,
    "👩‍👩‍👧‍👦" * 2_000,
    "\U000e0041\U0010ffff",
    "ｶﾞｷﾞｸﾞ" * 1_000,
)
LONG = {
    "one word": "a",
    "lines": "キャンセル\n",
    "spaces": " ",
    "quotes": "> ",
    "digits": "1234-",
    "marks": "!?。",
}


@pytest.fixture(scope="module")
def model() -> classifiers.Model:
    return classifiers.builtin()


def reads(model: classifiers.Model, text: str, subject: str = "") -> None:
    found = model.classify(text, subject=subject)
    points = sum(reason.points for reason in found.urgency.reasons)
    assert 0 <= found.urgency.score == points <= 100
    assert all(0 <= tag.score <= 1 for tag in found.tags)


@pytest.mark.parametrize("text", ODD)
def test_odd_signs_are_read(model: classifiers.Model, text: str) -> None:
    reads(model, text)
    reads(model, "注文をキャンセルしたい", subject=text)


@pytest.mark.parametrize("kind", LONG)
def test_a_megabyte_is_read(model: classifiers.Model, kind: str) -> None:
    piece = LONG[kind]
    reads(model, piece * (1_000_000 // len(piece.encode())))


@settings(max_examples=60, deadline=None)
@given(
    pieces=st.lists(
        st.one_of(
            st.text(st.characters(exclude_categories=()), max_size=30),
            st.sampled_from([*ODD[:5], "返金 ", "refund ", "\r\n"]),
        ),
        max_size=12,
    )
)
def test_any_mixture_is_read(model: classifiers.Model, pieces: list[str]) -> None:
    reads(model, "".join(pieces), subject="".join(pieces[:2]))
