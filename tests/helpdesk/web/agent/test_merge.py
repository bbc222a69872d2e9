"""`/tickets/{key}/merge` and what follows: one ticket, two tickets, a split one."""

from __future__ import annotations

import json

from sqlmodel import select
from starlette.testclient import TestClient

from helpdesk.models import Brand, Merge, Message, Ticket
from helpdesk.store.db import Database
from tests.helpdesk.conftest import Deliver
from tests.helpdesk.desk import add_message, add_ticket
from tests.helpdesk.stories import only, rows

HTMX = {"HX-Request": "true"}


def now(database: Database, ticket: Ticket) -> Ticket:
    with database.read() as unit:
        return unit.session.get_one(Ticket, ticket.pk)


def test_the_customers_other_tickets_are_suggested_and_others_are_found(
    database: Database, brand: Brand, client: TestClient
) -> None:
    ticket, own = add_ticket(database, brand), add_ticket(database, brand, subject="二度目")
    stranger = add_ticket(database, brand, name="佐藤 健", subject="別の人")
    page = client.get(f"/tickets/{ticket.key}/merge").text
    assert own.key in page
    assert stranger.key not in page
    for words in (f"#{stranger.number}", "別の", stranger.key):
        found = client.get(
            f"/tickets/{ticket.key}/merge", params={"q": words, "part": "found"}, headers=HTMX
        ).text
        assert stranger.key in found
        assert "Another customer" in found
        assert "<html" not in found


def test_a_merge_goes_to_the_ticket_that_stays_and_its_notice_undoes_it(
    database: Database, brand: Brand, client: TestClient
) -> None:
    ticket, other = add_ticket(database, brand), add_ticket(database, brand)
    message = add_message(database, ticket, "こちら")
    answer = client.post(f"/tickets/{ticket.key}/merges", data={"other": other.key}, headers=HTMX)
    assert json.loads(answer.headers["hx-location"])["path"] == f"/tickets/{other.key}"
    undo = json.loads(answer.headers["hx-trigger"])["notice"]["action"]
    assert now(database, ticket).status == "merged"
    gone = client.get(f"/tickets/{ticket.key}?view=mine")
    assert (gone.status_code, gone.headers["location"]) == (303, f"/tickets/{other.key}?view=mine")
    assert "こちら" in client.get(f"/tickets/{other.key}").text
    assert undo["url"] in client.get(f"/tickets/{other.key}").text
    back = client.post(undo["url"], headers=HTMX)
    assert json.loads(back.headers["hx-location"])["path"] == f"/tickets/{ticket.key}"
    with database.read() as unit:
        assert unit.session.get_one(Message, message.pk).ticket_id == ticket.pk
    assert undo["url"] not in client.get(f"/tickets/{other.key}").text
    assert client.post(undo["url"], headers=HTMX).status_code == 409


def test_this_ticket_may_stay_instead(database: Database, brand: Brand, client: TestClient) -> None:
    ticket, other = add_ticket(database, brand), add_ticket(database, brand)
    answer = client.post(
        f"/tickets/{ticket.key}/merges", data={"other": other.key, "into": "this"}, headers=HTMX
    )
    assert answer.status_code == 200
    assert 'id="head"' in answer.text
    assert (now(database, other).status, now(database, other).merged_into_id) == ("merged", ticket.pk)


def test_nothing_is_done_to_a_ticket_that_is_part_of_another(
    database: Database, brand: Brand, client: TestClient
) -> None:
    ticket, other = add_ticket(database, brand), add_ticket(database, brand)
    client.post(f"/tickets/{ticket.key}/merges", data={"other": other.key})
    for path, data in (
        ("close", {}),
        ("assign", {"agent": "me"}),
        ("reply", {"body": "はい"}),
        ("tags", {"tag": "x"}),
    ):
        answer = client.post(f"/tickets/{ticket.key}/{path}", data=data, headers=HTMX)
        assert (answer.status_code, f"#{other.number}" in answer.text) == (409, True)
    assert ticket.key not in client.get("/").text
    assert ticket.key not in client.get(f"/?q={ticket.number}").text


def test_another_brands_ticket_is_no_target(
    database: Database, brand: Brand, other_brand: Brand, client: TestClient
) -> None:
    ticket, foreign = add_ticket(database, brand), add_ticket(database, other_brand)
    for key in (foreign.key, "nothing", ""):
        assert client.post(f"/tickets/{ticket.key}/merges", data={"other": key}).status_code in (404, 422)
    assert rows(database, Merge) == []


def test_messages_of_another_person_are_split_off_to_a_ticket_of_theirs(
    database: Database, deliver: Deliver, ticket: Ticket, client: TestClient
) -> None:
    deliver(
        "私は夫です",
        sender="山田 太郎 <taro@example.jp>",
        in_reply_to="<first@example.jp>",
        message_id="<t@x.jp>",
    )
    with database.read() as unit:
        message = unit.session.exec(select(Message).where(Message.external_id == "t@x.jp")).one()
    assert message.ticket_id == ticket.pk
    assert "私は夫です" in client.get(f"/tickets/{ticket.key}/split").text
    answer = client.post(f"/tickets/{ticket.key}/split", data={"messages": message.key}, headers=HTMX)
    old, new = rows(database, Ticket)
    assert json.loads(answer.headers["hx-location"])["path"] == f"/tickets/{new.key}"
    assert new.customer_id != old.customer_id
    assert (old.messages_count, new.messages_count, new.status) == (1, 1, "open")
    assert f"#{new.number}" in client.get(f"/tickets/{old.key}").text
    assert f"#{old.number}" in client.get(f"/tickets/{new.key}").text
    undo = json.loads(answer.headers["hx-trigger"])["notice"]["action"]["url"]
    client.post(undo, headers=HTMX)
    assert now(database, new).status == "merged"
    assert now(database, old).messages_count == 2


def test_a_split_needs_something_to_move_and_something_to_stay(
    database: Database, ticket: Ticket, client: TestClient
) -> None:
    message = only(database, Message)
    for chosen in ([], [message.key]):
        assert client.post(f"/tickets/{ticket.key}/split", data={"messages": chosen}).status_code == 422
    assert len(rows(database, Ticket)) == 1


def test_a_follow_up_is_a_linked_ticket_of_the_same_customer(
    database: Database, ticket: Ticket, client: TestClient
) -> None:
    answer = client.post(f"/tickets/{ticket.key}/follow-up")
    old, new = rows(database, Ticket)
    assert answer.headers["location"] == f"/tickets/{new.key}"
    assert (new.customer_id, new.follow_up_of_id) == (old.customer_id, old.pk)
    sent = client.post(f"/tickets/{new.key}/reply", data={"body": "その後いかがですか", "token": "t"})
    assert sent.status_code == 303
    assert now(database, new).messages_count == 1
