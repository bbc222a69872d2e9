"""Drafts and staged files: kept for their writer, never overwritten by an older window."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from helpdesk.models import Agent, Attachment, Draft, Message, StagedFile, Ticket
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.work import housekeeping
from tests.conftest import StandingClock
from tests.helpdesk.stories import only, rows

PNG = b"\x89PNG\r\n\x1a\n0000"


def path(ticket: Ticket, mode: str = "reply") -> str:
    return f"/tickets/{ticket.key}/draft/{mode}"


def save(client: TestClient, ticket: Ticket, text: str, revision: int, **content: Any) -> Any:
    return client.put(path(ticket), json={"revision": revision, "content": {"text": text, **content}})


def stage(
    client: TestClient, ticket: Ticket, name: str = "a.pdf", content: bytes = b"%PDF", **form: str
) -> Any:
    kind = "image/png" if name.endswith(".png") else "application/pdf"
    return client.post(f"/tickets/{ticket.key}/files/reply", files={"file": (name, content, kind)}, data=form)


def test_a_draft_comes_back_as_it_was(ticket: Ticket, client: TestClient) -> None:
    people = {"to": ["花子 <h@example.jp>"], "cc": ["c@example.jp"], "bcc": []}
    macro = {"key": "order_in_transit", "version": "1", "actions": ["add_tag:refund"]}
    first = save(client, ticket, "お調べ", 0, **people, subject="件名", macro=macro, kind="reply_all")
    assert first.json()["revision"] == 1
    assert save(client, ticket, "お調べします", 1).json()["revision"] == 2
    save(client, ticket, "お調べします。", 2, **people, subject="件名", macro=macro, kind="reply_all")
    found = client.get(path(ticket)).json()
    assert found["revision"] == 3
    assert found["content"]["text"] == "お調べします。"
    assert {name: found["content"][name] for name in people} == people
    assert (found["content"]["macro"], found["content"]["kind"]) == (macro, "reply_all")
    assert client.get(path(ticket, "note")).json()["content"] is None


def test_an_older_window_gets_the_newer_text_instead_of_overwriting_it(
    ticket: Ticket, client: TestClient
) -> None:
    save(client, ticket, "one", 0)
    save(client, ticket, "one window", 1)
    refused = save(client, ticket, "other window", 1)
    assert (refused.status_code, refused.json()["revision"]) == (409, 2)
    assert refused.json()["content"]["text"] == "one window"
    assert save(client, ticket, "both", 2).json()["revision"] == 3
    assert save(client, ticket, "both", 1).json()["revision"] == 3  # an answer that was lost, asked for again


def test_a_window_learns_that_its_draft_was_sent_elsewhere(ticket: Ticket, client: TestClient) -> None:
    save(client, ticket, "text", 0)
    client.post(f"/tickets/{ticket.key}/reply", data={"body": "text"})
    late = save(client, ticket, "text and more", 1)
    assert (late.status_code, late.json()["content"]) == (409, None)
    assert save(client, ticket, "text and more", 0).json()["revision"] == 1


def test_an_empty_draft_is_none(database: Database, ticket: Ticket, client: TestClient) -> None:
    save(client, ticket, "one", 0)
    assert save(client, ticket, " \n", 1, html="<p><br></p>", to=["a@b.example"]).json()["revision"] == 0
    assert rows(database, Draft) == []
    save(client, ticket, "two", 0)
    assert client.delete(path(ticket)).status_code == 204
    assert rows(database, Draft) == []


def test_a_draft_belongs_to_its_writer_alone(
    ticket: Ticket, client: TestClient, lead_client: TestClient
) -> None:
    save(client, ticket, "secret", 0)
    assert lead_client.get(path(ticket)).json()["content"] is None
    save(lead_client, ticket, "another", 0)
    assert client.get(path(ticket)).json()["content"]["text"] == "secret"


def test_drafts_are_cleaned_before_they_are_shown_again(ticket: Ticket, client: TestClient) -> None:
    save(client, ticket, "x", 0, html='<p>x<img src="https://spy.example/a.png"><script>a()</script></p>')
    assert client.get(path(ticket)).json()["content"]["html"] == "<p>x</p>"


@pytest.mark.parametrize(
    "body", [b"", b"[1]", b'{"revision":1}', b'{"revision":"1","content":{}}', b"{" * 50_000]
)
def test_a_request_that_makes_no_sense_is_refused_in_json(
    ticket: Ticket, client: TestClient, body: bytes
) -> None:
    answer = client.put(path(ticket), content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["error"]
    assert client.get(path(ticket, "letter")).status_code == 422


def test_a_ticket_of_another_brand_has_no_drafts(
    database: Database, ticket: Ticket, browser: Callable[..., TestClient], make_agent: Callable[..., Agent]
) -> None:
    stranger = browser(make_agent("Sam Stranger", brand_ids=[]))
    assert save(stranger, ticket, "x", 0).status_code == 404
    assert stage(stranger, ticket).status_code == 404
    assert rows(database, Draft) == []
    assert rows(database, StagedFile) == []


def test_staged_files_become_attachments_without_a_copy(
    database: Database, ticket: Ticket, client: TestClient, files: Files
) -> None:
    staged = stage(client, ticket, "領収書.pdf")
    assert staged.status_code == 201
    assert (staged.json()["name"], staged.json()["size"]) == ("領収書.pdf", 4)
    assert [one["key"] for one in client.get(path(ticket)).json()["files"]] == [staged.json()["key"]]
    client.post(f"/tickets/{ticket.key}/reply", data={"body": "see", "staged": [staged.json()["key"]]})
    attachment = only(database, Attachment)
    assert (attachment.name, files.get(attachment.sha256)) == ("領収書.pdf", b"%PDF")
    assert rows(database, StagedFile) == []


def test_a_note_takes_its_staged_files_along(database: Database, ticket: Ticket, client: TestClient) -> None:
    answer = client.post(f"/tickets/{ticket.key}/files/note", files={"file": ("a.txt", b"a", "text/plain")})
    client.put(path(ticket, "note"), json={"revision": 0, "content": {"text": "see"}})
    client.post(f"/tickets/{ticket.key}/notes", data={"body": "see", "staged": [answer.json()["key"]]})
    assert only(database, Attachment).name == "a.txt"
    assert (rows(database, StagedFile), rows(database, Draft)) == ([], [])


def test_a_staged_picture_is_shown_to_its_owner_alone(
    ticket: Ticket, client: TestClient, lead_client: TestClient
) -> None:
    url = stage(client, ticket, "a.png", PNG, inline="1").json()["url"]
    shown = client.get(url)
    assert (shown.content, shown.headers["content-type"]) == (PNG, "image/png")
    assert lead_client.get(url).status_code == 404


def test_limits_of_files_are_told_in_json(ticket: Ticket, client: TestClient) -> None:
    large = stage(client, ticket, "big.pdf", b"0" * 20_000_001)
    assert (large.status_code, "big.pdf" in large.json()["error"]) == (413, True)
    no_image = stage(client, ticket, "a.pdf", inline="1")
    assert (no_image.status_code, bool(no_image.json()["error"])) == (422, True)
    nothing = client.post(f"/tickets/{ticket.key}/files/reply", data={"x": "y"})
    assert (nothing.status_code, bool(nothing.json()["error"])) == (422, True)


def test_an_upload_beyond_every_limit_is_told_in_json(ticket: Ticket, client: TestClient) -> None:
    huge = stage(client, ticket, "huge.pdf", b"0" * 21_500_000)
    assert (huge.status_code, bool(huge.json()["error"])) == (413, True)


def test_a_removed_file_does_not_travel_and_a_lost_one_holds_the_answer_back(
    database: Database, ticket: Ticket, client: TestClient
) -> None:
    key = stage(client, ticket).json()["key"]
    assert client.delete(f"/tickets/{ticket.key}/files/{key}").status_code == 204
    answer = client.post(f"/tickets/{ticket.key}/reply", data={"body": "with file", "staged": [key]})
    assert (answer.status_code, "with file" in answer.text) == (422, True)
    with database.read() as unit:
        assert unit.session.exec(select(Message).where(Message.direction == "out")).all() == []


def test_files_of_others_cannot_be_taken(
    database: Database, ticket: Ticket, client: TestClient, lead_client: TestClient
) -> None:
    key = stage(lead_client, ticket).json()["key"]
    assert client.post(f"/tickets/{ticket.key}/reply", data={"body": "x", "staged": [key]}).status_code == 422
    client.delete(f"/tickets/{ticket.key}/files/{key}")
    assert only(database, StagedFile).key == key


def test_what_nobody_touched_for_a_month_goes(
    database: Database, ticket: Ticket, client: TestClient, clock: StandingClock
) -> None:
    save(client, ticket, "x", 0)
    stage(client, ticket)
    clock.advance(days=29)
    housekeeping.sweep(database)
    assert len(rows(database, Draft)) == len(rows(database, StagedFile)) == 1
    clock.advance(days=2)
    housekeeping.sweep(database)
    assert (rows(database, Draft), rows(database, StagedFile)) == ([], [])
