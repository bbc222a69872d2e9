"""The composer's word on the way an answer goes: who, until when, at what price, and what is sent from the form."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from helpdesk.channels.care import Template
from helpdesk.models import AccountDuty, Brand, ChannelAccount, Contact, Delivery, Identity, Message, Ticket
from helpdesk.social import templates
from helpdesk.store.db import Database
from tests.conftest import StandingClock
from tests.helpdesk.desk import add_message, add_order, add_ticket, customer_of
from tests.helpdesk.stories import only, rows
from tests.helpdesk.talks import add_account, add_contact, add_talk

HTMX = {"HX-Request": "true"}
HOUR = 60
ON_ITS_WAY = Template(
    "on_its_way",
    "ja",
    "approved",
    "{{1}} 様、ご注文 {{2}} はお届け中です。",
    parameters=({"name": "1", "example": "山田"}, {"name": "2", "example": "HK-20391"}),
)


def ways(client: TestClient, ticket: Ticket, **asked: str) -> str:
    answer = client.get(f"/tickets/{ticket.key}/ways", params=asked, headers=HTMX)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]*>", " ", answer.text).split()) + "\n" + answer.text


def send(client: TestClient, ticket: Ticket, body: str = "", **form: Any) -> Any:
    return client.post(f"/tickets/{ticket.key}/reply", data={"body": body, **form}, headers=HTMX)


def keep_templates(database: Database, ticket: Ticket, *given: Template) -> str:
    """The key of the first."""
    with database.write() as unit:
        account = unit.session.get_one(ChannelAccount, ticket.account_id)
        templates.keep(unit, account, given)
        return templates.list_templates(unit, account, approved=False)[0].key


def test_a_running_window_is_counted_down(client: TestClient, database: Database, brand: Brand) -> None:
    ticket, contact = add_talk(database, brand, "whatsapp", ago=30)
    shown = ways(client, ticket)
    assert "to はなこ on WhatsApp" in shown
    assert contact.acted_at
    assert f'data-until="{(contact.acted_at + timedelta(days=1)).isoformat()}"' in shown
    assert 'data-mode="free"' in shown


def test_when_the_customer_writes_the_time_begins_anew(
    client: TestClient, database: Database, brand: Brand, clock: StandingClock
) -> None:
    ticket, contact = add_talk(database, brand, "messenger", ago=25 * HOUR)
    assert "a person’s late answer" in ways(client, ticket)
    with database.write() as unit:
        unit.session.get_one(Contact, contact.pk).acted_at = clock.now
    again = ways(client, ticket)
    assert 'data-mode="free"' in again
    assert "late answer" not in again


def test_after_it_an_approved_template_is_offered_and_filled(
    client: TestClient, database: Database, brand: Brand
) -> None:
    ticket, _ = add_talk(database, brand, "whatsapp", ago=25 * HOUR)
    assert "There is no approved template yet" in ways(client, ticket)
    add_order(database, ticket.customer_id, brand, "HK-7001")
    refused = Template("buy_now", "ja", "rejected", "買う")
    keep_templates(database, ticket, ON_ITS_WAY, refused)
    shown = ways(client, ticket)
    assert "approved templates only" in shown
    assert 'value="山田 花子"' in shown
    assert 'value="HK-7001"' in shown
    assert "山田 花子 様、ご注文 HK-7001 はお届け中です。" in shown
    assert "buy_now" not in shown


def test_a_template_is_sent_as_it_was_filled(client: TestClient, database: Database, brand: Brand) -> None:
    ticket, _ = add_talk(database, brand, "whatsapp", ago=25 * HOUR)
    key = keep_templates(database, ticket, ON_ITS_WAY)
    assert (
        send(client, ticket, "ここは送られない", template=key, parameter=["山田", "HK-7001"]).status_code
        == 200
    )
    ours = next(one for one in rows(database, Message) if one.direction == "out")
    assert ours.text == "山田 様、ご注文 HK-7001 はお届け中です。"
    assert (ours.content["type"], ours.content["parameters"]) == ("approved", ["山田", "HK-7001"])


def test_an_open_place_of_a_template_is_named(client: TestClient, database: Database, brand: Brand) -> None:
    ticket, _ = add_talk(database, brand, "whatsapp", ago=25 * HOUR)
    key = keep_templates(database, ticket, ON_ITS_WAY)
    answer = send(client, ticket, template=key, parameter=["山田", " "])
    assert answer.status_code == 422
    assert "place 2 is empty" in answer.text
    assert rows(database, Delivery) == []


def test_another_accounts_template_is_not_there(client: TestClient, database: Database, brand: Brand) -> None:
    ticket, _ = add_talk(database, brand, "whatsapp", ago=25 * HOUR)
    foreign, _ = add_talk(database, brand, "whatsapp", ago=25 * HOUR)
    key = keep_templates(database, foreign, ON_ITS_WAY)
    assert send(client, ticket, template=key, parameter=["山田", "1"]).status_code == 404


def test_who_cannot_be_written_to_is_answered_by_another_way(
    client: TestClient, database: Database, brand: Brand, account: ChannelAccount
) -> None:
    ticket, _ = add_talk(database, brand, "instagram", ago=9 * 24 * HOUR)
    customer = customer_of(database, ticket)
    with database.write() as unit:
        row = Identity(
            brand_id=brand.pk,
            customer_id=customer.pk,
            kind="email",
            value="h@example.jp",
            created_at=unit.now,
        )
        unit.session.add(row)
        unit.session.flush()
        key = f"mail:{row.pk}"
    shown = ways(client, ticket)
    assert 'data-mode="closed"' in shown
    assert "Answer by E-mail" in shown
    assert "to h@example.jp by e-mail" in ways(client, ticket, via=key)
    assert send(client, ticket, "お待たせしました。").status_code == 422
    assert send(client, ticket, "お待たせしました。", via=key).status_code == 200
    assert only(database, Delivery).account_id == account.pk


def test_line_tells_the_price_before_it_is_paid(
    client: TestClient, database: Database, brand: Brand, clock: StandingClock
) -> None:
    ticket, contact = add_talk(database, brand, "line")
    assert "Push message" in ways(client, ticket)
    with database.write() as unit:
        mine = unit.session.get_one(Contact, contact.pk)
        mine.reply_token, mine.reply_token_at = "R", clock.now
        duty = AccountDuty(
            brand_id=brand.pk,
            account_id=contact.account_id,
            duty="quota",
            next_at=clock.now,
            created_at=clock.now,
        )
        duty.data, duty.done_at = {"used": 312, "limit": 500}, clock.now
        unit.session.add(duty)
    assert "Free reply" in ways(client, ticket)
    clock.advance(seconds=41)  # an answer is held for ten seconds more
    shown = ways(client, ticket)
    assert "Push, 312 of 500 used this month" in shown
    assert "Free reply" not in shown


def test_the_order_goes_along_as_a_card(client: TestClient, database: Database, brand: Brand) -> None:
    ticket, _ = add_talk(database, brand, "line")
    add_order(database, ticket.customer_id, brand, "HK-7001", tracking_url="https://track.example/1")
    assert 'data-order="HK-7001"' in ways(client, ticket)
    assert send(client, ticket, card="HK-7001", offer=["はい", "いいえ"]).status_code == 200
    ours = next(one for one in rows(database, Message) if one.direction == "out")
    assert (ours.content["title"], ours.content["url"]) == ("注文 HK-7001", "https://track.example/1")
    assert ours.replies == ["はい", "いいえ"]


def test_somebody_elses_order_is_no_card(client: TestClient, database: Database, brand: Brand) -> None:
    ticket, _ = add_talk(database, brand, "line")
    stranger = add_ticket(database, brand, name="誰か")
    add_order(database, stranger.customer_id, brand, "HK-9001")
    answer = send(client, ticket, card="HK-9001")
    assert answer.status_code == 422
    assert "not the customer" in answer.text


def test_who_went_over_to_line_is_answered_there(
    client: TestClient, database: Database, brand: Brand, ticket: Ticket
) -> None:
    assert 'data-kind="email"' in ways(client, ticket)
    line = add_account(database, brand, "line")
    contact = add_contact(database, line, customer=customer_of(database, ticket))
    add_message(database, ticket, "LINEからです", ago=-1, channel="line", account_id=line.pk)
    shown = ways(client, ticket)
    assert 'data-kind="line"' in shown
    assert f'name="via" value="{contact.key}"' in shown


@pytest.mark.parametrize(
    ("kind", "text", "messages"),
    [
        ("line", "あ" * 5001, 2),
        ("instagram", "あ" * 334, 2),
        ("sms", "a" * 1600, 1),
        ("email", "a" * 9000, 1),
    ],
)
def test_messages_are_counted_as_they_will_be_cut(
    client: TestClient, ticket: Ticket, kind: str, text: str, messages: int
) -> None:
    answer = client.post("/compose/pieces", data={"kind": kind, "body": text})
    assert answer.json() == {"messages": messages}


def test_a_stranger_to_the_brand_sees_no_way(
    client: TestClient, database: Database, other_brand: Brand
) -> None:
    ticket, _ = add_talk(database, other_brand, "line")
    assert client.get(f"/tickets/{ticket.key}/ways", headers=HTMX).status_code == 404


def test_a_draft_keeps_what_goes_along(client: TestClient, database: Database, brand: Brand) -> None:
    ticket, contact = add_talk(database, brand, "line")
    content = {"text": "こん", "html": "", "via": contact.key, "card": "HK-1", "offers": ["はい"]}
    url = f"/tickets/{ticket.key}/draft/reply"
    assert client.put(url, json={"revision": 0, "content": content}).status_code == 200
    kept = client.get(url).json()["content"]
    assert {name: kept[name] for name in content} == content
    assert "template" not in kept


def test_a_disconnected_account_shows_why_it_is_closed(
    client: TestClient, database: Database, brand: Brand
) -> None:
    ticket, contact = add_talk(database, brand, "line")
    with database.write() as unit:
        account = unit.session.get_one(ChannelAccount, contact.account_id)
        account.active, account.removed_at = False, unit.now
    shown = ways(client, ticket)
    assert 'data-mode="closed"' in shown
    assert "not connected any more" in shown
