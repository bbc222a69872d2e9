"""The index on its own: tokens in, messages and tickets out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.models import Brand
from helpdesk.store import search
from helpdesk.store.db import Database
from helpdesk.store.search.rebuild import rebuild
from helpdesk.store.search.tokens import fold, tokens
from helpdesk.store.search.words import word, words
from tests.helpdesk.desk import add_message, add_ticket

TEXTS = (
    "荷物がまだ届きません。注文番号はHK-20391です。",
    "返品と返金をお願いします。ｻｲｽﾞが合いません。",
    "Where is my order? I'd like a REFUND for café cups.",
    "荷受けの件、箱が潰れていました。送料は？",
)


@pytest.fixture
def indexed(database: Database, brand: Brand) -> tuple[Database, Brand, list[int]]:
    """Four tickets with a message each."""
    made = []
    for said in TEXTS:
        ticket = add_ticket(database, brand)
        message = add_message(database, ticket, said)
        with database.write() as unit:
            search.put(unit, brand_id=brand.pk, message_id=message.pk, words=said)
        made.append(ticket.pk)
    return database, brand, made


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("荷物", [1]),
        ("にもつ", [1]),
        ("返品", [2]),
        ("ヘンピン", [2]),
        ("荷", [4, 1]),
        ("サイズ", [2]),
        ("ｻｲｽﾞ", [2]),
        ("さいず", [2]),
        ("ＨＫ－２０３９１", [1]),
        ("HK-203", [1]),
        ("20391", [1]),
        ("2039", [1]),
        ("未着", [1]),
        ("refund", [3]),
        ("REF", [3]),
        ("refund 荷物", []),
        ("返品 返金", [2]),
        ("返品、返金", [2]),
        ("返品　返金", [2]),
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
def test_a_query_finds_what_people_mean(
    indexed: tuple[Database, Brand, list[int]], query: str, expected: list[int]
) -> None:
    database, brand, made = indexed
    with database.read() as unit:
        found = search.find(unit, query, brand_ids=[brand.pk])
    assert found == [made[place - 1] for place in expected]


def test_only_the_brands_asked_for_are_searched(indexed: tuple[Database, Brand, list[int]]) -> None:
    database, brand, made = indexed
    with database.read() as unit:
        assert search.find(unit, "荷物", brand_ids=[brand.pk + 1]) == []
        assert search.find(unit, "荷物", brand_ids=[]) == []
        assert search.find(unit, "荷物", brand_ids=[brand.pk + 1, brand.pk]) == made[:1]


def test_words_that_are_replaced_are_no_longer_found(indexed: tuple[Database, Brand, list[int]]) -> None:
    database, brand, _made = indexed
    with database.write() as unit:
        [pk] = search.newest(unit, search.words("箱"), brand_ids=[brand.pk])
        search.put(unit, brand_id=brand.pk, message_id=pk, words="封筒でした", before=TEXTS[3])
    with database.read() as unit:
        assert search.newest(unit, search.words("箱"), brand_ids=[brand.pk]) == []
        assert search.newest(unit, search.words("封筒"), brand_ids=[brand.pk]) == [pk]


def test_the_newest_come_first_and_no_more_than_asked_for(database: Database, brand: Brand) -> None:
    with database.write() as unit:
        for pk in range(1, 8):
            search.put(unit, brand_id=brand.pk, message_id=pk, words="同じ言葉 same")
    with database.read() as unit:
        for query in ("同じ", "sam", "同"):
            wanted = search.words(query)
            assert search.newest(unit, wanted, brand_ids=[brand.pk], limit=3) == [7, 6, 5]
            assert search.newest(unit, wanted, brand_ids=[brand.pk], among=[2, 5, 99]) == [5, 2]


def test_a_rebuilt_index_finds_the_same(indexed: tuple[Database, Brand, list[int]]) -> None:
    database, brand, made = indexed
    with database.engine.begin() as connection:
        assert rebuild(connection) == len(TEXTS)
    with database.read() as unit:
        assert search.find(unit, "荷物", brand_ids=[brand.pk]) == made[:1]
        assert search.find(unit, "hanako@example.jp", brand_ids=[brand.pk]) == made[::-1]


def test_a_quoted_word_is_taken_as_it_stands(indexed: tuple[Database, Brand, list[int]]) -> None:
    database, brand, made = indexed
    cases = {"my order": made[2:3], "order my": [], "REF": [], "へんぴん": [], "返品と返金": made[1:2]}
    with database.read() as unit:
        for said, expected in cases.items():
            one = word(said, quoted=True)
            assert one is not None
            found = search.newest(unit, [one], brand_ids=[brand.pk])
            assert list(search.tickets_of(unit, found).values()) == expected, said


@given(st.text(max_size=300))
def test_any_text_gives_clean_tokens(text: str) -> None:
    asked = [token for one in words(text) for way in one.ways for token in way.tokens]
    for token in [*tokens(text), *asked]:
        assert token and not set(token) & set("'\"\\:*&|!() \n\0")


@given(st.text(alphabet="荷物返品がノab1 ー々", min_size=1, max_size=40))
def test_every_text_finds_itself(text: str) -> None:
    found = tokens(text)
    for one in words(text):
        assert one.pattern.search(fold(text))
        first = one.ways[0]
        width = len(first.tokens)
        assert any(
            found[i : i + width - 1] == list(first.tokens[:-1])
            and found[i + width - 1 : i + width] != []
            and (
                found[i + width - 1].startswith(first.tokens[-1])
                if first.open
                else found[i + width - 1] == first.tokens[-1]
            )
            for i in range(len(found))
        )
