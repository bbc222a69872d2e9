"""Files and HTML of customers: shown to those who may see them, and harmless."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from helpdesk.channels.email.mime import sanitise
from helpdesk.models import Attachment, Brand, Customer, Message, Ticket
from helpdesk.store.db import Database
from helpdesk.store.files import Files

PNG = b"\x89PNG\r\n\x1a\n"
Make = Callable[..., tuple[Message, Attachment]]


@pytest.fixture
def make(database: Database, files: Files) -> Make:
    def message_with_file(
        brand: Brand, *, content_type: str = "image/png", name: str = "写真.png", html: str = ""
    ) -> tuple[Message, Attachment]:
        with database.write() as unit:
            now = unit.now
            customer = Customer(brand_id=brand.pk, name="佐藤", created_at=now)
            unit.session.add(customer)
            unit.session.flush()
            ticket = Ticket(
                brand_id=brand.pk,
                number=1,
                customer_id=customer.pk,
                channel="email",
                last_message_at=now,
                created_at=now,
                updated_at=now,
            )
            unit.session.add(ticket)
            unit.session.flush()
            message = Message(
                brand_id=brand.pk,
                ticket_id=ticket.pk,
                customer_id=customer.pk,
                channel="email",
                direction="in",
                text="plain words",
                html=html or None,
                fingerprint="f",
                sent_at=now,
                created_at=now,
            )
            unit.session.add(message)
            unit.session.flush()
            attachment = Attachment(
                brand_id=brand.pk,
                message_id=message.pk,
                name=name,
                content_type=content_type,
                size=len(PNG),
                sha256=files.put(PNG),
                content_id="<pic@1>",
            )
            unit.session.add(attachment)
        return message, attachment

    return message_with_file


def test_a_file_is_downloaded_under_its_name(client: TestClient, brand: Brand, make: Make) -> None:
    _message, attachment = make(brand)
    answer = client.get(f"/attachments/{attachment.key}")
    assert answer.content == PNG
    assert answer.headers["content-disposition"].startswith(
        "attachment; filename=\"__.png\"; filename*=UTF-8''%E5"
    )
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]


def test_an_image_may_be_shown_in_its_place(client: TestClient, brand: Brand, make: Make) -> None:
    _message, attachment = make(brand)
    answer = client.get(f"/attachments/{attachment.key}?inline=1")
    assert answer.headers["content-disposition"].startswith("inline")


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/pdf", "application/xhtml+xml"])
def test_what_could_run_is_only_ever_downloaded(
    client: TestClient, brand: Brand, make: Make, kind: str
) -> None:
    _message, attachment = make(brand, content_type=kind, name="x.html")
    answer = client.get(f"/attachments/{attachment.key}?inline=1")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize("name", ['a"b.txt', "a\r\nSet-Cookie: x=1", "../../etc/passwd", ""])
def test_a_name_cannot_break_out_of_its_header(
    client: TestClient, brand: Brand, make: Make, name: str
) -> None:
    _message, attachment = make(brand, name=name)
    answer = client.get(f"/attachments/{attachment.key}")
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert answer.headers["content-disposition"].count('"') == 2


def test_another_brands_files_and_messages_are_not_there(
    client: TestClient, brand: Brand, other_brand: Brand, make: Make
) -> None:
    message, attachment = make(other_brand, html="<p>secret</p>")
    assert client.get(f"/attachments/{attachment.key}").status_code == 404
    answer = client.get(f"/messages/{message.key}/frame")
    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_a_mails_html_stands_alone_and_loads_nothing(client: TestClient, brand: Brand, make: Make) -> None:
    message, attachment = make(
        brand, html='<p>hello <img src="cid:pic@1"><img src="https://spy.example/x.gif"></p>'
    )
    answer = client.get(f"/messages/{message.key}/frame")
    policy = answer.headers["content-security-policy"]
    assert f'src="/attachments/{attachment.key}?inline=1"' in answer.text
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert "https:" not in policy
    assert "script-src" not in policy
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"


def test_remote_images_load_once_asked_for(client: TestClient, brand: Brand, make: Make) -> None:
    message, _attachment = make(brand, html="<p>hello</p>")
    policy = client.get(f"/messages/{message.key}/frame?images=1").headers["content-security-policy"]
    assert "img-src 'self' data: https: http:;" in policy


def test_a_mail_without_html_shows_its_words(client: TestClient, brand: Brand, make: Make) -> None:
    message, _attachment = make(brand)
    assert "plain words" in client.get(f"/messages/{message.key}/frame").text


def test_remote_images_come_back_for_who_asked(client: TestClient, brand: Brand, make: Make) -> None:
    html = sanitise('<p><img src="https://shop.example/a.png"><img src="cid:pic@1"></p>')
    message, attachment = make(brand, html=html)
    plain = client.get(f"/messages/{message.key}/frame")
    shown = client.get(f"/messages/{message.key}/frame?images=1")
    assert ' src="https://shop.example/a.png"' not in plain.text
    assert ' src="https://shop.example/a.png"' in shown.text
    assert f'src="/attachments/{attachment.key}?inline=1"' in shown.text
    policy = shown.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; img-src 'self' data: https: http:; ")
    for never in ("script-src", "frame-src", "connect-src", "allow-scripts", "allow-forms"):
        assert never not in policy
