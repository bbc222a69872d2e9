"""The list: order, pages, views, filters, and whose tickets they are."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk.access import Access
from helpdesk.errors import Invalid
from helpdesk.inbox import listing
from helpdesk.inbox.filter import VIEWS, Filter, parse
from helpdesk.models import Brand, Identity
from helpdesk.store import search
from helpdesk.store.db import Database
from tests.helpdesk.desk import add_message, add_order, add_ticket, put_tag


def keys(database: Database, access: Access, chosen: Filter, **given: object) -> list[str]:
    with database.read() as unit:
        return [row.key for row in listing.rows(unit, access, chosen, **given).rows]  # type: ignore[arg-type]


def test_the_most_urgent_stands_first_then_who_waited_longest(
    database: Database, brand: Brand, access: Access
) -> None:
    calm = add_ticket(database, brand, urgency=10, waited=5000)
    fresh = add_ticket(database, brand, urgency=80, waited=5)
    late = add_ticket(database, brand, urgency=80, waited=500)
    assert keys(database, access, Filter()) == [late.key, fresh.key, calm.key]


@pytest.mark.parametrize("view", ["unanswered", "closed"])
def test_pages_hold_every_ticket_once(database: Database, brand: Brand, access: Access, view: str) -> None:
    status = "closed" if view == "closed" else "open"
    made = {
        add_ticket(
            database, brand, name=f"客 {n % 4}", urgency=(n % 3) * 30, waited=60 * (n % 5), status=status
        ).key
        for n in range(40)
    }
    seen, after = [], ""
    while True:
        with database.read() as unit:
            page = listing.rows(unit, access, Filter(view=view), after=after, limit=7)
        seen += [row.key for row in page.rows]
        if page.next is None:
            break
        after = page.next
    assert len(seen) == len(set(seen)) == 40
    assert set(seen) == made
    assert seen == keys(database, access, Filter(view=view), limit=100)


def test_a_ticket_that_comes_in_between_does_not_shift_the_next_page(
    database: Database, brand: Brand, access: Access
) -> None:
    made = [add_ticket(database, brand, urgency=50, waited=100 - n).key for n in range(6)]
    with database.read() as unit:
        first = listing.rows(unit, access, Filter(), limit=3)
    add_ticket(database, brand, urgency=99)
    assert keys(database, access, Filter(), after=first.next, limit=3) == made[3:]


def test_another_brands_tickets_are_never_listed(
    database: Database, brand: Brand, other_brand: Brand, access: Access
) -> None:
    ours = add_ticket(database, brand)
    foreign = add_ticket(database, other_brand, status="open", subject="荷物")
    said = add_message(database, foreign, "荷物")
    with database.write() as unit:
        search.put(unit, brand_id=other_brand.pk, message_id=said.pk, words="荷物")
    assert keys(database, access, Filter()) == [ours.key]
    for view in VIEWS:
        assert foreign.key not in keys(database, access, Filter(view=view))
    assert keys(database, access, Filter(q="荷物")) == []


def test_every_view_shows_its_own_tickets(database: Database, brand: Brand, access: Access) -> None:
    with database.read() as unit:
        later = unit.now + timedelta(hours=3)
    made = {
        "urgent": add_ticket(database, brand, urgency=95, assignee_id=None),
        "mine": add_ticket(database, brand, urgency=5, assignee_id=access.agent_id),
        "waiting": add_ticket(database, brand, status="pending"),
        "snoozed": add_ticket(database, brand, snoozed_until=later),
        "closed": add_ticket(database, brand, status="closed"),
        "spam": add_ticket(database, brand, status="spam"),
    }
    for view, ticket in made.items():
        assert keys(database, access, Filter(view=view)) == [ticket.key]
    assert keys(database, access, Filter(view="unassigned")) == [made["urgent"].key]
    assert keys(database, access, Filter()) == [made["urgent"].key, made["mine"].key]


def test_a_snoozed_ticket_comes_back_by_itself(database: Database, brand: Brand, access: Access) -> None:
    with database.read() as unit:
        past = unit.now - timedelta(minutes=1)
    ticket = add_ticket(database, brand, snoozed_until=past)
    assert keys(database, access, Filter()) == [ticket.key]
    assert keys(database, access, Filter(view="snoozed")) == []


def test_tag_channel_and_language_narrow_the_list(database: Database, brand: Brand, access: Access) -> None:
    wanted = add_ticket(database, brand, channel="line", language="en")
    add_ticket(database, brand)
    put_tag(database, wanted, "refund")
    for chosen in (Filter(tag=("refund",)), Filter(channel=("line",)), Filter(language=("en",))):
        assert keys(database, access, chosen) == [wanted.key]
    assert keys(database, access, Filter(tag=("unheard-of",))) == []


@pytest.mark.parametrize("words", ["返品", "佐藤", "sato.yumi@", "HK-20391", "hk-203"])
def test_search_finds_words_names_addresses_and_order_numbers(
    database: Database, brand: Brand, access: Access, words: str
) -> None:
    ticket = add_ticket(database, brand, name="佐藤 由美", status="closed")
    add_ticket(database, brand, name="鈴木 健一")
    add_order(database, ticket.customer_id, brand, "HK-20391")
    said = add_message(database, ticket, "返品したいのですが")
    with database.write() as unit:
        search.put(unit, brand_id=brand.pk, message_id=said.pk, words="返品したいのですが")
        unit.session.add(
            Identity(
                brand_id=brand.pk,
                customer_id=ticket.customer_id,
                kind="email",
                value="sato.yumi@example.jp",
                created_at=unit.now,
            )
        )
    assert keys(database, access, Filter(q=words)) == [ticket.key]


def test_a_ticket_is_found_by_its_number(database: Database, brand: Brand, access: Access) -> None:
    ticket = add_ticket(database, brand)
    add_ticket(database, brand)
    assert keys(database, access, Filter(q=f"#{ticket.number}")) == [ticket.key]


def test_a_row_tells_tags_urgency_and_since_when(database: Database, brand: Brand, access: Access) -> None:
    ticket = add_ticket(
        database, brand, urgency=80, urgency_reasons=[{"code": "wait", "points": 80}], waited=90
    )
    put_tag(database, ticket, "refund", score=0.9, colour="red")
    put_tag(database, ticket, "vip")
    with database.read() as unit:
        row = listing.rows(unit, access, Filter()).rows[0]
    assert [tag.label for tag in row.tags] == ["Refund", "Vip"]
    assert (row.level, row.urgency, row.reasons) == ("urgent", 80, ({"code": "wait", "points": 80},))
    assert row.waiting_since == ticket.waiting_since
    assert row.tags[0].score == 0.9


def test_a_page_that_was_never_given_out_is_refused(database: Database, brand: Brand, access: Access) -> None:
    for after in ("x", "1~2~3", "9~2026-01-01T00:00:00~1"):
        with pytest.raises(Invalid), database.read() as unit:
            listing.rows(unit, access, Filter(), after=after)


def test_unknown_views_fall_back_to_the_unanswered() -> None:
    assert parse({"view": "DROP TABLE", "tag": " refund "}) == Filter(view="unanswered", tag=("refund",))
