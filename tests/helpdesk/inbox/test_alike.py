"""A hint at open tickets that say nearly the same; never more than a hint, and never of another brand."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from helpdesk.inbox.alike import letters, likeness, list_alike
from helpdesk.models import Brand, Ticket
from helpdesk.store.db import Database
from tests.helpdesk.desk import add_ticket

WORDS = "先週注文した土鍋がまだ届いていません。いつ届きますか。"


def alike(database: Database, ticket: Ticket) -> list[tuple[int, bool]]:
    with database.read() as unit:
        found = list_alike(unit, unit.session.get_one(Ticket, ticket.pk))
    return [(one.number, one.same) for one in found]


def asking(database: Database, brand: Brand, words: str = WORDS, **given: object) -> Ticket:
    return add_ticket(database, brand, **{"subject": "", "preview": words, **given})  # type: ignore[arg-type]


def test_the_same_customers_and_others_nearly_same_words_are_told(database: Database, brand: Brand) -> None:
    mine = asking(database, brand)
    again = asking(database, brand, "先週注文した土鍋、まだ届いていません！いつ届きますか？至急お願いします")
    other = asking(database, brand, name="鈴木 次郎")
    asking(database, brand, "領収書の宛名を変えてください。株式会社青葉です。")
    asking(database, brand, "先週注文した花瓶の色が写真と違いました。返品できますか。", name="高橋 三郎")
    assert alike(database, mine) == [(again.number, True), (other.number, False)]


@pytest.mark.parametrize("status", ["closed", "spam", "merged"])
def test_what_is_over_is_not_told_and_asks_nothing(database: Database, brand: Brand, status: str) -> None:
    mine, over = asking(database, brand), asking(database, brand, status=status)
    assert alike(database, mine) == alike(database, over) == []


def test_another_brands_tickets_and_old_ones_stay_out(
    database: Database, brand: Brand, other_brand: Brand
) -> None:
    mine = asking(database, brand)
    asking(database, other_brand)
    asking(database, brand, waited=60 * 24 * 15)
    assert alike(database, mine) == []


def test_what_is_linked_already_needs_no_hint(database: Database, brand: Brand) -> None:
    mine, again = asking(database, brand), asking(database, brand)
    with database.write() as unit:
        linked = [{"how": "linked", "key": again.key, "channel": "line", "number": again.number}]
        unit.session.get_one(Ticket, mine.pk).asked_also = linked
    assert alike(database, mine) == []


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("Where is my order? It should be here.", "where is my order it should be here", 1.0, 1.0),
        ("ＡＢＣ注文の件でお尋ねします。", "abc注文の件でお尋ねします", 1.0, 1.0),
        (
            "注文10234がまだ届きません。確認してください。",
            "注文10777がまだ届きません。確認してください。",
            0.0,
            0.0,
        ),
        (
            "注文10234がまだ届きません。確認してください。",
            "注文10234がまだ届きません、確認してください！",
            1.0,
            1.0,
        ),
        ("Where is my order, please?", "Can I have an invoice for my company?", 0.0, 0.3),
        ("ありがとう", "ありがとう", 0.0, 0.0),
        ("", "", 0.0, 0.0),
    ],
)
def test_likeness_is_of_letters_and_never_of_two_orders(
    one: str, other: str, least: float, most: float
) -> None:
    near = likeness(letters(one), letters(other))
    assert least <= near <= most
    assert near == likeness(letters(other), letters(one))


def test_the_hint_stands_in_the_panel_and_leads_to_the_joining(
    database: Database, brand: Brand, client: TestClient
) -> None:
    mine, again = asking(database, brand), asking(database, brand)
    page = client.get(f"/tickets/{mine.key}/mentions").text
    assert "Nearly the same words" in page and f"/tickets/{again.key}" in page
    assert f"/tickets/{mine.key}/merge?q={again.number}" in page
    assert f"#{again.number}" in client.get(f"/tickets/{mine.key}/merge?q={again.number}").text
