"""Mail that came back is told from mail that people wrote."""

from __future__ import annotations

import pytest

from helpdesk.channels.email.mime import parse_mail


def dsn(action: str = "failed", status: str = "5.1.1") -> bytes:
    return f"""From: MAILER-DAEMON@mx.example
To: shop@shop.example
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

I'm sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; hana@example.net
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 unknown user

--b
Content-Type: message/rfc822

From: shop@shop.example
Message-ID: <ours.1@shop.example>

hello
--b--
""".encode()


def test_a_delivery_report_tells_who_why_and_which_mail() -> None:
    bounce = parse_mail(dsn()).bounce
    assert bounce is not None
    assert (bounce.recipient, bounce.status) == ("hana@example.net", "5.1.1")
    assert bounce.original_message_id == "ours.1@shop.example"
    assert bounce.diagnostic is not None and "unknown user" in bounce.diagnostic


def test_a_report_of_success_is_no_bounce() -> None:
    assert parse_mail(dsn("delivered", "2.0.0")).bounce is None


def mail(sender: str, subject: str, text: str, more: str = "") -> bytes:
    head = f"From: {sender}\nTo: shop@shop.example\nSubject: {subject}\n{more}"
    head += "Content-Type: text/plain; charset=utf-8\n\n"
    return (head + text).encode()


BOUNCES = [
    (
        "MAILER-DAEMON@x.example",
        "failure notice",
        "Hi. This is the qmail-send program.\n<hana@example.net>:\n550 5.1.1 no user",
    ),
    (
        "Mail Delivery System <postmaster@x.example>",
        "Delivery Status Notification (Failure)",
        "hana@example.net: user unknown",
    ),
    ("mailer-daemon@docomo.ne.jp", "Undelivered", "次のあて先への送信ができませんでした。\nhana@example.net"),
    (
        "Mail Delivery Subsystem <MAILER-DAEMON@ezweb.ne.jp>",
        "Mail System Error - Returned Mail",
        "hana@example.net\nUser unknown",
    ),
    (
        "postmaster@example.jp",
        "配信不能: 注文の件",
        "hana@example.net へ配信できませんでした。メールアドレスが存在しません。",
    ),
    (
        "Postmaster <postmaster@exchange.example>",
        "Undeliverable: order",
        "hana@example.net wasn't found at example.net",
    ),
    (
        "MAILER-DAEMON@x.example",
        "メールエラー通知",
        "hana@example.net\nメールボックスが一杯のため、送信できませんでした。",
    ),
]


@pytest.mark.parametrize(("sender", "subject", "text"), BOUNCES)
def test_bounces_in_words_alone_are_found_with_their_recipient(sender: str, subject: str, text: str) -> None:
    found = parse_mail(mail(sender, subject, text)).bounce
    assert found is not None and found.recipient == "hana@example.net"


PEOPLE = [
    ("hana@example.net", "商品が届きません", "宛先不明で返送されたようです。再送してください。"),
    ("hana@example.net", "Delivery problem", "My parcel was returned to sender. It could not be delivered."),
    ("hana@example.net", "Re: Undelivered order", "The package was undeliverable, why?"),
    ("hana@example.net", "Fwd: Undelivered Mail Returned to Sender", "I got this: 550 5.1.1 user unknown"),
    ("hana@example.net", "エラーメールについて", "メールアドレスを変えました。メールエラーになりますか。"),
    ("hana@example.net", "refund", "My card was rejected: error 550"),
    ("admin@partner.example", "Invoice", "Please find the invoice."),
]


@pytest.mark.parametrize(("sender", "subject", "text"), PEOPLE)
def test_people_who_write_about_deliveries_are_no_bounces(sender: str, subject: str, text: str) -> None:
    assert parse_mail(mail(sender, subject, text)).bounce is None


def test_a_complaint_and_a_read_receipt_are_no_bounces() -> None:
    for kind in ("feedback-report", "disposition-notification"):
        raw = dsn().replace(b"report-type=delivery-status", b"report-type=" + kind.encode())
        assert parse_mail(raw.replace(b"message/delivery-status", b"message/" + kind.encode())).bounce is None
