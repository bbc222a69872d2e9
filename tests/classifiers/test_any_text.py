"""Whatever is written, it is read: no text makes the classifier stumble, and its reasons always add up."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import classifiers
from classifiers.lines import line_of, read_line
from classifiers.model import Message
from classifiers.text import prepare

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
# What rules look for, without what they look for next: the worst case of an expression that goes back.
STEMS = (
    *("lawyer ", "my ", "chargeback ", "by the ", "www.", "a@", "a@b.", "https://", "Re: ", "'", "0:"),
    *("弁護士", "消費", "まで", "子供が", "煙", "明日", "晒", "ｶﾞ", "が", "返信："),
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


def reads(model: classifiers.Model, text: str, subject: str = "", lang: str | None = None) -> None:
    found = model.classify(text, subject, lang)
    prepare(text, subject).encode("utf-8", "surrogatepass")
    assert found.lang in ("ja", "en")
    assert len({tag.tag for tag in found.ranked}) == len(model.tags)
    assert line_of(text, found) == json.dumps({"id": text, **found.as_json()}) + "\n"
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


@pytest.mark.parametrize("stem", STEMS)
def test_what_rules_look_for_may_come_a_thousand_times(model: classifiers.Model, stem: str) -> None:
    reads(model, stem * 1_000, subject=stem * 100)
    reads(model, f"{stem}\n{'x' * 3_900}", subject="\n" * 300)
    model.explain("refund", stem * 20, stem)


@settings(max_examples=60, deadline=None)
@given(
    messages=st.lists(
        st.tuples(
            st.one_of(
                st.text(st.characters(exclude_categories=()), max_size=40),
                st.text(st.sampled_from("0:/.@'\" \n\u3000\u200f\u0301ｶﾞがﾊﾟ返金ßİǆé!？"), max_size=60),
                st.sampled_from([*ODD, *STEMS]),
            ),
            st.text(st.characters(exclude_categories=()), max_size=12),
            st.one_of(st.none(), st.text(max_size=6), st.sampled_from(["ja", "EN-gb", "en_US", "zh"])),
        ),
        max_size=8,
    )
)
def test_any_company_leaves_a_message_its_answer(
    model: classifiers.Model, messages: list[tuple[str, str, str | None]]
) -> None:
    together = model.classify_all([Message(*one) for one in messages])
    assert together == [model.classify(*one) for one in messages]
    for text, subject, lang in messages:
        reads(model, text, subject, lang)


@settings(max_examples=60, deadline=None)
@example(line='{"id": NaN}')
@given(
    line=st.one_of(
        st.text(max_size=60),
        st.dictionaries(
            st.sampled_from(["id", "text", "subject", "lang"]),
            st.one_of(
                st.none(), st.booleans(), st.floats(), st.text(max_size=20), st.lists(st.text(), max_size=2)
            ),
        ).map(json.dumps),
    )
)
def test_any_line_is_a_message_or_told_to_be_none(line: str) -> None:
    key, read = read_line(line, 7)
    assert isinstance(read, Message) or (read["line"] == 7 and read["error"] and read["id"] == key)
