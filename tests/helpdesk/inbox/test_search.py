"""Searching tickets: words, names, operators, and what stands beside the hits."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk.access import Access
from helpdesk.inbox import filter_rows, listing, search
from helpdesk.inbox.filter import Filter
from helpdesk.models import Attachment, Brand, Message, Ticket
from helpdesk.store import search as index
from helpdesk.store.db import Database
from tests.helpdesk.desk import add_message, add_order, add_ticket, put_tag


def say(
    database: Database, ticket: Ticket, text: str, *, sender: str = "山田 花子", **given: object
) -> Message:
    """A message that can be found."""
    given = {"sender": {"name": sender, "address": "hanako@example.jp"}, **given}
    message = add_message(database, ticket, text, **given)  # type: ignore[arg-type]
    with database.write() as unit:
        words = f"{sender} {text}"
        index.put(unit, brand_id=ticket.brand_id, message_id=message.pk, words=words)
    return message


def found(database: Database, access: Access, q: str, **given: object) -> list[str]:
    with database.read() as unit:
        chosen = Filter(q=q, **given)  # type: ignore[arg-type]
        return [row.key for row in listing.rows(unit, access, chosen).rows]


@pytest.fixture
def shop(database: Database, brand: Brand, access: Access) -> dict[str, Ticket]:
    """Three tickets with a little of everything."""
    made = {
        "parcel": add_ticket(database, brand, name="佐藤 由美", status="closed", waited=3000),
        "refund": add_ticket(database, brand, name="鈴木 健一", waited=60, assignee_id=access.agent_id),
        "line": add_ticket(database, brand, name="田中 愛", channel="line", status="pending", waited=30),
    }
    say(database, made["parcel"], "荷物が届きません", sender="佐藤 由美")
    say(database, made["parcel"], "倉庫に確認します", direction="out")
    say(database, made["refund"], "返品と返金をお願いします", sender="鈴木 健一")
    with_file = say(database, made["line"], "返品の写真です ｻｲｽﾞ", sender="田中 愛")
    add_order(database, made["parcel"].customer_id, brand, "HK-20391")
    put_tag(database, made["refund"], "refund")
    with database.write() as unit:
        unit.session.add(
            Attachment(brand_id=brand.pk, message_id=with_file.pk, name="a.png", size=1, sha256="0" * 64)
        )
    return made


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("返品", ["line", "refund"]),
        ("ヘンピン", ["line", "refund"]),
        ("未着", ["parcel"]),
        ("さいず", ["line"]),
        ("荷物 倉庫", ["parcel"]),
        ('"荷物 倉庫"', []),
        ("返品 -写真", ["refund"]),
        ("-返品", ["parcel"]),
        ("from:鈴木", ["refund"]),
        ("差出人：健一", ["refund"]),
        ("tag:refund", ["refund"]),
        ("refund", ["refund"]),
        ("tag:nothing 返品", ["line", "refund"]),
        ("order:HK-20391", ["parcel"]),
        ("hk-20391", ["parcel"]),
        ("佐藤", ["parcel"]),
        ("status:closed", ["parcel"]),
        ("返品 status:open", ["refund"]),
        ("channel:line", ["line"]),
        ("assignee:me", ["refund"]),
        ("assignee:none 返品", ["line"]),
        ("has:attachment", ["line"]),
        ("before:2026-01-05", ["parcel"]),
        ("after:2026-01-05 返品", ["line", "refund"]),
        ("is:unread", ["refund"]),
        ("is:read", ["line", "parcel"]),
        ("!!!", []),
        ("どこにもない", []),
    ],
)
def test_words_and_operators_find_their_tickets(
    database: Database, access: Access, shop: dict[str, Ticket], q: str, expected: list[str]
) -> None:
    assert found(database, access, q) == [shop[name].key for name in expected]


def test_the_filter_narrows_what_was_found(
    database: Database, access: Access, shop: dict[str, Ticket]
) -> None:
    assert found(database, access, "返品", channel=("line",)) == [shop["line"].key]


def test_merged_and_foreign_tickets_are_never_found(
    database: Database, brand: Brand, other_brand: Brand, access: Access
) -> None:
    say(database, add_ticket(database, brand, status="merged"), "荷物")
    say(database, add_ticket(database, other_brand), "荷物")
    spam = add_ticket(database, brand, status="spam")
    say(database, spam, "荷物")
    assert found(database, access, "荷物") == []
    assert found(database, access, "荷物 status:spam") == [spam.key]


def test_an_old_ticket_is_found_though_many_newer_ones_hold_the_word(
    database: Database, brand: Brand, access: Access, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = add_ticket(database, brand, channel="line")
    say(database, old, "返品 金継ぎ")
    for _ in range(4):
        say(database, add_ticket(database, brand), "返品")
    monkeypatch.setattr(index, "NEWEST", 3)
    monkeypatch.setattr("helpdesk.store.search.index.NEWEST", 3)
    assert found(database, access, "返品 channel:line") == [old.key]
    assert found(database, access, "返品 金継ぎ") == [old.key]


def test_the_piece_with_the_word_stands_beside_the_hit(
    database: Database, access: Access, shop: dict[str, Ticket]
) -> None:
    with database.read() as unit:
        hits = filter_rows.find(unit, access, Filter(q="サイズ"))
        cuts = search.snippets(unit, hits, [shop["line"].key])
    assert [part.text for part in cuts[shop["line"].key] if part.hit] == ["ｻｲｽﾞ"]


def test_a_name_that_nobody_has_becomes_a_hint(
    database: Database, access: Access, shop: dict[str, Ticket]
) -> None:
    with database.read() as unit:
        hits = filter_rows.find(unit, access, Filter(q="tag:nothing assignee:Zelda"))
    assert [str(hint)[:14] for hint in hits.hints] == ["No tag is call", "No agent is ca"]


def test_a_list_by_operators_goes_on_to_the_next_page(
    database: Database, brand: Brand, access: Access
) -> None:
    made = [add_ticket(database, brand, waited=n, channel="line").key for n in range(5)]
    with database.read() as unit:
        first = listing.rows(unit, access, Filter(q="channel:line"), limit=3)
        second = listing.rows(unit, access, Filter(q="channel:line"), limit=3, after=first.next or "")
    assert [row.key for row in (*first.rows, *second.rows)] == made
    assert timedelta(0) <= first.rows[0].last_message_at - first.rows[1].last_message_at
