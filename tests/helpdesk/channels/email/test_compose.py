"""The mail that leaves says, when it is read again, exactly what was to be said."""

from __future__ import annotations

import email.policy
import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from typing import cast

import pytest

from helpdesk.channels.email.compose import compose, html_of
from helpdesk.channels.email.mime import parse_mail
from helpdesk.channels.protocol import File, Outgoing, Person, Quote
from helpdesk.errors import Rejected

ANSWER = Outgoing(
    id="hd.k1.m1@aoba.example",
    sender=Person("青葉商店", "support@aoba.example"),
    to=(Person("佐藤 花子", "hanako@example.jp"),),
    text="佐藤様\n\nお荷物は明日届きます。\nhttps://track.example/?a=1&b=2 をご覧ください。",
    date=datetime(2026, 1, 5, 3, 0, tzinfo=UTC),
    subject="Re: 荷物はいつ届きますか",
    language="ja",
    in_reply_to="q@example.jp",
    references=("first@example.jp",),
)


def read(raw: bytes) -> EmailMessage:
    return cast(EmailMessage, message_from_bytes(raw, policy=email.policy.default))


def plain(raw: bytes) -> str:
    part = read(raw).get_body(("plain",))
    assert part
    return str(part.get_content()).replace("\r\n", "\n")


def test_a_japanese_answer_comes_back_whole() -> None:
    mail = parse_mail(compose(ANSWER, reply_to="support+t@aoba.example"))
    assert (mail.message_id, mail.in_reply_to) == (ANSWER.id, "q@example.jp")
    assert mail.references == ("first@example.jp", "q@example.jp")
    assert mail.sender and (mail.sender.name, mail.sender.address) == ("青葉商店", "support@aoba.example")
    assert (mail.to[0].name, mail.to[0].address) == ("佐藤 花子", "hanako@example.jp")
    assert mail.reply_to[0].address == "support+t@aoba.example"
    assert mail.subject == ANSWER.subject
    assert mail.text.strip() == ANSWER.text
    assert mail.date == ANSWER.date
    assert mail.problems == ()


def test_the_same_message_gives_the_same_bytes() -> None:
    assert compose(ANSWER) == compose(ANSWER)


def test_every_line_ends_with_crlf_and_is_short_ascii() -> None:
    raw = compose(
        replace(ANSWER, attachments=(File("注文書.pdf", "application/pdf", bytes(range(256)) * 9),))
    )
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_attachments_keep_their_japanese_names_and_bytes() -> None:
    content = b"\x00\xff\r\n%PDF" * 100
    files = (
        File("注文書 2026年1月.pdf", "application/pdf", content),
        File("a;b='c'.txt", "text/plain", b"x"),
    )
    raw = compose(replace(ANSWER, attachments=files))
    assert [(one.name, one.content) for one in parse_mail(raw).attachments] == [
        (f.name, f.content) for f in files
    ]
    assert [one.get_filename() for one in read(raw).iter_attachments()] == [file.name for file in files]


@pytest.mark.parametrize("kind", ["message/rfc822", "text/html\r\nX: y", "", "multipart/mixed"])
def test_a_strange_content_type_becomes_a_plain_file(kind: str) -> None:
    raw = compose(replace(ANSWER, attachments=(File("x.bin", kind, b"abc"),)))
    attachment = next(iter(read(raw).iter_attachments()))
    assert attachment.get_content_type() == "application/octet-stream"
    assert attachment.get_payload(decode=True) == b"abc"


def test_plain_english_stays_readable_on_the_wire() -> None:
    raw = compose(replace(ANSWER, text="Your parcel arrives tomorrow.", language="en"))
    assert b"\r\n\r\nYour parcel arrives tomorrow.\r\n" in raw


def test_a_very_long_line_survives() -> None:
    text = "word " * 400 + "end\n.\nFrom here = on"
    assert plain(compose(replace(ANSWER, text=text))).strip() == text


def test_the_html_links_addresses_and_shows_nothing_raw() -> None:
    html = html_of(
        replace(ANSWER, text='<script>alert("x")</script>\n(https://a.example/x_(1).) https://b.example。')
    )
    assert "<script>" not in html
    assert '<a href="https://a.example/x_(1)">' in html
    assert '<a href="https://b.example">' in html
    assert '<html lang="ja">' in html


def test_the_question_is_quoted_below() -> None:
    quote = Quote("2026年1月5日(月) 12:00 佐藤 花子 <hanako@example.jp>:", "荷物は\n\nいつ届きますか")
    raw = compose(replace(ANSWER, quote=quote))
    assert plain(raw).endswith("<hanako@example.jp>:\n> 荷物は\n>\n> いつ届きますか\n")
    assert "<blockquote" in (parse_mail(raw).html or "")
    assert parse_mail(raw).reply == ANSWER.text


def test_long_conversations_keep_the_first_and_the_newest_references() -> None:
    chain = tuple(f"{n}@example.jp" for n in range(60))
    found = parse_mail(compose(replace(ANSWER, references=chain))).references
    assert len(found) == 21
    assert found[0] == "0@example.jp"
    assert found[-2:] == ("59@example.jp", "q@example.jp")


def test_automatic_mail_says_so() -> None:
    mail = read(compose(replace(ANSWER, automatic=True)))
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert read(compose(ANSWER))["Auto-Submitted"] is None


@pytest.mark.parametrize("field", ["subject", "id", "in_reply_to", "language"])
def test_no_value_smuggles_a_header(field: str) -> None:
    raw = compose(replace(ANSWER, **{field: "x\r\nBcc: evil@example.com\r\n\r\nbody"}))  # type: ignore[arg-type]
    assert read(raw)["Bcc"] is None
    assert not re.search(rb"^bcc", raw, re.IGNORECASE | re.MULTILINE)


def test_without_a_recipient_nothing_is_made() -> None:
    with pytest.raises(Rejected, match="no e-mail address"):
        compose(replace(ANSWER, to=()))
