from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.store import search
from helpdesk.store.db import Database
from helpdesk.store.search.tokens import phrases, tokens

TEXTS = {
    1: "荷物がまだ届きません。注文番号はHK-20391です。",
    2: "返品と返金をお願いします。ｻｲｽﾞが合いません。",
    3: "Where is my order? I'd like a REFUND for café cups.",
    4: "荷受けの件、箱が潰れていました。送料は？",
}


@pytest.fixture
def indexed(database: Database) -> Database:
    with database.write() as unit:
        for ticket_id, words in TEXTS.items():
            search.put(unit, brand_id=1, ticket_id=ticket_id, words=words)
        search.put(unit, brand_id=2, ticket_id=99, words=TEXTS[1])
    return database


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("荷物", [1]),
        ("返品", [2]),
        ("荷", [4, 1]),
        ("サイズ", [2]),
        ("ｻｲｽﾞ", [2]),
        ("ＨＫ－２０３９１", [1]),
        ("20391", [1]),
        ("2039", [1]),
        ("refund", [3]),
        ("REF", [3]),
        ("refund 荷物", []),
        ("返品 返金", [2]),
        ("品返", []),
        ("café", [3]),
        ("箱", [4]),
        ("!!!", []),
        ("", []),
        ('" OR 1=1 --', []),
        ("'; DROP TABLE", []),
        ("words:返品", []),
    ],
)
def test_a_query_finds_what_people_mean(indexed: Database, query: str, expected: list[int]) -> None:
    with indexed.read() as unit:
        assert search.find(unit, query, brand_ids=[1]) == expected


def test_only_the_brands_asked_for_are_searched(indexed: Database) -> None:
    with indexed.read() as unit:
        assert search.find(unit, "荷物", brand_ids=[2]) == [99]
        assert search.find(unit, "荷物", brand_ids=[]) == []


def test_words_may_stand_in_different_messages_of_a_ticket(indexed: Database) -> None:
    with indexed.write() as unit:
        search.put(unit, brand_id=1, ticket_id=3, words="追伸 delivery")
    with indexed.read() as unit:
        assert search.find(unit, "delivery refund", brand_ids=[1]) == [3]


@given(st.text(max_size=300))
def test_any_text_gives_clean_tokens(text: str) -> None:
    for token in [*tokens(text), *(token for phrase in phrases(text) for token in phrase)]:
        assert token and not set(token) & set("'\"\\:*&|!() \n\0")


@given(st.text(alphabet="荷物返品がのab1 、ー々", min_size=1, max_size=40))
def test_every_text_finds_itself(text: str) -> None:
    found = tokens(text)
    for phrase in phrases(text):
        width = len(phrase)
        places = range(len(found))
        assert any(
            found[i : i + width - 1] == phrase[:-1]
            and found[i + width - 1 : i + width] != []
            and found[i + width - 1].startswith(phrase[-1])
            for i in places
        )
