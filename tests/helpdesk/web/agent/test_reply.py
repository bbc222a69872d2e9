"""Answers and notes: what is sent, what is refused, and that no word is lost."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import pytest
from sqlmodel import select
from starlette.datastructures import UploadFile
from starlette.testclient import TestClient

from helpdesk.delivery.worker import Courier
from helpdesk.models import Attachment, Brand, Delivery, Direction, MacroUse, Message, PointsEntry, Ticket
from helpdesk.settings import Settings
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from tests.conftest import StandingClock
from tests.helpdesk.desk import add_message, add_order, customer_of

HTMX = {"HX-Request": "true"}


@pytest.fixture
def courier(database: Database, files: Files, seal: Seal, settings: Settings) -> Courier:
    return Courier(database, files, seal, settings)


def sent(database: Database, direction: str = Direction.OUT) -> list[Message]:
    with database.read() as unit:
        return list(unit.session.exec(select(Message).where(Message.direction == direction)))


def test_a_reply_is_queued_and_the_composer_is_empty_again(
    database: Database, ticket: Ticket, client: TestClient
) -> None:
    answer = client.post(
        f"/tickets/{ticket.key}/reply", data={"body": "お調べします。\r\nお待ちください。"}, headers=HTMX
    )
    (message,) = sent(database)
    assert message.reply == "お調べします。\nお待ちください。"
    assert 'id="conversation"' in answer.text
    assert json.loads(answer.headers["hx-trigger"])["composer-sent"] == {"key": ticket.key, "mode": "reply"}
    with database.read() as unit:
        assert unit.session.exec(select(Delivery)).one().message_id == message.pk
        assert unit.session.get_one(Ticket, ticket.pk).status == "pending"


def test_send_and_close_closes(database: Database, ticket: Ticket, client: TestClient) -> None:
    answer = client.post(f"/tickets/{ticket.key}/reply", data={"body": "done", "close": "1"})
    assert answer.headers["location"] == f"/tickets/{ticket.key}"
    with database.read() as unit:
        assert unit.session.get_one(Ticket, ticket.pk).status == "closed"


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_a_reply_with_a_hole_comes_back_with_every_word(
    database: Database, ticket: Ticket, client: TestClient, headers: dict[str, str]
) -> None:
    body = "ご注文〔order.number〕は発送済みです。"
    answer = client.post(
        f"/tickets/{ticket.key}/reply", data={"body": body, "macro": "order_in_transit"}, headers=headers
    )
    assert answer.status_code == 422
    assert body in answer.text
    assert "Fill in" in answer.text
    assert ('id="conversation"' in answer.text) is (not headers)
    assert sent(database) == []


def test_an_empty_reply_is_refused_with_the_reason(
    database: Database, ticket: Ticket, client: TestClient
) -> None:
    answer = client.post(f"/tickets/{ticket.key}/reply", data={"body": "  "}, headers=HTMX)
    assert (answer.status_code, answer.headers["hx-retarget"]) == (422, "#composer")
    assert sent(database) == []


def test_files_travel_with_the_reply(
    database: Database, ticket: Ticket, client: TestClient, files: Files
) -> None:
    uploads = [
        ("attachments", ("返品.pdf", b"%PDF", "application/pdf")),
        ("attachments", ("b.txt", b"b", "text/plain")),
    ]
    client.post(f"/tickets/{ticket.key}/reply", data={"body": "see"}, files=uploads, headers=HTMX)
    with database.read() as unit:
        found = unit.session.exec(select(Attachment)).all()
    assert [(one.name, files.get(one.sha256)) for one in found] == [("返品.pdf", b"%PDF"), ("b.txt", b"b")]


def test_a_file_above_the_limit_is_refused_before_anything_is_sent(
    database: Database, ticket: Ticket, client: TestClient
) -> None:
    big = ("attachments", ("big.bin", b"0" * 20_000_001, "application/octet-stream"))
    answer = client.post(f"/tickets/{ticket.key}/reply", data={"body": "see"}, files=[big], headers=HTMX)
    assert answer.status_code == 422
    assert "big.bin" in answer.text
    assert sent(database) == []


def test_a_macros_actions_are_done_with_its_reply_and_its_points_when_it_leaves(
    database: Database, ticket: Ticket, client: TestClient, clock: StandingClock, courier: Courier
) -> None:
    data = {
        "body": "500ポイントをお付けしました。",
        "macro": "apology_points_delay",
        "macro_version": "abc",
        "token": "t1",
        "action": ["add_tag:apology", "grant_points:500:late_delivery", "status:closed"],
    }
    client.post(f"/tickets/{ticket.key}/reply", data=data, headers=HTMX)
    assert customer_of(database, ticket).points == 0
    with database.read() as unit:
        assert unit.session.get_one(Ticket, ticket.pk).status == "closed"
    clock.advance(seconds=10)
    assert asyncio.run(courier.drain()) == 1
    assert customer_of(database, ticket).points == 500
    with database.read() as unit:
        assert unit.session.exec(select(MacroUse)).one().key == "apology_points_delay"
        assert unit.session.exec(select(PointsEntry)).one().ticket_id == ticket.pk


def test_points_above_the_limit_hold_the_whole_reply_back(
    database: Database, ticket: Ticket, client: TestClient
) -> None:
    data = {
        "body": "5,000ポイントをお付けしました。",
        "token": "t1",
        "action": ["grant_points:5000:late_delivery"],
    }
    answer = client.post(f"/tickets/{ticket.key}/reply", data=data, headers=HTMX)
    assert answer.status_code == 422
    assert "above a limit" in answer.text
    assert "5,000ポイントをお付けしました。" in answer.text
    assert sent(database) == []
    assert customer_of(database, ticket).points == 0


def test_a_note_stays_inside(database: Database, ticket: Ticket, client: TestClient) -> None:
    client.post(f"/tickets/{ticket.key}/notes", data={"body": "倉庫に確認中"}, headers=HTMX)
    (note,) = sent(database, Direction.NOTE)
    assert note.text == "倉庫に確認中"
    with database.read() as unit:
        assert unit.session.exec(select(Delivery)).all() == []
    answer = client.post(f"/tickets/{ticket.key}/notes", data={"body": ""}, headers=HTMX)
    assert (answer.status_code, 'data-mode="note"' in answer.text) == (422, True)


def test_a_macro_fills_the_composer_with_what_is_known(
    database: Database, ticket: Ticket, client: TestClient
) -> None:
    with database.read() as unit:
        shipped = unit.now
    add_order(database, ticket.customer_id, _brand(database, ticket), "HK-20391", shipped_at=shipped)
    draft = client.get(f"/tickets/{ticket.key}/macros/order_in_transit", headers=HTMX).text
    assert "HK-20391" in draft
    assert 'name="macro" value="order_in_transit"' in draft
    assert "address of the carrier&#39;s tracking page" in draft  # missing, said in words
    page = client.get(f"/tickets/{ticket.key}?macro=order_in_transit").text
    assert "HK-20391" in page.split('name="body"')[1]


def test_the_picker_finds_macros_by_their_words(ticket: Ticket, client: TestClient) -> None:
    assert (
        "Where is my order" in client.get(f"/tickets/{ticket.key}/macros?words=where+is", headers=HTMX).text
    )
    assert (
        "No macro and no article" in client.get(f"/tickets/{ticket.key}/macros?words=zzzz", headers=HTMX).text
    )
    assert client.get(f"/tickets/{ticket.key}/macros/unheard-of", headers=HTMX).status_code == 404


def _brand(database: Database, ticket: Ticket) -> Brand:
    with database.read() as unit:
        return unit.session.get_one(Brand, ticket.brand_id)


def seen_in(page: str) -> str:
    """The newest message that a page says it shows."""
    return page.split('name="seen" value="')[1].split('"')[0]


def token_in(page: str) -> str:
    return page.split('name="token" value="')[1].split('"')[0]


@pytest.mark.parametrize("direction", [Direction.IN, Direction.OUT])
def test_an_answer_waits_when_something_came_in_that_its_writer_did_not_see(
    database: Database, ticket: Ticket, client: TestClient, direction: str
) -> None:
    path = f"/tickets/{ticket.key}"
    data = {"body": "お調べします。", "seen": seen_in(client.get(path).text), "token": "one", "close": "1"}
    add_message(database, ticket, "住所が変わりました", direction=direction, ago=0)
    before = len(sent(database))
    for headers in (HTMX, {}):
        answer = client.post(f"{path}/reply", data=data, headers=headers)
        assert answer.status_code == 422
        for words in ("お調べします。", "Something was added meanwhile", "住所が変わりました"):
            assert words in answer.text
        assert token_in(answer.text) != "one"
    assert len(sent(database)) == before
    assert now(database, ticket).status == "open"
    data["seen"] = seen_in(answer.text)
    assert client.post(f"{path}/reply", data=data, headers=HTMX).status_code == 200
    assert len(sent(database)) == before + 1


def test_a_note_of_a_colleague_holds_no_answer_back(
    database: Database, ticket: Ticket, client: TestClient
) -> None:
    seen = seen_in(client.get(f"/tickets/{ticket.key}").text)
    add_message(database, ticket, "倉庫に確認中", direction=Direction.NOTE, ago=0)
    data = {"body": "はい", "seen": seen}
    assert client.post(f"/tickets/{ticket.key}/reply", data=data, headers=HTMX).status_code == 200


def test_what_came_in_is_seen_as_soon_as_it_is_shown(
    database: Database, ticket: Ticket, client: TestClient
) -> None:
    first = client.get(f"/tickets/{ticket.key}/messages", headers=HTMX).text
    add_message(database, ticket, "もう一つ", ago=0)
    assert seen_in(client.get(f"/tickets/{ticket.key}/messages", headers=HTMX).text) > seen_in(first)


@pytest.mark.parametrize("seen", ["", "-1", "many", "9" * 5000])
def test_a_form_that_does_not_say_what_it_showed_is_sent(
    database: Database, ticket: Ticket, client: TestClient, seen: str
) -> None:
    data = {"body": "はい", "seen": seen}
    assert client.post(f"/tickets/{ticket.key}/reply", data=data, headers=HTMX).status_code == 200
    assert len(sent(database)) == 1


@pytest.mark.parametrize(("kind", "direction"), [("reply", Direction.OUT), ("notes", Direction.NOTE)])
def test_the_same_form_twice_is_one_message(
    database: Database, ticket: Ticket, client: TestClient, kind: str, direction: str
) -> None:
    page = client.get(f"/tickets/{ticket.key}").text
    data = {"body": "明日届きます。", "token": token_in(page), "seen": seen_in(page)}
    for _ in range(2):
        answer = client.post(f"/tickets/{ticket.key}/{kind}", data=data, headers=HTMX)
        assert "composer-sent" in json.loads(answer.headers["hx-trigger"])
    assert len(sent(database, direction)) == 1
    assert token_in(answer.text) != data["token"]


@pytest.mark.parametrize(("kind", "direction"), [("reply", Direction.OUT), ("notes", Direction.NOTE)])
def test_other_words_in_a_form_sent_before_are_not_swallowed(
    database: Database, ticket: Ticket, client: TestClient, kind: str, direction: str
) -> None:
    path, data = f"/tickets/{ticket.key}/{kind}", {"body": "first", "token": "one"}
    client.post(path, data=data, headers=HTMX)
    answer = client.post(path, data={**data, "body": "another one"}, headers=HTMX)
    assert answer.status_code == 422
    assert "another one" in answer.text
    assert "sent before with other words" in answer.text
    assert len(sent(database, direction)) == 1
    again = {"body": "another one", "token": token_in(answer.text)}
    assert client.post(path, data=again, headers=HTMX).status_code == 200
    assert len(sent(database, direction)) == 2


def test_points_without_a_token_hold_the_reply_back(
    database: Database, ticket: Ticket, client: TestClient
) -> None:
    data = {"body": "500ポイントです。", "action": ["grant_points:500:late_delivery"]}
    answer = client.post(f"/tickets/{ticket.key}/reply", data=data, headers=HTMX)
    assert (answer.status_code, "500ポイントです。" in answer.text) == (422, True)
    assert sent(database) == []


def test_text_survives_a_nul_without_it(database: Database, ticket: Ticket, client: TestClient) -> None:
    file = ("attachments", ("a\x00.txt", b"\x00", "text/plain"))
    data = {"body": "お調べ\x00します。", "token": "a\x00b"}
    answer = client.post(f"/tickets/{ticket.key}/reply", data=data, files=[file], headers=HTMX)
    assert answer.status_code == 200
    assert [one.reply for one in sent(database)] == ["お調べします。"]


def test_an_action_with_a_number_beyond_all_limits_is_refused(
    database: Database, ticket: Ticket, client: TestClient
) -> None:
    data = {"body": "x", "token": "t", "action": [f"grant_points:{'9' * 5000}"]}
    assert client.post(f"/tickets/{ticket.key}/reply", data=data, headers=HTMX).status_code == 422


def test_uploads_are_closed_after_the_request(
    ticket: Ticket, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[UploadFile] = []
    monkeypatch.setattr(UploadFile, "__init__", _remembering(UploadFile.__init__, opened))
    file = ("attachments", ("a.txt", b"a", "text/plain"))
    client.post(f"/tickets/{ticket.key}/assign", data={"agent": "me"}, files=[file], headers=HTMX)
    assert [one.file.closed for one in opened] == [True]


def _remembering(original: Callable[..., None], opened: list[UploadFile]) -> Callable[..., None]:
    def create(self: UploadFile, *given: object, **named: object) -> None:
        original(self, *given, **named)
        opened.append(self)

    return create


def now(database: Database, ticket: Ticket) -> Ticket:
    with database.read() as unit:
        return unit.session.get_one(Ticket, ticket.pk)


def test_what_the_list_looks_for_does_not_narrow_the_macros(client: TestClient, ticket: Ticket) -> None:
    assert "Where is my order" in client.get(f"/tickets/{ticket.key}/macros?q=zzzz", headers=HTMX).text
