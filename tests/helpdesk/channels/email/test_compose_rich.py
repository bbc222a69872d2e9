"""Formatted answers as mail: both readers, ours and the standard library's, find the same words and pictures."""

from __future__ import annotations

import email
from dataclasses import replace
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage

import pytest

from helpdesk.channels.email.compose import compose
from helpdesk.channels.email.mime import parse_mail
from helpdesk.channels.protocol import File, Outgoing, Person, Quote
from helpdesk.tickets import rich

HTML = (
    "<p>山田様</p><ul><li>お荷物は<strong>明日</strong>届きます</li><li>"
    '<a href="https://track.example/?n=1&amp;k=2">追跡</a></li></ul>'
    '<p><img src="cid:abc@inline.helpdesk" alt="写真"></p><blockquote><p>いつ届きますか</p></blockquote>'
)
PICTURE = File(
    "写真.png", "image/png", b"\x89PNG\x00\xff" * 50, inline=True, content_id="abc@inline.helpdesk"
)
PAPER = File("領収書.pdf", "application/pdf", b"%PDF\x00")
OUTGOING = Outgoing(
    id="hd.t.m@aoba.example",
    sender=Person("青葉商店", "support@aoba.example"),
    to=(Person("山田 花子", "hanako@example.jp"),),
    text=rich.text_of(HTML) + "\n\n-- \n青葉商店",
    html=HTML + rich.from_text("-- \n青葉商店"),
    date=datetime(2026, 1, 5, 3, 0, tzinfo=UTC),
    subject="Re: お荷物",
    language="ja",
    attachments=(PICTURE, PAPER),
)


def standard(raw: bytes) -> EmailMessage:
    found = email.message_from_bytes(raw, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def structure(part: EmailMessage) -> object:
    kind = part.get_content_type()
    return (kind, [structure(one) for one in part.iter_parts()]) if part.is_multipart() else kind  # type: ignore[arg-type]


def test_text_html_pictures_and_files_stand_where_mail_programs_look() -> None:
    assert structure(standard(compose(OUTGOING))) == (
        "multipart/mixed",
        [
            ("multipart/alternative", ["text/plain", ("multipart/related", ["text/html", "image/png"])]),
            "application/pdf",
        ],
    )


def test_the_standard_library_reads_the_same_words() -> None:
    raw = compose(OUTGOING)
    mail = standard(raw)
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None and html is not None
    assert plain.get_content().strip().replace("\r\n", "\n") == OUTGOING.text.strip()
    assert "お荷物は<strong>明日</strong>届きます" in html.get_content()
    pictures = [one for one in mail.walk() if one.get_content_type() == "image/png"]
    assert [(one["content-id"], one.get_content_disposition()) for one in pictures] == [
        ("<abc@inline.helpdesk>", "inline")
    ]
    assert pictures[0].get_payload(decode=True) == PICTURE.content
    assert [one.get_filename() for one in mail.iter_attachments()] == ["領収書.pdf"]
    assert mail.get_content_charset() is None
    assert plain.get_content_charset() == html.get_content_charset() == "utf-8"


def test_our_own_reader_reads_the_same_words() -> None:
    mail = parse_mail(compose(OUTGOING))
    assert mail.text.strip() == OUTGOING.text.strip()
    assert {(one.name, one.content, one.inline) for one in mail.attachments} == {
        ("写真.png", PICTURE.content, True),
        ("領収書.pdf", PAPER.content, False),
    }
    assert 'src="cid:abc@inline.helpdesk"' in (mail.html or "")


def test_a_picture_that_the_text_does_not_show_is_a_file() -> None:
    mail = standard(compose(replace(OUTGOING, html="<p><b>kurz</b></p>", text="kurz")))
    assert [one.get_filename() for one in mail.iter_attachments()] == ["写真.png", "領収書.pdf"]


def test_a_plain_answer_is_written_as_ever() -> None:
    plain = replace(OUTGOING, html=None, attachments=())
    assert structure(standard(compose(plain))) == ("multipart/alternative", ["text/plain", "text/html"])
    assert b"<div" not in compose(plain)


def test_the_same_message_gives_the_same_bytes() -> None:
    assert compose(OUTGOING) == compose(OUTGOING)


@pytest.mark.parametrize("html", [HTML, None])
def test_a_forwarded_message_stands_below_without_marks(html: str | None) -> None:
    head = "---------- Forwarded message ----------"
    quote = Quote(head, "From: Hanako <hanako@example.jp>\n\n荷物が\n届きません。", forwarded=True)
    mail = standard(compose(replace(OUTGOING, html=html, attachments=(), quote=quote)))
    plain, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None and page is not None
    words = plain.get_content().replace("\r\n", "\n")
    assert f"{head}\nFrom: Hanako <hanako@example.jp>\n\n荷物が\n届きません。\n" in words
    assert "&lt;hanako@example.jp&gt;" in page.get_content()
    assert 'type="cite"' not in page.get_content()


@pytest.mark.parametrize("text", ["あ" * 5000, "word " * 3000, "x" * 4000])
def test_long_lines_arrive_whole(text: str) -> None:
    mail = parse_mail(compose(replace(OUTGOING, text=text, html=f"<p><b>{text}</b></p>", attachments=())))
    assert mail.text.strip() == text.strip()
    assert max(map(len, compose(replace(OUTGOING, text=text, attachments=())).split(b"\r\n"))) <= 998
