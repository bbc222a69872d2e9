"""Who is meant by a mail, what is the same mail twice, and what nobody waits for."""

from __future__ import annotations

from helpdesk.channels.email.parse import parse
from helpdesk.channels.protocol import Person

OWN = frozenset({"support@aoba.example"})


def mail(*fields: str, text: str = "hello") -> bytes:
    return ("\n".join(["Subject: x", *fields]) + f"\n\n{text}\n").encode()


def test_a_contact_form_is_a_persons_mail_that_waits() -> None:
    for sender in ("noreply@aoba.example", "support@aoba.example"):
        found = parse(
            mail(f"From: {sender}", "Reply-To: Taro <taro@x.jp>", "Auto-Submitted: auto-generated"), own=OWN
        )
        assert found.author == Person("Taro", "taro@x.jp")
        assert not found.automatic and not found.unattended


def test_a_notification_is_automatic_and_stays_open() -> None:
    found = parse(mail("From: noreply@pay.example", "Auto-Submitted: auto-generated"))
    assert found.automatic and not found.unattended


def test_nobody_waits_for_an_answer_to_an_auto_reply() -> None:
    found = parse(mail("From: a@x.jp", "Auto-Submitted: auto-replied", "Reply-To: b@x.jp"))
    assert found.automatic and found.unattended


def test_two_customers_forms_of_one_second_are_two_mails() -> None:
    form = ("From: noreply@aoba.example", "Date: Mon, 05 Jan 2026 11:30:00 +0900")
    with_id = (*form, "Message-ID: <1@x>")
    for fields in (form, with_id):
        taro, jiro = (parse(mail(*fields, f"Reply-To: {one}@x.jp")).fingerprint for one in ("taro", "jiro"))
        assert taro != jiro


def test_without_an_id_only_the_same_bytes_are_the_same_mail() -> None:
    fields = ("From: a@x.jp", "Date: Mon, 05 Jan 2026 11:30:00 +0900")
    assert parse(mail(*fields)).fingerprint == parse(mail(*fields)).fingerprint
    assert parse(mail(*fields, "X-Form: 1")).fingerprint != parse(mail(*fields, "X-Form: 2")).fingerprint


def test_with_an_id_the_way_it_took_does_not_count() -> None:
    fields = ("From: a@x.jp", "Message-ID: <1@x>")
    one, two = (parse(mail(f"Received: by {way}", *fields)).fingerprint for way in ("a", "b"))
    assert one == two


def test_the_writer_says_where_the_answer_goes() -> None:
    found = parse(
        mail("From: Hanako <h@work.jp>", "Reply-To: broken, support@aoba.example, Home <h@home.jp>"), own=OWN
    )
    assert found.author == Person("Hanako", "h@work.jp")
    assert found.answer_to == Person("Home", "h@home.jp")


def test_an_answer_to_ourselves_or_to_nobody_is_none() -> None:
    assert parse(mail("From: a@x.jp", "Reply-To: support@aoba.example"), own=OWN).answer_to is None
    assert parse(mail("From: a@x.jp")).answer_to is None
